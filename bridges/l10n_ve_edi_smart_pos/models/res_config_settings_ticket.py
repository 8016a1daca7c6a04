from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    pos_smart_wait_seconds = fields.Integer(
        related="pos_config_id.smart_wait_seconds",
        string="The Ticket Waits for the Control Number",
        readonly=False,
    )

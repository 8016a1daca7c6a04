from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    pos_smart_show_second_currency = fields.Boolean(
        related="pos_config_id.smart_show_second_currency", readonly=False
    )

from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    pos_smart_channel = fields.Selection(related="pos_config_id.smart_channel", readonly=False)
    pos_smart_is_fiscal = fields.Boolean(related="pos_config_id.smart_is_fiscal")

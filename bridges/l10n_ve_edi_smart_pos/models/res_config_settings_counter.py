from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    smart_walk_in_allowed = fields.Boolean(
        related="company_id.smart_walk_in_allowed", readonly=False, related_sudo=False
    )
    pos_smart_walk_in_partner_id = fields.Many2one(
        related="pos_config_id.smart_walk_in_partner_id", readonly=False
    )
    pos_smart_name_required = fields.Boolean(
        related="pos_config_id.smart_name_required", readonly=False
    )

from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """The settings of a shop."""

    _inherit = "res.config.settings"

    pos_smart_channel = fields.Selection(related="pos_config_id.smart_channel", readonly=False)
    pos_smart_is_fiscal = fields.Boolean(related="pos_config_id.smart_is_fiscal")
    smart_walk_in_allowed = fields.Boolean(
        related="company_id.smart_walk_in_allowed", readonly=False, related_sudo=False
    )
    pos_smart_walk_in_partner_id = fields.Many2one(
        related="pos_config_id.smart_walk_in_partner_id", readonly=False
    )
    pos_smart_name_required = fields.Boolean(
        related="pos_config_id.smart_name_required", readonly=False
    )
    pos_smart_show_second_currency = fields.Boolean(
        related="pos_config_id.smart_show_second_currency", readonly=False
    )
    pos_smart_wait_seconds = fields.Integer(
        related="pos_config_id.smart_wait_seconds",
        string="The Ticket Waits for the Control Number",
        readonly=False,
    )

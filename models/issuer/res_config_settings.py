from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    smart_token_lost = fields.Boolean(related="company_id.smart_issuer_id.smart_token_lost")
    smart_additional_currency_id = fields.Many2one(
        related="company_id.smart_additional_currency_id", readonly=False
    )
    smart_issuer_id = fields.Many2one(related="company_id.smart_issuer_id")
    smart_holder_rif = fields.Char(related="company_id.smart_issuer_id.smart_holder_rif")
    smart_holder_name = fields.Char(related="company_id.smart_issuer_id.smart_holder_name")
    smart_holder_address = fields.Char(related="company_id.smart_issuer_id.smart_holder_address")
    smart_enforces_numbering = fields.Boolean(
        related="company_id.smart_issuer_id.smart_enforces_numbering"
    )
    smart_wait_seconds = fields.Integer(related="company_id.smart_wait_seconds", readonly=False)
    smart_send_mail = fields.Boolean(related="company_id.smart_send_mail", readonly=False)
    smart_walk_in_address = fields.Char(related="company_id.smart_walk_in_address", readonly=False)
    smart_walk_in_phone = fields.Char(related="company_id.smart_walk_in_phone", readonly=False)
    smart_walk_in_email = fields.Char(related="company_id.smart_walk_in_email", readonly=False)
    smart_branch_code = fields.Char(related="company_id.smart_branch_code", readonly=False)
    smart_branch_address = fields.Char(related="company_id.smart_branch_address", readonly=False)
    smart_collects_igtf = fields.Boolean(related="company_id.smart_collects_igtf", readonly=False)
    smart_igtf_product_id = fields.Many2one(
        related="company_id.smart_igtf_product_id", readonly=False
    )
    smart_igtf_account_id = fields.Many2one(
        related="company_id.smart_igtf_account_id", readonly=False
    )
    smart_rounding_product_id = fields.Many2one(
        related="company_id.smart_rounding_product_id", readonly=False
    )
    smart_rounding_account_id = fields.Many2one(
        related="company_id.smart_rounding_account_id", readonly=False
    )

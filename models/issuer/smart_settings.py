from odoo import fields, models


class SmartSettings(models.AbstractModel):
    """What is set for a company's fiscal documents, on every page on which it is set.

    Administrators set it in Odoo's settings. Those are closed to everybody else, so accounting
    managers have a window of their own (``smart.settings.window``) with the same fields. Nothing is
    computed with ``sudo`` here: a page shows what its user can read.
    """

    _name = "smart.settings"
    _description = "Settings of Fiscal Documents"

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, default=lambda self: self.env.company
    )

    smart_additional_currency_id = fields.Many2one(
        related="company_id.smart_additional_currency_id", readonly=False, related_sudo=False
    )
    smart_requires_rate = fields.Boolean(
        related="company_id.smart_requires_rate", readonly=False, related_sudo=False
    )
    smart_issuer_id = fields.Many2one(related="company_id.smart_issuer_id", related_sudo=False)
    smart_wait_seconds = fields.Integer(
        related="company_id.smart_wait_seconds", readonly=False, related_sudo=False
    )
    smart_send_mail = fields.Boolean(
        related="company_id.smart_send_mail", readonly=False, related_sudo=False
    )
    smart_walk_in_address = fields.Char(
        related="company_id.smart_walk_in_address", readonly=False, related_sudo=False
    )
    smart_walk_in_phone = fields.Char(
        related="company_id.smart_walk_in_phone", readonly=False, related_sudo=False
    )
    smart_walk_in_email = fields.Char(
        related="company_id.smart_walk_in_email", readonly=False, related_sudo=False
    )
    smart_branch_code = fields.Char(
        related="company_id.smart_branch_code", readonly=False, related_sudo=False
    )
    smart_branch_address = fields.Char(
        related="company_id.smart_branch_address", readonly=False, related_sudo=False
    )
    smart_collects_igtf = fields.Boolean(
        related="company_id.smart_collects_igtf", readonly=False, related_sudo=False
    )
    smart_igtf_product_id = fields.Many2one(
        related="company_id.smart_igtf_product_id", readonly=False, related_sudo=False
    )
    smart_igtf_account_id = fields.Many2one(
        related="company_id.smart_igtf_account_id", readonly=False, related_sudo=False
    )
    smart_rounding_product_id = fields.Many2one(
        related="company_id.smart_rounding_product_id", readonly=False, related_sudo=False
    )
    smart_rounding_account_id = fields.Many2one(
        related="company_id.smart_rounding_account_id", readonly=False, related_sudo=False
    )


class ResConfigSettings(models.TransientModel):
    """Odoo's settings show besides what the token says, even if it is a parent company's."""

    _name = "res.config.settings"
    _inherit = ["res.config.settings", "smart.settings"]

    smart_token_lost = fields.Boolean(related="company_id.smart_issuer_id.smart_token_lost")
    smart_holder_rif = fields.Char(related="company_id.smart_issuer_id.smart_holder_rif")
    smart_holder_name = fields.Char(related="company_id.smart_issuer_id.smart_holder_name")
    smart_holder_address = fields.Char(related="company_id.smart_issuer_id.smart_holder_address")
    smart_enforces_numbering = fields.Boolean(
        related="company_id.smart_issuer_id.smart_enforces_numbering"
    )

from odoo import api, fields, models

from odoo.addons.l10n_ve_edi_smart.models.conversion.payload_currency import is_bolivar


class PosPaymentMethod(models.Model):
    """A way to pay in foreign currency: dollars in cash, Zelle… The till books it in its own."""

    _inherit = "pos.payment.method"

    smart_currency_id = fields.Many2one(
        comodel_name="res.currency",
        string="Paid in",
        help="What the customer pays with: the cashier enters the amount in this currency, and the "
        "till books what it is worth at the rate of the day. Empty: the currency of the till.",
    )
    smart_collects_igtf = fields.Boolean(
        string="Collects IGTF",
        compute="_compute_smart_collects_igtf",
        store=True,
        readonly=False,
        precompute=True,
        help="Whether a company that collects the IGTF collects it of what is paid like this: by "
        "default of foreign currency.",
    )

    # For the form only.
    smart_country_code = fields.Char(related="company_id.account_fiscal_country_id.code")
    smart_company_collects_igtf = fields.Boolean(
        related="company_id.smart_collects_igtf", string="The Company Collects IGTF"
    )

    @api.depends("smart_currency_id", "journal_id.currency_id", "company_id.currency_id")
    def _compute_smart_collects_igtf(self):
        for method in self:
            currency = method._smart_currency()
            method.smart_collects_igtf = bool(currency) and not is_bolivar(currency)

    def _smart_currency(self):
        """Return the currency in which a customer pays."""
        self.ensure_one()
        return self.smart_currency_id or self.journal_id.currency_id or self.company_id.currency_id

    @api.model
    def _load_pos_data_fields(self, config):
        # EXTENDS 'point_of_sale'
        return super()._load_pos_data_fields(config) + ["smart_currency_id", "smart_collects_igtf"]

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..smart_api import schemas

TAX_KINDS = [
    ("general", "General VAT (16 %)"),
    ("reduced", "Reduced VAT (8 %)"),
    ("luxury", "Luxury VAT (31 %)"),
    ("exempt", "Exempt"),
]

RATES = {
    "general": schemas.GENERAL_RATE,
    "reduced": schemas.REDUCED_RATE,
    "luxury": schemas.LUXURY_RATE,
    "exempt": 0,
}


class AccountTax(models.Model):
    _inherit = "account.tax"

    smart_tax_kind = fields.Selection(
        selection=TAX_KINDS,
        string="SMART Rate",
        compute="_compute_smart_tax_kind",
        store=True,
        readonly=False,
        help="Which of the rates that SMART knows this tax is. A sales tax without it cannot be "
        "used on a document that is issued through SMART.",
    )

    @api.depends("amount", "amount_type", "type_tax_use", "country_id")
    def _compute_smart_tax_kind(self):
        kinds = {float(rate): kind for kind, rate in RATES.items()}
        for tax in self:
            of_venezuela = tax.country_id.code == "VE" and tax.amount_type == "percent"
            tax.smart_tax_kind = of_venezuela and kinds.get(tax.amount)

    @api.constrains("smart_tax_kind", "amount", "amount_type")
    def _check_smart_tax_kind(self):
        for tax in self.filtered("smart_tax_kind"):
            if tax.amount_type != "percent" or tax.amount != float(RATES[tax.smart_tax_kind]):
                raise ValidationError(
                    self.env._(
                        "The tax %(tax)s is not %(rate)s %%: choose the SMART rate that it really "
                        "is, or none.",
                        tax=tax.display_name,
                        rate=RATES[tax.smart_tax_kind],
                    )
                )

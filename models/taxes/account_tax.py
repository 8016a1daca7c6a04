from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...smart_api.rates import RATES
from ..terms import TAX_KINDS
from .chart_taxes import FORMER_RATES


class AccountTax(models.Model):
    _inherit = "account.tax"

    smart_tax_kind = fields.Selection(
        selection=TAX_KINDS,
        string="SMART Rate",
        compute="_compute_smart_tax_kind",
        store=True,
        readonly=False,
        copy=False,
        help="Which of the rates that SMART knows this tax is. A sales tax without it cannot be "
        "used on a document that is issued through SMART.",
        groups="base.group_user",
    )

    @api.depends(
        "amount",
        "amount_type",
        "type_tax_use",
        "country_id",
        "children_tax_ids.amount",
        "children_tax_ids.amount_type",
        "children_tax_ids.include_base_amount",
    )
    def _compute_smart_tax_kind(self):
        kinds = {float(rate): kind for kind, rate in RATES.items()}
        for tax in self:
            of_venezuela = tax.country_id.code == "VE"
            tax.smart_tax_kind = of_venezuela and kinds.get(tax._smart_rate())

    def _smart_rate(self):
        """Return the rate in percent of the base; ``None`` if the tax is no such percentage.

        The rate of a group is the sum of its taxes: 31 % may be a group of 16 % and 15 %.
        """
        self.ensure_one()
        if self.amount_type != "group":
            return self.amount if self.amount_type == "percent" else None
        children = self.children_tax_ids
        if not children or any(child.amount_type != "percent" for child in children):
            return None
        if len(children) > 1 and any(child.include_base_amount for child in children):
            return None  # a tax on a tax
        if any(child.amount < 0 for child in children):
            return None  # a withholding
        return sum(children.mapped("amount"))

    def _smart_on_document(self):
        """Return those that are on the document: not what a customer withholds on paying it."""
        if "is_withholding_tax_on_payment" not in self._fields:  # of 'l10n_account_withholding_tax'
            return self
        return self.filtered(lambda tax: not tax.is_withholding_tax_on_payment)

    def _smart_is_former(self):
        """Tell whether it is a tax of the chart at a rate that is no longer in force."""
        self.ensure_one()
        of_chart = any(name.startswith("account.") for name in self._get_external_ids()[self.id])
        return of_chart and self._smart_rate() in FORMER_RATES

    @api.constrains("smart_tax_kind", "amount", "amount_type", "children_tax_ids")
    def _check_smart_tax_kind(self):
        for tax in self.filtered("smart_tax_kind"):
            if tax._smart_rate() != float(RATES[tax.smart_tax_kind]):
                raise ValidationError(
                    self.env._(
                        "The tax %(tax)s is not %(rate)s %%: choose the SMART rate that it really "
                        "is, or none.",
                        tax=tax.display_name,
                        rate=RATES[tax.smart_tax_kind],
                    )
                )

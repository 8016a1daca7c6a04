from collections import defaultdict

from odoo import api, models

from ...smart_api import amounts, rates
from ...smart_api.rates import RATES
from .problem import amount_words


class SmartPayload(models.AbstractModel):
    """Bases, taxes and totals, as they stand in the owner's books."""

    _inherit = "smart.payload"

    @api.model
    def _add_amounts(self, conversion):
        owner = conversion.owner
        taxes = owner._smart_taxes(conversion)
        lines = owner._smart_items(conversion)
        if not lines and not conversion.errors:
            conversion.problem_of_owner(
                "lines",
                self.env._("The document has no lines."),
                self.env._("Enter what is sold."),
            )
        igtf_base, igtf_tax = owner._smart_igtf(conversion)
        booked = amounts.money(conversion.stated.total)
        booked += owner._smart_settle(conversion, lines, taxes)
        bases = defaultdict(lambda: amounts.ZERO)
        for line in lines:
            bases[line.kind] += line.amount
        self._dispatch(conversion, lines, bases)
        if taxes is None:
            taxes = defaultdict(lambda: amounts.ZERO)
            for kind, base in bases.items():
                taxes[kind] = amounts.service_tax(base, RATES[kind])
        subtotal = sum(bases.values(), amounts.ZERO)
        total = sum(taxes.values(), subtotal) + igtf_tax
        if not conversion.errors:
            self._check_amounts(conversion, bases, taxes, subtotal, total, booked)
        if conversion.errors:
            return
        conversion.values.update(
            lines=self._lines(conversion, lines, taxes),
            subtotal=subtotal,
            total=total,
            exempt=bases[rates.EXEMPT],
            igtf_base=igtf_base,
            igtf_tax=igtf_tax,
        )
        for vat in rates.VAT:
            if bases[vat.kind] or not vat.optional:
                conversion.values.update(
                    {
                        f"{vat.kind}_rate": vat.percent,
                        f"{vat.kind}_base": bases[vat.kind],
                        f"{vat.kind}_tax": taxes[vat.kind],
                    }
                )

    @api.model
    def _check_amounts(self, conversion, bases, taxes, subtotal, total, booked):
        if subtotal <= 0:
            conversion.problem_of_owner(
                "lines",
                self.env._("The amount is zero, which SMART does not issue."),
                conversion.owner._smart_cure_of_zero(),
            )
        for kind in sorted(bases.keys() | taxes.keys()):
            base, tax, rate = bases[kind], taxes[kind], RATES[kind]
            if not amounts.tax_matches(base, rate, tax):
                conversion.problem_of_owner(
                    "taxes",
                    self.env._(
                        "The tax at %(rate)s %% of %(base)s is %(tax)s here, but SMART computes "
                        "%(expected)s.",
                        rate=rate,
                        base=amount_words(self.env, base),
                        tax=amount_words(self.env, tax),
                        expected=amount_words(self.env, amounts.service_tax(base, rate)),
                    ),
                    self.env._(
                        "Undo the change of the tax amount: edit the price of a line and save, "
                        "and the taxes are computed anew."
                    ),
                )
        if total != booked or not amounts.sum_matches(filter(None, bases.values()), subtotal):
            conversion.problem_of_owner(
                "total",
                self.env._(
                    "The lines and taxes add up to %(sum)s, not to the total %(total)s.",
                    sum=amount_words(self.env, total),
                    total=amount_words(self.env, booked),
                ),
                self.env._("Remove whatever else changes the total."),
            )

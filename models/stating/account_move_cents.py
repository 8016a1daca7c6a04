from odoo import Command, models

from ...smart_api import amounts
from ...smart_api.rates import RATES
from ..conversion.problem import amount_words

#: Columns of a tax that this and the conversion read: a few of all, in one query.
TAX_FIELDS = ("smart_tax_kind", "amount_type", "sequence", "company_id", "price_include_override")

#: The largest difference by rounding; a larger one means another tax than SMART's: refused.
ROUNDING = 0.05


class AccountMove(models.Model):
    """Drafts whose tax is a few cents off are settled when they are confirmed.

    Those made here are right from the start (see ``account_tax``). Others were made before the
    company issued through SMART, imported with their taxes, or edited.
    """

    _inherit = "account.move"

    def _smart_settle_cents(self):
        """Book the taxes as SMART computes them, and say so in a note.

        The total stands if it has to, see ``account_move_rounding``; else amounts due follow.
        """
        if self._smart_settle_total():
            return
        cents = self._smart_cents()
        if any(not tax_lines for tax_lines, *_amounts in cents):
            # One of them has no journal item: Odoo has to make it.
            self._smart_write_taxes({}, [], {})
        for tax_lines, _base, tax, wanted, _kind in self._smart_cents() if cents else ():
            # The largest tax line takes it all: there is seldom another one.
            line = max(tax_lines, key=lambda one: abs(one.amount_currency))
            currency_amount = line.amount_currency + self.direction_sign * float(wanted - tax)
            vals = {"amount_currency": self.currency_id.round(currency_amount)}
            if self.currency_id == self.company_currency_id:
                vals["balance"] = vals["amount_currency"]
            self.write({"line_ids": [Command.update(line.id, vals)]})
        for _lines, base, tax, wanted, kind in cents:
            self.message_post(
                body=self.env._(
                    "The tax at %(rate)s %% of %(base)s was %(tax)s; it is now %(wanted)s, as "
                    "SMART computes it.",
                    rate=RATES[kind],
                    base=amount_words(self.env, base),
                    tax=amount_words(self.env, tax),
                    wanted=amount_words(self.env, wanted),
                )
            )

    def _smart_settle_total(self):
        """Book the total that has to stand, and say so in a note; tell whether there was one."""
        rounding = self._smart_rounding()
        if rounding:
            self._smart_round(rounding)
            self.message_post(body=self._smart_rounding_words(rounding))
        return bool(rounding)

    def _smart_cents(self):
        """Return the taxes that differ from what SMART computes, by rounding only.

        :returns: list of (tax lines, if any, base, tax, what SMART computes, kind of rate)
        """
        self.ensure_one()
        bases, taxes = {}, {}
        small = amounts.money(ROUNDING)
        self.line_ids.tax_ids.fetch(TAX_FIELDS)
        for line in self.line_ids:
            if line.display_type == "product" and (kind := self._smart_kind_of(line)):
                bases[kind] = bases.get(kind, amounts.ZERO) + self._smart_amount(line)
            elif line.display_type == "tax":
                kind = (line.group_tax_id or line.tax_line_id).smart_tax_kind
                taxes.setdefault(kind, []).append(line)
        found, others = [], False
        for kind in filter(None, bases):
            lines = taxes.get(kind, [])
            tax = sum((self._smart_amount(line) for line in lines), amounts.ZERO)
            wanted = amounts.service_tax(bases[kind], RATES[kind])
            if tax != wanted and abs(tax - wanted) <= small:
                found.append((lines, bases[kind], tax, wanted, kind))
            others = others or abs(tax - wanted) > small
        # If a tax has no journal item, all taxes must be computed anew. Do not do that if a person
        # has edited one.
        return [one for one in found if one[0] or not others]

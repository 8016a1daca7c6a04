from collections import defaultdict
from decimal import Decimal

from odoo import api, models

from ...smart_api import amounts
from ...smart_api.rates import RATES


class AccountTax(models.Model):
    """Taxes to the cent as the service computes them.

    Odoo rounds the tax of the unrounded base. The service rounds the tax of the rounded base, and
    it rounds the double, not the decimal number. Sometimes the two differ by a cent: prices with
    more than two decimals, prices that include the tax, half cents at 31 %. For a document that
    the service issues, its result is the legal one, so it is booked from the draft on. Not where
    the total stands, because prices include the tax or amounts are given: such a draft keeps what
    Odoo computes, and is rounded when it is confirmed, see ``account_move_rounding``.
    """

    _inherit = "account.tax"

    @api.model
    def _round_base_lines_tax_details(self, base_lines, company, tax_lines=None):
        # EXTENDS 'account'
        res = super()._round_base_lines_tax_details(base_lines, company, tax_lines=tax_lines)
        # If tax lines are given, they stay: somebody wrote them, or this method did before. Only
        # a tax that Odoo rounds to zero is rounded here again: Odoo would remove its line.
        if base_lines and self._smart_rules(base_lines):
            self._smart_round_taxes(base_lines, company, lost_only=bool(tax_lines))
        return res

    @api.model
    def _smart_rules(self, base_lines):
        """Tell whether the lines are those of one document that SMART issues."""
        record = base_lines[0]["record"]
        if not isinstance(record, models.BaseModel) or record._name != "account.move.line":
            return False
        move = record.move_id
        return bool(move) and move._smart_is_fiscal()

    @api.model
    def _smart_round_taxes(self, base_lines, company, lost_only=False):
        groups, standing = defaultdict(lambda: ([], [])), set()
        for base_line in base_lines:
            if base_line["special_type"]:
                return  # early payment discounts and cash roundings, which SMART cannot express
            taxes_data = base_line["tax_details"]["taxes_data"]
            # sudo: taxes are computed for customers in the portal, too
            applied = {(data["group"] or data["tax"]).sudo().smart_tax_kind for data in taxes_data}
            if len(applied) == 1 and (kind := applied.pop()):
                group_lines, group_taxes = groups[kind]
                group_lines.append(base_line)
                group_taxes += taxes_data
                if base_line["manual_tax_amounts"] or any(
                    data["price_include"] for data in taxes_data
                ):
                    standing.add(kind)
        for kind, (group_lines, group_taxes) in groups.items():
            if kind in standing:
                continue
            if not lost_only or not any(data["tax_amount_currency"] for data in group_taxes):
                self._smart_round_tax(group_lines, group_taxes, RATES[kind], company)

    @api.model
    def _smart_round_tax(self, base_lines, taxes_data, rate, company):
        """Distribute the cents by which the taxes of one rate miss the service's result."""
        base = sum(
            line["tax_details"]["total_excluded_currency"]
            + line["tax_details"]["delta_total_excluded_currency"]
            for line in base_lines
        )
        tax = sum(data["tax_amount_currency"] for data in taxes_data)
        wanted = amounts.service_tax(amounts.money(base), Decimal(rate))
        delta = float(wanted - amounts.money(tax))
        # Each line may be off by a cent at most; more is no rounding, but another tax.
        if not delta or abs(delta) > 0.01 * len(taxes_data) + 0.001:
            return
        exchange_rate = base_lines[0]["rate"]
        for suffix, currency, amount in (
            ("_currency", base_lines[0]["currency_id"], delta),
            ("", company.currency_id, delta / exchange_rate if exchange_rate else 0.0),
        ):
            factors = [{"factor": data[f"raw_tax_amount{suffix}"]} for data in taxes_data]
            cents = self._distribute_delta_amount_smoothly(
                currency.decimal_places, currency.round(amount), factors
            )
            for data, cent in zip(taxes_data, cents, strict=True):
                data[f"tax_amount{suffix}"] += cent

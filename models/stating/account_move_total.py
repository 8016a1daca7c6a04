from odoo import models

from ...smart_api import amounts
from .account_move_cents import ROUNDING


class AccountMove(models.Model):
    """Totals that stand, because the customer was told them, or has paid them.

    Of prices that include the tax, of a cash rounding, of a down payment, of a till. Otherwise
    SMART's taxes decide, see ``account_tax``.
    """

    _inherit = "account.move"

    def _smart_total_to_keep(self):
        """Return the total that a draft has to come to; ``None`` if its taxes decide."""
        self.ensure_one()
        shown = amounts.money(self.amount_total)
        if self.quick_edit_mode and self.quick_edit_total_amount:
            told = amounts.money(self.quick_edit_total_amount)
            return told if abs(told - shown) <= amounts.money(ROUNDING) else shown
        if self._smart_reverses_all():
            return amounts.money(self.reversed_entry_id.amount_total)
        # Odoo writes such a rounding into the tax itself, as soon as another line is added.
        in_the_tax = self.invoice_cash_rounding_id.strategy == "biggest_tax"
        kept = (
            in_the_tax
            or self._smart_rounding_lines()
            or any(
                line.display_type == "rounding"
                or (
                    line.display_type == "product"
                    and (
                        (line.extra_tax_data or {}).get("manual_tax_amounts")
                        or self._smart_includes_tax(line)
                    )
                )
                for line in self.line_ids
            )
        )
        return shown if kept else None

    def _smart_includes_tax(self, line):
        """Tell whether the price of a line includes its tax."""
        taxes = line.tax_ids._smart_on_document().flatten_taxes_hierarchy()
        return any(tax.price_include for tax in taxes)

    def _smart_reverses_all(self):
        """Tell whether this takes back a whole document, though rounding puts it some cents off."""
        origin = self.reversed_entry_id
        difference = abs(self.amount_total - origin.amount_total)
        if origin.currency_id != self.currency_id or not 0.001 < difference < ROUNDING + 0.001:
            return False

        def content(move):
            return sorted(
                (line.product_id.id, line.quantity, line.price_unit, line.discount)
                for line in move.line_ids - move._smart_rounding_lines()
                if line.display_type == "product"
            )

        return content(self) == content(origin)

    def _smart_rounding_lines(self):
        """Return the lines that are what is left of a total, not something sold."""
        self.ensure_one()
        return self._smart_lines_of(self.company_id.smart_rounding_product_id)

    def _smart_lines_of(self, product):
        """Return the lines of a product; none if there is no such product."""
        if not product:
            return self.env["account.move.line"]
        return self.invoice_line_ids.filtered(
            lambda line: line.product_id == product and line.display_type == "product"
        )

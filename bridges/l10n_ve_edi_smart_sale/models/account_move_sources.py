from odoo import models
from odoo.tools import float_compare


class AccountMove(models.Model):
    """Credit notes that come from sales orders: their order lines know where they were invoiced."""

    _inherit = "account.move"

    def _smart_sources(self):
        # EXTENDS 'l10n_ve_edi_smart'
        whole, parts = super()._smart_sources()
        # sudo: accountants need no right to orders, and salespeople none to invoices
        note = self.sudo()
        returned = note._smart_returned_quantities()
        order_lines = note.env["sale.order.line"].union(*returned)
        invoices = order_lines._smart_invoices()
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        having_all = invoices.filtered(
            lambda invoice: all(
                float_compare(invoice._smart_invoiced_quantity(line), quantity, digits) >= 0
                for line, quantity in returned.items()
            )
        )
        # What was paid down is on an invoice of its own, which can be given back, too.
        deducted = invoices.invoice_line_ids.sale_line_ids.filtered("is_downpayment")
        whole |= having_all.with_env(self.env)
        parts |= (invoices | deducted._smart_invoices()).with_env(self.env)
        return whole, parts - whole

    def _smart_returned_quantities(self):
        """Return what this credit note takes back: order line -> quantity in the order's unit.

        What it sells at the same time, or deducts, is none of it.
        """
        returned = {}
        for line in self.invoice_line_ids:
            for order_line in line.sale_line_ids:
                if line.price_subtotal > 0 and line.display_type == "product":
                    returned.setdefault(order_line, 0.0)
                    returned[order_line] += line._smart_order_quantity(order_line)
        return returned

    def _smart_invoiced_quantity(self, order_line):
        """Return how much of an order line this invoice has."""
        lines = self.invoice_line_ids & order_line.invoice_lines
        return sum(line._smart_order_quantity(order_line) for line in lines)


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _smart_order_quantity(self, order_line):
        unit = order_line.product_uom_id or self.product_uom_id  # down payments have none
        return self.product_uom_id._compute_quantity(self.quantity, unit, round=False)

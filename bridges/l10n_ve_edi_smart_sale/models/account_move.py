from odoo import models
from odoo.tools import float_compare

from odoo.addons.l10n_ve_edi_smart.smart_api import amounts


class AccountMove(models.Model):
    """Invoices and credit notes that orders make."""

    _inherit = "account.move"

    # -- what a credit note takes back ---------------------------------------------------------

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

    # -- how it was paid -----------------------------------------------------------------------

    def _smart_payment_name(self, line):
        # EXTENDS 'l10n_ve_edi_smart': the customer knows the provider, not the bank's journal
        provider = line.move_id.origin_payment_id.payment_transaction_id.provider_id
        return provider.name or super()._smart_payment_name(line)

    def _smart_unbooked_payments(self):
        # EXTENDS 'l10n_ve_edi_smart': what a provider has, or holds, for the invoice or its order,
        # and is not matched with the invoice so far
        yield from super()._smart_unbooked_payments()
        transactions = self.transaction_ids | self.line_ids.sale_line_ids.order_id.transaction_ids
        matched = {line.move_id.origin_payment_id for line, _amount in self._smart_matched()}
        for transaction in transactions:
            if transaction.state in ("authorized", "done"):
                payment = transaction.payment_id
                if not payment or payment not in matched:
                    amount, currency = transaction.amount, transaction.currency_id
                    if payment.move_id:  # other invoices may have taken some of it
                        open_items = payment.move_id.line_ids.filtered(
                            lambda item: item.account_type == "asset_receivable"
                        )
                        amount = -sum(open_items.mapped("amount_residual_currency"))
                    amount = currency._convert(
                        amount, self.currency_id, self.company_id, self.invoice_date
                    )
                    yield transaction.provider_id.name, amounts.money(amount)

    # -- what is free --------------------------------------------------------------------------

    def _smart_is_made_free(self):
        # EXTENDS 'l10n_ve_edi_smart': of orders, which a coupon or a down payment may pay for
        sold = self.invoice_line_ids.filtered(lambda line: line.display_type == "product")
        ordered = bool(sold) and all(line.sale_line_ids for line in sold)
        return ordered or super()._smart_is_made_free()

    def _smart_confirm_free(self):
        # EXTENDS 'l10n_ve_edi_smart' to say so on the orders, too
        res = super()._smart_confirm_free()
        for move in self:
            # sudo: whoever confirms invoices need not read orders
            for order in move.sudo().line_ids.sale_line_ids.order_id:
                order._message_log(
                    body=self.env._(
                        "%s charges nothing, so it was confirmed without a fiscal document.",
                        move._get_html_link(),
                    )
                )
        return res


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _smart_deducts_advance(self):
        # EXTENDS 'l10n_ve_edi_smart'
        advance = any(line.is_downpayment for line in self.sale_line_ids)
        return advance or super()._smart_deducts_advance()

    def _smart_order_quantity(self, order_line):
        unit = order_line.product_uom_id or self.product_uom_id  # down payments have none
        return self.product_uom_id._compute_quantity(self.quantity, unit, round=False)

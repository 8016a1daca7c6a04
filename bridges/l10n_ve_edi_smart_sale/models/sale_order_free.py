from odoo import api, models

from odoo.addons.l10n_ve_edi_smart.models.conversion.account_move_cents import ROUNDING


class SaleOrder(models.Model):
    """Orders of which nothing is left to invoice: free ones, and those paid for in advance.

    SMART issues no document of zero, so these are done without one.
    """

    _inherit = "sale.order"

    @api.depends("amount_total", "order_line.untaxed_amount_invoiced", "order_line.qty_to_invoice")
    def _compute_invoice_status(self):
        # EXTENDS 'sale'
        result = super()._compute_invoice_status()
        for order in self:
            if (
                order.invoice_status == "to invoice"
                and order._smart_is_fiscal()
                # the cents of a rounding are on no line of the order
                and abs(order._smart_left_to_invoice()) <= ROUNDING
            ):
                order.invoice_status = "invoiced"
        return result

    def _smart_is_fiscal(self):
        """Tell whether invoices of the order are issued through SMART."""
        self.ensure_one()
        order = self.sudo()  # sudo: orders are computed for customers in the web shop, too
        enabled = not order.journal_id or order.journal_id.smart_enabled
        return enabled and bool(order.company_id.smart_issuer_id)

    def _smart_left_to_invoice(self):
        """Return what another invoice would come to, down payments deducted."""
        self.ensure_one()
        lines = self.order_line.filtered(lambda line: not line.display_type)
        advances = lines.filtered("is_downpayment")
        left = -sum(advances.mapped("amount_invoiced"))
        for line in lines - advances:
            quantity = line.product_uom_qty
            unit = line.price_total / quantity if quantity else line.price_unit
            left += unit * line.qty_to_invoice
        return left

    def action_confirm(self):
        # EXTENDS 'sale'
        result = super().action_confirm()
        for order in self:
            free = order.order_line and order.currency_id.is_zero(order.amount_total)
            if free and order.state == "sale" and order._smart_is_fiscal():
                order.message_post(
                    body=order.env._(
                        "This order is free: it needs no fiscal document, and SMART issues none "
                        "of zero."
                    )
                )
        return result

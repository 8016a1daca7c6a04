from odoo import models


class SaleOrder(models.Model):
    """Orders whose invoices are issued through SMART."""

    _inherit = "sale.order"

    def _smart_is_fiscal(self):
        """Tell whether invoices of the order are issued through SMART."""
        self.ensure_one()
        order = self.sudo()  # sudo: orders are computed for customers in the web shop, too
        enabled = not order.journal_id or order.journal_id.smart_enabled
        return enabled and bool(order.company_id.smart_issuer_id)

    def _create_invoices(self, grouped=False, final=False, date=None):
        # EXTENDS 'sale': what is given back, goods or what was paid down, corrects an invoice
        moves = super()._create_invoices(grouped, final, date)
        # sudo: salespeople may not write on invoices
        moves.sudo()._smart_propose_origin()
        return moves


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _smart_invoices(self):
        """Return the confirmed invoices on which these lines are sold, not deducted."""
        return self.invoice_lines.filtered(
            lambda line: (
                line.move_id.move_type == "out_invoice"
                and line.parent_state == "posted"
                and line.quantity > 0
            )
        ).move_id

from odoo import models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _create_account_invoices(self, invoice_vals_list, final):
        # EXTENDS 'sale', to which the part that a card pays is a line of the invoice
        moves = super()._create_account_invoices(invoice_vals_list, final)
        for move in moves:
            if move._smart_is_fiscal():
                move._smart_take_cards_out()
                if not move.invoice_line_ids:
                    raise UserError(self._nothing_to_invoice_error_message())
        return moves

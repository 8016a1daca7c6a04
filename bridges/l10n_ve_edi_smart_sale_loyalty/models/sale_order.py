from odoo import models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _create_account_invoices(self, invoice_vals_list, final):
        # EXTENDS 'sale', to which the part that a card pays is a line of the invoice
        moves = super()._create_account_invoices(invoice_vals_list, final)
        for move in moves.filtered(lambda move: move._smart_is_fiscal()):
            move._smart_take_cards_out()
        # What is left of a card waits until something else is invoiced.
        empty = moves.filtered(lambda move: "product" not in move.line_ids.mapped("display_type"))
        if empty and empty == moves and self.env.context.get("raise_if_nothing_to_invoice", True):
            raise UserError(self._nothing_to_invoice_error_message())
        empty.unlink()
        return moves - empty

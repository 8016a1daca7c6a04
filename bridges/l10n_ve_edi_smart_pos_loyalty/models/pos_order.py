from odoo import models


class PosOrder(models.Model):
    """What gift cards and e-wallets pay of an order settles its invoice."""

    _inherit = "pos.order"

    def _reconcile_invoice_payments(self, invoice, payment_moves):
        # EXTENDS 'point_of_sale'
        result = super()._reconcile_invoice_payments(invoice, payment_moves)
        lines = self._smart_payment_lines() if self._smart_is_fiscal() else ()
        for line in lines:
            # sudo: as Odoo books what the till was paid
            invoice.sudo()._smart_make_card_entry(
                line.product_id,
                self.fiscal_position_id,
                line.full_product_name or line.product_id.display_name,
                -line._smart_amount(),
                ref=self.name,
                smart_card_program_id=line._smart_card_program().id,
                smart_card_pos_line_id=line.id,
            )
        if lines:  # what a card gets back is of the note, in an exchange
            self._smart_reconcile()
        return result

    def _smart_settling(self):
        # EXTENDS 'l10n_ve_edi_smart_pos'
        moves = super()._smart_settling()
        lines = self._smart_payment_lines()
        return moves | moves.search([("smart_card_pos_line_id", "in", lines.ids)])


class PosOrderLine(models.Model):
    _inherit = "pos.order.line"

    def _smart_card_program(self):
        """Return the program of the card that pays by this line, or is paid back by it."""
        # sudo: cashiers need no right to programs
        return (self.refunded_orderline_id or self).sudo().reward_id.program_id

    def _smart_is_payment(self):
        # EXTENDS 'l10n_ve_edi_smart_pos'
        return self._smart_card_program().is_payment_program or super()._smart_is_payment()

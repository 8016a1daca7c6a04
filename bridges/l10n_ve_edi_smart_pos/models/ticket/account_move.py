from odoo import models


class AccountMove(models.Model):
    """What follows at the till once a document is issued: tickets, mails that were asked for."""

    _inherit = "account.move"

    def _smart_orders(self):
        """Return the orders of tills that these are documents of."""
        # sudo: done for the document, whoever's step it is
        moves = self.sudo()
        return moves.pos_order_ids | moves.smart_pos_order_ids

    def _smart_became_legal(self):
        # EXTENDS 'l10n_ve_edi_smart'
        res = super()._smart_became_legal()
        self._smart_orders()._smart_tell_tills()
        return res

    def _smart_became_sendable(self):
        # EXTENDS 'l10n_ve_edi_smart'
        res = super()._smart_became_sendable()
        self._smart_orders()._smart_send_what_was_asked_for()
        return res

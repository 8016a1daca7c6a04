from odoo import models


class AccountPayment(models.Model):
    _inherit = "account.payment"

    def _smart_memo(self):
        """Return the memo as a receipt shows it.

        Who paid while the invoice was waiting has quoted Odoo's name: the receipt says the number
        that the invoice has got since.
        """
        self.ensure_one()
        legal = {move.name: move.smart_number for move in self.reconciled_invoice_ids}
        return legal.get(self.memo, self.memo)

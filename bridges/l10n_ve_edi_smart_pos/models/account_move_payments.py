from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def _smart_payment_name(self, line):
        # EXTENDS 'l10n_ve_edi_smart': the till books all its payments in a journal of its own, so
        # the method says how it was paid; change is taken off the cash already
        method = line.move_id.pos_payment_ids.payment_method_id[:1]
        return method.name or super()._smart_payment_name(line)

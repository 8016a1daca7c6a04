from odoo import models

from .pos_order_paid import DRAFT, Why


class AccountMove(models.Model):
    _inherit = "account.move"

    def _post(self, soft=True):
        # EXTENDS 'l10n_ve_edi_smart': of an order that is paid, what failed to be confirmed waits
        staying = self.browse()
        why = self.env.context.get(DRAFT)
        if isinstance(why, Why):
            staying = self.filtered(lambda move: move.state == "draft" and move._smart_is_fiscal())
            staying._smart_defer(why)
        return super(AccountMove, self - staying)._post(soft)

from odoo import models

from .pos_order import PART
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
        posted = super(AccountMove, self - staying)._post(soft)
        if not isinstance(self.env.context.get(PART), tuple):  # else not all is made yet
            posted._smart_settle_rounded_orders()
        return posted

    def _smart_settle_rounded_orders(self):
        """Settle what rounding has left open of what tills sold with these documents."""
        # sudo: whoever confirms drafts may not read the orders of a till
        for move in self.sudo():
            orders = move.smart_pos_rounded_order_id
            if move._smart_is_fiscal() or move._smart_is_on_paper():
                orders |= move.pos_order_ids | move.smart_pos_order_ids
            if orders:
                orders |= orders.account_move.pos_order_ids
                orders._smart_settle_rounding(late=bool(orders.payment_ids.account_move_id))

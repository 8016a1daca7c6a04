from odoo import models

from odoo.addons.l10n_ve_edi_smart.models.stating.account_move_cents import ROUNDING
from odoo.addons.l10n_ve_edi_smart.smart_api import amounts


class AccountMove(models.Model):
    """What a till was paid stands: whatever it rounds, and only for what is paid in cash."""

    _inherit = "account.move"

    def _smart_total_to_keep(self):
        # EXTENDS 'l10n_ve_edi_smart'
        # sudo: for amounts only; whoever confirms invoices may not read the orders of a till
        orders = self.sudo().pos_order_ids
        if not orders:
            return super()._smart_total_to_keep()
        paid = abs(sum((amounts.money(order.amount_paid) for order in orders), amounts.ZERO))
        paid += self._smart_sum(self._smart_igtf_lines())
        shown = amounts.money(self.amount_total)
        step = amounts.money(max(orders.config_id.rounding_method.mapped("rounding"), default=0.0))
        # More is no rounding: the draft was edited, or the order is not paid.
        if abs(paid - shown) > max(step, amounts.money(ROUNDING)):
            return super()._smart_total_to_keep()
        return paid

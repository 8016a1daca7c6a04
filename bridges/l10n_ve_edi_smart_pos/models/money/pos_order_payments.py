from odoo import models


class PosOrder(models.Model):
    _inherit = "pos.order"

    def _process_payment_lines(self, pos_order, order, pos_session, draft):
        # EXTENDS 'point_of_sale': the order is there now, and gets its IGTF when it is paid. Odoo
        # takes the change out of the first cash: a till with dollars and bolívares gives it in its
        # own currency
        if not draft:
            order._smart_add_igtf(pos_order)
        result = super()._process_payment_lines(pos_order, order, pos_session, draft)
        change = order.payment_ids.filtered("is_change")
        if change and order._smart_is_fiscal():
            own = pos_session.payment_method_ids.filtered(
                lambda method: (
                    method.is_cash_count
                    and method.smart_currency_id in (order.currency_id, self.env["res.currency"])
                )
            )
            if own:
                change.payment_method_id = own[:1]
                change._smart_note_foreign()
        return result

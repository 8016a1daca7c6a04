from odoo import models
from odoo.exceptions import UserError

#: Key of the context: what is read goes to all devices of the shop, phones of customers as well.
TO_ALL = "smart_told_to_all"


class PosOrder(models.Model):
    _inherit = "pos.order"

    def _send_payment_result(self, payment_result):
        # EXTENDS 'pos_self_order': a terminal of a kiosk has paid the order, which ends no sale as
        # tills do: nothing was invoiced
        if payment_result == "Success" and self._smart_is_fiscal() and not self.account_move:
            self.to_invoice = True
            self._process_saved_order(False)
        order = self.with_context(**{TO_ALL: True})
        return super(PosOrder, order)._send_payment_result(payment_result)

    def _process_saved_order(self, draft):
        # EXTENDS 'point_of_sale'
        if not draft and self._smart_is_fiscal():
            self._smart_check_free()
        return super()._process_saved_order(draft)

    def _smart_check_free(self):
        """Refuse what a phone or kiosk says is free, while its prices say otherwise.

        Odoo believes what is handed in of the amounts of lines, so that anybody could have a
        document issued that nobody pays.
        """
        if self.source not in ("kiosk", "mobile") or self.payment_ids:
            return
        costs = sum(line._compute_amount_line_all()["price_subtotal_incl"] for line in self.lines)
        if self.currency_id.compare_amounts(costs, 0.0) > 0:
            raise UserError(
                self.env._(
                    "This order costs %s, and nothing was paid.", self.currency_id.format(costs)
                )
            )

    def _load_pos_self_data_fields(self, config):
        # EXTENDS 'pos_self_order'
        fields = super()._load_pos_self_data_fields(config)
        return fields if self.env.context.get(TO_ALL) else [*fields, "smart_ticket"]

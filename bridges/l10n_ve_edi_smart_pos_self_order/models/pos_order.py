from odoo import models

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

    def _load_pos_self_data_fields(self, config):
        # EXTENDS 'pos_self_order'
        fields = super()._load_pos_self_data_fields(config)
        return fields if self.env.context.get(TO_ALL) else [*fields, "smart_ticket"]

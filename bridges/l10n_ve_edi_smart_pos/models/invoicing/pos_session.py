from odoo import models

from .pos_order_paid import AFTER_THE_MONEY, PAID


class PosSession(models.Model):
    _inherit = "pos.session"

    def _validate_session(self, *args, **kwargs):
        # EXTENDS 'point_of_sale': what has no invoice yet, whatever road it came by, gets one now
        for order in self._get_closed_orders().filtered(lambda one: one._smart_lacks_invoice()):
            order.to_invoice = True
            order.with_context(**{PAID: AFTER_THE_MONEY})._generate_pos_order_invoice()
        return super()._validate_session(*args, **kwargs)

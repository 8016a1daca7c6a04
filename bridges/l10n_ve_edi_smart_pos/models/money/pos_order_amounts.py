import math

from odoo import api, models


class PosOrder(models.Model):
    _inherit = "pos.order"

    @api.model
    def _smart_signed(self, amount, quantity, price):
        """Return the amount of a line, tax included, as what it adds to its order.

        The till writes the amounts of what it calls a refund with the sign turned round.
        """
        return math.copysign(amount, quantity * price)

    def _smart_total(self, lines):
        return self.currency_id.round(sum(line._smart_amount() for line in lines))


class PosOrderLine(models.Model):
    _inherit = "pos.order.line"

    def _smart_amount(self):
        """Return what a line adds to the order, tax included."""
        self.ensure_one()
        return self.order_id._smart_signed(self.price_subtotal_incl, self.qty, self.price_unit)

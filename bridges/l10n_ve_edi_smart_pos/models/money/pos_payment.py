from odoo import api, fields, models


class PosPayment(models.Model):
    _inherit = "pos.payment"

    smart_foreign_amount = fields.Float(
        string="Paid in Foreign Currency",
        readonly=True,
        help="What the customer paid in the currency of the method.",
    )
    smart_rate = fields.Float(
        string="Rate",
        digits=(16, 4),
        readonly=True,
        help="How many bolívares a unit of the currency of the method was worth at the till.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'point_of_sale': tills say what was paid in which currency; all else does not
        payments = super().create(vals_list)
        for payment in payments:
            if not payment.smart_foreign_amount:
                payment._smart_note_foreign()
        return payments

    def _smart_note_foreign(self):
        """Note what was paid in the currency of the method, at the rate of the day."""
        self.ensure_one()
        order, currency = self.pos_order_id, self.payment_method_id.smart_currency_id
        if not currency or currency == order.currency_id or not order._smart_is_fiscal():
            return
        worth = order.config_id._smart_bolivares()
        if worth.get(currency) and order.currency_id in worth:
            rate = float(worth[currency])
            amount = self.amount * float(worth[order.currency_id]) / rate
            self.write({"smart_foreign_amount": currency.round(amount), "smart_rate": rate})

    def _create_payment_moves(self, is_reverse=False):
        # EXTENDS 'point_of_sale', which takes the change off the first cash: that it never becomes
        # less than zero, it is the largest
        return super(
            PosPayment, self.sorted(lambda payment: -payment.amount)
        )._create_payment_moves(is_reverse)

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
        noted = {"smart_foreign_amount": 0.0, "smart_rate": 0.0}
        if currency and currency != order.currency_id and order._smart_is_fiscal():
            worth = order.config_id._smart_bolivares()
            if worth.get(currency) and order.currency_id in worth:
                rate = float(worth[currency])
                amount = self.amount * float(worth[order.currency_id]) / rate
                noted = {"smart_foreign_amount": currency.round(amount), "smart_rate": rate}
        # sudo: cashiers do not set it by hand
        self.sudo().write({name: value for name, value in noted.items() if self[name] != value})

    def _smart_settle_foreign(self):
        """Note anew what cannot have been paid in foreign currency as the till says.

        That is more or less than at any rate since the session was begun: somebody could say that
        there is less in the drawer than was paid.
        """
        for payment in self.filtered("smart_foreign_amount"):
            if not payment._smart_is_credible():
                payment._smart_note_foreign()

    def _smart_is_credible(self):
        self.ensure_one()
        order, currency = self.pos_order_id, self.payment_method_id.smart_currency_id
        shop, own = order.config_id, order.currency_id
        all_days = map(shop._smart_bolivares, order.session_id._smart_days())
        days = [worth for worth in all_days if worth.get(own) and worth.get(currency)]
        if not days:
            return False
        units = [worth[own] / worth[currency] for worth in days]
        rates = [float(worth[currency]) for worth in days]
        amounts = sorted(self.amount * float(unit) for unit in (min(units), max(units)))
        # As `_smartStands` of the till.
        step = shop.rounding_method.rounding if shop.cash_rounding else 0.0
        allowed = max(currency.rounding, (step + own.rounding) * float(max(units)))
        return (
            min(rates) <= self.smart_rate <= max(rates)
            and amounts[0] - allowed <= self.smart_foreign_amount <= amounts[1] + allowed
        )

    def _smart_settle_day(self):
        """Have payments the day of their orders where the till sells in foreign currency.

        Closing converts what was paid at the rate of its day, and what was sold at that of the
        order's: of two days the session's entry does not balance.
        """
        for order, payments in self.grouped("pos_order_id").items():
            if order.currency_id != order.company_id.currency_id:
                payments.payment_date = order.date_order

    def _create_payment_moves(self, is_reverse=False):
        # EXTENDS 'point_of_sale', which takes the change off the first cash, whatever drawer it
        # came from, and books none where no cash was given: it is taken off cash of its own
        # drawer, the largest; where there is none it is a payment of its own, below zero
        change = self.filtered("is_change")
        if not change or not self.pos_order_id._smart_is_fiscal():
            return super()._create_payment_moves(is_reverse)
        drawer = change.payment_method_id
        payments = self.sorted(lambda one: (one.payment_method_id != drawer, -one.amount))
        given = payments.filtered(lambda one: one.payment_method_id == drawer) - change
        if given:
            return super(PosPayment, payments)._create_payment_moves(is_reverse)
        change.is_change = False
        moves = super(PosPayment, payments)._create_payment_moves(is_reverse)
        change.is_change = True
        return moves

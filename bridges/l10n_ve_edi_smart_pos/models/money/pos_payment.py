from odoo import fields, models


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

    def _create_payment_moves(self, is_reverse=False):
        # EXTENDS 'point_of_sale', which takes the change off the first cash: that it never becomes
        # less than zero, it is the largest
        return super(
            PosPayment, self.sorted(lambda payment: -payment.amount)
        )._create_payment_moves(is_reverse)

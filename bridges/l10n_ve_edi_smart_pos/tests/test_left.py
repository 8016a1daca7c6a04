from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .money_common import MoneyCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestLeft(MoneyCommon):
    """A return takes back no more than is left, wherever and whenever it is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cashier = cls.new_user("cashier", "base.group_user,point_of_sale.group_pos_user")

    def sold(self, quantity=2, discount=0):
        lines = [(self.taxes["general"], 100.0, quantity, discount)]
        order = self.hand_in(lines, [(self.card, self.due(lines)[0])])
        self.wire(order.account_move)
        return order

    def take_back(self, order, quantity=1, price=100.0, discount=0, method=None, **values):
        lines = [(self.taxes["general"], price, -quantity, discount)]
        total = self.total(lines)["total_amount_currency"]
        payments = [(method or self.card, total)]
        return self.hand_in(lines, payments, of=order.lines[:1], is_refund=True, **values)

    def ask(self, order, quantity, amount):
        """Return what the till tells before the money of a return of so much, for so much."""
        line = order.lines[:1]
        values = {
            "config_id": order.config_id.id,
            "partner_id": order.partner_id.id,
            "to_invoice": True,
            "is_refund": True,
            "lines": [
                {
                    "product_id": line.product_id.id,
                    "qty": -quantity,
                    "price_unit": amount / quantity / 1.16,
                    "price_subtotal": amount / 1.16,
                    "price_subtotal_incl": amount,
                    "tax_ids": [[6, 0, line.tax_ids.ids]],
                    "refunded_orderline_id": line.id,
                }
            ],
        }
        cashier = self.env["pos.order"].with_user(self.cashier)
        return "\n".join(one["text"] for one in cashier.smart_check_before_payment(values))

    def assert_note(self, back, order, total):
        note = back.account_move
        self.assertEqual(self.wire(note)["total"], total)
        self.assertEqual((note.smart_note_origin_id, note.amount_residual), (order.account_move, 0))

    def test_of_the_goods_it_is_told_before_the_money(self):
        order = self.sold()
        self.assertEqual(self.ask(order, 2, 232), "")
        self.assertRegex(self.ask(order, 3, 232), "2 can still be taken back, not 3")
        self.assert_note(self.take_back(order), order, 116)
        self.assertEqual(self.ask(order, 1, 116), "")
        self.assertRegex(self.ask(order, 2, 116), "1 can still be taken back, not 2")

    def test_of_the_amount_it_is_told_too(self):
        order = self.sold(discount=50)
        self.assertEqual(self.ask(order, 1, 58), "")
        self.assertRegex(self.ask(order, 1, 150), "116.00.*can still be credited.*150.00")
        self.assert_note(self.take_back(order, discount=50), order, 58)
        self.assertRegex(self.ask(order, 1, 116), "58.00.*can still be credited")

    def test_the_igtf_that_goes_back_with_it_counts(self):
        lines = [(self.taxes["general"], 100.0, 1, 0), (self.taxes["general"], -2.0, 1, 0)]
        total, *_igtf = self.due(lines, [(self.dollars, 113.68)])
        self.assertEqual(total, 117.09)
        order = self.hand_in(lines, [(self.dollars, total)])
        self.wire(order.account_move)
        self.assertEqual(self.ask(order, 1, 113.68), "")
        self.assertRegex(self.ask(order, 1, 116), "117.09.*can still be credited.*119.4")

    def test_what_another_till_has_only_begun_does_not_count(self):
        order = self.sold(1)
        begun = self.env["pos.order"].browse(order.refund()["res_id"])
        self.assertEqual(begun.state, "draft")
        self.assertEqual(self.ask(order, 1, 116), "")

    def test_if_it_comes_all_the_same_the_note_is_a_draft_and_the_money_stands(self):
        order = self.sold(1)
        self.assert_note(self.take_back(order), order, 116)
        twice = self.take_back(order)
        self.assertEqual((twice.state, twice.account_move.state), ("done", "draft"))
        self.assertIn("too much", twice.account_move.activity_ids.note)

    def test_in_another_shop_on_another_day_at_another_rate(self):
        order = self.sold()
        self.close(order)
        rates = self.env["res.currency.rate"]
        rates.create(
            {
                "currency_id": self.usd.id,
                "company_id": self.company.id,
                "name": fields.Date.today() - timedelta(days=1),
                "inverse_company_rate": 55.5,
            }
        )
        other = self.till.copy({"name": "Caja 2"})
        drawer = self.card.journal_id.copy({"code": "OTRA"})
        card = self.card.copy({"journal_id": drawer.id})
        other.payment_method_ids = card
        self.till = other
        back = self.take_back(order, method=card)
        self.assertNotEqual(back.config_id, order.config_id)
        self.assert_note(back, order, 116)

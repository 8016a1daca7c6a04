from odoo.tests import tagged

from .money_common import MoneyCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestPaymentByHand(MoneyCommon):
    """An order that is paid in the back office, in dollars, pays the IGTF as at the till."""

    def draft(self):
        goods = [(self.taxes["general"], 100.0, 1, 0)]
        return self.hand_in(goods, [], state="draft", amount_total=116.0)

    def window(self, order, method, **values):
        """Return the window, with the method that a person chooses in it."""
        context = {"active_id": order.id, "active_ids": order.ids}
        window = self.env["pos.make.payment"].with_context(**context).new(values)
        window.payment_method_id = method
        window._onchange_smart_payment_method()
        return window

    def pay(self, order, method, amount=None):
        """Pay with a method what the window proposes, or another amount."""
        window = self.window(order, method)
        values = {"payment_method_id": method.id, "amount": amount or window.amount}
        return window.create(values).with_context(window.env.context).check()

    def assert_document(self, order, igtf, forms):
        self.assertEqual(order.state, "done")
        move = order.account_move
        wire = self.wire(move)
        self.assertEqual((self.igtf(wire), self.forms(wire)), (igtf, forms))
        self.assertEqual((move.amount_total, move.amount_residual), (igtf[-1], 0))

    def test_the_window_proposes_it_and_says_why(self):
        order = self.draft()
        window = self.window(order, self.dollars)
        self.assertEqual(window.amount, 119.48)
        self.assertIn("3.48", window.smart_igtf_words)
        self.assertIn("116.00", window.smart_igtf_words)
        window = self.window(order, self.card)
        self.assertEqual(window.amount, 116)
        self.assertFalse(window.smart_igtf_words)

    def test_all_of_it_in_dollars(self):
        order = self.draft()
        self.pay(order, self.dollars)
        self.assert_document(order, [116, 3.48, 119.48], {"Dólares": 119.48})
        payment = order.payment_ids
        worth = self.till._smart_bolivares()[self.usd]
        self.assertEqual(payment.smart_rate, float(worth))
        self.assertEqual(payment.smart_foreign_amount, round(119.48 / float(worth), 2))
        self.close(order)

    def test_without_it_the_order_is_not_paid(self):
        order = self.draft()
        again = self.pay(order, self.dollars, 116.0)
        self.assertEqual(again["res_model"], "pos.make.payment")
        self.assertEqual((order.state, order.amount_total, order.amount_paid), ("draft", 116, 116))
        self.assertEqual(self.window(order, self.card).amount, 3.48)
        self.pay(order, self.card, 3.48)
        self.assert_document(order, [116, 3.48, 119.48], {"Dólares": 116, "Tarjeta": 3.48})

    def test_what_is_paid_in_bolivares_is_not_in_its_base(self):
        order = self.draft()
        self.pay(order, self.card, 66.0)
        self.assertEqual(self.window(order, self.zelle).amount, 51.5)
        self.pay(order, self.zelle)
        self.assert_document(order, [50, 1.5, 117.5], {"Zelle": 51.5, "Tarjeta": 66})

    def test_a_draft_that_the_till_completes_is_asked_once(self):
        order = self.draft()
        self.pay(order, self.zelle, 50.0)
        self.assertFalse(order.lines.filtered("smart_igtf_base"))
        self.assertFalse(order.smart_igtf_base)

    def test_who_does_not_collect_it_pays_nothing_more(self):
        self.company.smart_collects_igtf = False
        order = self.draft()
        window = self.window(order, self.dollars)
        self.assertEqual((window.amount, window.smart_igtf_words), (116, False))
        self.pay(order, self.dollars)
        self.assert_document(order, [0, 0, 116], {"Dólares": 116})

    def test_a_return_is_proposed_as_before(self):
        order = self.draft()
        self.pay(order, self.dollars)
        self.wire(order.account_move)
        refund = self.env["pos.order"].browse(order.refund()["res_id"])
        self.assertEqual(self.window(refund, self.dollars).amount, -119.48)
        refund.to_invoice = True
        self.pay(refund, self.dollars)
        self.assertEqual(self.igtf(self.wire(refund.account_move)), [116, 3.48, 119.48])

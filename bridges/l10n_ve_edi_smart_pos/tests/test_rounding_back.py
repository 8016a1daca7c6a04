"""What a till gives back in rounded cash: no document exceeds what was sold, nothing stays open."""

from odoo.tests import tagged

from .rounding_common import RoundingCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestRoundingBack(RoundingCommon):
    def test_paid_by_card_and_given_back_in_cash(self):
        back = self.take_back(self.sold(10.6), (self.cash, -11.0))
        self.assert_settled(back, 10.6)
        self.assertEqual(self.rounded(), [0, 0.4])
        self.close(back)

    def test_less_is_given_back_than_was_paid(self):
        back = self.take_back(self.sold(10.4), (self.cash, -10.0))
        self.assert_settled(back, 10)
        self.assertEqual(self.rounded(), [0, 0])

    def test_what_was_rounded_when_it_was_sold_can_be_taken_back(self):
        order = self.sold(10.4, (self.cash, 10.0))
        self.assertEqual(self.ask(order), "")
        back = self.take_back(order, (self.cash, -10.0))
        self.assert_settled(back, 10)
        self.assertIn("0 can still be taken back", self.ask(order))

    def test_rounded_when_it_was_sold_and_given_back_by_card(self):
        order = self.sold(10.4, (self.cash, 10.0))
        back = self.take_back(order, (self.card, -10.4))
        self.assert_settled(back, 10)
        self.assertEqual(self.rounded(), [0, 0.4])

    def test_in_a_shop_that_does_not_round(self):
        order = self.sold(10.4, (self.cash, 10.0))
        other = self.till.copy({"name": "Caja 2", "cash_rounding": False, "rounding_method": False})
        drawer = self.card.journal_id.copy({"code": "OTRA"})
        card = self.card.copy({"journal_id": drawer.id})
        other.payment_method_ids = card
        self.till = other
        self.open_till()
        self.assertEqual(self.ask(order), "")
        back = self.take_back(order, (card, -10.4))
        self.assert_settled(back, 10)
        self.assertEqual(self.rounded(), [0, 0.4])

    def test_in_two_parts(self):
        lines = [(self.included["general"], 5.7, 2, 0)]
        order = self.hand_in(lines, [(self.cash, 11.0)])
        self.wire(order.account_move)
        for given, total in ((6.0, 6.0), (6.0, 5.0)):
            goods = [(order.lines.tax_ids, 5.7, -1, 0)]
            back = self.hand_in(goods, [(self.cash, -given)], of=order.lines, is_refund=True)
            self.assert_settled(back, total)
        self.assertEqual(self.rounded(), [0, 1.0])

    def test_paid_by_card_and_cash_and_given_back_in_cash(self):
        lines = [(self.included["luxury"], 2178.08, 0.5, 0), (self.taxes["general"], 0.02, 12, 0)]
        order = self.hand_in(lines, [(self.card, 108.93), (self.cash, 980.0)])
        self.wire(order.account_move)
        self.assertEqual(self.ask(order), "")
        back = self.take_back(order, (self.cash, -1089.0))
        self.assert_settled(back, 1088.93)
        self.assertEqual(self.rounded(), [0, 0.07])
        self.close(back)

    def test_exchanges(self):
        for sold, bought, paid, gained in (
            (10.6, 20.0, 9.0, [0, 0.4]),
            (10.4, 20.0, 10.0, [-0.4, 0.4]),
            (20.0, 10.6, -9.0, [-0.8, 0.4]),
            (20.0, 10.4, -10.0, [-0.8, 0.8]),
        ):
            with self.subTest(sold=sold, bought=bought):
                back = self.take_back(self.sold(sold), (self.cash, paid), lines=[bought])
                self.assert_settled(back, bought, sold)
                self.assertEqual(self.rounded(), gained)
        self.close(back)

    def test_an_exchange_that_rounds_to_nothing(self):
        back = self.take_back(self.sold(10.0), lines=[10.4])
        self.assert_settled(back, 10.4, 10)
        self.assertEqual(self.rounded(), [0, 0.4])

    def test_an_exchange_of_what_was_rounded(self):
        order = self.sold(10.4, (self.cash, 10.0))
        back = self.take_back(order, (self.cash, 10.0), lines=[20.8])
        self.assert_settled(back, 20.8, 10)
        self.assertEqual(self.rounded(), [0, 0.8])

    def test_what_is_confirmed_later_is_settled_then(self):
        order = self.sold(10.6)
        self.customer.vat = False
        back = self.take_back(order, (self.cash, -11.0))
        note = back.account_move
        self.assertEqual((back.state, note.state), ("done", "draft"))
        self.assertEqual(self.rounded(), [0, 0])
        self.close(back)
        self.customer.vat = "J-29387645-1"
        self.confirm(note)
        self.assert_settled(back, 10.6)
        self.assertEqual(self.rounded(), [0, 0.4])

    def test_reset_and_confirmed_again_nothing_is_booked_twice(self):
        order = self.sold(10.6)
        self.simulator.fault("refuse", seconds=600)
        back = self.take_back(order, (self.cash, -11.0))
        self.commit()
        note = back.account_move
        self.assertEqual((note.smart_state, self.rounded()), ("queued", [0, 0.4]))
        session = self.till.current_session_id
        session.action_pos_session_closing_control()
        self.assertEqual(session.state, "closed")
        note.button_draft()
        self.simulator.control("DELETE", "/faults")
        self.confirm(note)
        self.assertEqual(self.rounded(), [0, 0.4])
        self.assert_settled(back, 10.6)

    def test_what_is_paid_later_is_no_rounding(self):
        later = self.env["pos.payment.method"].create(
            {"name": "Cuenta", "split_transactions": True}
        )
        self.till.payment_method_ids += later
        lines = [(self.included["general"], 10.4, 1, 0)]
        order = self.hand_in(lines, [(self.card, 10.0), (later, 0.4)])
        self.wire(order.account_move)
        self.assertEqual(order.account_move.amount_residual, 0.4)
        self.assertEqual(self.rounded(), [0, 0])

    def test_how_it_was_paid_does_not_name_what_nobody_paid(self):
        back = self.take_back(self.sold(10.6), (self.cash, 9.0), lines=[20.0])
        self.assertEqual(self.forms(self.wire(back.account_move)), {"Efectivo": 9.0})

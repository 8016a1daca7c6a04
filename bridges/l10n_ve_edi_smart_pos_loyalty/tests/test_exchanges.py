"""Exchanges of what a gift card or e-wallet has paid: both documents end settled."""

from odoo.tests import tagged

from .card_common import CardCommon


@tagged("post_install", "-at_install")
class TestExchanges(CardCommon):
    def back(self, line, part=1.0):
        """Return the values of a line that takes back one of a sold order, or a part of it."""
        return {
            "product_id": line.product_id.id,
            "price_unit": line.price_unit,
            "qty": -line.qty * part,
            "tax_ids": [(6, 0, line.tax_ids.ids)],
            "price_subtotal": -line.price_subtotal * part,
            "price_subtotal_incl": -line.price_subtotal_incl * part,
            "refunded_orderline_id": line.id,
        }

    def exchange(self, order, price, *payments, card=None, lines=None):
        """Return an order that takes back lines, and sells something that includes its tax.

        :param card: a further line, by which a card pays
        """
        more = [self.back(line) for line in (order.lines if lines is None else lines)]
        more += [card] if card else []
        sold = [(self.included["general"], price, 1, 0)]
        self.sell(sold, list(payments) or [(self.cash, 0.0)], more)
        return self.env["pos.order"].search([], order="id desc", limit=1)

    def assert_settled(self, order, *totals):
        documents = order.account_move | order.smart_note_ids
        self.commit()
        self.send_waiting()
        why = documents.activity_ids.mapped("note")
        self.assertEqual(documents.mapped("smart_state"), ["issued"] * len(totals), why)
        self.assertEqual(documents.mapped("amount_total"), list(totals))
        self.assertEqual(documents.mapped("amount_residual"), [0] * len(totals))
        terms = documents.line_ids.filtered(lambda item: item.display_type == "payment_term")
        owed = self.env["account.move.line"].search(
            [
                ("partner_id", "=", order.partner_id.id),
                ("account_id", "in", terms.account_id.ids),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
            ]
        )
        self.assertFalse(owed)

    def sold(self):
        goods = [(self.included["general"], 116.0, 1, 0)]
        order = self.sell(goods, [(self.cash, 66.0)], [self.gift(50.0)])
        self.assert_paid_and_issued(order, 116)
        return order

    def close(self, order):
        session = order.session_id
        session.post_closing_cash_details(session.cash_register_balance_end)
        self.env.invalidate_all()
        self.assertTrue(session.close_session_from_ui()["successful"])
        self.assertEqual(session.state, "closed")

    def test_for_something_cheaper(self):
        back = self.exchange(self.sold(), 40.0, (self.cash, -26.0))
        self.assert_settled(back, 40, 116)
        self.close(back)

    def test_for_something_dearer(self):
        back = self.exchange(self.sold(), 200.0, (self.cash, 134.0))
        self.assert_settled(back, 200, 116)
        self.close(back)

    def test_for_what_costs_as_much_as_was_paid_in_cash(self):
        back = self.exchange(self.sold(), 66.0)
        self.assert_settled(back, 66, 116)

    def test_what_the_card_paid_stays_paid(self):
        order = self.sold()
        back = self.exchange(order, 120.0, (self.cash, 4.0), lines=order.lines[:1])
        self.assert_settled(back, 120, 116)

    def test_a_card_pays_the_difference(self):
        order = self.sold()
        card = self.gift(4.0)
        back = self.exchange(order, 120.0, card=card, lines=order.lines[:1])
        self.assert_settled(back, 120, 116)
        self.assertEqual(self.forms(back), {"Gift card": 4})

    def test_a_card_pays_and_another_gets_its_part_back(self):
        back = self.exchange(self.sold(), 200.0, (self.cash, 104.0), card=self.gift(30.0))
        self.assert_settled(back, 200, 116)

    def test_rounded(self):
        self.round_cash(1.0, only_cash=False)
        back = self.exchange(self.sold(), 200.4, (self.cash, 134.0))
        self.assert_settled(back, 200.4, 116)
        back = self.exchange(self.sold(), 20.4, (self.cash, -46.0))
        self.assert_settled(back, 20.4, 116)
        self.close(back)

    def test_mended_later(self):
        order = self.sold()
        self.customer.phone = "none"
        back = self.exchange(order, 40.0, (self.cash, -26.0))
        documents = back.account_move | back.smart_note_ids
        self.assertEqual(set(documents.mapped("state")), {"draft"})
        self.customer.phone = "0414-1234567"
        for document in documents:
            document.action_post()
        self.assert_settled(back, 40, 116)

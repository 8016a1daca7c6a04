"""What a till was paid is what is issued: prices with tax, rounded cash, nothing stays open."""

import json

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import tagged

from odoo.addons.l10n_ve_edi_smart.tests.random_orders import LINES, examples

from .till_common import TillCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestRounding(TillCommon):
    def one(self, price, kind="general"):
        return [(self.included[kind], price, 1, 0)]

    def test_a_price_that_no_base_leads_to_is_paid(self):
        for price in (99.93, 99.94, 99.95):
            invoice = self.assert_paid_and_issued(self.sell(self.one(price)), price)
            self.assertEqual(len(invoice._smart_rounding_lines()), price == 99.94)

    def test_prices_without_tax_are_paid_as_the_till_has_computed(self):
        for price in (50.48, 33.31, 10.03):
            lines = [(self.taxes["general"], price, 1, 12.5), (self.taxes["reduced"], price, 3, 5)]
            order = self.sell(lines)
            self.assert_paid_and_issued(order, order.amount_total)

    def test_rounded_cash_is_issued_as_it_was_paid(self):
        self.round_cash()
        invoice = self.assert_paid_and_issued(self.sell(self.one(11.12), [(self.cash, 11.1)]), 11.1)
        [line, *_rest] = json.loads(invoice.smart_document_id.request_body)["cuerpofactura"]
        self.assertEqual(line["comentario"], "Redondeo")
        self.assert_paid_and_issued(self.sell(self.one(11.13), [(self.cash, 11.15)]), 11.15)

    def test_a_card_is_not_rounded(self):
        self.round_cash()
        invoice = self.assert_paid_and_issued(self.sell(self.one(11.12)), 11.12)
        self.assertNotIn("rounding", invoice.line_ids.mapped("display_type"))

    def test_card_and_cash_together(self):
        self.round_cash()
        payments = [(self.card, 5.01), (self.cash, 6.1)]
        self.assert_paid_and_issued(self.sell(self.one(11.12), payments), 11.11)

    def test_every_payment_rounded(self):
        self.round_cash(only_cash=False)
        self.assert_paid_and_issued(self.sell(self.one(11.12), [(self.card, 11.1)]), 11.1)

    def test_confirmed_again_it_is_still_what_was_paid(self):
        self.round_cash()
        self.simulator.fault("refuse", seconds=600)
        order = self.sell(self.one(11.12), [(self.card, 5.01), (self.cash, 6.1)])
        invoice = order.account_move
        self.commit()
        self.assertEqual(invoice.smart_state, "queued")
        session = self.till.current_session_id
        session.action_pos_session_closing_control()
        self.assertEqual(session.state, "closed")
        invoice.button_draft()
        self.assertEqual(invoice.state, "draft")
        invoice.action_post()
        self.assertEqual(invoice.amount_total, 11.11)
        self.assertLessEqual(len(invoice._smart_rounding_lines()), 1)

    def test_random_orders_are_paid_and_issued(self):
        self.round_cash()

        @examples
        @given(LINES, st.sampled_from(["card", "cash", "both"]))
        def judge(lines, paid_by):
            lines = [
                ((self.included if included else self.taxes)[kind], price, quantity, discount)
                for kind, included, price, quantity, discount in lines
            ]
            total = self.total(lines)["total_amount_currency"]
            card = {"card": total, "cash": 0.0, "both": round(total / 3, 2)}[paid_by]
            cash = self.till.rounding_method.round(total - card)
            payments = [(self.card, card), (self.cash, cash)]
            payments = [(method, amount) for method, amount in payments if amount]
            paid = round(sum(amount for _method, amount in payments), 2)
            if paid:
                self.assert_paid_and_issued(self.sell(lines, payments), paid)

        judge()

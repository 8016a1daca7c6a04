"""Random orders of tills, as they come: whatever was paid is issued, settled and in the books."""

from functools import partial

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import tagged

from odoo.addons.l10n_ve_edi_smart.smart_api import amounts
from odoo.addons.l10n_ve_edi_smart.tests.random_orders import LINES, examples
from odoo.addons.l10n_ve_edi_smart_pos.igtf import base_to_give_back, igtf_of

from .random_till_common import RandomTillCommon

#: Of each order: its lines, the till, how it is paid, an order discount or reward in per cent,
#: what the customer hands over too much in cash, and whether some of it comes back, and by what.
ORDERS = st.tuples(
    LINES,
    st.sampled_from(["plain", "plain", "0.05", "1.00", "all 0.05", "all 1.00", "dollars"]),
    st.lists(
        st.tuples(
            st.sampled_from(["cash", "card", "dollars", "zelle"]),
            st.sampled_from([0.1, 0.25, 0.5, 1 / 3]),
        ),
        min_size=1,
        max_size=3,
        unique_by=lambda payment: payment[0],
    ),
    st.sampled_from([0, 0, 0, 10, 33.33]),
    st.sampled_from([0, 0, 0, 5, 123.45]),
    st.sampled_from(["no", "no", "all", "part", "exchange"]),
)


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestRandomTill(RandomTillCommon):
    def assert_exchanged(self, order):
        """See that both documents of an exchange are accepted, and settled by what was paid."""
        invoice, notes = order.account_move, order.smart_note_ids
        self.assertEqual((order.state, len(invoice), len(notes)), ("done", 1, 1))
        forms = self.forms(self.assert_document(invoice))
        self.assertLessEqual(sum(forms.values()), invoice.amount_total + 0.001)
        self.assert_document(notes)
        paid = order.amount_paid - self.rounded(order)
        self.assertAlmostEqual(invoice.amount_total - notes.amount_total, paid, places=2)

    def return_lines(self, order, which):
        sold = order.lines.filtered(lambda line: not line.smart_igtf_base and line.qty > 0)
        if which == "part":
            sold = sold[:1]
        return sold

    def judge(self, lines, till, ways, discount, more, back):
        self.till = self.tills[till]
        by_name = {method.name: method for method in self.till.payment_method_ids}
        ways = [(by_name[self.methods[kind].name], share) for kind, share in ways]
        lines = [
            ((self.included if included else self.taxes)[kind], price, quantity, percent)
            for kind, included, price, quantity, percent in lines
        ]
        if discount:  # of the whole order, or a reward: a line for each tax, below zero
            lines += [
                (tax, -round(price * quantity * (1 - percent / 100) * discount / 100, 2), 1, 0)
                for tax, price, quantity, percent in lines
            ]
        total = self.total(lines)["total_amount_currency"]
        payments, change = self.pay(total, ways, more)
        if total <= 0 or not payments:
            return
        order = self.hand_in(lines, payments, change)
        self.assert_right(order)
        if back == "no" or discount:
            return
        sold = self.return_lines(order, back)
        if not sold:
            return
        if back == "exchange":
            self.exchange(order, sold[:1], lines[-1], ways[-1][0])
        else:
            self.take_back(order, sold, ways[-1][0])

    def exchange(self, order, sold, bought, method):
        """Take back a thing, and sell another one; the difference is paid, or given back."""
        if order.lines.filtered("smart_igtf_base") or method.smart_collects_igtf:
            return
        back = (sold.tax_ids, sold.price_unit, -sold.qty, sold.discount)
        due = self.total([back, bought])["total_amount_currency"]
        if self.total([bought])["total_amount_currency"] <= 0:
            return
        rounding = self.till.rounding_method if self.till.cash_rounding else None
        paid = due
        if rounding and (method.is_cash_count or not self.till.only_round_cash_method):
            paid = rounding.round(due)
        exchanged = self.hand_in(
            [back, bought],
            [(method, round(paid, 2))] if paid else [],
            of=[sold, None],
            is_refund=due < 0,
        )
        self.assert_exchanged(exchanged)

    def base_back(self, igtf, sold, total):
        goods = igtf.order_id.lines - igtf
        share = sum(sold.mapped("price_subtotal_incl")) / sum(goods.mapped("price_subtotal_incl"))
        return base_to_give_back(
            amounts.money(igtf.smart_igtf_base),
            amounts.money(igtf.price_subtotal_incl),
            share,
            amounts.money(total),
            amounts.ZERO,
            amounts.ZERO,
        )

    def take_back(self, order, sold, method):
        lines = [(line.tax_ids, line.price_unit, -line.qty, line.discount) for line in sold]
        total = -self.total(lines)["total_amount_currency"]
        igtf = order.lines.filtered("smart_igtf_base")
        base = self.base_back(igtf, sold, total) if igtf else amounts.ZERO
        due = float(amounts.money(total) + igtf_of(base))
        rounding = self.till.rounding_method if self.till.cash_rounding else None
        if rounding and (method.is_cash_count or not self.till.only_round_cash_method):
            due = rounding.round(due)
        if not due:
            return
        refund = self.hand_in(
            lines,
            [(method, -round(due, 2))],
            of=sold,
            is_refund=True,
            smart_igtf_back_base=float(base),
        )
        self.assert_right(refund)
        self.assertEqual(refund.account_move.smart_note_origin_id, order.account_move)

    def test_random_orders_are_accepted_paid_and_booked(self):
        @partial(examples, few=40, many=500)
        @given(ORDERS)
        def judge(drawn):
            self.judge(*drawn)

        judge()
        for till in self.tills.values():
            session = till.current_session_id
            if session:
                session.post_closing_cash_details(session.cash_register_balance_end)
                self.assertTrue(session.close_session_from_ui()["successful"])
                self.assertEqual(session.state, "closed")

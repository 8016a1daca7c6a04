"""Random orders of tills, as they come: whatever was paid is issued, settled and in the books."""

from functools import partial

from hypothesis import given
from hypothesis import strategies as st

from odoo import Command
from odoo.tests import tagged

from odoo.addons.l10n_ve_edi_smart.smart_api import amounts
from odoo.addons.l10n_ve_edi_smart.tests.random_orders import LINES, examples
from odoo.addons.l10n_ve_edi_smart_pos.igtf import base_to_give_back, foreign_part, igtf_of

from .money_common import MoneyCommon

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
class TestRandomTill(MoneyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.methods = {
            "cash": cls.cash,
            "card": cls.card,
            "dollars": cls.dollars,
            "zelle": cls.zelle,
        }
        cls.tills = {"plain": cls.till}
        for step in (0.05, 1.0):
            rounding = cls.env["account.cash.rounding"].create(
                {
                    "name": f"{step}",
                    "rounding": step,
                    "strategy": "add_invoice_line",
                    "rounding_method": "HALF-UP",
                    "profit_account_id": cls.company_data["default_account_revenue"].id,
                    "loss_account_id": cls.company_data["default_account_expense"].id,
                }
            )
            for name, only_cash in ((f"{step:.2f}", True), (f"all {step:.2f}", False)):
                cls.tills[name] = cls.copy_till(name)
                cls.tills[name].write(
                    {
                        "cash_rounding": True,
                        "rounding_method": rounding.id,
                        "only_round_cash_method": only_cash,
                    }
                )
        cls.tills["dollars"] = cls.copy_till("dollars", cls.usd)

    @classmethod
    def copy_till(cls, name, currency=None):
        """Return another till with methods of its own, as cash drawers are."""
        methods = cls.env["pos.payment.method"]
        for kind, method in cls.methods.items():
            journal = method.journal_id.copy(
                {"name": f"{kind} {name}", "code": f"J{len(cls.tills)}{kind[:2]}"}
            )
            values = {"name": method.name, "journal_id": journal.id}
            if currency:
                journal.currency_id = currency
                foreign = method.smart_collects_igtf
                values["smart_currency_id"] = False if foreign else cls.bolivar.id
            else:
                values["smart_currency_id"] = method.smart_currency_id.id
            methods += method.copy(values)
        journal = cls.till.journal_id
        if currency:
            journal = journal.copy({"name": name, "code": "USDS", "currency_id": currency.id})
        return cls.env["pos.config"].create(
            {
                "name": name,
                "journal_id": journal.id,
                "invoice_journal_id": cls.till.invoice_journal_id.id,
                "payment_method_ids": [Command.set(methods.ids)],
                "use_pricelist": False,
            }
        )

    def pay(self, total, ways, more=0.0):
        """Return what the till asks for with these ways to pay: payments and change.

        :param total: of the order without IGTF
        :param ways: (method, share of the total); the last one pays the rest
        :param more: what is handed over too much, if the last one is cash
        """
        rounding = self.till.rounding_method if self.till.cash_rounding else None
        everything = rounding and not self.till.only_round_cash_method

        def due(payments, method=None):
            said = [(amounts.money(paid), one.smart_collects_igtf) for one, paid in payments]
            if method:
                said.append((amounts.money(total), method.smart_collects_igtf))
            whole = float(amounts.money(total) + igtf_of(foreign_part(amounts.money(total), said)))
            whole = rounding.round(whole) if everything else whole
            return round(whole - sum(paid for _one, paid in payments), 2)

        payments = []
        for number, (method, share) in enumerate(ways, start=1):
            left = due(payments, method)
            amount = left if number == len(ways) else min(round(total * share, 2), left)
            if rounding and not everything and method.is_cash_count:
                amount = rounding.round(amount)
            if amount > 0:
                payments.append((method, round(amount, 2)))
        change = 0.0
        if payments and more and payments[-1][0].is_cash_count and not rounding:
            payments[-1] = (payments[-1][0], round(payments[-1][1] + more, 2))
            change = round(-due(payments), 2)
        return payments, change

    def assert_right(self, order):
        """See that an order's document is accepted, settled, booked and says how it was paid."""
        move = order.account_move
        wire = self.assert_document(move)
        self.assertEqual(order.state, "done")
        self.assertAlmostEqual(sum(self.forms(wire).values()), wire["total"], places=2)
        # A note takes back no more than was invoiced, whatever was given back in rounded cash.
        gained = self.rounded(order)
        if move.move_type == "out_invoice":
            self.assertFalse(gained)
        self.assertAlmostEqual(wire["total"], abs(order.amount_paid - gained), places=2)
        return wire

    def assert_document(self, move):
        wire = self.wire(move)
        self.assertEqual(move.amount_residual, 0)
        self.assertAlmostEqual(move.amount_total, wire["total"], places=2)
        receivable = move.line_ids.filtered(lambda item: item.display_type == "payment_term")
        self.assertAlmostEqual(abs(sum(receivable.mapped("amount_currency"))), wire["total"])
        self.assertEqual(move.smart_document_id.amount_total, wire["total"])
        return wire

    def rounded(self, order):
        """Return what rounding gained of an order beyond its documents; no more than a step."""
        entry = self.env["account.move"].search([("smart_pos_rounded_order_id", "in", order.ids)])
        receivable = order.partner_id.with_company(self.company).property_account_receivable_id
        item = entry.line_ids.filtered(lambda one: one.account_id == receivable)
        self.assertEqual((len(entry), item.reconciled), (1, True) if entry else (0, False))
        gained = item.amount_currency
        self.assertLessEqual(abs(gained), order._smart_rounded_by() + 0.001)
        return gained

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

"""Random orders that mix what a till can do: rounding, exchanges, IGTF, tips, other shops…"""

from functools import partial

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import tagged

from odoo.addons.l10n_ve_edi_smart.smart_api import amounts
from odoo.addons.l10n_ve_edi_smart.tests.random_orders import LINES, examples
from odoo.addons.l10n_ve_edi_smart_pos.igtf import base_to_give_back, foreign_part, igtf_of

from .random_till_common import RandomTillCommon

TILLS = st.sampled_from(
    ["plain", "0.05", "1.00", "all 0.05", "all 1.00", "up", "down", "all up", "all down"]
)
WAYS = st.lists(
    st.tuples(
        st.sampled_from(["cash", "cash", "card", "dollars", "zelle", "later"]),
        st.sampled_from([0.1, 0.25, 0.5, 1 / 3]),
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda payment: payment[0],
)
#: Of each order that takes back: the shop (``None``: the one that sold), what share of which line
#: comes back, what is sold in exchange, how the rest is paid, and the rate of the dollar then.
BACK = st.tuples(
    st.sampled_from([None, None, None, "plain", "1.00", "up", "down", "all 0.05"]),
    st.lists(st.sampled_from([0, 0.5, 1, 1]), min_size=4, max_size=4),
    st.one_of(st.just([]), LINES, st.just(["same"]), st.just(["little"])),
    WAYS,
    st.sampled_from([None, None, 36.5, 48.75]),
)
MIXES = st.tuples(
    st.one_of(TILLS, TILLS, TILLS, st.just("dollars")),
    LINES,
    st.sampled_from([0, 0, 10, 33.33]),
    st.sampled_from([0, 0, 0.37, 25.0]),
    WAYS,
    st.lists(BACK, min_size=1, max_size=3),
    st.sampled_from([36.5, 40.5647, 48.75]),
)


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestRandomMixes(RandomTillCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.methods["later"] = cls.env["pos.payment.method"].create(
            {"name": "Cuenta", "split_transactions": True}
        )
        whole = cls.tills["1.00"].rounding_method
        for name, method in (("up", "UP"), ("down", "DOWN")):
            # A copy has no accounts: the company's are taken.
            rounding = whole.copy({"name": name, "rounding_method": method})
            for shop, only_cash in ((name, True), (f"all {name}", False)):
                cls.tills[shop] = cls.copy_till(shop)
                cls.tills[shop].write(
                    {
                        "cash_rounding": True,
                        "rounding_method": rounding.id,
                        "only_round_cash_method": only_cash,
                    }
                )
        for name, shop in cls.tills.items():
            if name != "dollars":
                shop.payment_method_ids |= cls.methods["later"]

    def ways_of(self, ways):
        """Return the methods of the shop for what was drawn."""
        by_name = {method.name: method for method in self.till.payment_method_ids}
        found = [(by_name.get(self.methods[kind].name), share) for kind, share in ways]
        return [way for way in found if way[0]] or [(by_name["Tarjeta"], 1)]

    def rounded_due(self, due, method):
        shop = self.till
        if shop.cash_rounding and (method.is_cash_count or not shop.only_round_cash_method):
            return shop.rounding_method.round(due)
        return due

    def give(self, due, ways):
        """Return payments by which a till gives back what is due, below zero."""
        payments = []
        for number, (method, share) in enumerate(ways, start=1):
            left = round(due - sum(amount for _method, amount in payments), 2)
            amount = left if number == len(ways) else max(round(due * share, 2), left)
            amount = round(self.rounded_due(amount, method), 2)
            if amount < 0:
                payments.append((method, amount))
        return payments

    def base_back(self, taken):
        """Return of what base a till gives IGTF back: as ``smartBaseToGiveBack`` of its script."""
        sold = taken[0][0].order_id
        igtf = sold.lines.filtered(lambda line: line.smart_igtf_base > 0)
        if not igtf:
            return amounts.ZERO
        goods = sold.lines - igtf
        here = dict(taken)
        back = sum(
            line.price_subtotal_incl * (line.refunded_qty + here.get(line, 0)) / line.qty
            for line in goods
        )
        limit = self.total(self.back_lines(taken))["total_amount_currency"]
        given = igtf.refund_orderline_ids
        return base_to_give_back(
            amounts.money(igtf.smart_igtf_base),
            amounts.money(igtf.price_subtotal_incl),
            back / sum(goods.mapped("price_subtotal_incl")),
            amounts.money(-limit),
            amounts.money(-sum(given.mapped("smart_igtf_base"))),
            amounts.money(sum(abs(line.price_subtotal_incl) for line in given)),
        )

    def back_lines(self, taken):
        return [(line.tax_ids, line.price_unit, -qty, line.discount) for line, qty in taken]

    def sell_mix(self, lines, discount, tip, ways):
        if discount:
            lines += [
                (tax, -round(price * quantity * (1 - percent / 100) * discount / 100, 2), 1, 0)
                for tax, price, quantity, percent in lines
            ]
        if tip:
            lines.append((self.taxes["exempt"], tip, 1, 0))
        total = self.total(lines)["total_amount_currency"]
        payments, change = self.pay(total, ways)
        if total <= 0 or not payments:
            return None
        return self.hand_in(lines, payments, change)

    def take_back_mix(self, order, shares, bought, ways):
        """Return an order that takes back a part, and sells something; ``None`` if it cannot."""
        goods = order.lines.filtered(lambda line: not line.smart_igtf_base and line.qty > 0)
        goods = goods.filtered(lambda line: line.price_unit > 0)
        taken = []
        for line, share in zip(goods, shares, strict=False):
            left = line.qty - line.refunded_qty
            quantity = left if share == 1 else float(int(left * share))
            if quantity > 0:
                taken.append((line, quantity))
        if not taken:
            return None
        back = self.back_lines(taken)
        if bought == ["same"]:
            bought = [(tax, price, -quantity, off) for tax, price, quantity, off in back]
        elif bought == ["little"]:
            bought = [(self.included["general"], 0.4, 1, 0)]
        else:
            bought = self.lines_of(bought)
        said = [(line, qty, line.price_subtotal_incl * qty / line.qty) for line, qty in taken]
        if self.env["pos.order"]._smart_why_not_so_much(said):
            return None
        base = self.base_back(taken)
        lines = back + bought
        net = self.total(lines)["total_amount_currency"]
        net = round(net - float(igtf_of(base)), 2)
        if bought and self.total(bought)["total_amount_currency"] <= 0:
            return None
        collected, payments = amounts.ZERO, []
        if net > 0:
            payments, _change = self.pay(net, ways)
            foreign = [(amounts.money(paid), one.smart_collects_igtf) for one, paid in payments]
            collected = foreign_part(amounts.money(net), foreign)
        elif net < 0:
            payments = self.give(net, ways)
        return self.hand_in(
            lines,
            payments,
            of=[line for line, _qty in taken] + [None] * len(bought),
            is_refund=net < 0,
            amount_total=round(net + float(igtf_of(collected)), 2),
            smart_igtf_base=float(collected),
            smart_igtf_back_base=float(base),
        )

    def lines_of(self, drawn):
        return [
            ((self.included if included else self.taxes)[kind], price, quantity, percent)
            for kind, included, price, quantity, percent in drawn
        ]

    def later(self, order):
        kept = order.payment_ids.filtered(lambda one: one.payment_method_id.type == "pay_later")
        return sum(kept.mapped("amount"))

    def assert_all_right(self, order, origins):
        """See what must hold of any order that was paid."""
        self.assertEqual(order.state, "done")
        documents = order.account_move | order.smart_note_ids
        self.assertTrue(documents)
        self.later_sum += self.later(order)
        self.later_once |= bool(self.later(order))
        for document in documents:
            wire = self.wire(document)
            self.assertAlmostEqual(document.amount_total, wire["total"], places=2)
            self.assertEqual(document.smart_document_id.amount_total, wire["total"])
            paid = sum(self.forms(wire).values())
            self.assertLessEqual(paid, wire["total"] + 0.001)
            if not self.later_once:
                self.assertEqual(document.amount_residual, 0)
                if len(documents) == 1:
                    self.assertAlmostEqual(paid, wire["total"], places=2)
            if document.move_type == "out_refund":
                origin = document.smart_note_origin_id
                self.assertIn(origin, origins)
                notes = origin._smart_notes()
                self.assertLessEqual(sum(notes.mapped("amount_total")), origin.amount_total + 0.001)
        receivable = order.partner_id.with_company(self.company).property_account_receivable_id
        owed = self.env["account.move.line"].search(
            [
                ("partner_id", "=", order.partner_id.id),
                ("account_id", "=", receivable.id),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
            ]
        )
        self.assertAlmostEqual(sum(owed.mapped("amount_residual_currency")), self.later_sum)
        if not self.later_sum and not self.later_once:
            self.assertFalse(owed)

    def judge(self, till, lines, discount, tip, ways, backs, rate):
        self.rate(rate)
        self.later_sum = self.later_once = 0
        self.customer = self.customer.copy({"name": "Otro", "vat": self.customer.vat})
        self.till = shop = self.tills[till]
        order = self.sell_mix(self.lines_of(lines), discount, tip, self.ways_of(ways))
        if not order:
            return
        self.assert_all_right(order, order.account_move)
        for other, shares, bought, ways, rate in backs:
            self.till = shop if other is None or till == "dollars" else self.tills[other]
            if rate:
                self.rate(rate)
            back = self.take_back_mix(order, shares, bought, self.ways_of(ways))
            if back:
                self.assert_all_right(back, order.account_move)

    def rate(self, rate):
        day = self.env["account.move"]._smart_today()
        rates = self.env["res.currency.rate"].search(
            [("currency_id", "=", self.usd.id), ("name", "=", day)]
        )
        if rates:
            rates.inverse_company_rate = rate
        else:
            self.env["res.currency.rate"].create(
                {
                    "currency_id": self.usd.id,
                    "name": day,
                    "company_id": self.company.id,
                    "inverse_company_rate": rate,
                }
            )

    def test_random_mixes_are_accepted_paid_and_settled(self):
        @partial(examples, few=8, many=300)
        @given(MIXES)
        def judge(drawn):
            self.judge(*drawn)

        judge()
        for till in self.tills.values():
            if session := till.current_session_id:
                session.post_closing_cash_details(session.cash_register_balance_end)
                self.env.invalidate_all()
                self.assertTrue(session.close_session_from_ui()["successful"], till.name)
                self.assertEqual(session.state, "closed")

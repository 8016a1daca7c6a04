from odoo.tests import tagged

from .money_common import MoneyCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestChange(MoneyCommon):
    """Who pays in one currency may get change in another: document, drawers and books agree."""

    def shirt(self, quantity=1):
        return [(self.taxes["general"], 100.0, quantity, 0)]

    def dollars_first(self):
        """Have the till find the drawer of dollars before the one of bolívares."""
        self.dollars.sequence, self.cash.sequence = 1, 2

    def assert_settled(self, order, total, **forms):
        """See that an order is paid, says how, and that closing leaves nothing open."""
        move = order.account_move
        wire = self.wire(move)
        self.assertEqual(order.state, "done")
        self.assertEqual(
            (wire["total"], move.amount_total, move.amount_residual), (total, total, 0)
        )
        self.assertEqual(self.forms(wire), forms)
        self.close(order)
        accounts = (
            self.customer.with_company(self.company).property_account_receivable_id
            | order.payment_ids.payment_method_id.receivable_account_id
            | self.company.account_default_pos_receivable_account_id
        )
        items = self.env["account.move.line"].search(
            [
                ("account_id", "in", accounts.ids),
                ("company_id", "=", self.company.id),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
            ]
        )
        self.assertFalse(items.filtered("amount_residual"), items.mapped("amount_residual"))
        return wire

    def drawers(self, order):
        """Return what has come into the drawer of each method in the order's session."""
        statements = order.session_id.statement_line_ids
        return {
            method: round(
                sum(
                    statements.filtered(
                        lambda one, j=method.journal_id: one.journal_id == j
                    ).mapped("amount")
                ),
                2,
            )
            for method in self.cash + self.dollars
        }

    def test_dollars_with_change_in_bolivares(self):
        order = self.hand_in(self.shirt(), [(self.dollars, 200.0)], change=80.52)
        wire = self.assert_settled(order, 119.48, Dólares=119.48)
        self.assertEqual(self.igtf(wire), [116, 3.48, 119.48])
        self.assertEqual(self.drawers(order), {self.cash: -80.52, self.dollars: 200})

    def test_a_bill_for_half_of_it_keeps_its_base_when_the_change_is_of_the_bolivares(self):
        order = self.hand_in(self.shirt(), [(self.dollars, 100.0), (self.cash, 30.0)], change=11.0)
        wire = self.assert_settled(order, 119, Dólares=100, Efectivo=19)
        self.assertEqual(self.igtf(wire), [100, 3, 119])
        self.assertEqual(self.drawers(order), {self.cash: 19, self.dollars: 100})

    def test_more_change_than_bolivares_were_given(self):
        order = self.hand_in(self.shirt(), [(self.dollars, 200.0), (self.cash, 10.0)], change=90.52)
        wire = self.assert_settled(order, 119.48, Dólares=119.48)
        self.assertEqual(self.igtf(wire), [116, 3.48, 119.48])
        self.assertEqual(self.drawers(order), {self.cash: -80.52, self.dollars: 200})

    def test_bolivares_first_leave_less_to_the_dollars(self):
        order = self.hand_in(self.shirt(), [(self.cash, 30.0), (self.dollars, 100.0)], change=11.42)
        wire = self.assert_settled(order, 118.58, Dólares=100, Efectivo=18.58)
        self.assertEqual(self.igtf(wire), [86, 2.58, 118.58])

    def test_part_of_the_change_in_dollars_is_entered_as_less_of_them(self):
        # A bill of five, a bill of one back, the rest in bolívares.
        order = self.hand_in(self.shirt(), [(self.dollars, 162.26)], change=42.78)
        wire = self.assert_settled(order, 119.48, Dólares=119.48)
        self.assertEqual(self.igtf(wire), [116, 3.48, 119.48])

    def test_bolivares_with_dollars_as_change_pay_no_igtf(self):
        order = self.hand_in(self.shirt(), [(self.cash, 197.13), (self.dollars, -81.13)])
        wire = self.assert_settled(order, 116, Efectivo=116)
        self.assertEqual(self.igtf(wire), [0, 0, 116])
        self.assertEqual(self.drawers(order), {self.cash: 197.13, self.dollars: -81.13})

    def test_a_transfer_with_change_in_cash(self):
        order = self.hand_in(self.shirt(), [(self.zelle, 200.0)], change=80.52)
        wire = self.assert_settled(order, 119.48, Zelle=119.48)
        self.assertEqual(self.igtf(wire), [116, 3.48, 119.48])
        self.assertEqual(self.drawers(order), {self.cash: -80.52, self.dollars: 0})

    def test_the_drawer_of_dollars_may_come_first(self):
        self.dollars_first()
        order = self.hand_in(self.shirt(), [(self.dollars, 200.0)], change=80.52)
        change = order.payment_ids.filtered("is_change")
        self.assertEqual(change.payment_method_id, self.cash)
        self.assertFalse(change.smart_foreign_amount)
        overview = order.session_id.get_closing_control_data()["smart_overview"]
        self.assertEqual(
            {one["name"]: bool(one["foreign"]) for one in overview["payments"]},
            {"Dólares": True, "Efectivo": False},
        )
        self.assert_settled(order, 119.48, Dólares=119.48)

    def test_where_there_are_dollars_only_the_change_is_of_them(self):
        self.till.payment_method_ids -= self.cash
        order = self.hand_in(self.shirt(), [(self.dollars, 200.0)], change=80.52)
        change = order.payment_ids.filtered("is_change")
        self.assertEqual(change.payment_method_id, self.dollars)
        self.assertAlmostEqual(change.smart_foreign_amount, -1.98)
        wire = self.assert_settled(order, 119.48, Dólares=119.48)
        self.assertEqual(self.igtf(wire), [116, 3.48, 119.48])

    def test_an_order_that_is_invoiced_after_its_session_was_closed(self):
        order = self.hand_in(self.shirt(), [(self.zelle, 200.0)], change=80.52, partner_id=False)
        self.assertFalse(order.account_move)
        self.close(order)
        order.partner_id = self.customer
        order.action_pos_order_invoice()
        wire = self.wire(order.account_move)
        self.assertEqual(self.forms(wire), {"Zelle": 119.48})
        self.assertEqual(order.account_move.amount_residual, 0)
        account = self.customer.with_company(self.company).property_account_receivable_id
        items = self.env["account.move.line"].search(
            [
                ("account_id", "=", account.id),
                ("partner_id", "=", self.customer.id),
                ("parent_state", "=", "posted"),
            ]
        )
        self.assertEqual(round(sum(items.mapped("balance")), 2), 0)
        self.assertFalse(items.filtered("amount_residual"))

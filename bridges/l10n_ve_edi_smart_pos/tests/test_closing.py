from odoo.exceptions import UserError
from odoo.tests import tagged

from .money_common import MoneyCommon


@tagged("post_install", "-at_install")
class TestClosing(MoneyCommon):
    """A till is closed in the evening, whatever is wrong with a customer."""

    def deferred(self):
        """Return an order that is paid, whose invoice stays a draft."""
        self.customer.phone = "none"
        order = self.sell([(self.taxes["general"], 100.0, 1, 0)])
        self.assertEqual(order.account_move.state, "draft")
        return order

    def test_a_till_closes_beside_an_invoice_that_is_to_be_mended(self):
        order = self.deferred()
        other = self.sell([(self.taxes["exempt"], 10.0, 1, 0)], [(self.cash, 10.0)])
        session = order.session_id
        session.post_closing_cash_details(session.cash_register_balance_end)
        self.assertTrue(session.close_session_from_ui()["successful"])
        self.assertEqual(session.state, "closed")
        self.assertEqual(order.account_move.state, "draft")
        self.assertEqual(len(order.account_move.activity_ids), 1)
        self.customer.phone = "0414-1234567"
        for one, total in ((order, 116), (other, 10)):
            one.account_move.action_post()
            self.assert_paid_and_issued(one, total)
        self.assertFalse(order.account_move.activity_ids)

    def test_a_till_does_not_wait_for_smart(self):
        order = self.sell([(self.taxes["general"], 100.0, 1, 0)])
        self.commit()
        self.assertEqual(order.account_move.smart_state, "queued")
        self.assertFalse([call for call in self.simulator.calls() if "facturacion" in call["path"]])
        self.assert_paid_and_issued(order, 116)

    def test_a_till_does_not_close_beside_an_invoice_that_somebody_cancelled(self):
        order = self.deferred()
        order.account_move.button_cancel()
        with self.assertRaises(UserError):
            order.session_id._check_invoices_are_posted()

    # -- what the report of the evening says ---------------------------------------------------

    def said(self, session):
        """Return the overview of the closing popup; that of the report is the same."""
        overview = session.get_closing_control_data()["smart_overview"]
        report = self.env["report.point_of_sale.report_saledetails"]
        details = report.get_sale_details(session_ids=session.ids)
        self.assertEqual(details["smart_overview"], overview)
        return overview

    def test_the_report_says_what_is_issued_and_names_what_waits(self):
        issued = self.hand_in([(self.taxes["general"], 100.0, 1, 0)], [(self.dollars, 119.48)])
        self.wire(issued.account_move)
        back = self.hand_in(
            [(self.taxes["general"], 100.0, -1, 0)],
            [(self.card, -119.48)],
            of=issued.lines[:1],
            is_refund=True,
            smart_igtf_back_base=116,
        )
        self.wire(back.account_move)
        waiting = self.sell([(self.taxes["exempt"], 10.0, 1, 0)])
        self.sell([(self.taxes["exempt"], 5.0, 1, 0)])
        self.hand_in([(self.taxes["exempt"], 7.0, 1, 0)], [(self.card, 7.0)], partner_id=False)
        to_mend = self.deferred()
        overview = self.said(to_mend.session_id)
        self.assertEqual(
            [(row["name"], row["count"]) for row in overview["documents"]],
            [("Waiting", 2), ("Issued", 2), ("To be mended", 1), ("Without an invoice", 1)],
        )
        self.assertEqual(
            [float(row["total"].split()[0]) for row in overview["documents"]], [15, 0, 116, 7]
        )
        by_order = {row["order"]: row for row in overview["waiting"]}
        self.assertEqual(len(by_order), 3)
        self.assertEqual(by_order[waiting.pos_reference]["state"], "Waiting")
        self.assertIn("activity", by_order[to_mend.pos_reference]["why"])

    def test_the_report_says_what_was_paid_in_foreign_currency_at_which_rate(self):
        order = self.hand_in([(self.taxes["general"], 100.0, 1, 0)], [(self.dollars, 119.48)])
        order.payment_ids.write({"smart_foreign_amount": 2.95, "smart_rate": 40.5647})
        [row] = self.said(order.session_id)["payments"]
        self.assertEqual((row["name"], row["rate"]), ("Dólares", "40.5647"))
        self.assertIn("2.95", row["foreign"])
        self.assertIn("119.48", row["total"])

    def test_the_report_of_a_shop_without_smart_is_as_odoo_makes_it(self):
        self.leave_smart()
        order = self.sell([(self.taxes["general"], 100.0, 1, 0)])
        self.assertNotIn("smart_overview", order.session_id.get_closing_control_data())
        report = self.env["report.point_of_sale.report_saledetails"]
        details = report.get_sale_details(session_ids=order.session_id.ids)
        self.assertEqual(details["smart_overview"], {})
        html = self.env["ir.actions.report"]._render_qweb_html(
            "point_of_sale.sale_details_report", order.session_id.ids
        )
        self.assertNotIn(b"smart_documents", html[0])

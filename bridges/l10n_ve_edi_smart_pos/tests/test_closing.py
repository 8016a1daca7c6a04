from odoo.exceptions import UserError
from odoo.tests import tagged

from .till_common import TillCommon


@tagged("post_install", "-at_install")
class TestClosing(TillCommon):
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

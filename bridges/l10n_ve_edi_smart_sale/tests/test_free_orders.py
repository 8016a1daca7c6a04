"""Orders of which nothing is left to invoice are done, and say so; no draft of zero is a trap."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .orders_common import OrdersCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestFreeOrders(OrdersCommon):
    def assert_drafts_are_no_trap(self, order):
        """Have a user invoice all the same: the message says what to do, and that works."""
        draft = order._create_invoices(final=True).sudo(False)
        self.assertEqual(draft.amount_total, 0)
        with self.assertRaises(UserError) as refused:
            draft.action_post()
        self.assertIn("delete the draft", str(refused.exception))
        draft.unlink()
        self.assertEqual(order.invoice_status, "invoiced")

    def test_a_free_order_is_done_without_a_document(self):
        order = self.make_order([(self.taxes["general"], 100.0, 1, 100)])
        order.action_confirm()
        self.assertEqual(order.invoice_status, "invoiced")
        self.assertIn("needs no fiscal document", "".join(order.message_ids.mapped("body")))
        self.assertFalse(order.invoice_ids)
        self.assert_drafts_are_no_trap(order)

    def test_an_order_that_is_not_free_is_to_invoice(self):
        order = self.make_order([(self.taxes["general"], 100.0, 1, 0)])
        order.action_confirm()
        self.assertEqual(order.invoice_status, "to invoice")
        self.assertNotIn("needs no fiscal document", "".join(order.message_ids.mapped("body")))

    def test_who_does_not_issue_through_smart_invoices_free_orders(self):
        self.company.smart_environment = "disabled"
        order = self.make_order([(self.taxes["general"], 100.0, 1, 100)])
        order.action_confirm()
        self.assertEqual(order.invoice_status, "to invoice")

    def test_an_order_paid_for_in_advance_is_done_with_the_down_payment(self):
        for taxes in (self.taxes, self.included):
            order = self.make_order([(taxes["general"], 99.94, 3, 0), (taxes["reduced"], 1, 1, 0)])
            order.action_confirm()
            wizard = self.env["sale.advance.payment.inv"].create(
                {
                    "sale_order_ids": [Command.set(order.ids)],
                    "advance_payment_method": "percentage",
                    "amount": 100,
                }
            )
            advance = wizard._create_invoices(order)
            self.assertEqual(order.invoice_status, "to invoice", "the invoice is a draft")
            self.confirm(advance)
            self.assertEqual(advance.smart_state, "issued", advance.smart_last_error)
            self.assertEqual(advance.amount_total, order.amount_total)
            self.assertEqual(order.invoice_status, "invoiced")
            self.assert_drafts_are_no_trap(order)

    def test_after_half_in_advance_the_other_half_is_to_invoice(self):
        order = self.make_order([(self.taxes["general"], 100.0, 1, 0)])
        order.action_confirm()
        wizard = self.env["sale.advance.payment.inv"].create(
            {
                "sale_order_ids": [Command.set(order.ids)],
                "advance_payment_method": "percentage",
                "amount": 50,
            }
        )
        self.confirm(wizard._create_invoices(order))
        self.assertEqual(order.invoice_status, "to invoice")
        final = order._create_invoices(final=True)
        self.confirm(final)
        self.assertEqual((final.smart_state, final.amount_total), ("issued", 58))

from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .counter_common import CounterCommon

LOG = "odoo.addons.l10n_ve_edi_smart_pos.models.invoicing.pos_order_paid"


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestInvoicing(CounterCommon):
    """Each sale is invoiced, whatever road it comes by; after the money nothing is refused."""

    def assert_issued(self, order):
        self.send_waiting()
        invoice = order.account_move
        why = [invoice.state, invoice.smart_last_error, *invoice.activity_ids.mapped("note")]
        self.assertEqual(invoice.smart_state, "issued", why)
        self.assertEqual(order.account_move.amount_residual, 0)

    def draft_order(self, **values):
        values = {"partner_id": self.customer.id, "state": "draft", "payment_ids": [], **values}
        return self.hand_in(self.order_values(**values, amount_paid=0.0))

    def pay(self, order):
        order.add_payment(
            {
                "pos_order_id": order.id,
                "amount": order.amount_total,
                "payment_method_id": self.cash.id,
            }
        )

    # -- whatever road -------------------------------------------------------------------------

    def test_a_sale_that_a_till_does_not_want_invoiced_is(self):
        [order] = self.hand_in(self.order_values(partner_id=self.customer.id, to_invoice=False))
        self.assertTrue(order.to_invoice)
        self.assert_issued(order)

    def test_an_order_that_is_paid_in_the_backend_is_invoiced(self):
        order = self.draft_order()
        self.assertFalse(order.account_move)
        wizard = self.env["pos.make.payment"].with_context(active_id=order.id)
        wizard.create({"amount": 23.2, "payment_method_id": self.cash.id}).check()
        self.assert_issued(order)

    def test_an_order_that_is_saved_and_paid_by_its_method_is_invoiced(self):
        order = self.draft_order()
        self.pay(order)
        order._process_saved_order(False)  # as a kiosk, and whoever pays online
        self.assert_issued(order)

    def test_an_order_that_somebody_sets_to_paid_is_invoiced_when_the_till_closes(self):
        order = self.draft_order()
        self.pay(order)
        order.action_pos_order_paid()
        self.assertFalse(order.account_move)
        self.close_till()
        self.assert_issued(order)

    def test_a_draft_is_not_invoiced(self):
        self.assertFalse(self.draft_order().account_move)

    # -- nobody named --------------------------------------------------------------------------

    def test_who_gives_no_number_is_the_stand_in_of_the_shop(self):
        stand_in = self.make("1", name="Consumidor final")
        self.shop(smart_walk_in_partner_id=stand_in.id)
        self.assertFalse(self.till._smart_walk_in(), "the company allows none")
        self.company.smart_walk_in_allowed = True
        self.assertEqual(self.till._smart_walk_in(), stand_in)
        [read] = self.till._load_pos_data_read(self.till, self.till)
        self.assertEqual(read["smart_walk_in_partner_id"], stand_in.id)
        self.assertIn((stand_in.id,), self.till.get_limited_partners_loading())
        [order] = self.hand_in(self.order_values())
        self.assertEqual(order.partner_id, stand_in)
        self.assert_issued(order)

    def test_an_order_of_nobody_is_paid_and_told_and_the_till_closes(self):
        [order] = self.hand_in(self.order_values())
        self.assertEqual((order.state, order.account_move), ("paid", self.env["account.move"]))
        activity = order.activity_ids
        self.assertIn("names no customer", activity.note)
        self.assertEqual(activity.user_id, self.company._smart_responsible())
        with self.assertRaisesRegex(UserError, "names no customer"):
            order.action_pos_order_invoice()
        self.close_till()
        self.assertEqual(len(order.activity_ids), 1)
        order.partner_id = self.customer
        order.action_pos_order_invoice()
        self.commit()
        self.assert_issued(order)
        self.assertFalse(order.activity_ids)

    # -- another channel -----------------------------------------------------------------------

    def other_journal(self):
        return self.env["account.journal"].create(
            {
                "name": "Máquina fiscal",
                "code": "MF",
                "type": "sale",
                "company_id": self.company.id,
                "smart_enabled": False,
            }
        )

    def test_a_sale_through_another_channel_is_never_sent_to_smart(self):
        with self.assertRaisesRegex(ValidationError, "would have two"), self.env.cr.savepoint():
            self.shop(smart_channel="other")
        journal = self.other_journal()
        self.shop(smart_channel="other", invoice_journal_id=journal.id)
        with self.assertRaisesRegex(ValidationError, "would have two"), self.env.cr.savepoint():
            journal.smart_enabled = True
        sold, invoiced = self.hand_in(
            self.order_values(), self.order_values(partner_id=self.customer.id, to_invoice=True)
        ).sorted("id")
        self.assertFalse(sold.account_move)
        self.assertEqual(sold.smart_channel, "other")
        self.assertEqual(invoiced.account_move.state, "posted")
        self.assertFalse(invoiced.account_move.smart_document_id)
        self.assertIn("another channel", str(invoiced.account_move.message_ids.mapped("body")))
        # Later the shop goes over to SMART: what was sold before has its document already.
        self.shop(
            smart_channel="smart", invoice_journal_id=self.company_data["default_journal_sale"].id
        )
        sold.partner_id = self.customer
        with self.assertRaisesRegex(UserError, "would be a second one"):
            sold.action_pos_order_invoice()
        self.close_till()
        self.assertFalse(sold.account_move)

    # -- after the money -----------------------------------------------------------------------

    def failing(self, method, error, **only):
        """Have a method of invoices fail."""
        moves = type(self.env["account.move"])
        real = getattr(moves, method)

        def fail(move, *args, **kwargs):
            if any(one.is_sale_document() for one in move):
                raise error
            return real(move, *args, **kwargs)

        return patch.object(moves, method, fail)

    def sell_while(self, failing):
        with failing, mute_logger(LOG):
            good, bad = self.hand_in(
                self.order_values(partner_id=self.customer.id),
                self.order_values(partner_id=self.customer.id),
            )
        return good | bad

    def test_what_cannot_be_confirmed_is_a_draft_that_is_paid(self):
        for error in (UserError("The period is closed."), ValueError("What a mess")):
            with self.subTest(error):
                orders = self.sell_while(self.failing("_smart_date", error))
                self.assertEqual(orders.mapped("state"), ["done"] * 2)
                for order in orders:
                    invoice = order.account_move
                    self.assertEqual(invoice.state, "draft")
                    self.assertIn(str(error), invoice.activity_ids.note)
                    self.assertFalse(order.activity_ids)
                    self.confirm(invoice)
                    self.assert_issued(order)
                    self.assertFalse(invoice.activity_ids)
        self.close_till()

    def test_if_not_even_a_draft_can_be_made_the_order_says_so(self):
        error = UserError("No account is set.")
        orders = self.sell_while(self.failing("_compute_amount", error))
        self.assertEqual(orders.mapped("state"), ["paid"] * 2)
        for order in orders:
            self.assertFalse(order.account_move)
            self.assertIn("No account is set.", order.activity_ids.note)
        orders[0].action_pos_order_invoice()
        self.commit()
        self.assert_issued(orders[0])
        self.assertFalse(orders[0].activity_ids)
        self.close_till()  # which invoices what is left
        self.assert_issued(orders[1])
        self.assertFalse(orders[1].activity_ids)

    def test_a_print_that_fails_does_not_keep_an_invoice_from_being_issued(self):
        orders = self.sell_while(self.failing("_generate_and_send", ValueError("No printer")))
        for order in orders:
            self.assert_issued(order)
            self.assertFalse(order.activity_ids | order.account_move.activity_ids)

    def test_what_odoo_tries_again_is_not_taken_for_an_error(self):
        failing = self.failing("_smart_date", SerializationFailure())
        with failing, self.assertRaises(SerializationFailure), self.env.cr.savepoint():
            self.env["pos.order"].sync_from_ui([self.order_values(partner_id=self.customer.id)])

    def test_the_button_of_the_order_refuses_as_before(self):
        with self.failing("_compute_amount", UserError("No.")), mute_logger(LOG):
            [order] = self.hand_in(self.order_values(partner_id=self.customer.id))
            with self.assertRaisesRegex(UserError, "No."):
                order.action_pos_order_invoice()

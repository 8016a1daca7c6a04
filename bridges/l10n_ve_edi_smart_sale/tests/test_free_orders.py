from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.l10n_ve_edi_smart.models.conversion.problem import SmartPreflightError
from odoo.addons.l10n_ve_edi_smart.tests.common import SmartCommon

FREE = "Confirmed without a fiscal document"


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestFreeOrders(SmartCommon):
    """What charges nothing is confirmed without a fiscal document, and its order is done with."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("sales_team.group_sale_manager")
        cls.prices = cls.env["product.pricelist"].create(
            {"name": "Bs.", "currency_id": cls.bolivar.id, "company_id": cls.company.id}
        )
        cls.product = cls.env["product.product"].create(
            {
                "name": "Café",
                "type": "service",
                "invoice_policy": "order",
                "list_price": 100.0,
                "taxes_id": [Command.set(cls.taxes["general"].ids)],
            }
        )

    def order(self, *prices, confirm=True):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "pricelist_id": self.prices.id,
                "order_line": [
                    Command.create({"product_id": self.product.id, "price_unit": price})
                    for price in prices or [100.0]
                ],
            }
        )
        if confirm:
            order.action_confirm()
        return order

    def invoice(self, order):
        """Press *Create Invoice*; return the draft as who opens it sees it."""
        return order._create_invoices(final=True).sudo(False)

    def discount(self, order, percent=100):
        """Take off with a coupon what an order comes to."""
        program = self.env["loyalty.program"].create(
            {
                "name": f"Cortesía de {order.name}",
                "program_type": "promotion",
                "trigger": "auto",
                "applies_on": "current",
                "rule_ids": [Command.create({})],
                "reward_ids": [
                    Command.create(
                        {
                            "reward_type": "discount",
                            "discount": percent,
                            "discount_applicability": "order",
                        }
                    )
                ],
            }
        )
        order._update_programs_and_rewards()
        coupons = order.coupon_point_ids.coupon_id
        coupon = coupons.filtered(lambda one: one.program_id == program)
        order._apply_program_reward(program.reward_ids, coupon)

    def pay_in_advance(self, order, percent):
        self.env["sale.advance.payment.inv"].create(
            {
                "sale_order_ids": [Command.set(order.ids)],
                "advance_payment_method": "percentage",
                "amount": percent,
            }
        ).create_invoices()
        first = order.invoice_ids.sudo(False)
        first.action_post()
        self.commit()
        self.send_in_background()
        self.assertEqual(first.smart_state, "issued", first.smart_last_error)
        return first

    def assert_free(self, move):
        self.commit()
        self.assertEqual((move.state, move.amount_total), ("posted", 0))
        self.assertTrue(move.smart_free)
        self.assertFalse(move.smart_document_id)
        self.assertIn(FREE, str(move.message_ids.mapped("body")))
        self.assertEqual(move.payment_state, "paid")
        order = move.line_ids.sale_line_ids.order_id
        self.assertIn("without a fiscal document", str(order.message_ids.mapped("body")))

    def test_an_order_with_a_coupon_of_100_percent(self):
        order = self.order(100.0, 33.33, confirm=False)
        self.discount(order)
        order.action_confirm()
        self.assertEqual(order.amount_total, 0)
        self.assertEqual(order.invoice_status, "to invoice")
        move = self.invoice(order)
        self.assertIn("SMART does not issue documents of 0.00", str(move.alerts))
        move.action_post()
        self.assert_free(move)
        self.assertEqual(order.invoice_status, "invoiced")
        self.assertIn(FREE, str(move.alerts))

    def test_an_order_whose_price_is_zero(self):
        order = self.order(0.0)
        move = self.invoice(order)
        move.action_post()
        self.assert_free(move)
        self.assertEqual(order.invoice_status, "invoiced")

    def test_the_final_invoice_after_a_down_payment_of_100_percent(self):
        order = self.order(99.99, 33.33)
        self.pay_in_advance(order, 100)
        move = self.invoice(order)
        self.assertEqual(move.amount_total, 0)
        move.action_post()
        self.assert_free(move)
        self.assertEqual(order.invoice_status, "invoiced")
        self.assertEqual(len(self.simulator.documents()), 1)

    def test_a_web_order_that_is_free_is_invoiced_by_itself(self):
        self.env["ir.config_parameter"].set_param("sale.automatic_invoice", "True")
        order = self.order(confirm=False)
        self.discount(order)
        public = self.env.ref("base.public_user")
        order.with_user(public).sudo()._validate_order()
        self.assert_free(order.invoice_ids)
        self.assertEqual(order.invoice_status, "invoiced")

    def test_it_is_confirmed_in_a_list_beside_one_that_is_issued(self):
        free = self.invoice(self.order(0.0))
        paid = self.invoice(self.order())
        (free + paid).action_post()
        self.assert_free(free)
        self.assertEqual(paid.smart_document_id.state, "issued")

    def test_one_confirmed_by_a_scheduled_action(self):
        order = self.order(0.0)
        move = self.invoice(order)
        move.write({"auto_post": "at_date", "invoice_date": move._smart_today()})
        cron = self.env["account.move"].with_user(self.env.ref("base.user_root"))
        progress = type(self.env["ir.cron"])
        with patch.object(progress, "_commit_progress", lambda *args, **kwargs: 100):
            cron._autopost_draft_entries()
        self.assert_free(move)

    def test_one_that_somebody_typed_is_refused_as_before(self):
        draft = self.make_invoice(("general", 0.0))
        with self.assertRaisesRegex(SmartPreflightError, "without a fiscal document"):
            draft.action_post()

    def test_a_line_typed_into_it_is_not_of_the_order(self):
        move = self.invoice(self.order(0.0))
        move.invoice_line_ids = [
            Command.create({"name": "Muestra", "price_unit": 0.0, "tax_ids": [Command.clear()]})
        ]
        with self.assertRaises(SmartPreflightError):
            move.action_post()

    def test_what_is_taken_back_at_another_rate_is_not_free(self):
        order = self.order(100.0, confirm=False)
        order.order_line = [
            Command.create(
                {
                    "product_id": self.product.id,
                    "price_unit": -116.0,
                    "tax_ids": [Command.set(self.taxes["exempt"].ids)],
                }
            )
        ]
        order.action_confirm()
        move = self.invoice(order)
        self.assertEqual(move.amount_total, 0)
        with self.assertRaises(SmartPreflightError):
            move.action_post()

    def test_nobody_gives_it_a_price_afterwards(self):
        move = self.invoice(self.order(0.0))
        move.action_post()
        for write in (
            lambda: move.invoice_line_ids.write({"price_unit": 100.0}),
            lambda: move.write({"invoice_line_ids": [Command.create({"name": "Más"})]}),
            lambda: move.line_ids[0].write({"balance": 10.0}),
            lambda: move.write({"smart_free": False}),
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                write()

    def test_nobody_says_by_hand_that_one_is_free(self):
        draft = self.make_invoice()
        with self.assertRaises(AccessError):
            draft.write({"smart_free": True})

    def test_reset_and_given_a_price_it_is_issued(self):
        order = self.order(0.0)
        move = self.invoice(order)
        move.action_post()
        move.button_draft()
        self.assertFalse(move.smart_free)
        move.invoice_line_ids.price_unit = 50.0
        self.confirm(move)
        self.assertEqual(move.smart_state, "issued")
        self.assertFalse(move.smart_free)

    def test_one_that_has_waited_for_smart_is_not_free_later(self):
        move = self.invoice(self.order())
        move.action_post()
        move.button_draft()
        self.assertEqual(move.smart_document_id.state, "withdrawn")
        move.invoice_line_ids.price_unit = 0.0
        with self.assertRaisesRegex(SmartPreflightError, "cancel it"):
            move.action_post()

    def test_a_cent_of_many_odd_prices_does_not_keep_an_order_open(self):
        for number in range(1, 12):
            prices = [round(number * 7.77 + step * 1.37, 2) for step in range(number)]
            order = self.order(*prices, confirm=False)
            self.discount(order)
            order.action_confirm()
            move = self.invoice(order)
            self.assertEqual(move.amount_total, 0, prices)
            move.action_post()
            self.assert_free(move)

    def test_goods_taken_back_and_sold_at_once_are_not_free(self):
        self.product.invoice_policy = "delivery"
        first = self.order(100.0)
        first.order_line.qty_delivered = 1
        issued = self.invoice(first)
        issued.action_post()
        self.commit()
        self.assertEqual(issued.smart_state, "issued")
        first.order_line.qty_delivered = 0
        second = self.order(100.0)
        second.order_line.qty_delivered = 1
        both = (first | second)._create_invoices(final=True).sudo(False)
        self.assertEqual(both.amount_total, 0)
        with self.assertRaises(SmartPreflightError) as refused:
            both.action_post()
        self.assertIn("credit note", str(refused.exception))
        self.assertFalse(both.smart_free)

    def test_what_has_no_line_yet_is_not_called_free(self):
        empty = self.env["account.move"].create(
            {"move_type": "out_invoice", "partner_id": self.customer.id}
        )
        self.assertNotIn("smart_free", empty._get_alerts())
        empty.invoice_line_ids = [Command.create({"display_type": "line_note", "name": "Nota"})]
        with self.assertRaises(UserError):
            empty.action_post()
        self.assertEqual(empty.state, "draft")

    def test_a_free_invoice_is_none_from_before_smart(self):
        order = self.order(0.0)
        invoice = self.invoice(order)
        invoice.action_post()
        self.assertTrue(invoice.smart_free)
        self.assertEqual(invoice._smart_former_values(), {})

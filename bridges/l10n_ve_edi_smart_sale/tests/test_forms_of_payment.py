import json

from odoo import Command
from odoo.tests import tagged

from odoo.addons.l10n_ve_edi_smart.tests.common import SmartCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestFormsOfPayment(SmartCommon):
    """A document of an order says how it was paid, and what the order said of discounts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("sales_team.group_sale_manager")
        cls.prices = cls.env["product.pricelist"].create(
            {"name": "Bs.", "currency_id": cls.bolivar.id, "company_id": cls.company.id}
        )
        cls.product = cls.env["product.product"].create(
            {
                "name": "Huevos",
                "type": "consu",
                "invoice_policy": "order",
                "uom_id": cls.env.ref("uom.product_uom_dozen").id,
                "taxes_id": [Command.set(cls.taxes["general"].ids)],
            }
        )
        method = cls.env.ref("payment.payment_method_card")
        demo = cls.env.ref("payment.payment_provider_demo").sudo()
        cls.provider = demo.copy({"company_id": cls.company.id, "name": "Pasarela"})
        cls.provider.write({"state": "test", "payment_method_ids": [Command.set(method.ids)]})
        cls.provider.journal_id = cls.company_data["default_journal_bank"]
        cls.method = method
        cls.invoice_by_itself(True)

    @classmethod
    def invoice_by_itself(cls, on):
        """Have orders invoiced when they are paid, or not."""
        parameters = cls.env["ir.config_parameter"].sudo()
        parameters.set_param("sale.automatic_invoice", str(on))

    def order(self, *lines, **values):
        """Return a quotation.

        :param lines: (price, quantity), or with a description as a third
        """
        return self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "pricelist_id": self.prices.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "product_uom_qty": quantity,
                            "price_unit": price,
                            **({"name": name[0]} if name else {}),
                        }
                    )
                    for price, quantity, *name in lines or [(100.0, 1)]
                ],
                **values,
            }
        )

    def transaction(self, order, amount, state="done"):
        """Return a transaction of the shop in a state that the provider has told."""
        transaction = (
            self.env["payment.transaction"]
            .sudo()
            .create(
                {
                    "provider_id": self.provider.id,
                    "payment_method_id": self.method.id,
                    "amount": amount,
                    "currency_id": self.bolivar.id,
                    "partner_id": self.customer.id,
                    "sale_order_ids": [Command.set(order.ids)],
                    "reference": f"{order.name}-{len(order.transaction_ids)}",
                    "operation": "online_direct",
                }
            )
        )
        getattr(transaction, f"_set_{state}")()
        return transaction

    def sent(self, move):
        self.commit()
        self.send_in_background()
        self.assertEqual(move.smart_state, "issued", move.smart_last_error)
        return json.loads(move.smart_document_id.request_body)

    def forms(self, move):
        said = self.sent(move).get("formasdepago") or []
        return [(one["forma"], one["valor"]) for one in said]

    def test_a_web_order_names_the_provider(self):
        order = self.order()
        self.transaction(order, 116.0)._post_process()
        move = order.invoice_ids
        self.assertEqual(move.amount_residual, 0)
        self.assertEqual(self.forms(move), [("Pasarela", 116)])

    def test_an_order_that_was_paid_and_is_invoiced_later(self):
        self.invoice_by_itself(False)
        order = self.order()
        self.transaction(order, 116.0)._post_process()
        self.assertFalse(order.invoice_ids)
        move = order._create_invoices()
        move.action_post()
        self.assertEqual(move.amount_residual, 0)
        self.assertEqual(self.forms(move), [("Pasarela", 116)])

    def test_what_a_provider_holds_is_how_it_is_to_be_paid(self):
        self.provider.capture_manually = True
        order = self.order()
        self.transaction(order, 116.0, "authorized")._post_process()
        move = order._create_invoices()
        move.action_post()
        self.assertEqual(self.forms(move), [("Pasarela", 116)])

    def test_a_part_that_was_paid_and_the_term_of_the_rest(self):
        self.invoice_by_itself(False)
        term = self.env.ref("account.account_payment_term_30days")
        order = self.order(payment_term_id=term.id)
        order.action_confirm()
        self.transaction(order, 16.0)._post_process()
        move = order._create_invoices()
        move.action_post()
        self.assertEqual(self.forms(move), [("Pasarela", 16), (term.name, 100)])

    def test_a_payment_is_stated_on_one_of_two_invoices(self):
        self.invoice_by_itself(False)
        order = self.order((100.0, 1), (50.0, 1))
        order.action_confirm()
        self.transaction(order, 116.0)._post_process()
        second = order.order_line[1]
        second.product_uom_qty = 0
        paid = order._create_invoices()
        paid.action_post()
        self.assertEqual(self.forms(paid), [("Pasarela", 116)])
        second.product_uom_qty = 1
        open_one = order._create_invoices()
        open_one.action_post()
        self.assertEqual(self.forms(open_one), [])

    def test_a_transaction_that_failed_paid_nothing(self):
        order = self.order()
        self.transaction(order, 116.0, "canceled")
        order.action_confirm()
        move = order._create_invoices()
        move.action_post()
        self.assertEqual(self.forms(move), [])

    def test_the_order_s_discount_and_unit_are_printed(self):
        order = self.order((30.0, 2))
        wizard = self.env["sale.order.discount"].create(
            {
                "sale_order_id": order.id,
                "discount_type": "so_discount",
                "discount_percentage": 0.1,
            }
        )
        wizard.action_apply_discount()
        order.action_confirm()
        move = order._create_invoices()
        move.action_post()
        [line] = self.sent(move)["cuerpofactura"]
        [discount] = order.order_line.filtered(lambda one: one.price_unit < 0)
        self.assertEqual(line["comentario"], f"2 Dozens; {discount.name}: -6,00")
        self.assertEqual((line["descuento"], line["monto"]), (6, 54))

    def test_a_reward_is_printed(self):
        program = self.env["loyalty.program"].create(
            {
                "name": "Promoción",
                "program_type": "promotion",
                "trigger": "auto",
                "applies_on": "current",
                "rule_ids": [Command.create({})],
                "reward_ids": [
                    Command.create(
                        {
                            "reward_type": "discount",
                            "discount": 10,
                            "discount_applicability": "order",
                            "description": "10 % en su pedido",
                        }
                    )
                ],
            }
        )
        order = self.order((30.0, 2))
        order._update_programs_and_rewards()
        coupon = order.coupon_point_ids.coupon_id or program.coupon_ids
        order._apply_program_reward(program.reward_ids, coupon)
        order.action_confirm()
        move = order._create_invoices()
        move.action_post()
        [line] = self.sent(move)["cuerpofactura"]
        self.assertEqual(line["comentario"], "2 Dozens; Discount 10 % en su pedido: -6,00")

    def test_a_deducted_down_payment_is_printed(self):
        order = self.order((100.0, 1))
        order.action_confirm()
        self.env["sale.advance.payment.inv"].create(
            {
                "sale_order_ids": [Command.set(order.ids)],
                "advance_payment_method": "percentage",
                "amount": 30,
            }
        ).create_invoices()
        first = order.invoice_ids
        first.action_post()
        self.sent(first)
        move = order._create_invoices(final=True)
        move.action_post()
        [line] = self.sent(move)["cuerpofactura"]
        self.assertIn(": -30,00", line["comentario"])
        self.assertEqual(line["monto"], 70)

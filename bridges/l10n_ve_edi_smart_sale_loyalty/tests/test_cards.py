import json

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.l10n_ve_edi_smart.tests.common import SmartCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestCards(SmartCommon):
    """Gift cards and e-wallets pay for what is invoiced; they take nothing off it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("sales_team.group_sale_manager")
        cls.env.user.group_ids += cls.env.ref("account.group_account_manager")
        cls.prices = cls.env["product.pricelist"].create(
            {"name": "Bs.", "currency_id": cls.bolivar.id, "company_id": cls.company.id}
        )
        cls.product = cls.env["product.product"].create(
            {
                "name": "Café",
                "type": "consu",
                "invoice_policy": "order",
                "taxes_id": [Command.set(cls.taxes["general"].ids)],
            }
        )
        cls.owed = cls.env["account.account"].create(
            {
                "name": "Tarjetas de regalo por canjear",
                "code": "219901",
                "account_type": "liability_current",
            }
        )
        cls.programs = {
            kind: cls.program(kind, name)
            for kind, name in (("gift_card", "Regalos"), ("ewallet", "Monedero"))
        }

    @classmethod
    def program(cls, kind, name):
        card = cls.env["product.product"].create(
            {
                "name": name,
                "type": "service",
                "invoice_policy": "order",
                "list_price": 50.0,
                "taxes_id": [Command.set(cls.taxes["exempt"].ids)],
            }
        )
        program = cls.env["loyalty.program"].create(
            {
                "name": name,
                "program_type": kind,
                "currency_id": cls.bolivar.id,
                "applies_on": "future",
                "trigger": "auto",
                "rule_ids": [
                    Command.create(
                        {
                            "reward_point_amount": 1,
                            "reward_point_mode": "money",
                            "product_ids": [Command.set(card.ids)],
                        }
                    )
                ],
                "reward_ids": [
                    Command.create(
                        {
                            "reward_type": "discount",
                            "discount_mode": "per_point",
                            "discount": 1,
                            "discount_applicability": "order",
                            "required_points": 1,
                            "description": name,
                        }
                    )
                ],
            }
        )
        (card + program.reward_ids.discount_line_product_id).property_account_income_id = cls.owed
        return program

    def order(self, *lines, card=50.0, kind="gift_card", confirm=True):
        """Return a confirmed order that a card pays a part of.

        :param lines: (price, quantity)
        """
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "pricelist_id": self.prices.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "price_unit": price,
                            "product_uom_qty": quantity,
                        }
                    )
                    for price, quantity in lines or [(100.0, 1)]
                ],
            }
        )
        program = self.programs[kind]
        self.card = self.env["loyalty.card"].create(
            {"program_id": program.id, "points": card, "partner_id": self.customer.id}
        )
        if kind == "gift_card":
            order._try_apply_code(self.card.code)
        self.assertFalse(order._apply_program_reward(program.reward_ids, self.card))
        if confirm:
            order.action_confirm()
        return order

    def invoice(self, order):
        """Press *Create Invoice*; return the draft as who opens it sees it."""
        return order._create_invoices(final=True).sudo(False)

    def confirmed(self, order):
        move = self.invoice(order)
        self.confirm(move)
        self.send_in_background()
        self.assertEqual(move.smart_state, "issued", move.smart_last_error)
        return move

    def owed_to_cards(self):
        lines = self.env["account.move.line"].search(
            [("account_id", "=", self.owed.id), ("parent_state", "=", "posted")]
        )
        return -sum(lines.mapped("balance"))

    def sent(self, move):
        return json.loads(move.smart_document_id.request_body)

    def test_the_invoice_is_of_the_whole_amount_and_the_card_pays_a_part(self):
        order = self.order()
        self.assertEqual(order.amount_total, 66.0)
        move = self.invoice(order)
        self.assertEqual(move.amount_total, 116.0)
        self.assertIn("50.00", str(move.alerts))
        self.confirm(move)
        self.assertEqual((move.smart_state, move.amount_residual), ("issued", 66.0))
        self.assertEqual(self.owed_to_cards(), -50.0)
        self.assertEqual(order.invoice_status, "invoiced")
        self.assertEqual(order.amount_to_invoice, 0.0)
        self.assertEqual(order.amount_invoiced, 66.0)
        self.assertEqual(self.sent(move)["total"], 116)
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids
        ).create({"amount": 66.0})._create_payments()
        self.assertEqual(move.amount_residual, 0)
        self.assertIn(move.payment_state, ("paid", "in_payment"))

    def test_the_document_names_the_card(self):
        for kind, name in (("gift_card", "Gift card"), ("ewallet", "eWallet")):
            move = self.confirmed(self.order(kind=kind))
            forms = self.sent(move)["formasdepago"]
            self.assertIn((name, 50), [(one["forma"], one["valor"]) for one in forms])

    def test_a_card_that_pays_for_everything(self):
        order = self.order(card=500.0)
        self.assertEqual(order.amount_total, 0)
        move = self.confirmed(order)
        self.assertEqual((move.amount_total, move.amount_residual), (116.0, 0))
        self.assertEqual(move.payment_state, "paid")
        self.assertEqual(order.invoice_status, "invoiced")

    def test_a_web_order_that_a_card_pays_is_invoiced_by_itself(self):
        self.env["ir.config_parameter"].set_param("sale.automatic_invoice", "True")
        order = self.order(card=500.0, confirm=False)
        order.with_user(self.env.ref("base.public_user")).sudo()._validate_order()
        self.commit()
        self.send_in_background()
        move = order.invoice_ids
        self.assertEqual((move.smart_document_id.state, move.payment_state), ("issued", "paid"))
        self.assertEqual(order.invoice_status, "invoiced")

    def test_a_card_pays_two_invoices_one_after_the_other(self):
        self.product.write(
            {"type": "service", "service_type": "manual", "invoice_policy": "delivery"}
        )
        order = self.order((20.0, 1), (100.0, 1))
        now, later = order.order_line[:2]
        now.qty_delivered = 1
        first = self.confirmed(order)
        self.assertEqual((first.amount_total, first.amount_residual), (23.2, 0))
        self.assertEqual(self.owed_to_cards(), -23.2)
        later.qty_delivered = 1
        self.assertEqual(order.invoice_status, "to invoice")
        second = self.confirmed(order)
        self.assertEqual(second.amount_total, 116.0)
        self.assertEqual(second.amount_residual, 89.2)
        self.assertEqual(self.owed_to_cards(), -50.0)
        self.assertEqual(order.invoice_status, "invoiced")

    def test_a_down_payment_is_of_what_the_card_does_not_pay(self):
        for percent in (30, 100):
            order = self.order()
            self.env["sale.advance.payment.inv"].create(
                {
                    "sale_order_ids": [Command.set(order.ids)],
                    "advance_payment_method": "percentage",
                    "amount": percent,
                }
            ).create_invoices()
            first = order.invoice_ids.sudo(False)
            self.confirm(first)
            self.send_in_background()
            self.assertEqual(first.smart_state, "issued", first.smart_last_error)
            self.assertEqual(first.amount_total, round(66.0 * percent / 100, 2))
            last = self.confirmed(order)
            self.assertEqual(last.amount_total, round(116.0 - first.amount_total, 2))
            self.assertEqual(last.amount_residual, round(66.0 - first.amount_total, 2))
            self.assertEqual(order.invoice_status, "invoiced")

    def test_a_reset_invoice_gives_back_what_the_card_has_paid(self):
        order = self.order()
        move = self.invoice(order)
        move.action_post()
        self.assertEqual(self.owed_to_cards(), -50.0)
        move.button_draft()
        self.assertEqual(self.owed_to_cards(), 0)
        self.assertEqual(order.invoice_status, "invoiced")
        move.action_post()
        self.assertEqual(self.owed_to_cards(), -50.0)
        self.assertEqual(move.amount_residual, 66.0)
        move.button_draft()
        move.button_cancel()
        self.assertEqual(self.owed_to_cards(), 0)
        self.assertEqual(order.invoice_status, "to invoice")
        again = self.invoice(order)
        again.action_post()
        self.assertEqual((again.amount_total, again.amount_residual), (116.0, 66.0))

    def test_a_rest_of_a_card_is_not_invoiced_alone(self):
        order = self.order()
        move = self.invoice(order)
        move.invoice_line_ids.price_unit = 20.0
        self.confirm(move)
        self.assertEqual((move.amount_total, move.amount_residual), (23.2, 0))
        other = self.order((10.0, 1), card=5.0)
        both = (order + other)._create_invoices(final=True)
        self.assertEqual(both.line_ids.sale_line_ids.order_id, other)
        with self.assertRaises(UserError):
            order._create_invoices(final=True)

    def test_a_deleted_draft_leaves_the_card_to_the_next_invoice(self):
        order = self.order()
        self.invoice(order).unlink()
        self.assertEqual(order.invoice_status, "to invoice")
        move = self.confirmed(order)
        self.assertEqual(move.amount_residual, 66.0)

    def test_an_annulled_invoice_gives_back_what_the_card_has_paid(self):
        move = self.confirmed(self.order())
        wizard = self.env["smart.annul.wizard"].browse(move.action_smart_annul()["res_id"])
        wizard.write({"reason": "Error en el precio", "unreconcile": True})
        wizard.action_annul()
        self.commit()
        self.assertEqual(move.state, "cancel")
        self.assertEqual(self.owed_to_cards(), 0)

    def test_other_journals_invoice_as_odoo_does(self):
        self.company_data["default_journal_sale"].smart_enabled = False
        order = self.order()
        move = self.invoice(order)
        self.assertEqual(move.amount_total, 66.0)
        move.action_post()
        self.assertEqual(order.invoice_status, "invoiced")

    def test_in_dollars(self):
        self.prices.currency_id = self.usd
        order = self.order()
        move = self.confirmed(order)
        self.assertEqual(move.currency_id, self.usd)
        # The card is worth 50 bolívares.
        self.assertEqual((move.amount_total, move.amount_residual), (116.0, order.amount_total))
        self.assertEqual(order.amount_total, 114.77)
        self.assertEqual(order.invoice_status, "invoiced")

    def test_what_is_given_back_before_it_is_paid(self):
        self.product.write(
            {"type": "service", "service_type": "manual", "invoice_policy": "delivery"}
        )
        order = self.order()
        order.order_line[0].qty_delivered = 1
        first = self.confirmed(order)
        order.order_line[0].qty_delivered = 0
        self.assertEqual(self.owed_to_cards(), -50.0)
        note = self.invoice(order)
        self.assertEqual((note.move_type, note.amount_total), ("out_refund", 116.0))
        self.assertFalse(note.smart_card_line_ids)
        self.assertEqual(first.amount_residual, 66.0)

    def test_a_card_that_is_sold_with_vat_is_warned_of(self):
        card = self.programs["gift_card"].trigger_product_ids
        values = {"product_id": card.id, "price_unit": 50.0}
        for kind, words in (("exempt", ""), ("general", "VAT twice")):
            values["tax_ids"] = [Command.set(self.taxes[kind].ids)]
            draft = self.make_invoice(invoice_line_ids=[Command.create(values)])
            [checked] = self.env["smart.payload"]._check(draft)
            self.assertFalse(checked.errors)
            warnings = " ".join(problem.what for problem in checked.problems)
            self.assertEqual(words in warnings and "VAT twice" in warnings, bool(words))

    def test_nobody_says_by_hand_what_a_card_pays(self):
        paid = self.confirmed(self.order())
        entry = self.env["account.move"].search([("smart_card_invoice_id", "=", paid.id)])
        draft = self.make_invoice()
        line = self.order().order_line[:1]
        for record, values in (
            (line, {"smart_card_move_ids": [Command.link(draft.id)]}),
            (line, {"smart_card_entry_ids": [Command.link(entry.id)]}),
            (draft, {"smart_card_line_ids": [Command.link(line.id)]}),
            (entry, {"smart_card_amount": 0.0}),
            (entry, {"smart_card_invoice_id": False}),
            (entry, {"smart_card_sale_line_id": False}),
        ):
            with self.assertRaises(UserError, msg=str(values)):
                record.write(values)
        with self.assertRaisesRegex(UserError, "Reset or annul that instead"):
            entry.button_draft()

    def test_only_cards_of_the_customers_orders_pay(self):
        draft = self.make_invoice()
        line = self.order().order_line[:1]
        self.assertFalse(line._smart_is_card())
        draft.sudo().smart_card_line_ids = line
        draft.action_post()
        self.commit()
        self.assertEqual(draft.amount_residual, draft.amount_total)

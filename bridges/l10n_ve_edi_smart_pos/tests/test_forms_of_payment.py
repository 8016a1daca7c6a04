import json
from uuid import uuid4

from odoo import Command, fields
from odoo.tests import tagged

from odoo.addons.l10n_ve_edi_smart.tests.common import SmartCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestFormsOfPayment(SmartCommon):
    """A document of the till says how the customer paid, and what was sold with which discounts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("point_of_sale.group_pos_manager")
        methods = cls.env["pos.payment.method"]
        cls.cash = methods.create(
            {"name": "Efectivo", "journal_id": cls.company_data["default_journal_cash"].id}
        )
        cls.card = methods.create(
            {
                "name": "Tarjeta de débito Banco Mercantil",
                "journal_id": cls.company_data["default_journal_bank"].id,
            }
        )
        cls.credit = methods.create({"name": "A crédito", "split_transactions": True})
        journal = cls.company_data["default_journal_sale"]
        cls.till = cls.env["pos.config"].create(
            {
                "name": "Caja 1",
                "journal_id": cls.company_data["default_journal_misc"].id,
                "invoice_journal_id": journal.id,
                "payment_method_ids": [Command.set((cls.cash + cls.card + cls.credit).ids)],
            }
        )
        cls.product = cls.env["product.product"].create(
            {
                "name": "Huevos",
                "available_in_pos": True,
                "uom_id": cls.env.ref("uom.product_uom_dozen").id,
                "taxes_id": [Command.set(cls.taxes["general"].ids)],
            }
        )
        cls.till.open_ui()
        cls.till.current_session_id.set_opening_control(0, "")

    def sell(self, *lines, paid, change=0.0, named=True):
        """Send an order as a till does; return its invoice, or the order if it names nobody.

        :param lines: (price, quantity), or with a name of the line and its product
        :param paid: (method, amount) for each payment
        :param change: what the customer gets back in cash
        """
        lines = [
            (price, quantity, *more, *(self.product.name, self.product)[len(more) :])
            for price, quantity, *more in lines
        ]
        untaxed = [price * quantity for price, quantity, *_more in lines]
        total = round(sum(untaxed) * 1.16, 2)
        session = self.till.current_session_id
        values = {
            "uuid": str(uuid4()),
            "name": "Order",
            "session_id": session.id,
            "user_id": self.env.uid,
            "partner_id": named and self.customer.id,
            "company_id": self.company.id,
            "date_order": fields.Datetime.to_string(fields.Datetime.now()),
            "state": "paid",
            "to_invoice": True,
            "fiscal_position_id": False,
            "pricelist_id": self.till.pricelist_id.id,
            "amount_total": total,
            "amount_tax": round(total - sum(untaxed), 2),
            "amount_paid": sum(amount for _method, amount in paid) - change,
            "amount_return": -change,
            "last_order_preparation_change": "{}",
            "lines": [
                Command.create(
                    {
                        "uuid": str(uuid4()),
                        "product_id": product.id,
                        "qty": quantity,
                        "price_unit": price,
                        "discount": 0,
                        "price_subtotal": price * quantity,
                        "price_subtotal_incl": round(price * quantity * 1.16, 2),
                        "tax_ids": [Command.set(product.taxes_id.ids)],
                        "full_product_name": name,
                        "name": "line",
                    }
                )
                for price, quantity, name, product in lines
            ],
            "payment_ids": [
                Command.create(
                    {
                        "uuid": str(uuid4()),
                        "name": fields.Datetime.to_string(fields.Datetime.now()),
                        "payment_method_id": method.id,
                        "amount": amount,
                    }
                )
                for method, amount in paid
            ],
        }
        [order] = self.env["pos.order"].sync_from_ui([values])["pos.order"]
        order = self.env["pos.order"].browse(order["id"])
        return order.account_move if named else order

    def sent(self, move):
        self.commit()
        self.send_waiting()
        self.assertEqual(move.smart_state, "issued", move.smart_last_error)
        return json.loads(move.smart_document_id.request_body)

    def forms(self, move):
        said = self.sent(move).get("formasdepago") or []
        return {one["forma"]: one["valor"] for one in said}

    def test_cash_is_stated_without_the_change(self):
        move = self.sell((100.0, 1), paid=[(self.cash, 200.0)], change=84.0)
        self.assertEqual(self.forms(move), {"Efectivo": 116})
        self.assertEqual(move.amount_residual, 0)

    def test_cash_and_card_are_two_forms(self):
        move = self.sell((100.0, 1), paid=[(self.cash, 50.0), (self.card, 70.0)], change=4.0)
        self.assertEqual(self.forms(move), {"Efectivo": 46, "Tarjeta de débito…": 70})

    def test_what_is_left_on_the_customer_s_account_is_not_paid(self):
        move = self.sell((100.0, 1), paid=[(self.cash, 16.0), (self.credit, 100.0)])
        self.assertEqual(self.forms(move), {"Efectivo": 16})
        self.assertEqual(move.amount_residual, 100)

    def test_an_order_invoiced_after_its_session_was_closed(self):
        order = self.sell((100.0, 1), paid=[(self.card, 116.0)], named=False)
        self.assertFalse(order.account_move)
        self.till.current_session_id.close_session_from_ui()
        order.partner_id = self.customer
        order.action_pos_order_invoice()
        self.assertEqual(self.forms(order.account_move), {"Tarjeta de débito…": 116})

    def test_an_invoice_that_stayed_a_draft_until_its_customer_was_mended(self):
        self.customer.phone = "none"
        move = self.sell((100.0, 1), paid=[(self.card, 116.0)])
        self.assertEqual(move.state, "draft")
        self.customer.phone = "0414-1234567"
        move.action_post()
        self.assertEqual(self.forms(move), {"Tarjeta de débito…": 116})

    def test_a_refund_states_how_it_was_given_back(self):
        move = self.sell((100.0, 1), paid=[(self.cash, 116.0)])
        self.forms(move)
        order = self.env["pos.order"].browse(move.pos_order_ids.refund()["res_id"])
        order.to_invoice = True
        context = {"active_ids": order.ids, "active_id": order.id}
        wizard = self.env["pos.make.payment"].with_context(**context)
        wizard.create({"payment_method_id": self.cash.id, "amount": -116.0}).check()
        note = order.account_move
        self.assertEqual(note.move_type, "out_refund")
        self.assertEqual(self.forms(note), {"Efectivo": 116})

    def test_texts_read_right_and_free_lines_do_not_matter(self):
        self.product.name = "Cable <2 mm> & Co. // 1|2"
        tax = self.taxes["general"].copy({"name": "9 %", "amount": 9})
        line = self.env["product.product"].create(
            {"name": "Regalo", "available_in_pos": True, "taxes_id": [Command.set(tax.ids)]}
        )
        move = self.sell((100.0, 1), (0.0, 1, "Regalo", line), paid=[(self.card, 116.0)])
        first, second = self.sent(move)["cuerpofactura"]
        self.assertEqual(first["descripcion"], "Cable ‹2 mm› & Co. / / 1¦2")
        self.assertEqual((second["descripcion"], second["monto"]), ("Regalo", 0))

    def test_units_and_descriptions_of_discounts_are_printed(self):
        move = self.sell(
            (30.0, 2), (-6.0, 1, "10 % en su pedido"), paid=[(self.card, round(54 * 1.16, 2))]
        )
        [line] = self.sent(move)["cuerpofactura"]
        self.assertIn("2 Dozens; ", line["comentario"])
        self.assertEqual((line["descuento"], line["monto"]), (6, 54))
        self.assertIn(": -6,00", line["comentario"])

from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .counter_common import CounterCommon

#: Tables of which nothing may stay after a check.
TABLES = ("pos_order", "pos_order_line", "account_move", "account_move_line", "res_partner")


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestCheck(CounterCommon):
    """What the pre-flight would refuse is told before the money; nothing is left behind."""

    def ask(self, product=None, taxes=None, partner=None, user=None, **values):
        product = product or self.goods
        taxes = product.taxes_id if taxes is None else taxes
        orders = self.env["pos.order"].with_user(user or self.cashier)
        told = orders.with_context(lang="es_VE").smart_check_before_payment(
            {
                "config_id": self.till.id,
                "partner_id": (self.customer if partner is None else partner).id,
                "to_invoice": True,
                "lines": [
                    {
                        "id": "0b8ffb0e",
                        "uuid": "0b8ffb0e",
                        "order_id": "17",
                        "combo_parent_id": "aa",
                        "unknown": 1,
                        "product_id": product.id,
                        "full_product_name": product.name,
                        "qty": 1,
                        "price_unit": 20.0,
                        "price_subtotal": 20.0,
                        "price_subtotal_incl": 23.2,
                        "tax_ids": taxes.ids,
                        "refunded_orderline_id": False,
                    }
                ],
                **values,
            }
        )
        return told

    def texts(self, *args, **values):
        return "\n".join(one["text"] for one in self.ask(*args, **values))

    def count(self, table):
        self.env.flush_all()
        self.env.cr.execute(f"SELECT count(*) FROM {table}")  # pylint: disable=sql-injection
        return self.env.cr.fetchone()[0]

    def test_what_can_be_issued_is_not_refused_and_leaves_nothing_behind(self):
        sequence = self.till.order_seq_id.number_next_actual
        before = [self.count(table) for table in TABLES]
        self.assertEqual(self.ask(), [])
        typed = {"typed": "17654321", "name": "Ana"}
        self.assertEqual(self.ask(partner=self.nobody, smart_new_customer=typed), [])
        self.assertEqual([self.count(table) for table in TABLES], before)
        self.assertEqual(self.till.order_seq_id.number_next_actual, sequence)

    def test_a_customer_who_cannot_be_invoiced_is_named_with_field_and_cure(self):
        self.customer.phone = "no tiene"
        [told] = self.ask(user=self.env.user)
        self.assertRegex(told["text"], "Inversiones.*Teléfono: «no tiene» no es un número")
        self.assertEqual((told["model"], told["id"]), ("res.partner", self.customer.id))

    def test_a_line_whose_tax_smart_does_not_know_is_named(self):
        self.assertIn("Camisa", self.texts(taxes=self.env["account.tax"]))
        tax = self.env["account.tax"].create(
            {"name": "9 %", "amount": 9, "type_tax_use": "sale", "company_id": self.company.id}
        )
        self.assertIn("SMART no admite el impuesto de la línea «Camisa»", self.texts(taxes=tax))
        both = self.taxes["general"] | self.taxes["reduced"]
        self.assertIn("más de un impuesto", self.texts(taxes=both))

    def test_an_order_of_nobody_is_refused_unless_it_needs_no_invoice(self):
        self.assertIn("cliente", self.texts(partner=self.nobody))
        self.assertEqual(self.ask(partner=self.nobody, to_invoice=False), [])

    def test_a_shop_of_another_kind_is_not_asked(self):
        self.till.invoice_journal_id.smart_enabled = False
        self.assertEqual(self.ask(partner=self.nobody), [])

    def test_what_odoo_itself_refuses_is_told(self):
        moves = type(self.env["account.move"])
        with patch.object(moves, "create", side_effect=UserError("Locked.")):
            self.assertEqual(self.texts(), "Locked.")

    def test_what_is_told_is_what_confirming_says(self):
        """The same order, handed in, is a draft with the same words in its activity."""
        self.customer.phone = "no tiene"
        told = self.texts(user=self.env.user)
        values = self.order_values(partner_id=self.customer.id)
        [order] = self.hand_in(values)
        self.assertEqual(order.account_move.state, "draft")
        responsible = self.company._smart_responsible().lang
        self.assertEqual(responsible, "en_US")
        note = order.account_move.activity_ids.note
        self.assertIn("“no tiene” is not a valid phone number", note)
        self.assertIn("«no tiene»", told)
        self.assertEqual(values["lines"][0][0], Command.CREATE)

"""Taxes to the cent, in the ledger as on the wire; lines that add up; what reduces them."""

import json

from odoo import Command
from odoo.tests import tagged

from ..models.conversion.problem import SmartPreflightError
from .common import SmartCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestPayloadAmounts(SmartCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["decimal.precision"].search([("name", "=", "Product Unit")]).digits = 6
        cls.product = cls.env["product.product"].create(
            {"name": "Gorra tejida", "default_code": "G-1"}
        )

    def wire(self, move):
        self.assertEqual(move.smart_state, "issued", move.smart_last_error)
        return json.loads(move.smart_document_id.request_body)

    def lines(self, *values, **move):
        """Return a draft with lines of the given values; 16 % unless they say otherwise."""
        tax = [Command.set(self.taxes["general"].ids)]
        return self.make_invoice(
            invoice_line_ids=[
                Command.create({"name": "Línea", "tax_ids": tax, "sequence": number} | one)
                for number, one in enumerate(values, start=1)
            ],
            **move,
        )

    def assert_books_agree(self, move, wire):
        self.assertEqual(wire["total"], move.amount_total)
        owed = move.line_ids.filtered(lambda line: line.display_type == "payment_term")
        self.assertAlmostEqual(sum(owed.mapped("amount_currency")), move.amount_total)
        self.assertAlmostEqual(sum(move.line_ids.mapped("balance")), 0)

    # -- half cents ----------------------------------------------------------------------------

    def test_a_half_cent_is_booked_as_the_service_computes_it(self):
        # 31 % of 0.50 is 0.155: a double slightly below, so the service says 0.15.
        draft = self.make_invoice(("luxury", 0.5))
        self.assertEqual(draft.amount_tax, 0.15, "already in the draft")
        self.assertEqual(draft.tax_totals["tax_amount_currency"], 0.15)
        wire = self.wire(self.confirm(draft))
        self.assertEqual(wire["impuestoa"], 0.15)
        self.assert_books_agree(draft, wire)

    def test_prices_of_three_decimals_are_taxed_on_the_rounded_base(self):
        # Odoo's tax of 50.485 is 8.0776, the service's of 50.49 is 8.0784.
        draft = self.make_invoice(("general", 50.485))
        wire = self.wire(self.confirm(draft))
        self.assertEqual((wire["baseg"], wire["impuestog"]), (50.49, 8.08))
        self.assert_books_agree(draft, wire)

    def test_a_half_cent_in_dollars_stays_balanced_in_bolivares(self):
        draft = self.make_invoice(("luxury", 0.5), ("luxury", 31.0), currency_id=self.usd.id)
        draft.invoice_payment_term_id = self.env.ref("account.account_payment_term_30days")
        wire = self.wire(self.confirm(draft))
        self.assertEqual((wire["basea"], wire["impuestoa"]), (31.5, 9.77))
        self.assert_books_agree(draft, wire)

    def test_a_draft_from_before_smart_is_settled_when_it_is_confirmed(self):
        journal = self.company_data["default_journal_sale"]
        journal.smart_enabled = False
        draft = self.make_invoice(("luxury", 0.5))
        self.assertEqual(draft.amount_tax, 0.16)
        journal.smart_enabled = True
        [checked] = self.env["smart.payload"]._check(draft)
        self.assertFalse(checked.errors)
        self.assertTrue([problem for problem in checked.problems if "0.15" in problem.what])
        wire = self.wire(self.confirm(draft))
        self.assertEqual(wire["impuestoa"], 0.15)
        self.assert_books_agree(draft, wire)
        self.assertIn("0.15", "".join(draft.message_ids.mapped("body")))

    def test_a_tax_of_one_cent_outlives_another_line(self):
        draft = self.make_invoice(("luxury", 0.015))
        self.assertEqual((draft.amount_untaxed, draft.amount_tax), (0.02, 0.01))
        exempt = {"name": "Exento", "price_unit": 1.0}
        exempt["tax_ids"] = [Command.set(self.taxes["exempt"].ids)]
        draft.invoice_line_ids = [Command.create(exempt)]
        self.assertEqual(draft.amount_tax, 0.01)
        self.assert_books_agree(draft, self.wire(self.confirm(draft)))

    def test_a_draft_from_before_smart_gets_the_cent_of_tax_that_it_lacks(self):
        journal = self.company_data["default_journal_sale"]
        journal.smart_enabled = False
        # 31 % of 0.016 is nothing to Odoo; of the rounded base, 0.02, the service takes a cent.
        draft = self.make_invoice(("luxury", 0.1, 0.16), ("general", 10.0))
        draft.invoice_payment_term_id = self.env.ref("account.account_payment_term_30days")
        self.assertEqual(len(draft.line_ids.filtered("tax_line_id")), 1)
        journal.smart_enabled = True
        [checked] = self.env["smart.payload"]._check(draft)
        self.assertFalse(checked.errors)
        self.assertTrue([problem for problem in checked.problems if "0.01" in problem.what])
        wire = self.wire(self.confirm(draft))
        self.assertEqual((wire["basea"], wire["impuestoa"], wire["impuestog"]), (0.02, 0.01, 1.6))
        self.assert_books_agree(draft, wire)
        self.assertIn("0.01", "".join(draft.message_ids.mapped("body")))

    def test_a_cent_is_not_mended_over_a_tax_that_somebody_wrote(self):
        journal = self.company_data["default_journal_sale"]
        journal.smart_enabled = False
        draft = self.make_invoice(("luxury", 0.1, 0.16), ("general", 10.0))
        tax = draft.line_ids.filtered("tax_line_id")
        draft.line_ids = [Command.update(tax.id, {"amount_currency": -2.6})]
        journal.smart_enabled = True
        with self.assertRaisesRegex(SmartPreflightError, "SMART computes 1.60"):
            self.confirm(draft)

    def test_a_tax_changed_by_hand_is_refused(self):
        draft = self.make_invoice(("general", 100.0))
        line = draft.line_ids.filtered("tax_line_id")
        draft.line_ids = [Command.update(line.id, {"amount_currency": -17.0})]
        self.assertEqual(draft.amount_tax, 17)
        [checked] = self.env["smart.payload"]._check(draft)
        self.assertIn("is 17.00 here, but SMART computes 16.00", checked.errors[0].what)

    # -- lines ---------------------------------------------------------------------------------

    def test_a_discount_line_reduces_the_lines_of_its_rate(self):
        draft = self.lines(
            {"price_unit": 60.0},
            {"price_unit": 40.0},
            {"price_unit": -10.01, "name": "Descuento global"},
            {"price_unit": 5.0, "tax_ids": [Command.set(self.taxes["exempt"].ids)]},
        )
        wire = self.wire(self.confirm(draft))
        self.assertEqual(
            [(line["descuento"], line["monto"]) for line in wire["cuerpofactura"]],
            [(6.01, 53.99), (4, 36), (0, 5)],
        )
        self.assertEqual((wire["baseg"], wire["exento"]), (89.99, 5))
        self.assert_books_agree(draft, wire)

    def test_returned_goods_reduce_the_quantity(self):
        one = {"product_id": self.product.id, "price_unit": 12.5}
        draft = self.lines({**one, "quantity": 10}, {**one, "quantity": -3})
        [line] = self.wire(self.confirm(draft))["cuerpofactura"]
        self.assertEqual((line["precio"], line["cantidad"], line["descuento"]), (12.5, 7, 0))

    def test_goods_returned_whole_leave_no_line(self):
        one = {"product_id": self.product.id, "price_unit": 12.5}
        draft = self.lines(
            {**one, "quantity": 3}, {"price_unit": 7.0, "name": "Queda"}, {**one, "quantity": -3}
        )
        [line] = self.wire(self.confirm(draft))["cuerpofactura"]
        self.assertEqual(line["descripcion"], "Queda")

    def test_a_deducted_down_payment_is_a_discount(self):
        # What `sale` makes of a down payment on the final invoice.
        draft = self.lines(
            {"price_unit": 1000.0, "product_id": self.product.id},
            {"price_unit": 300.0, "quantity": -1, "name": "Anticipo"},
        )
        [line] = self.wire(self.confirm(draft))["cuerpofactura"]
        self.assertEqual((line["precio"], line["descuento"], line["monto"]), (1000, 300, 700))

    def test_free_lines_are_told(self):
        draft = self.lines(
            {"price_unit": 10.0}, {"price_unit": 0.0}, {"price_unit": 8.0, "discount": 100}
        )
        wire = self.wire(self.confirm(draft))
        self.assertEqual(
            [(line["precio"], line["descuento"], line["monto"]) for line in wire["cuerpofactura"]],
            [(10, 0, 10), (0, 0, 0), (8, 8, 0)],
        )

    def test_many_decimals(self):
        draft = self.lines(
            {"price_unit": 0.3333, "quantity": 3},
            {"price_unit": 1.234567, "quantity": 12.345678},
            {"price_unit": 0.005, "quantity": 1},
            {"price_unit": 19.99, "quantity": 0.333333, "discount": 33.33},
        )
        wire = self.wire(self.confirm(draft))
        first, *_others, last = wire["cuerpofactura"]
        self.assertEqual((first["precio"], first["cantidad"], first["monto"]), (0.3333, 3, 1))
        self.assertEqual((last["precio"], last["descuento"], last["monto"]), (19.99, 2.22, 4.44))
        self.assertEqual(
            round(sum(line["monto"] for line in wire["cuerpofactura"]), 2), wire["subtotal"]
        )
        self.assert_books_agree(draft, wire)

    def test_notes_become_comments_and_sections_vanish(self):
        draft = self.lines(
            {"display_type": "line_section", "name": "Sección", "tax_ids": False},
            {"price_unit": 10.0, "name": "[G-1] Gorra tejida", "product_id": self.product.id},
            {"display_type": "line_note", "name": "Color\nazul\u0007", "tax_ids": False},
            {"display_type": "line_note", "name": "Talla M", "tax_ids": False},
            {"price_unit": 5.0, "name": "Envío"},
        )
        first, second = self.wire(self.confirm(draft))["cuerpofactura"]
        self.assertEqual(first["comentario"], "Color azul Talla M")
        self.assertEqual((first["codigo"], first["descripcion"]), ("G-1", "Gorra tejida"))
        self.assertEqual((second["codigo"], second["comentario"]), ("S/C", ""))

    def test_long_texts_are_cut_at_a_word(self):
        draft = self.lines({"price_unit": 10.0, "name": "palabra " * 60})
        draft.narration = f"<p>{'condición ' * 40}</p>"
        wire = self.wire(self.confirm(draft))
        [line] = wire["cuerpofactura"]
        self.assertTrue(line["descripcion"].endswith("palabra…"))
        self.assertLessEqual(len(line["descripcion"]), 250)
        self.assertTrue(wire["observacion"].endswith("condición…"))
        self.assertLessEqual(len(wire["observacion"]), 200)

    def test_as_many_lines_as_fit(self):
        draft = self.lines(
            *({"price_unit": 1.005 + n / 7, "quantity": 1 + n % 13} for n in range(600)),
            {"price_unit": -123.45},
        )
        self.env.flush_all()
        [checked] = self.env["smart.payload"]._check(draft)
        self.assertFalse(checked.errors)
        wire = self.wire(self.confirm(draft))
        self.assertEqual(len(wire["cuerpofactura"]), 600)
        self.assert_books_agree(draft, wire)

    # -- taxes -----------------------------------------------------------------------------------

    def test_a_group_of_16_and_15_is_the_luxury_rate(self):
        general = self.taxes["general"]
        children = general.copy({"name": "16"}) + general.copy({"name": "15", "amount": 15})
        group = self.env["account.tax"].create(
            {
                "name": "Suntuario",
                "amount_type": "group",
                "type_tax_use": "sale",
                "children_tax_ids": [Command.set(children.ids)],
            }
        )
        self.assertEqual(group.smart_tax_kind, "luxury")
        draft = self.make_invoice(("general", 100.0), ("general", 1000.5))
        draft.invoice_line_ids[1].tax_ids = group
        wire = self.wire(self.confirm(draft))
        self.assertEqual(
            (wire["impuestog"], wire["basea"], wire["impuestoa"]), (16, 1000.5, 310.15)
        )
        self.assert_books_agree(draft, wire)

    def test_fiscal_positions_decide_the_tax(self):
        exempt = self.env["account.fiscal.position"].create({"name": "Exportación"})
        zero = self.taxes["exempt"].copy({"name": "0 % exportación"})
        zero.write(
            {
                "fiscal_position_ids": [Command.set(exempt.ids)],
                "original_tax_ids": [Command.set(self.taxes["general"].ids)],
            }
        )
        self.product.taxes_id = self.taxes["general"]
        draft = self.make_invoice(
            fiscal_position_id=exempt.id,
            invoice_line_ids=[Command.create({"product_id": self.product.id, "price_unit": 50.0})],
        )
        self.assertEqual(draft.invoice_line_ids.tax_ids, zero)
        wire = self.wire(self.confirm(draft))
        self.assertEqual((wire["exento"], wire["baseg"]), (50, 0))

"""What a reader of the paper is told beside amounts: discounts, units, due date, series."""

import json
from datetime import timedelta

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from ..smart_api.schemas import MAX_BODY_BYTES
from .common import SmartCommon


class DescriptionsCase(SmartCommon):
    def line(self, name, price, kind="general", **values):
        taxes = [Command.set(self.taxes[kind].ids)]
        return {"name": name, "price_unit": price, "tax_ids": taxes, **values}

    def invoice(self, *lines, **values):
        commands = [
            Command.create({"sequence": number, **line}) for number, line in enumerate(lines)
        ]
        return self.make_invoice(invoice_line_ids=commands, **values)

    def check(self, move):
        """Return what would be sent, and what the warnings say."""
        [conversion] = self.env["smart.payload"]._check(move)
        self.assertFalse(conversion.errors)
        return conversion.request, " ".join(one.what for one in conversion.problems)

    def comments(self, move):
        request, _said = self.check(move)
        return [line.comment for line in request.lines]

    def issue(self, move):
        """Return what the service has, once it has issued an invoice."""
        self.confirm(move)
        self.assertEqual(move.smart_state, "issued", move.smart_last_error)
        return self.simulator.documents("")[-1]["request"]


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestDiscounts(DescriptionsCase):
    def test_a_discount_line_leaves_description_and_value_at_each_line_that_it_reduces(self):
        move = self.invoice(
            self.line("Silla", 100.0),
            self.line("Mesa", 1400.0),
            self.line("Descuento por pronto pago 10 %", -150.0),
        )
        chair, table = self.issue(move)["cuerpofactura"]
        self.assertEqual(chair["comentario"], "Descuento por pronto pago 10 %: -10,00")
        self.assertEqual(table["comentario"], "Descuento por pronto pago 10 %: -140,00")
        self.assertEqual([chair["descuento"], table["descuento"]], [10, 140])

    def test_each_discount_tells_its_own_value(self):
        move = self.invoice(
            self.line("Silla", 100.0),
            self.line("Cupón", -10.0),
            self.line("Fidelidad", -30.0),
        )
        self.assertEqual(self.comments(move), ["Cupón: -10,00; Fidelidad: -30,00"])

    def test_a_discount_reduces_lines_of_its_own_rate_alone(self):
        move = self.invoice(
            self.line("Silla", 100.0),
            self.line("Pan", 50.0, "exempt"),
            self.line("Cupón", -10.0, "exempt"),
        )
        self.assertEqual(self.comments(move), ["", "Cupón: -10,00"])

    def test_a_discount_of_many_lines_is_told_whole_at_one_and_others_at_others(self):
        move = self.invoice(
            *(self.line(f"Renglón {number}", 100.0) for number in range(300)),
            self.line("Descuento por volumen", -3000.0),
            self.line("Cupón", -300.0),
        )
        request, said = self.check(move)
        comments = [line.comment for line in request.lines]
        self.assertEqual(comments[0], "Descuento por volumen: -3.000,00 en 300 renglones")
        self.assertEqual(comments[1], "Cupón: -300,00 en 300 renglones")
        self.assertFalse(any(comments[2:]))
        self.assertTrue(all(line.discount == 11 for line in request.lines))
        self.assertLess(request.largest_body(), MAX_BODY_BYTES)
        self.assertNotIn("characters", said)

    def test_a_note_stays_behind_what_the_law_asks_for(self):
        note = {"display_type": "line_note", "name": "Entregar el lunes", "tax_ids": False}
        move = self.invoice(self.line("Silla", 100.0), note, self.line("Cupón", -1.0))
        self.assertEqual(self.comments(move), ["Cupón: -1,00; Entregar el lunes"])

    def test_the_note_of_a_line_that_vanishes_stands_at_the_next_one(self):
        note = {"display_type": "line_note", "name": "Cortesía", "tax_ids": False}
        move = self.invoice(self.line("Cupón", -1.0), note, self.line("Silla", 100.0))
        self.assertEqual(self.comments(move), ["Cupón: -1,00; Cortesía"])

    def test_what_does_not_fit_is_told_and_no_value_is_cut(self):
        note = {"display_type": "line_note", "name": "nota " * 40, "tax_ids": False}
        discounts = [self.line(f"{number} {'descuento ' * 9}", -1.25) for number in range(4)]
        move = self.invoice(self.line("Silla", 100.0), note, *discounts)
        request, said = self.check(move)
        self.assertEqual(request.lines[0].comment.count(": -1,25"), 4)
        self.assertIn("characters will be printed as “0 descuento", said)

    def test_a_description_is_printed_as_the_paper_can(self):
        move = self.invoice(self.line("Silla", 100.0), self.line("a//b|c <5 %> $&", -1.0))
        request, said = self.check(move)
        self.assertEqual(request.lines[0].comment, "a/ /b¦c ‹5 %› $ &: -1,00")
        self.assertIn("“a//b|c <5 %> $&” will be printed as “a/ /b¦c ‹5 %› $ &”", said)

    def test_a_foreign_currency_is_named(self):
        move = self.invoice(
            self.line("Silla", 100.0), self.line("Cupón", -10.0), currency_id=self.usd.id
        )
        self.assertEqual(self.issue(move)["cuerpofactura"][0]["comentario"], "Cupón: -10,00 USD")

    def test_a_deducted_down_payment_is_told(self):
        move = self.invoice(self.line("Obra", 1000.0), self.line("Anticipo", 300.0, quantity=-1))
        self.assertEqual(self.comments(move), ["Anticipo: -300,00"])

    def test_returned_goods_are_told_and_then_discounts(self):
        cap = self.env["product.product"].create({"name": "Gorra", "list_price": 10.0})
        sold = self.line("Gorra", 10.0, product_id=cap.id)
        move = self.invoice(
            {**sold, "quantity": 5}, {**sold, "quantity": -2}, self.line("Cupón", -1.0)
        )
        request, _said = self.check(move)
        [line] = request.lines
        self.assertEqual(line.comment, "Gorra (5 - 2): -20,00; Cupón: -1,00")
        self.assertEqual([line.quantity, line.discount, line.amount], [3, 1, 29])

    def test_free_goods_that_return_are_told(self):
        move = self.invoice(
            self.line("Muestra", 0.0, quantity=-1), self.line("Silla", 10.0), self.line("X", 0.0)
        )
        self.assertEqual(self.comments(move), ["Muestra: -1", ""])

    def test_a_credit_note_repeats_the_discount(self):
        move = self.confirm(self.invoice(self.line("Silla", 100.0), self.line("Cupón", -10.0)))
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=move.ids)
            .create({"journal_id": move.journal_id.id, "reason": "Devolución"})
        )
        wizard.refund_moves()
        self.assertEqual(self.comments(wizard.new_move_ids), ["Cupón: -10,00"])


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestUnits(DescriptionsCase):
    def test_dozens_are_printed_as_dozens(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        self.env["res.lang"]._activate_lang("es_VE")
        dozen.with_context(lang="es_VE").name = "Docenas"
        self.customer.lang = "es_VE"
        move = self.invoice(self.line("Huevos", 30.0, quantity=2, product_uom_id=dozen.id))
        [line] = self.issue(move)["cuerpofactura"]
        self.assertEqual((line["cantidad"], line["comentario"]), (2, "2 Docenas"))
        self.assertNotIn("intipounidad", line)

    def test_units_of_odoo_and_of_the_company_are_recognised(self):
        names = ("Caja", "KGS.", "Litros", "Mt", "und", "Saco", "Caja de 12")
        made = self.env["uom.uom"].create([{"name": name} for name in names])
        self.assertEqual(
            made.mapped("smart_unit"), ["box", "kilo", "litre", "metre", "unit", False, False]
        )
        dozen = self.env.ref("uom.product_uom_dozen")
        self.assertFalse(dozen.smart_unit)
        dozen.smart_unit = "box"
        move = self.invoice(self.line("Huevos", 30.0, product_uom_id=dozen.id))
        request, _said = self.check(move)
        self.assertEqual((request.lines[0].unit, request.lines[0].comment), (5, ""))

    def test_the_unit_stands_before_discounts_with_the_quantity_that_is_left(self):
        eggs = self.env["product.product"].create({"name": "Huevos"})
        sold = self.line(
            "Huevos",
            30.0,
            product_id=eggs.id,
            product_uom_id=self.env.ref("uom.product_uom_dozen").id,
        )
        move = self.invoice(
            {**sold, "quantity": 3}, {**sold, "quantity": -1}, self.line("Cupón", -1.0)
        )
        self.assertEqual(self.comments(move), ["2 Dozens; Huevos (3 - 1): -30,00; Cupón: -1,00"])

    def test_the_unit_can_be_chosen_on_its_form(self):
        with Form(self.env["uom.uom"]) as form:
            form.name = "Bulto"
            form.smart_unit = "box"
        self.assertEqual(form.record.smart_unit, "box")


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestDueDateAndSeries(DescriptionsCase):
    def setUp(self):
        super().setUp()
        self.today = self.env["account.move"]._smart_today()

    def due_date(self, move):
        return json.loads(self.check(move)[0].to_json()).get("fechavence")

    def test_the_due_date_is_sent(self):
        due = self.today + timedelta(days=15)
        move = self.make_invoice(invoice_date_due=due)
        self.assertEqual(self.issue(move)["fechavence"], due.isoformat())
        self.assertIn("Due Date", move.smart_document_id.lines_html)

    def test_of_several_instalments_the_last_one_counts(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "30/60",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 50, "nb_days": days})
                    for days in (30, 60)
                ],
            }
        )
        move = self.make_invoice(invoice_payment_term_id=term.id)
        self.assertEqual(self.due_date(move), (self.today + timedelta(days=60)).isoformat())

    def test_what_is_due_at_once_or_was_due_before_has_no_due_date(self):
        self.assertIsNone(self.due_date(self.make_invoice()))
        yesterday = self.today - timedelta(days=1)
        self.assertIsNone(self.due_date(self.make_invoice(invoice_date_due=yesterday)))

    def test_a_credit_note_is_no_demand_for_payment_and_a_debit_note_is(self):
        origin = self.confirm(self.make_invoice())
        due = self.today + timedelta(days=5)
        values = {"smart_note_origin_id": origin.id, "invoice_date_due": due}
        note = self.make_invoice(("general", 10.0), move_type="out_refund", **values)
        self.assertIsNone(self.due_date(note))
        note = self.make_invoice(("general", 10.0), **values)
        self.assertEqual(self.due_date(note), due.isoformat())

    def test_the_series_of_the_journal_is_sent(self):
        journal = self.company_data["default_journal_sale"]
        journal.smart_series = "AB-1"
        move = self.make_invoice()
        self.assertEqual(self.issue(move)["serial"], "AB-1")
        self.assertIn("AB-1", move.smart_document_id.lines_html)
        journal.smart_series = False
        self.assertNotIn("serial", self.issue(self.make_invoice()))

    def test_a_series_that_cannot_be_printed_is_refused_at_the_journal(self):
        journal = self.company_data["default_journal_sale"]
        for series in ("A|B", "A//B", " A", "A" * 11):
            with self.subTest(series), self.assertRaises(ValidationError):
                journal.smart_series = series
                journal.flush_recordset()

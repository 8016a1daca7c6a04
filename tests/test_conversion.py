import json
from datetime import timedelta
from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged

from ..models.conversion.problem import Conversion, SmartPreflightError
from ..smart_api.line_amounts import decimal
from .common import RIF, SmartCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestConversion(SmartCommon):
    def wire(self, move):
        """Return the request that was sent for a move."""
        return json.loads(move.smart_document_id.request_body)

    def test_an_invoice_in_bolivares_with_the_four_rates(self):
        invoice = self.confirm(
            self.make_invoice(
                ("general", 1245.5, 24),
                ("reduced", 2140.0, 12.5),
                ("luxury", 98500.0),
                ("exempt", 310.25, 100),
                ("exempt", 10.0),
            )
        )
        wire = self.wire(invoice)
        self.assertEqual(invoice.smart_state, "issued")
        expected = {
            "tipomoneda": 1,
            "tasadecambio": 40.5647,
            "tasacambio": 40.5647,
            "baseg": 29892,
            "impuestog": 4782.72,
            "baser": 26750,
            "impuestor": 2140,
            "basea": 98500,
            "impuestoa": 30535,
            "tasaa": 31,
            "exento": 31035,
            "subtotal": 186177,
            "total": 223634.72,
        }
        self.assertEqual({key: wire[key] for key in expected}, expected)
        self.assertEqual(wire["total"], invoice.amount_total)
        exempt = [line["exento"] for line in wire["cuerpofactura"]]
        self.assertEqual(exempt, [False] * 3 + [True] * 2)

    def test_luxury_keys_are_absent_without_luxury(self):
        wire = self.wire(self.confirm())
        self.assertFalse({"tasaa", "basea", "impuestoa"} & wire.keys())

    def test_an_invoice_in_dollars_has_the_rate_of_its_day(self):
        invoice = self.confirm(self.make_invoice(("general", 5.12, 60), currency_id=self.usd.id))
        wire = self.wire(invoice)
        self.assertEqual((wire["tipomoneda"], wire["tasadecambio"]), (2, 40.5647))
        self.assertEqual((wire["baseg"], wire["total"]), (307.2, 356.35))
        self.assertEqual(invoice.smart_state, "issued")

    def test_a_rate_that_the_user_set_is_kept(self):
        invoice = self.make_invoice(currency_id=self.usd.id)
        invoice.invoice_currency_rate = 1 / 50.25
        self.assertEqual(self.wire(self.confirm(invoice))["tasadecambio"], 50.25)

    def test_a_discount_becomes_an_amount(self):
        invoice = self.make_invoice(("general", 9800.0, 8))
        invoice.invoice_line_ids.discount = 10
        line = self.wire(self.confirm(invoice))["cuerpofactura"][0]
        self.assertEqual(
            (line["precio"], line["cantidad"], line["descuento"], line["monto"]),
            (9800, 8, 7840, 70560),
        )

    def test_identifications_of_customers(self):
        cedula = self.env.ref("l10n_ve_edi_smart.it_ve_cedula")
        passport = self.env.ref("l10n_ve_edi_smart.it_ve_passport")
        for kind, number, code, expected in (
            (None, "J309845128", 3, "J-30984512-8"),
            (cedula, "v 9.876.543", 1, "V-9876543"),
            (passport, "C01X00T47", 2, "C01X00T47"),
        ):
            with self.subTest(number):
                values = {"vat": number}
                if kind:
                    values["l10n_latam_identification_type_id"] = kind.id
                self.customer.write(values)
                wire = self.wire(self.confirm())
                self.assertEqual(wire["idtipocedulacliente"], code)
                self.assertEqual(wire["rifcedulacliente"], expected)

    def test_a_credit_note_refers_to_its_invoice(self):
        invoice = self.confirm()
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"journal_id": invoice.journal_id.id, "reason": "Devolución"})
        )
        wizard.refund_moves()
        note = self.confirm(wizard.new_move_ids)
        self.assertEqual(note.smart_state, "issued")
        self.assertEqual(note.smart_document_type, "credit_note")
        self.assertEqual(self.wire(note)["relacionado"], invoice.smart_control_number)

    def test_a_debit_note_refers_to_its_invoice(self):
        invoice = self.confirm()
        note = self.confirm(self.make_invoice(("general", 7.5), debit_origin_id=invoice.id))
        self.assertEqual(note.smart_document_type, "debit_note")
        self.assertEqual(self.wire(note)["relacionado"], invoice.smart_control_number)
        self.assertEqual(note.smart_internal_number, "00000001", "each type counts for itself")

    def test_all_problems_of_all_documents_are_named_at_once_and_nothing_is_posted(self):
        first, second = self.make_invoice(), self.make_invoice()
        wrong_tax = self.env["account.tax"].create(
            {"name": "IVA 9", "amount": 9, "amount_type": "percent", "type_tax_use": "sale"}
        )
        second.invoice_line_ids.tax_ids = wrong_tax
        self.customer.write({"phone": False, "email": "nonsense"})
        with self.assertRaises(SmartPreflightError) as raised, self.env.cr.savepoint():
            (first + second).action_post()
        message = raised.exception.args[0]
        for part in ("The phone number is missing", "not a valid e-mail address", "IVA 9"):
            self.assertIn(part, message)
        self.assertEqual(message.count("The phone number is missing"), 2)
        self.assertEqual(set((first + second).mapped("state")), {"draft"})
        self.assertFalse((first + second).smart_document_id)
        self.assertFalse(self.simulator.calls())

    def test_an_invalid_rif_is_named_with_the_customer(self):
        self.customer.with_context(no_vat_validation=True).vat = "J-30984512-1"
        with self.assertRaisesRegex(SmartPreflightError, "La Trinidad.*J-30984512-1.*not a valid"):
            self.confirm()

    def test_a_note_without_an_invoice_is_refused(self):
        note = self.make_invoice(move_type="out_refund")
        with self.assertRaisesRegex(SmartPreflightError, "must refer to the invoice"):
            self.confirm(note)

    def test_a_company_whose_rif_is_not_the_tokens_cannot_confirm(self):
        self.company.vat = "J-30984512-8"
        with self.assertRaisesRegex(SmartPreflightError, "the SMART token belongs to J-41256789-6"):
            self.confirm()

    def test_the_rate_is_the_one_that_odoo_converts_with(self):
        """Whichever rates there are: of the company or of all, its own currency's or none."""
        Rate, today = self.env["res.currency.rate"], self.env["smart.payload"]._today()
        own, later = self.company.currency_id, today + timedelta(days=3)
        (self.usd + own).rate_ids.unlink()
        added = (
            (self.usd, self.company, today, 0.025),
            (self.usd, False, today + timedelta(days=1), 0.03),
            (own, self.company, later, 1.3),  # the fallback of Odoo for the days before
            (own, self.company, today, 1.7),
        )
        for currency, company, day, rate in added:
            Rate.create(
                {
                    "currency_id": currency.id,
                    "company_id": company and company.id,
                    "name": day,
                    "rate": rate,
                }
            )
            for date in (today, later):
                for stated in (own, self.usd):  # the additional currency, and the document's
                    # What is in no currency of its own never has a rate of tomorrow.
                    odoo = self.env["res.currency"]._get_conversion_rate(
                        own, self.usd, self.company, date if stated == self.usd else today
                    )
                    move = self.make_invoice(invoice_date=date, currency_id=stated.id)
                    asked = self.env["smart.payload"]._units_per_company_unit(
                        Conversion(move, stated=move._smart_stated()), self.usd
                    )
                    self.assertEqual(asked.units, decimal(odoo))
                self.assertEqual(asked.units, decimal(move.invoice_currency_rate))

    def test_a_rate_of_a_later_day_is_not_taken_but_one_that_was_entered_is(self):
        self.usd.rate_ids.unlink()
        tomorrow = self.env["smart.payload"]._today() + timedelta(days=1)
        self.env["res.currency.rate"].create(
            {"currency_id": self.usd.id, "name": tomorrow, "inverse_company_rate": 40.5}
        )
        with self.assertRaisesRegex(SmartPreflightError, "USD has no exchange rate"):
            self.confirm(self.make_invoice(currency_id=self.usd.id))
        invoice = self.make_invoice(currency_id=self.usd.id)
        invoice.invoice_currency_rate = 1 / 50.25
        self.assertEqual(self.wire(self.confirm(invoice))["tasadecambio"], 50.25)

    def test_what_is_kept_between_documents_follows_its_changes(self):
        self.confirm()
        kind = self.customer.l10n_latam_identification_type_id
        kind.smart_identification_type = False
        with self.assertRaisesRegex(
            SmartPreflightError, "SMART does not know the identification type"
        ):
            self.confirm()
        kind.smart_identification_type = "rif"
        self.confirm()
        self.assertEqual(self.company.smart_rif, RIF)
        self.company.partner_id.with_context(no_vat_validation=True).vat = "J-40112233-0"
        self.assertFalse(self.company.smart_rif)
        with self.assertRaisesRegex(SmartPreflightError, "is not a valid RIF"):
            self.confirm()

    def test_a_currency_without_a_rate_is_named(self):
        self.usd.rate_ids.unlink()
        with self.assertRaisesRegex(SmartPreflightError, "USD has no exchange rate"):
            self.confirm(self.make_invoice(currency_id=self.usd.id))

    def test_converting_costs_a_constant_number_of_queries_for_a_batch(self):
        products = self.env["product.product"].create(
            [{"name": f"Producto {n}", "default_code": f"P-{n}"} for n in range(10)]
        )

        def posted(count):
            moves = self.env["account.move"]
            for number in range(count):
                partner = self.customer.copy({"name": f"Cliente {number}"})
                move = self.make_invoice(*[("general", 10.0 + n) for n in range(10)])
                move.partner_id = partner
                for line, product in zip(move.invoice_line_ids, products, strict=True):
                    line.product_id = product
                moves += move
            moves.action_post()
            return moves

        def queries(moves):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["smart.payload"]._convert(moves)
            return self.env.cr.sql_log_count - before

        few, many = posted(2), posted(12)
        queries(few)  # whatever is read once for good
        self.assertEqual(queries(many), queries(few))
        for moves in (few, many):
            moves.smart_document_id.sudo()._engine_write({"state": "issued"})
        queries(few._reverse_moves())
        self.assertEqual(queries(many._reverse_moves()), queries(few._reverse_moves()))
        # The measure notices a query for each document.
        payload = type(self.env["smart.payload"])
        original = payload._add_document

        def careless(model, conversion):
            model.env["res.partner"].search_count([("name", "=", conversion.owner.name)])
            return original(model, conversion)

        with patch.object(payload, "_add_document", careless):
            self.assertEqual(queries(many) - queries(few), len(many) - len(few))

    def test_branches_issue_in_the_name_of_the_parent(self):
        self.company.write({"child_ids": [Command.create({"name": "Sucursal Valencia"})]})
        self.cr.precommit.run()  # the branch gets its journals from the parent's chart
        branch = self.company.child_ids
        self.assertEqual(branch.smart_issuer_id, self.company)

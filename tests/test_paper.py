"""What Odoo prints of a fiscal document: all that the law wants, and the same as SMART's paper."""

from odoo.tests import tagged
from odoo.tools import html2plaintext

from .paper_common import COPY, PaperCommon, one_line

IN_TEST = "Emitida en un ambiente de prueba: sin valor legal."
NO_CREDIT = "Sin derecho a crédito fiscal"
NOT_FISCAL = "Sin número de control: este no es un documento fiscal."
NOT_YET = "Número de control en trámite: todavía no es un documento fiscal."


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestPaperBesideSmarts(PaperCommon):
    """Fact by fact, whatever the document."""

    def test_an_invoice_with_all_rates_discounts_and_what_is_exempt(self):
        move = self.make_invoice(
            invoice_line_ids=[
                self.item("Mantenimiento de equipos", 1245.5, quantity=24, discount=10),
                self.item("Alimentos", 2140.0, "reduced", quantity=12.5),
                self.item("Reloj", 98500.0, "luxury"),
                self.item("Medicinas", 310.25, "exempt", quantity=100),
                self.item("Descuento por pronto pago 10 %", -500.0),
            ],
            narration="Gracias por su compra.",
        )
        move.journal_id.smart_series = "A"
        self.confirm(move)
        self.assert_says_what_smart_prints(move)
        lines = self.cells(move, "smart_line")
        self.assertEqual(
            lines[0][1:],
            [
                "Mantenimiento de equipos Descuento por pronto pago 10 %: -500,00",
                "24", "1.245,50", "3.489,20", "16 %", "26.402,80",
            ],
        )  # fmt: skip
        self.assertEqual(lines[3][1:], ["Medicinas (E)", "100", "310,25", "", "E", "31.025,00"])
        self.assertEqual(
            self.cells(move, "smart_total"),
            [
                ["Subtotal", "182.677,80"],
                ["Total exento", "31.025,00"],
                ["Base imponible general 16 %", "26.402,80"],
                ["IVA general 16 %", "4.224,45"],
                ["Base imponible reducida 8 %", "26.750,00"],
                ["IVA reducido 8 %", "2.140,00"],
                ["Base imponible general + adicional 31 %", "98.500,00"],
                ["IVA general + adicional 31 %", "30.535,00"],
                ["Total", "219.577,25"],
            ],
        )
        text = self.text(move)
        for words in (
            "Factura Número: 00000001 Serie: A Número de control: 00-00000001",
            "Emisor, C.A. RIF: J-41256789-6 Domicilio fiscal: Av. Bolívar Norte, galpón 4",
            "Tasa de cambio: 40,5647",
            "Observación: Gracias por su compra.",
            IN_TEST,
        ):
            self.assertIn(words, text)
        self.assertNotIn("IVA 0", text)
        self.assertNotIn(NO_CREDIT, text, "it is no copy")
        self.assertNotIn(move.name, text, "a document has one number")

    def in_dollars(self):
        self.company.smart_collects_igtf = True
        move = self.make_invoice(("general", 100.0), ("exempt", 10.0), currency_id=self.usd.id)
        self.env["smart.igtf"].create({"move_id": move.id}).action_apply()
        self.env.invalidate_all()
        return self.confirm(move)

    def test_an_invoice_in_dollars_with_igtf(self):
        move = self.in_dollars()
        self.assert_says_what_smart_prints(move)
        self.assertEqual(
            self.cells(move, "smart_total"),
            [
                ["Subtotal", "110,00", "4.462,12"],
                ["Total exento", "10,00", "405,65"],
                ["Base imponible general 16 %", "100,00", "4.056,47"],
                ["IVA general 16 %", "16,00", "649,04"],
                ["Base del IGTF 3 %", "126,00", "5.111,15"],
                ["IGTF 3 %", "3,78", "153,33"],
                ["Total", "129,78", "5.264,49"],
            ],
        )
        self.assertEqual(len(self.cells(move, "smart_line")), 2, "the IGTF is no line")
        self.assertIn("USD Bs.", self.text(move))
        self.assertIn("Tasa de cambio: Bs. 40,5647 por USD", self.text(move))

    def test_an_invoice_in_euros(self):
        move = self.confirm(self.make_invoice(("reduced", 19.99, 2), currency_id=self.eur.id))
        self.assert_says_what_smart_prints(move)
        self.assertIn("Tasa de cambio: Bs. 44,1234 por EUR", self.text(move))

    def test_a_credit_note_tells_number_date_and_amount_of_what_it_corrects(self):
        move = self.in_dollars()
        note = self.created(self.reversal(move).refund_moves())
        self.confirm(note)
        self.assert_says_what_smart_prints(note)
        day = move.smart_document_id.issue_date
        text = self.text(note)
        self.assertIn(
            "Aplica a Factura 00000001 (número de control 00-00000001)"
            f" del {day:%d/%m/%Y} por USD 129,78",
            text,
        )
        self.assertIn("Nota de crédito Número: 00000001", text)
        self.assertIn("Observación: Devolución", text)

    def test_a_debit_note(self):
        move = self.confirm()
        note = self.created(self.debit(move, copy_lines=True).create_debit())
        self.confirm(note)
        self.assert_says_what_smart_prints(note)
        text = self.text(note)
        self.assertIn("Nota de débito Número: 00000001", text)
        self.assertIn("Aplica a Factura 00000001", text)
        self.assertIn("por Bs. 116,00", text)

    def test_a_note_about_a_document_from_before_smart(self):
        note = self.make_invoice(
            move_type="out_refund",
            smart_former_number="00-00012345",
            smart_former_date="2024-03-15",
            smart_former_amount=1116.0,
            smart_note_reason="Error de precio",
        )
        self.confirm(note)
        self.assert_says_what_smart_prints(note)
        self.assertIn(
            "Observación: Aplica a documento 00-00012345 del 15/03/2024 por Bs. 1.116,00."
            " Error de precio",
            self.text(note),
        )

    def test_a_walk_in_customer(self):
        self.company.write(
            {
                "smart_walk_in_address": "Mostrador, Caracas",
                "smart_walk_in_phone": "0212-9511234",
                "smart_walk_in_email": "caja@example.com",
            }
        )
        cedula = self.env["l10n_latam.identification.type"].search(
            [("name", "ilike", "cédula"), ("country_id.code", "=", "VE")], limit=1
        )
        walk_in = self.env["res.partner"].create(
            {
                "name": "Pedro Pérez",
                "vat": "V-12345678",
                "country_id": self.env.ref("base.ve").id,
                "l10n_latam_identification_type_id": cedula.id,
            }
        )
        move = self.confirm(self.make_invoice(partner_id=walk_in.id))
        self.assert_says_what_smart_prints(move)
        self.assertIn(
            "Pedro Pérez RIF o cédula: V-12345678 Dirección: Mostrador, Caracas", self.text(move)
        )

    def test_an_annulled_one(self):
        move = self.confirm()
        self.annul(move, "Cliente equivocado")
        self.assert_says_what_smart_prints(move)
        self.assertIn("ANULADA: Cliente equivocado", self.text(move))

    def test_how_it_was_paid_and_until_when_it_is_to_be_paid(self):
        term = self.env.ref("account.account_payment_term_30days")
        move = self.confirm(self.make_invoice(invoice_payment_term_id=term.id))
        self.assert_says_what_smart_prints(move)
        self.assertIn(f"Vence: {move.invoice_date_due:%d/%m/%Y}", self.text(move))
        self.assertIn("Forma de pago: ", self.text(move))


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestPaper(PaperCommon):
    """What stands on Odoo's print alone."""

    def test_it_is_in_spanish_whatever_the_customer_speaks(self):
        self.customer.lang = "en_US"
        move = self.confirm()
        before = self.text(move)
        self.assertIn("Fecha de emisión", before)
        self.env["res.lang"]._activate_lang("es_VE")
        self.assertEqual(self.text(move), before)
        self.assertIn('data-oe-lang="es_VE"', self.rendered(move).decode(), "the layout's words")
        for word in ("Invoice", "Tax", "Total:", "Amount", "Control Number"):
            self.assertNotIn(word, before)

    def test_the_hour_is_that_of_caracas_before_noon_and_after(self):
        move = self.confirm()
        for moment, words in (
            ("2026-11-28 15:07:09", "Hora de emisión: 11.07.09 a.m."),
            ("2026-11-29 02:30:00", "Fecha de emisión: 28112026 Hora de emisión: 10.30.00 p.m."),
            ("2026-11-28 16:00:00", "Hora de emisión: 12.00.00 p.m."),
            ("2026-11-28 04:00:00", "Hora de emisión: 12.00.00 a.m."),
        ):
            move.smart_document_id.sudo()._engine_write({"issued_at": moment})
            self.assertIn(words, self.text(move))

    def test_it_says_what_was_sent_whatever_is_renamed_since(self):
        product = self.env["product.product"].create({"name": "Gorra", "default_code": "G-1"})
        line = self.item("Gorra tejida", 12.5, product_id=product.id)
        move = self.confirm(self.make_invoice(invoice_line_ids=[line]))
        before = self.text(move)
        self.customer.write({"name": "Otra, C.A.", "street": "Otra calle"})
        product.default_code = "G-2"
        self.assertEqual(self.text(move), before)
        self.assertIn("Inversiones La Trinidad, C.A.", before)
        self.assertIn("G-1", before)

    def test_a_legal_document_has_no_mark(self):
        move = self.confirm()
        self.assertIn(IN_TEST, self.text(move))
        move.smart_document_id.sudo()._engine_write({"environment": "production"})
        self.assertNotIn("legal.", self.text(move))
        self.assertNotIn("no es un documento fiscal", self.text(move))

    def test_the_footer_of_the_printing_house_is_on_it(self):
        move = self.confirm()
        self.assertIn(one_line(html2plaintext(move.smart_legal_footer)), self.text(move))

    def test_what_waits_says_so_and_has_no_hour_of_issue(self):
        self.move_service(smart_base_url="http://127.0.0.1:9")
        move = self.confirm()
        note = self.make_invoice(move_type="out_refund", smart_note_origin_id=move.id)
        self.confirm(note)
        text = self.text(move)
        for words in (NOT_YET, "Factura en trámite", "Número de control: en trámite", "116,00"):
            self.assertIn(words, text)
        self.assertIn(f"Referencia provisional: {move.name}", text)
        self.assertNotIn("emisión", text)
        self.assertIn("Aplica a Factura en trámite por Bs. 116,00", self.text(note))

    def test_a_branch_is_named(self):
        self.company.write({"smart_branch_code": "VAL", "smart_branch_address": "Valencia Norte"})
        move = self.confirm()
        self.assertIn("Sucursal: VAL Valencia Norte", self.text(move))

    def test_a_copy_says_so(self):
        move = self.confirm()
        text = self.text(move, COPY)
        for words in ("COPIA", NO_CREDIT, "00-00000001", "Hora de emisión", "116,00"):
            self.assertIn(words, text)
        self.assertNotIn("COPIA", self.text(move))

    # -- what is not issued ----------------------------------------------------------------

    def text_of_page(self, move):
        return one_line(html2plaintext(self.rendered(move)).replace("*", ""))

    def test_a_draft_and_what_was_refused_or_taken_back_is_no_fiscal_document(self):
        draft = self.make_invoice()
        self.assertIn(NOT_FISCAL, self.text_of_page(draft))
        refused = self.make_invoice()
        refused.action_post()
        self.make_refusable(refused.smart_document_id.sudo())
        self.commit()
        self.assertEqual(refused.smart_state, "refused")
        self.assertIn(NOT_FISCAL, self.text_of_page(refused))
        refused.button_draft()
        self.assertEqual(refused.smart_state, "withdrawn")
        self.assertIn(NOT_FISCAL, self.text_of_page(refused))

    def test_what_charges_nothing_is_no_fiscal_document(self):
        self.company_data["default_journal_sale"].smart_enabled = False
        free = self.confirm()
        self.assertNotIn("fiscal", self.text_of_page(free))
        free._smart_confirm_free()
        self.assertIn(NOT_FISCAL, self.text_of_page(free))

    def test_what_is_not_fiscal_or_from_before_smart_prints_as_ever(self):
        self.company.smart_environment = "disabled"
        journal = self.company_data["default_journal_sale"]
        journal.smart_enabled = False
        old = self.confirm()
        self.assertFalse(old.smart_document_id)
        before = self.text_of_page(old)
        self.assertNotIn("fiscal", before)
        journal.smart_enabled = True
        self.assertEqual(self.text_of_page(old), before)
        bill = self.init_invoice("in_invoice", partner=self.customer, amounts=[10.0], post=True)
        self.assertNotIn("fiscal", self.text_of_page(bill))

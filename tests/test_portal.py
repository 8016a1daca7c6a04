"""What customers in the portal read of fiscal documents, and that their pages work."""

import base64

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged

from .common import SmartCommon

#: Everything of the addon that a customer reads; a new field is added here on purpose alone.
READABLE = {
    "account.move": {
        "smart_control_number",
        "smart_document_file",
        "smart_document_filename",
        "smart_document_type",
        "smart_document_url",
        "smart_internal_number",
        "smart_is_debit_note",
        "smart_issued_at",
        "smart_legal_footer",
        "smart_legal_name",
        "smart_number",
        "smart_origin_words",
        "smart_state",
    },
}


class PortalCommon(SmartCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal = new_test_user(
            cls.env,
            "smart_customer",
            "base.group_portal",
            password="smart_customer",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.portal.partner_id.write(
            {
                **cls.customer.copy_data()[0],
                "name": "Cliente del Portal",
                "email": "portal@latrinidad.example.com",
            }
        )
        cls.customer = cls.portal.partner_id

    def mine(self, record):
        """Return a record, or a model, as the customer has it in a new request."""
        self.env.flush_all()
        self.env.invalidate_all()
        return record.with_user(self.portal).with_context(allowed_company_ids=self.company.ids)


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestPortalFields(PortalCommon):
    def smart_fields(self):
        """Yield each model that is not the addon's own with its fields of the addon."""
        for name in sorted(self.env.registry):
            model = self.env[name]
            if name.startswith("smart.") or model._abstract or model.is_transient():
                continue
            fields = {field for field in model._fields if field.startswith("smart_")}
            if fields:
                yield model, fields

    def records(self):
        invoice = self.confirm()
        return {
            "account.move": invoice,
            "account.journal": invoice.journal_id,
            "account.tax": self.taxes["general"],
            "l10n_latam.identification.type": self.env.ref("l10n_ve_edi_smart.it_ve_rif"),
            "res.company": self.company,
            "res.partner": self.portal.partner_id,
            "res.users": self.portal,
        }

    def test_customers_read_a_short_list_of_fields_and_no_other(self):
        records = self.records()
        models = {
            model._name: fields
            for model, fields in self.smart_fields()
            if model._name in records or self.mine(model).has_access("read")
        }
        self.assertEqual(models.keys(), records.keys(), "a model without a record here, or too few")
        for model, fields in models.items():
            record = records[model]
            readable = READABLE.get(model, set())
            self.assertLessEqual(readable, fields)
            mine = self.mine(record)
            if mine.has_access("read"):
                shown = {name for name in mine.fields_get() if name.startswith("smart_")}
                self.assertEqual(shown, readable, model)
            for name in sorted(fields - readable):
                for road, attempt in self.roads(record, name):
                    with (
                        self.subTest(f"{model}.{name}", road=road),
                        self.assertRaises(AccessError),
                    ):
                        attempt(self.mine(record))

    def roads(self, record, name):
        """Return the ways in which a field's value, or whether it fits, is told."""
        yield "read", lambda mine: mine.read([name])
        yield "attribute", lambda mine: mine[name]
        yield "web_read", lambda mine: mine.web_read({name: {}})
        yield "mapped", lambda mine: mine.mapped(name)
        yield "search_read", lambda mine: mine.search_read([("id", "=", record.id)], [name])
        if record._fields[name].store or record._fields[name].search:
            other = False if record._fields[name].type in ("date", "datetime") else "x"
            domain = [("id", "=", record.id), (name, "!=", other)]
            yield "search", lambda mine: mine.search(domain)
            yield "filtered", lambda mine: mine.filtered_domain(domain)
        field = record._fields[name]
        if field.store or (field.related and field.type not in ("one2many", "many2many", "binary")):
            yield "order", lambda mine: mine.search([], order=name)
            yield "group", lambda mine: mine.formatted_read_group([], [name], [])

    def test_what_customers_read_is_their_own_document(self):
        invoice = self.confirm()
        self.do_errands()
        other = self.make_invoice(partner_id=self.partner_a.id)
        mine = self.mine(invoice)
        values = mine.read(sorted(READABLE["account.move"]))[0]
        self.assertEqual(values["smart_control_number"], "00-00000001")
        self.assertEqual(values["smart_internal_number"], "00000001")
        self.assertEqual(values["smart_state"], "issued")
        self.assertEqual(values["smart_document_type"], "invoice")
        self.assertTrue(values["smart_issued_at"])
        self.assertIn("SENIAT", values["smart_legal_footer"])
        self.assertTrue(values["smart_document_url"])
        file = mine.with_context(bin_size=False).smart_document_file
        self.assertTrue(base64.b64decode(file).startswith(b"%PDF"))
        self.assertEqual(self.mine(self.env["account.move"]).search([]), mine)
        with self.assertRaises(AccessError):
            self.mine(other).read(["smart_state"])

    def test_customers_read_no_model_of_the_addon(self):
        self.confirm()
        for name in sorted(self.env.registry):
            if name.startswith("smart.") and not self.env[name]._abstract:
                with self.subTest(name), self.assertRaises(AccessError):
                    self.mine(self.env[name]).search_read([], ["id"])

    def test_what_odoo_computes_of_an_invoice_works_for_customers(self):
        plain = self.make_invoice()
        plain.journal_id.smart_enabled = False
        plain.action_post()
        plain.journal_id.smart_enabled = True
        issued = self.confirm()
        self.assertFalse(plain.smart_state)
        for name in sorted(self.mine(issued).fields_get()):
            with self.subTest(name):
                self.assertEqual(self.can_read(issued, name), self.can_read(plain, name))
        self.assertFalse(self.mine(issued).show_reset_to_draft_button)

    def can_read(self, invoice, name):
        try:
            with self.env.cr.savepoint(flush=False):
                self.mine(invoice).read([name])
        except AccessError:
            return False
        return True


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestPortalPages(PortalCommon, HttpCase):
    def test_pages_and_prints_of_the_portal_work_and_show_the_control_number(self):
        invoice = self.confirm()
        waiting = self.make_invoice()
        waiting.action_post()
        waiting.smart_document_id.sudo()._engine_write({"last_error": "SECRET of the queue"})
        self.do_errands()
        self.env.flush_all()
        self.authenticate("smart_customer", "smart_customer")
        for path, words in (
            ("/my", "Cliente del Portal"),
            ("/my/invoices", "Invoice 00000001"),
            (f"/my/invoices/{invoice.id}", "Invoice 00000001"),
            (f"/my/invoices/{invoice.id}?report_type=html", "viewer.html?file="),
            (f"/my/invoices/{waiting.id}?report_type=html", "en trámite"),
            ("/my/account", "Cliente del Portal"),
        ):
            with self.subTest(path):
                response = self.url_open(path)
                self.assertEqual(response.status_code, 200)
                text = response.content.decode()
                self.assertIn(words, text)
                self.assertNotIn("SECRET", text)

    def test_the_customer_gets_smarts_print_on_screen_and_to_keep(self):
        invoice = self.confirm()
        self.authenticate("smart_customer", "smart_customer")
        page = f"/my/invoices/{invoice.id}"
        early = self.url_open(f"{page}?report_type=pdf&download=true")
        # Without the program that makes PDF, Odoo answers with what it would be made of.
        self.assertTrue(early.content.startswith(b"%PDF") or b"00-00000001" in early.content)
        self.assertNotIn(b"es un documento fiscal", early.content)
        self.do_errands()
        printed = base64.b64decode(invoice.smart_document_id.document_file)
        for query, how in (("", "inline"), ("&download=true", "attachment")):
            response = self.url_open(f"{page}?report_type=pdf{query}")
            self.assertEqual(response.content, printed)
            said = response.headers["Content-Disposition"]
            self.assertTrue(said.startswith(how), said)
            self.assertIn("FAC-00000001.pdf", said)
        self.assertNotIn("Proforma", self.url_open(f"{page}?report_type=html").text)
        self.assertIn("o_download_btn", self.url_open(page).text)

    def test_the_page_of_what_waits_says_so_and_offers_no_download(self):
        invoice = self.make_invoice()
        invoice.action_post()
        self.env.flush_all()
        self.authenticate("smart_customer", "smart_customer")
        page = self.url_open(f"/my/invoices/{invoice.id}").text
        self.assertIn("waits for its control number", page)
        self.assertNotIn("o_download_btn", page)

    def test_the_mail_that_takes_an_invoice_to_a_customer_is_rendered(self):
        invoice = self.confirm()
        template = invoice._get_mail_template()
        for field, numbers in (
            ("subject", ("Invoice 00000001", "00-00000001")),
            ("body_html", ("Invoice 00000001", "00-00000001", "116.00")),
        ):
            text = template._render_field(field, invoice.ids)[invoice.id]
            for number in numbers:
                self.assertIn(number, text)
            self.assertNotIn(invoice.name, text)

    def test_list_and_page_show_both_numbers_and_no_other(self):
        invoice = self.confirm()
        self.do_errands()
        waiting = self.make_invoice()
        waiting.action_post()
        self.env.flush_all()
        self.authenticate("smart_customer", "smart_customer")
        listed = self.url_open("/my/invoices").text
        page = self.url_open(f"/my/invoices/{invoice.id}").text
        for text in (listed, page):
            self.assertIn("Invoice 00000001", text)
            self.assertIn("00-00000001", text)
            left = text.find(invoice.name)
            self.assertEqual(left, -1, text[max(left - 200, 0) : left + 100])
        self.assertIn("Being issued", listed)
        self.assertIn("Being issued", self.url_open(f"/my/invoices/{waiting.id}").text)

    def test_the_page_of_a_note_says_what_it_corrects(self):
        invoice = self.confirm()
        note = self.confirm(
            self.env["account.move"].browse(
                invoice._reverse_moves([{"smart_note_reason": "Devolución"}]).ids
            )
        )
        self.env.flush_all()
        self.authenticate("smart_customer", "smart_customer")
        page = self.url_open(f"/my/invoices/{note.id}").text
        self.assertIn("Credit Note 00000001", page)
        self.assertIn("Corrects", page)
        self.assertIn("Invoice 00000001", page)

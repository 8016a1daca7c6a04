"""Whatever shows an issued document calls it by one number: the legal one."""

import base64

from odoo.tests import HttpCase, tagged
from odoo.tools import html2plaintext, remove_accents

from ..models.base.labels import labels
from ..smart_api.printed import read_text
from .notes_common import NotesCommon
from .test_portal import PortalCommon

#: What each of them is called in the language of the law, and by SMART's type.
TITLES = {
    "invoice": "Factura 00000001",
    "debit_note": "Nota de débito 00000001",
    "credit_note": "Nota de crédito 00000001",
}


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestOneNumber(PortalCommon, NotesCommon, HttpCase):
    def setUp(self):
        super().setUp()
        self.env["res.lang"]._activate_lang("es_VE")
        self.customer.lang = "es_VE"
        self.env = self.env(context={**self.env.context, "lang": "es_VE"})
        invoice = self.confirm()
        debit = self.confirm(self.created(self.debit(invoice, copy_lines=True).create_debit()))
        credit = self.confirm(self.created(self.reversal(debit).refund_moves()))
        self.do_errands()
        self.moves = (invoice + debit + credit).with_env(self.env)

    def each(self):
        for move, title in zip(self.moves, TITLES.values(), strict=True):
            with self.subTest(title):
                yield move, title

    def assert_only(self, title, text, move):
        """Assert that a text calls a document so, and by no name of Odoo's."""
        text = " ".join(text.split())
        self.assertTrue(title in text, f"{title} is not in: {text[:600]}")
        for other in self.moves:
            at = text.find(other.name)
            self.assertEqual(at, -1, text[max(0, at - 100) : at + 60])

    def test_smarts_paper_and_odoos(self):
        for move, title in self.each():
            kind, number = remove_accents(title.casefold()).rsplit(" ", 1)
            printed = read_text(base64.b64decode(move.smart_document_id.document_file))
            self.assertIn(number, printed)
            self.assertIn(kind, remove_accents(printed.casefold()))
            html = self.env["ir.actions.report"]._render_qweb_html(
                "account.report_invoice_with_payments", move.ids
            )[0]
            text = html2plaintext(html.decode())
            self.assertIn(number, text)
            self.assertIn(kind, remove_accents(text.casefold()))
            self.assertNotIn(move.name, text)

    def test_screen_lists_and_choices(self):
        for move, title in self.each():
            self.assertEqual(move.display_name.split(" (")[0], title)
            self.assertEqual(move.smart_number, title)
            self.assertEqual(move.smart_document_id.legal_name, title)
            self.assertIn(
                title, [name.split(" (")[0] for _id, name in move.name_search("00000001")]
            )

    def test_portal(self):
        self.authenticate("smart_customer", "smart_customer")
        listed = self.url_open("/my/invoices").text
        for move, title in self.each():
            self.assert_only(title, listed, move)
            self.assert_only(title, self.url_open(f"/my/invoices/{move.id}").text, move)

    def test_mail_and_the_name_of_its_file(self):
        for move, title in self.each():
            move._generate_and_send()
            message = self.env["mail.message"].search(
                [("model", "=", move._name), ("res_id", "=", move.id), ("subject", "!=", False)]
            )
            self.assert_only(title, f"{message.subject} {html2plaintext(message.body)}", move)
            (name,) = message.attachment_ids.mapped("name")
            self.assertRegex(name, r"^(FAC|ND|NC)-00000001\.pdf$")

    def test_book_and_pivot(self):
        book = self.env["smart.book"].create({})._in_companies()
        rows = list(book._rows())
        self.assertEqual(
            [(row["type"], row["number"]) for row in rows],
            [tuple(title.rsplit(" ", 1)) for title in TITLES.values()],
        )
        for move, title in self.each():
            groups = self.env["smart.document"].formatted_read_group(
                [("id", "=", move.smart_document_id.id)], ["document_type"], ["__count"]
            )
            kinds = labels(self.env["smart.document"], "document_type")
            self.assertEqual(kinds[groups[0]["document_type"]], title.rsplit(" ", 1)[0])

    def test_payment_receipt(self):
        invoice = self.moves[0]
        action = invoice.action_register_payment()
        wizard = self.env[action["res_model"]].with_context(**action["context"]).create({})
        payment = wizard._create_payments()
        self.assertEqual(payment.memo, TITLES["invoice"])
        html = self.env["ir.actions.report"]._render_qweb_html(
            "account.report_payment_receipt", payment.ids
        )[0]
        self.assert_only(TITLES["invoice"], html2plaintext(html.decode()), invoice)

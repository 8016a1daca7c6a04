"""On whatever road a document is printed, SMART's own print comes once it is here."""

import io
import json
from unittest.mock import patch

from pypdf import PdfReader

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.base.models.ir_actions_report import IrActionsReport

from .paper_common import COPY, PRINT, PaperCommon
from .test_portal import PortalCommon

WITHOUT_PAYMENTS = "account.report_invoice"


def pages(content):
    return len(PdfReader(io.BytesIO(content)).pages)


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestPaperRoads(PaperCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.biller = cls.new_user("paper_biller", "account.group_account_invoice")

    def setUp(self):
        super().setUp()
        self.made = 0
        original = IrActionsReport._run_wkhtmltopdf

        def one_by_one(report, bodies, *args, **kwargs):
            self.assertEqual(len(bodies), 1, "Debian's wkhtmltopdf cannot print several")
            self.made += 1
            return original(report, bodies, *args, **kwargs)

        self.startPatcher(patch.object(IrActionsReport, "_run_wkhtmltopdf", one_by_one))

    def pdf(self, moves, report=PRINT, user=None):
        """Return the PDF that a report gives."""
        Report = self.env["ir.actions.report"].with_user(user or self.biller)
        content, kind = Report.with_context(force_report_rendering=True)._render_qweb_pdf(
            report, moves.ids
        )
        self.assertEqual(kind, "pdf")
        return content

    def test_print_gives_smarts_document_once_it_is_here(self):
        move = self.confirm()
        self.assertTrue(self.pdf(move).startswith(b"%PDF"))
        self.assertEqual(self.made, 1)
        file = self.fetched(move)
        for report in (PRINT, WITHOUT_PAYMENTS, "account.account_invoices"):
            self.assertEqual(self.pdf(move, report), file)
        action = move.with_user(self.biller).action_print_pdf()
        self.assertEqual(self.pdf(move, action["report_name"]), file)
        self.assertEqual(self.made, 1, "Odoo makes none beside it")

    def test_a_report_of_the_customers_own_gives_it_too(self):
        own = self.env.ref("account.account_invoices").copy({"name": "Ours"})
        move = self.confirm()
        move.partner_id.invoice_template_pdf_report_id = own
        file = self.fetched(move)
        self.assertEqual(self.pdf(move, own), file)

    def test_several_are_merged_in_their_order_each_as_it_stands(self):
        first, second = self.confirm(), self.confirm()
        files = [self.fetched(move) for move in (first, second)]
        self.move_service(smart_base_url="http://127.0.0.1:9")
        waiting, waiting_too = self.confirm(), self.confirm()
        moves = waiting + second + waiting_too + first
        Report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        streams = Report._render_qweb_pdf_prepare_streams(PRINT, {}, moves.ids)
        self.assertEqual(list(streams), moves.ids)
        printed = [stream["stream"].getvalue() for stream in streams.values()]
        self.assertEqual([printed[3], printed[1]], files)
        merged = self.pdf(moves)
        self.assertEqual(pages(merged), sum(map(pages, printed)))
        text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(merged)).pages)
        self.assertLess(text.index("00-00000002"), text.index("00-00000001\n"))

    def test_what_is_not_fiscal_is_printed_as_ever(self):
        self.company_data["default_journal_sale"].smart_enabled = False
        move = self.confirm()
        with patch.object(type(move), "_smart_paper_file") as asked:
            self.pdf(move)
        asked.assert_not_called()

    def test_an_annulled_one_is_not_printed_from_the_file_that_does_not_say_it(self):
        move = self.confirm()
        file = self.fetched(move)
        self.annul(move, "Cliente equivocado")
        self.assertNotEqual(self.pdf(move), file)
        self.assertNotEqual(
            move._get_invoice_legal_documents("pdf", allow_fallback=True)["content"], file
        )
        self.assertIn("ANULADA: Cliente equivocado", self.text(move))

    def test_a_copy_is_made_by_odoo_and_offered_for_what_has_a_number_alone(self):
        move, draft = self.confirm(), self.make_invoice()
        file = self.fetched(move)
        self.assertNotEqual(self.pdf(move, COPY), file)
        copy = self.env.ref("l10n_ve_edi_smart.action_report_invoice_copy").with_user(self.biller)
        for one, offered in ((move, copy.ids), (draft, [])):
            self.assertEqual(copy.get_valid_action_reports("account.move", one.ids), offered)
        self.assertNotIn("Factura", self.env["ir.actions.report"]._render_qweb_html(
            COPY, draft.ids)[0].decode(), "there is nothing to copy")  # fmt: skip

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_nobody_prints_what_they_may_not_see(self):
        move = self.confirm()
        self.fetched(move)
        other = self.env["res.company"].create({"name": "Otra"})
        stranger = self.new_user("stranger", "account.group_account_invoice", company=other)
        with self.assertRaises(AccessError):
            self.pdf(move, user=stranger)


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestPaperOnTheWeb(HttpCase, PortalCommon, PaperCommon):
    def test_the_menu_downloads_it_under_its_name(self):
        move = self.confirm()
        file = self.fetched(move)
        self.new_user("paper_web", "account.group_account_invoice", password="paper_web")
        self.authenticate("paper_web", "paper_web")
        data = json.dumps([f"/report/pdf/{PRINT}/{move.id}", "qweb-pdf"])
        with patch.object(
            type(self.env["ir.actions.report"]), "_pre_render_qweb_pdf", self.rendering
        ):
            response = self.url_open(f"/report/download?data={data}&context={{}}")
        self.assertEqual(response.content, file)
        self.assertIn("FAC-00000001.pdf", response.headers["Content-Disposition"])

    @staticmethod
    def rendering(report, report_ref, res_ids=None, data=None):
        """Odoo's tests print HTML otherwise."""
        return report._render_qweb_pdf_prepare_streams(report_ref, data, res_ids=res_ids), "pdf"

    def test_the_preview_shows_it_and_odoos_own_until_then(self):
        move = self.confirm()
        self.authenticate("smart_customer", "smart_customer")
        url = move.preview_invoice()["url"].removeprefix("/@")
        self.assertEqual(self.url_open(url).status_code, 200)
        framed = f"/my/invoices/{move.id}?report_type=html"
        self.assertIn("Número de control", self.url_open(framed).content.decode())
        file = self.fetched(move)
        shown = self.url_open(framed).content.decode()
        self.assertIn("/web/static/lib/pdfjs/web/viewer.html?file=%2Fmy%2Finvoices%2F", shown)
        self.assertNotIn("Número de control", shown)
        self.assertEqual(self.url_open(f"/my/invoices/{move.id}?report_type=pdf").content, file)
        self.assertEqual(self.url_open("/web/static/lib/pdfjs/web/viewer.html").status_code, 200)
        # As the frame's reader asks: a customer without login has the token of the link.
        self.authenticate(None, None)
        response = self.url_open(move.get_portal_url(report_type="pdf"))
        self.assertEqual(response.content, file)

"""What a service that means harm can do: its answers, its redirects, its files."""

from odoo import fields
from odoo.tests import tagged

from ..models.document.document_footer import harmless_footer
from ..models.document.document_lookup import harmless
from .hostile import GIGABYTE, HostileService
from .test_attacks import AttackCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestHostileService(AttackCommon):
    def setUp(self):
        super().setUp()
        self.hostile = HostileService()
        self.addCleanup(self.hostile.stop)
        self.move_service(smart_base_url=self.hostile.url)

    def issue(self, **answer):
        self.hostile.answer = answer
        return self.confirm().smart_document_id

    def fetch(self, document):
        document.sudo()._engine_write({"file_next_at": fields.Datetime.now()})
        self.do_errands()

    def test_html_in_the_footer_is_made_harmless_before_it_is_kept(self):
        document = self.issue(
            piedepagina="Ley<br><script>alert(1)</script><img src=x onerror=alert(2)>"
            '<a href="javascript:alert(3)">x</a><p style="background:url(//evil.example.com/t)'
            ';position:fixed" onclick="alert(4)">SENIAT</p><iframe src="//evil.example.com">'
            "</iframe><form action=//evil.example.com><input></form><object></object>"
            "<style>body{display:none}</style><svg onload=alert(5)></svg>"
        )
        footer = str(document.legal_footer)
        self.assertIn("SENIAT", footer)
        for evil in (
            "script",
            "onerror",
            "onclick",
            "onload",
            "javascript:",
            "iframe",
            "<form",
            "<style",
            "evil.example.com",
            "<img",
            "<svg",
            "style=",
            "href",
            "alert",
        ):
            with self.subTest(evil):
                self.assertNotIn(evil, footer)

    def test_an_honest_footer_stays_as_it_is(self):
        footer = "Providencia SNAT/2024/000102<br/><b>Imprenta</b> Ñandú &amp; Cía &lt;J-1&gt;"
        self.assertEqual(str(harmless_footer(footer)), f"<div>{footer}</div>".replace("/>", ">"))
        for empty in ("", " ", False, None):
            self.assertFalse(harmless_footer(empty))
        for text in ("just text", "<br>", "<p>unclosed", "<<>>", "<!-- x --><?xml?>", "\x00"):
            with self.subTest(text):
                self.assertNotIn("<!--", str(harmless_footer(text)))

    def test_a_redirect_is_not_followed(self):
        aside = HostileService()
        self.addCleanup(aside.stop)
        self.hostile.redirect = aside.url + "/facturacion"
        document = self.confirm().smart_document_id
        self.assertEqual(document.state, "unknown", "it had been sent")
        self.assertFalse(aside.requests, "neither document nor token went there")

    def test_an_answer_of_two_gigabytes_is_not_read(self):
        self.hostile.flood = 2 * GIGABYTE
        document = self.confirm().smart_document_id
        self.assertEqual(document.state, "unknown")
        self.assertLess(self.hostile.taken, 64 * 1024**2)
        self.assertLessEqual(len(document.exchange_ids.answer_body or ""), 1024**2)

    def test_a_file_of_two_gigabytes_is_not_read(self):
        document = self.issue(urlpdf=self.hostile.url + "/x.pdf")
        self.hostile.flood = 2 * GIGABYTE
        self.fetch(document)
        self.assertFalse(document.document_file)
        self.assertTrue(document.file_error)
        self.assertLess(self.hostile.taken, 64 * 1024**2)

    def test_the_file_is_fetched_from_the_service_alone(self):
        aside = HostileService()
        self.addCleanup(aside.stop)
        self.hostile.answer = {}
        for number, url in enumerate(
            (
                "https://elsewhere.invalid/x.pdf",
                aside.url + "/x.pdf",  # this machine, another port
                "http://169.254.169.254/latest/meta-data",
                "http://[::1]/x.pdf",
                "file:///etc/passwd",
                "ftp://127.0.0.1/x.pdf",
                "gopher://127.0.0.1:25/",
                self.hostile.url.replace("http://", "http://user:pass@") + "/x.pdf",
                self.hostile.url.replace("127.0.0.1", "127.0.0.1.evil.example.com"),
                "//evil.example.com/x.pdf",
            )
        ):
            with self.subTest(url):
                document = self.issue(urlpdf=url)
                asked = len(self.hostile.requests)
                # As if it had got past the reading of the answer.
                document.sudo()._engine_write({"document_url": url})
                self.fetch(document)
                self.assertFalse(document.document_file)
                self.assertFalse(aside.requests)
                self.assertEqual(len(self.hostile.requests), asked)
                self.assertEqual(document.state, "issued", number)

    def test_the_address_of_the_document_is_one_of_the_web_or_none(self):
        for url in ("javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "x", 7):
            with self.subTest(url):
                self.assertFalse(self.issue(urlpdf=url).document_url)

    def test_the_token_does_not_go_with_the_fetching_of_the_file(self):
        document = self.issue(urlpdf=self.hostile.url + "/x.pdf")
        self.fetch(document)
        path, headers = self.hostile.requests[-1]
        self.assertEqual(path, "/x.pdf")
        self.assertNotIn("Authorization", headers)
        self.assertFalse(document.document_file, "what came was no PDF")

    def test_a_token_that_is_sent_back_is_kept_nowhere(self):
        self.connect(enforce_numbering=False)  # what is unknown then holds up nobody
        self.move_service(smart_base_url=self.hostile.url)
        token = self.company.smart_token
        documents = self.issue(
            piedepagina=f"Ley {token}", urlpdf=f"{self.hostile.url}/x.pdf?token={token}"
        )
        self.assertEqual(documents.control_number, "00-00000001")
        for self.hostile.echo, state in ((202, "refused"), (500, "unknown"), (401, "queued")):
            document = self.confirm().smart_document_id
            self.assertEqual(document.state, state, self.hostile.echo)
            self.assertTrue(document.last_error)
            documents += document
        self.assertEqual(len(documents.exchange_ids), 4)
        kept = ""
        for records in (documents, documents.exchange_ids, documents.lane_id):
            kept += repr(records.sudo().read(load=None))
        self.assertIn("[token]", kept)
        self.assertNotIn(token, kept)
        self.assertNotIn(token.split(".")[2], kept)

    def test_a_second_control_number_does_not_replace_the_first(self):
        document = self.issue()
        first = document.control_number
        with self.company._smart_client() as client:
            outcome = client.issue(document.request_body)
        logger = "odoo.addons.l10n_ve_edi_smart.models.lane.document_sending"
        with self.assertLogs(logger, "CRITICAL"):
            document.sudo()._settle(outcome, document.attempts)
        self.assertEqual(document.control_number, first)

    def test_what_customers_and_products_are_called_is_shown_as_text(self):
        self.customer.name = "<script>alert(1)</script>"
        move = self.make_invoice()
        move.invoice_line_ids.name = "<img src=x onerror=alert(1)>{{ 7*7 }}"
        document = self.confirm(move).smart_document_id
        self.assertIn("‹img", document.request_body, "SMART would print it otherwise")
        # As an older version has sent it.
        body = document.request_body.replace("‹", "<").replace("›", ">")
        document.sudo()._engine_write({"request_body": body})
        html = str(document.lines_html)
        self.assertNotIn("<img", html)
        self.assertIn("&lt;img", html)
        self.assertIn("{{ 7*7 }}", html)

    def test_no_cell_of_an_export_is_a_formula(self):
        for text in ("=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "＝1"):
            self.assertEqual(harmless(text), "'" + text)
        for value in ("J-1", "", "1-1", 5, -5, False, None, fields.Date.today()):
            self.assertEqual(harmless(value), value)

"""What customers see of a delivery's document on the page of their order, and get as its PDF."""

import re

from odoo import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import html2plaintext

from odoo.addons.l10n_ve_edi_smart_stock.tests.deliveries_common import DeliveriesCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestDeliveryPortal(DeliveriesCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("sales_team.group_sale_salesman")
        cls.order = cls.env["sale.order"].create(
            {
                "partner_id": cls.customer.id,
                "warehouse_id": cls.warehouse.id,
                "order_line": [Command.create({"product_id": cls.cement.id})],
            }
        )
        cls.order.action_confirm()
        cls.picking = cls.order.picking_ids

    def words(self):
        """Return what the page of the order says, to whoever has its link."""
        answer = self.url_open(self.order.get_portal_url())
        self.assertEqual(answer.status_code, 200)
        return re.sub(r"\s+", " ", html2plaintext(answer.text))

    def pdf(self):
        token = self.order._portal_ensure_token()
        return self.url_open(f"/my/picking/pdf/{self.picking.id}?access_token={token}")

    def setUp(self):
        super().setUp()
        # In tests Odoo makes no PDF, unless it is told to.
        Report = type(self.env["ir.actions.report"])
        prepare = Report._pre_render_qweb_pdf

        def made(report, *args, **kwargs):
            return prepare(report.with_context(force_report_rendering=True), *args, **kwargs)

        self.patch(Report, "_pre_render_qweb_pdf", made)

    def test_the_control_number_is_on_the_page_and_the_pdf_is_that_of_smart(self):
        self.assertNotIn("ontrol number", self.words())
        self.deliver(self.picking)
        self.assertIn("Control number: 00-00000001", self.words())
        self.do_errands()
        answer = self.pdf()
        self.assertEqual(answer.content, self.picking.smart_document_id._file_attachment().raw)
        self.assertIn("GD-00000001.pdf", answer.headers["Content-Disposition"])

    def test_while_it_waits_the_page_says_so(self):
        self.move_service(smart_base_url="http://127.0.0.1:9")
        self.deliver(self.picking)
        self.assertIn("Its control number is on its way.", self.words())
        self.assertTrue(self.pdf().content.startswith(b"%PDF"))

    def test_what_is_annulled_is_told(self):
        self.deliver(self.picking)
        wizard = self.picking.action_smart_annul()["res_id"]
        wizard = self.env["smart.annul.wizard"].browse(wizard)
        wizard.reason = "Placa equivocada"
        wizard.action_annul()
        self.commit()
        self.assertIn("Annulled. Control number: 00-00000001", self.words())

    def test_what_is_not_fiscal_is_shown_as_ever(self):
        self.out_type.smart_document_type = False
        self.deliver(self.picking)
        words = self.words()
        self.assertIn(self.picking.name, words)
        self.assertNotIn("ontrol number", words)
        self.assertNotIn("Content-Disposition", self.pdf().headers)

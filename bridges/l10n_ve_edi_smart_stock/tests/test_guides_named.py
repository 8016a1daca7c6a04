"""What an invoice says of its guides, and what the check says of that."""

from datetime import datetime

from odoo import Command
from odoo.tests import freeze_time, tagged

from .invoicing_common import InvoicingCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestGuidesNamed(InvoicingCommon):
    # -- in its remark ----------------------------------------------------------------------

    def test_the_guides_stand_before_the_remark(self):
        guide = self.deliver()
        invoice = self.invoice_by_hand(guide, 2, narration="<p>Gracias por su compra</p>")
        self.assertEqual(
            self.sent(self.confirm(invoice))["observacion"],
            "Guía de despacho 00000001 (control 00-00000001). Gracias por su compra",
        )

    def test_where_the_remark_has_no_room_the_first_line_names_them(self):
        guide, remark = self.deliver(), "Condiciones " * 15
        invoice = self.confirm(self.invoice_by_hand(guide, 2, narration=remark))
        sent = self.sent(invoice)
        self.assertEqual(sent["observacion"], remark.strip())
        self.assertEqual(
            sent["cuerpofactura"][0]["comentario"],
            "Guía de despacho 00000001 (control 00-00000001).",
        )

    def test_where_neither_has_room_the_remark_is_cut_and_not_the_guides(self):
        guide, remark = self.deliver(), "Condiciones " * 15
        invoice = self.invoice_by_hand(guide, 2, narration=remark)
        note = {"display_type": "line_note", "name": "Color gris"}
        invoice.write({"invoice_line_ids": [Command.create(note)]})
        self.assertIn("will be printed as", self.warnings(invoice))
        sent = self.sent(self.confirm(invoice))
        self.assertTrue(sent["observacion"].startswith("Guía de despacho 00000001 (control"))
        self.assertTrue(sent["observacion"].endswith("…"))

    def test_of_many_guides_some_are_named_and_the_rest_is_told(self):
        guides = self.env["stock.picking"]
        for _number in range(9):
            guides += self.deliver()
        invoice = self.invoice_by_hand(guides, 18)
        self.assertIn("names 6, and says that there are 3 more", self.warnings(invoice))
        remark = self.sent(self.confirm(invoice))["observacion"]
        self.assertTrue(remark.endswith("00000006 (00-00000006) y 3 más"), remark)
        self.assertLessEqual(len(remark), 200)
        self.assertEqual(invoice._smart_guides(), guides)

    def test_notes_and_guides_are_told_apart(self):
        guide = self.deliver()
        self.out_type.smart_document_type = "delivery_note"
        guide += self.deliver()
        self.assertEqual(
            self.sent(self.confirm(self.invoice_by_hand(guide, 4)))["observacion"],
            "Guía de despacho 00000001 (control 00-00000001); "
            "Nota de entrega 00000001 (control 00-00000002)",
        )

    # -- what the check says ----------------------------------------------------------------

    def test_a_guide_that_waits_for_its_number_is_told_and_linked(self):
        self.move_service(smart_base_url="http://127.0.0.1:9")
        order = self.make_order(10)
        picking = order.picking_ids
        picking.button_validate()
        self.commit()
        self.assertEqual(picking.smart_state, "queued")
        invoice = self.invoice_order(order, confirm=False)
        self.assertIn("have no control number", self.warnings(invoice))
        self.confirm(invoice)
        self.assertEqual(invoice._smart_guides(), picking)
        self.assertNotIn("Guía", self.sent(invoice)["observacion"] or "")

    def test_an_annulled_guide_is_not_named(self):
        order = self.make_order(10)
        guide = self.deliver_order(order)
        wizard = self.env["smart.annul.wizard"].browse(guide.action_smart_annul()["res_id"])
        wizard.reason = "Placa equivocada"
        wizard.action_annul()
        self.commit()
        invoice = self.invoice_order(order)
        self.assertFalse(invoice._smart_guides())
        self.assertNotIn("Guía", self.sent(invoice)["observacion"] or "")

    def test_a_guide_of_an_earlier_month_is_told(self):
        with freeze_time(datetime(2025, 3, 31, 15)):
            guide = self.deliver()
        guide.smart_document_id.sudo()._engine_write({"issued_at": datetime(2025, 3, 31, 15)})
        invoice = self.invoice_by_hand(guide, 2)
        self.assertIn("of an earlier month: 00-00000001", self.warnings(invoice))
        self.confirm(invoice)
        self.assertEqual(invoice.smart_state, "issued")

    def test_a_guide_of_this_month_is_no_trouble(self):
        invoice = self.invoice_by_hand(self.deliver(), 2)
        self.assertNotIn("guide", self.warnings(invoice).lower())

    def test_a_guide_of_another_customer_is_told(self):
        guide = self.deliver()
        other = self.customer.copy({"vat": "J-07013380-5"})
        invoice = self.invoice_by_hand(guide, 2, partner_id=other.id)
        self.assertIn("made out to somebody else", self.warnings(invoice))

    def test_a_guide_that_is_invoiced_already_is_told(self):
        guide = self.deliver()
        first = self.invoice_by_hand(guide, 2)
        self.assertNotIn("Other invoices", self.warnings(first))
        self.confirm(first)
        self.assertIn(
            "Other invoices have all goods of these guides: 00-00000001",
            self.warnings(self.invoice_by_hand(guide, 2)),
        )

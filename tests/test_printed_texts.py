"""What SMART's page would cut or garble is rewritten, and shown before it is confirmed."""

import json

from odoo import Command
from odoo.tests import tagged

from .common import SmartCommon
from .owner_common import OwnerCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestPrintedTexts(OwnerCommon):
    def check(self, owner):
        """Return the request, and what the warnings about texts point at and say."""
        [conversion] = self.env["smart.payload"]._check(owner)
        self.assertFalse(conversion.errors)
        told = [one for one in conversion.problems if "will be printed as" in one.what]
        self.assertTrue(all(one.warning for one in told))
        said = " ".join(one.what for one in told)
        return conversion.request, {(one.record, one.field) for one in told}, said

    def test_every_text_of_another_owner_reads_right(self):
        self.customer.write({"name": "Cables <2 mm> & Co.", "street": "Calle $' con $&, local a|b"})
        self.product.write({"name": "Tubo 1/2 // codo", "default_code": "T//1|2"})
        delivery = self.make_delivery(reason="Ver https://example.com/guia y R&amp;D $$")
        line = delivery.line_ids
        request, pointed, said = self.check(delivery)
        [sent] = request.lines
        self.assertEqual(request.customer_name, "Cables ‹2 mm› & Co.")
        self.assertIn("Calle $ ' con $ &, local a¦b", request.customer_address)
        self.assertEqual(request.remark, "Ver example.com/guia y R&D $ $")
        self.assertEqual((sent.description, sent.code), ("Tubo 1/2 / / codo", "T/ /1¦2"))
        self.assertEqual(
            pointed,
            {
                (self.customer, "name"),
                (self.customer, "street"),
                (delivery, "reason"),
                (line, "name"),
            },
        )
        self.assertIn("“Cables <2 mm> & Co.” will be printed as “Cables ‹2 mm› & Co.”", said)

    def test_plain_texts_are_not_spoken_of(self):
        self.customer.name = "Pérez & Cía. ½ (Ñ) $ 10 «C.A.»"
        request, pointed, _said = self.check(self.make_delivery())
        self.assertEqual(request.customer_name, "Pérez & Cía. ½ (Ñ) $ 10 «C.A.»")
        self.assertFalse(pointed)

    def test_branch_payments_and_walk_in_address_read_right(self):
        self.company.write(
            {
                "smart_branch_code": "A|1",
                "smart_branch_address": "Valencia // Norte",
                "smart_walk_in_address": "Caracas | Centro",
            }
        )
        self.customer.write({"street": False, "city": False})
        request, pointed, _said = self.check(self.make_delivery())
        self.assertEqual((request.branch, request.branch_address), ("A¦1", "Valencia / / Norte"))
        self.assertEqual(request.customer_address, "Caracas ¦ Centro")
        self.assertEqual(pointed, {(self.company, "smart_walk_in_address")})


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestPrintedTextsOfInvoices(SmartCommon):
    def test_terms_descriptions_and_comments_of_an_invoice_read_right(self):
        note = {"display_type": "line_note", "name": "ver a//b", "tax_ids": False, "sequence": 99}
        draft = self.make_invoice(
            narration="<p>Terms &amp; Conditions: https://example.com/terms</p>",
        )
        draft.invoice_line_ids.name = "Cable <2 mm> a|b"
        draft.invoice_line_ids = [Command.create(note)]
        preflight = self.env["smart.preflight"].browse(draft.action_smart_check()["res_id"])
        self.assertIn(
            "“Cable <2 mm> a|b” will be printed as “Cable ‹2 mm› a¦b”",
            " ".join(preflight.line_ids.mapped("what")),
        )
        self.assertFalse(preflight.error_count)
        self.confirm(draft)
        request = json.loads(draft.smart_document_id.request_body)
        self.assertEqual(request["observacion"], "Terms & Conditions: example.com/terms")
        [line] = request["cuerpofactura"]
        self.assertEqual(line["descripcion"], "Cable ‹2 mm› a¦b")
        self.assertEqual(line["comentario"], "ver a/ /b")
        self.assertEqual(draft.smart_state, "issued")

    def test_the_reason_of_an_annulment_reads_right(self):
        invoice = self.confirm()
        action = invoice.action_smart_annul()
        wizard = self.env["smart.annul.wizard"].browse(action["res_id"])
        wizard.reason = "Error // monto"
        self.assertEqual(wizard._reason(), "Error / / monto")

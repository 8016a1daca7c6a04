"""What a transfer prints as: SMART's file, Odoo's slip with all the law wants, or as ever."""

import re

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import html2plaintext, mute_logger

from odoo.addons.l10n_ve_edi_smart.models.terms import CARACAS

from ..models.stock_picking_prints import SLIP
from .deliveries_common import DeliveriesCommon

NOT_FISCAL = "este no es un documento fiscal"
COPY = "l10n_ve_edi_smart_stock.report_delivery_copy"


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestPrints(DeliveriesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("es_VE")
        cls.worker = cls.new_user("worker", "stock.group_stock_user")

    def text(self, picking, report=SLIP):
        """Return what is read on Odoo's own print."""
        html = self.env["ir.actions.report"]._render_qweb_html(report, picking.ids)[0]
        return re.sub(r"\s+", " ", html2plaintext(html).replace("*", ""))

    def pdf(self, pickings, user=None, report=SLIP):
        """Return what *Print* gives."""
        Report = self.env["ir.actions.report"].with_user(user or self.worker)
        content, kind = Report.with_context(force_report_rendering=True)._render_qweb_pdf(
            report, pickings.ids
        )
        self.assertEqual(kind, "pdf")
        return content

    def shipped(self, **values):
        """Return a delivery with all that is told of the road."""
        return self.deliver(
            self.make_picking(
                origin="S00042",
                smart_carrier_name="Transporte El Llanero, C.A.",
                smart_vehicle_plate="AB123CD",
                smart_driver_name="Pedro Pérez",
                smart_driver_vat="V-12345678",
                **values,
            )
        )

    # -- Odoo's own print --------------------------------------------------------------------

    def test_the_slip_says_all_that_the_law_wants(self):
        self.customer.lang = "en_US"
        picking = self.shipped()
        issued = picking.smart_issued_at.astimezone(CARACAS)
        text = self.text(picking)
        for words in (
            "Guía de despacho",
            "Número: 00000001",
            "Número de control: 00-00000001",
            f"Fecha de emisión: {issued:%d%m%Y}",
            f"Hora de emisión: {issued:%I.%M.%S}",
            self.company.name,
            "RIF: J-41256789-6",
            "Domicilio fiscal: Av. Bolívar Norte, galpón 4",
            "Inversiones La Trinidad, C.A.",
            "J-30984512-8",
            "Calle Vargas, local 2",
            "Motivo: Venta",
            "Transporte: Transporte El Llanero, C.A.",
            "Placa: AB123CD",
            "Conductor: Pedro Pérez, V-12345678",
            "Pedido: S00042",
            "Desde: ",
            "Hasta: Calle Vargas",
            "CEM",
            "Cemento gris",
            "Peso: 85 kg",
            "Sin derecho a crédito fiscal",
        ):
            self.assertIn(words, text)
        footer = html2plaintext(picking.smart_legal_footer)
        self.assertIn(re.sub(r"\s+", " ", footer).strip(), text)
        self.assertNotIn("Delivery", text)
        self.assertNotIn(NOT_FISCAL, text)

    def test_the_hour_is_that_of_caracas_before_noon_and_after(self):
        picking = self.shipped()
        for moment, words in (
            ("2026-11-28 15:07:09", "Hora de emisión: 11.07.09 a.m."),
            ("2026-11-29 02:30:00", "Fecha de emisión: 28112026 Hora de emisión: 10.30.00 p.m."),
            ("2026-11-28 16:00:00", "Hora de emisión: 12.00.00 p.m."),
        ):
            picking.smart_document_id.sudo()._engine_write({"issued_at": moment})
            self.assertIn(words, self.text(picking))

    def test_lots_are_told_beside_the_goods(self):
        tiles = self.make_goods("Cerámica", 12.5, stock=0, tracking="lot")
        lots = self.env["stock.lot"].create(
            [{"name": name, "product_id": tiles.id} for name in ("L-11A", "L-10C")]
        )
        for lot in lots:
            self.env["stock.quant"]._update_available_quantity(tiles, self.stock, 5, lot_id=lot)
        picking = self.deliver(self.make_picking((tiles, 8)))
        self.assertIn("Lote: L-11A (5), L-10C (3)", self.text(picking))

    def test_a_transfer_between_warehouses_is_for_the_company_itself(self):
        text = self.text(self.deliver(self.make_transfer()))
        for words in (
            "Nota de entrega",
            "Motivo: Traslado entre depósitos",
            "Hasta: Oriente, Calle Libertad, 12",
        ):
            self.assertIn(words, text)
        self.assertEqual(text.count("J-41256789-6"), 2)

    def test_what_waits_says_so(self):
        self.move_service(smart_base_url="http://127.0.0.1:9")
        text = self.text(self.shipped())
        for words in (
            "Guía de despacho en trámite",
            "Número de control en trámite: todavía no es un documento fiscal.",
            "Número de control: en trámite",
            "Placa: AB123CD",
        ):
            self.assertIn(words, text)
        self.assertNotIn("Fecha de emisión", text)

    def test_what_is_not_issued_does_not_look_like_a_fiscal_document(self):
        self.customer.lang = "es_VE"
        picking = self.make_picking()
        self.assertIn(NOT_FISCAL, self.text(picking))
        self.move_service(smart_base_url="http://127.0.0.1:9")
        taken_back = self.deliver(picking)
        taken_back.action_smart_take_back()
        text = self.text(taken_back)
        self.assertIn(NOT_FISCAL, text)
        for words in ("Guía", "Nota de entrega", "Número de control:", "crédito fiscal"):
            self.assertNotIn(words, text)

    def test_what_is_not_fiscal_prints_as_ever(self):
        self.out_type.smart_document_type = False
        picking = self.make_picking()
        ready = self.text(picking)
        done = self.text(self.deliver(picking))
        for text in (ready, done):
            self.assertIn(picking.name, text)
            self.assertIn("Cemento gris", text)
            self.assertNotIn("fiscal", text)

    def test_old_transfers_print_as_ever(self):
        self.out_type.smart_document_type = False
        picking = self.deliver()
        self.out_type.smart_document_type = "dispatch_guide"
        self.assertNotIn("fiscal", self.text(picking))

    def test_a_test_document_says_so_and_a_legal_one_does_not(self):
        picking = self.shipped()
        self.assertIn("sin valor legal", self.text(picking))
        picking.smart_document_id.sudo()._engine_write({"environment": "production"})
        self.assertNotIn("sin valor legal", self.text(picking))

    def test_it_says_what_was_sent_whatever_is_renamed_since(self):
        picking = self.shipped()
        self.cement.name = "Cemento blanco"
        self.assertIn("Cemento gris", self.text(picking))
        self.assertNotIn("Cemento blanco", self.text(picking))

    # -- what Print gives --------------------------------------------------------------------

    def printed(self, picking):
        """Have SMART's print fetched, and return it."""
        self.do_errands()
        content = picking.smart_document_id._file_attachment().raw
        self.assertTrue(content.startswith(b"%PDF"))
        return content

    def test_print_gives_the_document_once_it_is_here(self):
        picking = self.shipped()
        first = self.pdf(picking)
        file = self.printed(picking)
        self.assertNotEqual(first, file)
        self.assertEqual(self.pdf(picking), file)
        self.assertNotEqual(self.pdf(picking, report=COPY), file)
        self.assertIn("COPIA", self.text(picking, report=COPY))

    def test_several_are_printed_in_one_file_in_their_order(self):
        first = self.shipped()
        self.printed(first)
        waiting = self.make_picking()
        self.move_service(smart_base_url="http://127.0.0.1:9")
        self.deliver(waiting)
        Report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        streams = Report._render_qweb_pdf_prepare_streams(SLIP, {}, [waiting.id, first.id])
        self.assertEqual(list(streams), [waiting.id, first.id])
        self.assertTrue(self.pdf(waiting + first).startswith(b"%PDF"))

    def test_an_annulled_one_is_printed_as_annulled(self):
        picking = self.shipped()
        file = self.printed(picking)
        wizard = self.env["smart.annul.wizard"].browse(picking.action_smart_annul()["res_id"])
        wizard.reason = "Placa equivocada"
        wizard.action_annul()
        self.commit()
        self.assertIn("ANULADA: Placa equivocada", self.text(picking))
        self.assertNotEqual(self.pdf(picking), file)

    def test_the_signed_slip_keeps_the_signature(self):
        self.out_type.smart_issued_when = "ready"
        picking = self.make_picking()
        picking.action_smart_issue()
        self.commit()
        file = self.printed(picking)
        pixel = b"R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
        picking.with_context(force_report_rendering=True).signature = pixel
        signed = picking.message_ids.attachment_ids
        self.assertTrue(signed)
        self.assertNotIn(file, signed.mapped("raw"))

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_nobody_prints_what_they_may_not_see(self):
        picking = self.shipped()
        self.printed(picking)
        other = self.env["res.company"].create({"name": "Otra"})
        stranger = self.new_user("stranger", "stock.group_stock_user", company=other)
        with self.assertRaises(AccessError):
            self.pdf(picking, user=stranger)

    def test_the_copy_is_offered_for_what_has_a_number_alone(self):
        copy = self.env.ref("l10n_ve_edi_smart_stock.action_report_delivery_copy")
        picking, ready = self.shipped(), self.make_picking()
        for user in (self.worker, self.env.user):
            for one, offered in ((picking, copy.ids), (ready, [])):
                report = copy.with_user(user)
                self.assertEqual(report.get_valid_action_reports("stock.picking", one.ids), offered)

    def test_the_file_is_among_the_attachments(self):
        picking = self.shipped()
        self.printed(picking)
        file = picking.smart_document_id._file_attachment()
        self.assertIn(file, picking.with_user(self.worker)._get_mail_thread_data_attachments())

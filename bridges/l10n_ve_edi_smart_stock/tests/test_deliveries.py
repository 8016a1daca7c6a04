"""Transfers become guías de despacho and notas de entrega, and nothing else does."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.l10n_ve_edi_smart.models.conversion.problem import SmartPreflightError

from .deliveries_common import DeliveriesCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestDeliveries(DeliveriesCommon):
    def test_a_delivery_that_is_validated_is_issued(self):
        picking = self.deliver()
        self.assertEqual((picking.state, picking.smart_state), ("done", "issued"))
        self.assertEqual(
            (picking.smart_control_number, picking.smart_internal_number),
            ("00-00000001", "00000001"),
        )
        sent = self.sent(picking)
        self.assertEqual(sent["idtipodocumento"], 4)
        self.assertEqual(sent["rifcedulacliente"], "J-30984512-8")
        self.assertEqual((sent["subtotal"], sent["exento"], sent["total"]), (100, 100, 100))
        [line] = sent["cuerpofactura"]
        self.assertEqual(
            (line["codigo"], line["descripcion"], line["cantidad"], line["precio"]),
            ("CEM", "Cemento gris", 2, 50),
        )
        self.assertEqual(line["comentario"], "Peso: 85 kg")
        self.assertIn("Motivo: Venta", sent["observacion"])

    def test_a_transfer_between_warehouses_is_for_the_company_itself(self):
        picking = self.deliver(self.make_transfer())
        sent = self.sent(picking)
        self.assertEqual(sent["idtipodocumento"], 5)
        self.assertEqual(sent["rifcedulacliente"], "J-41256789-6")
        self.assertIn("Calle Libertad, 12", sent["direccioncliente"])
        self.assertIn("Motivo: Traslado entre depósitos", sent["observacion"])
        self.assertEqual(picking.smart_control_number, "00-00000001")

    def test_within_one_place_nothing_is_issued(self):
        shelf = self.env["stock.location"].create(
            {"name": "Estante", "location_id": self.stock.id, "usage": "internal"}
        )
        picking = self.deliver(self.make_transfer(location_dest_id=shelf.id))
        self.assertFalse(picking.smart_document_id)

    def test_a_shelf_with_an_address_of_its_own_is_another_place(self):
        shelf = self.env["stock.location"].create(
            {"name": "Quinta Crespo", "location_id": self.stock.id, "usage": "internal",
             "smart_is_place": True, "smart_place_partner_id": self.place.id}
        )  # fmt: skip
        picking = self.deliver(self.make_transfer(location_dest_id=shelf.id))
        self.assertEqual(picking.smart_state, "issued")
        self.assertIn("Hasta: Quinta Crespo", self.sent(picking)["observacion"])

    def test_in_consignment_the_receiver_is_whose_place_it_is(self):
        shelf = self.env["stock.location"].create(
            {
                "name": "Consignación",
                "location_id": self.stock.id,
                "usage": "internal",
                "smart_is_place": True,
                "smart_place_partner_id": self.customer.id,
            }
        )
        picking = self.make_transfer(location_dest_id=shelf.id, smart_transfer_reason="consignment")
        sent = self.sent(self.deliver(picking))
        self.assertEqual(sent["rifcedulacliente"], "J-30984512-8")
        self.assertIn("Motivo: Consignación", sent["observacion"])

    def test_receipts_carry_nothing(self):
        self.warehouse.in_type_id.smart_document_type = "dispatch_guide"
        suppliers = self.env.ref("stock.stock_location_suppliers")
        picking = self.make_picking(
            picking_type_id=self.warehouse.in_type_id.id,
            location_id=suppliers.id, location_dest_id=self.stock.id,
        )  # fmt: skip
        self.deliver(picking)
        self.assertFalse(picking.smart_document_id)

    def test_each_back_order_gets_its_own(self):
        picking = self.make_picking((self.cement, 10))
        picking.move_ids.quantity = 4
        wizard = picking.button_validate()
        backorder = self.env[wizard["res_model"]].with_context(**wizard["context"]).create({})
        backorder.process()
        self.commit()
        self.assertEqual(self.sent(picking)["cuerpofactura"][0]["cantidad"], 4)
        rest = picking.backorder_ids
        self.assertFalse(rest.smart_document_id)
        rest.smart_transfer_reason = "sale"
        self.deliver(rest)
        self.assertEqual(self.sent(rest)["cuerpofactura"][0]["cantidad"], 6)
        self.assertEqual((picking + rest).mapped("smart_internal_number"), ["00000001", "00000002"])

    def test_every_problem_is_told_before_anything_moves(self):
        picking = self.make_picking(partner_id=False, smart_transfer_reason=False)
        self.cement.write({"list_price": 0})
        with self.assertRaises(SmartPreflightError) as raised, self.env.cr.savepoint():
            picking.button_validate()
        message = str(raised.exception)
        for words in ("The customer is missing", "reason of the transfer is missing"):
            self.assertIn(words, message)
        self.assertEqual(picking.state, "assigned")
        self.assertFalse(picking.smart_document_id)

    def test_without_any_price_the_cost_counts(self):
        self.cement.write({"list_price": 0, "standard_price": 31.5})
        self.assertEqual(self.sent(self.deliver())["subtotal"], 63)

    def test_with_vat_where_the_company_wants_it(self):
        self.company.smart_delivery_vat = True
        sent = self.sent(self.deliver())
        self.assertEqual((sent["baseg"], sent["impuestog"], sent["total"]), (100, 16, 116))

    def test_types_as_the_service_prints_them(self):
        self.company.smart_delivery_numbering = "printed"
        self.assertEqual(self.sent(self.deliver())["idtipodocumento"], 5)
        self.assertEqual(self.sent(self.deliver(self.make_transfer()))["idtipodocumento"], 4)

    def test_the_settings_lead_to_the_sample_by_which_the_types_are_decided(self):
        settings = self.env["res.config.settings"].create({})
        self.assertFalse(settings.smart_delivery_sample_id)
        picking = self.deliver()
        settings = self.env["res.config.settings"].create({})
        self.assertEqual(settings.smart_delivery_sample_id, picking.smart_document_id)

    def test_the_types_stay_once_something_is_numbered_by_them_in_production(self):
        self.deliver()
        self.company.smart_delivery_numbering = "printed"
        document = self.deliver().smart_document_id.sudo()
        document._engine_write({"environment": "production"})
        with self.assertRaisesRegex(UserError, "already sent to SMART"):
            self.company.smart_delivery_numbering = "manual"

    def test_goods_leave_although_the_service_is_down(self):
        self.move_service(smart_base_url="http://127.0.0.1:9")
        picking = self.deliver()
        self.assertEqual((picking.state, picking.smart_state), ("done", "queued"))

    def test_what_is_issued_cannot_be_changed_on_any_road(self):
        picking = self.deliver()
        move, line = picking.move_ids, picking.move_line_ids
        roads = {
            "receiver": lambda: picking.write({"partner_id": self.place.id}),
            "reason": lambda: picking.write({"smart_transfer_reason": "sample"}),
            "unlock": lambda: picking.action_toggle_is_locked(),
            "unlock by field": lambda: picking.write({"is_locked": False}),
            "quantity": lambda: move.write({"quantity": 1}),
            "quantity of a row": lambda: line.write({"quantity": 1}),
            "by the picking": lambda: picking.write(
                {"move_ids": [Command.update(move.id, {"quantity": 1})]}
            ),
            "another row": lambda: self.env["stock.move.line"].create(
                {"picking_id": picking.id, "product_id": self.cement.id, "quantity": 1,
                 "location_id": self.stock.id, "location_dest_id": self.customers.id}
            ),
            "another move": lambda: self.env["stock.move"].create(
                {"picking_id": picking.id, "product_id": self.cement.id, "product_uom_qty": 1,
                 "location_id": self.stock.id, "location_dest_id": self.customers.id}
            ),
            "cancel": lambda: picking.action_cancel(),
            "delete": lambda: picking.unlink(),
            "state": lambda: move.write({"state": "cancel"}),
        }  # fmt: skip
        for name, road in roads.items():
            with self.subTest(name), self.assertRaises(UserError), self.env.cr.savepoint():
                road()
        picking.write({"note": "<p>Entregado a Juan</p>", "user_id": False})

    def test_issued_before_the_goods_leave(self):
        self.out_type.smart_issued_when = "ready"
        picking = self.make_picking()
        picking.action_smart_issue()
        self.commit()
        self.assertEqual((picking.state, picking.smart_state), ("assigned", "issued"))
        for road in (
            lambda: picking.move_ids.write({"quantity": 1}),
            lambda: picking.do_unreserve(),
            lambda: picking.action_cancel(),
            lambda: picking.move_ids._action_cancel(),
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                road()
        self.deliver(picking)
        self.assertEqual(picking.state, "done")
        self.assertEqual(len(picking.smart_document_ids), 1)

    def test_a_refused_one_is_taken_back_mended_and_issued_again(self):
        self.move_service(smart_base_url="http://127.0.0.1:9")
        picking = self.deliver()
        with self.assertRaisesRegex(UserError, "Take Back"):
            picking.smart_driver_name = "Pedro"
        picking.action_smart_take_back()
        self.assertEqual(picking.smart_state, "withdrawn")
        picking.smart_driver_name = "Pedro Pérez"
        self.connect()
        picking.action_smart_issue()
        self.commit()
        self.assertEqual(picking.smart_state, "issued")
        self.assertIn("Pedro Pérez", self.sent(picking)["observacion"])

    def test_an_annulled_one_is_issued_anew_with_another_number(self):
        picking = self.deliver()
        first = picking.smart_document_id
        action = picking.action_smart_annul()
        wizard = self.env["smart.annul.wizard"].browse(action["res_id"])
        wizard.reason = "Placa equivocada"
        wizard.action_annul()
        self.commit()
        self.assertEqual((first.state, first.annulment_state), ("annulled", "done"))
        self.assertEqual(picking.state, "done")
        picking.smart_vehicle_plate = "AB123CD"
        picking.action_smart_issue()
        self.commit()
        second = picking.smart_document_id
        self.assertNotEqual(first, second)
        self.assertEqual((second.state, second.control_number), ("issued", "00-00000002"))
        self.assertEqual(second.internal_number, "00000002")
        self.env["smart.chain"]._seal_all(self.registry)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            picking.unlink()

    # -- who receives, and what is told of the road ----------------------------------------

    def shop_of(self, contact):
        return self.env["stock.location"].create(
            {"name": "Consignación", "location_id": self.stock.id, "usage": "internal",
             "smart_is_place": True, "smart_place_partner_id": contact.id}
        )  # fmt: skip

    def test_goods_in_consignment_are_for_the_consignee(self):
        shop = self.shop_of(self.customer)
        for addressee in (self.customer, self.env["res.partner"]):
            with self.subTest(addressee.name):
                picking = self.make_transfer(
                    location_dest_id=shop.id,
                    partner_id=addressee.id,
                    smart_transfer_reason="consignment",
                )
                sent = self.sent(self.deliver(picking))
                self.assertEqual(sent["rifcedulacliente"], "J-30984512-8")
                self.assertIn("Hasta: Consignación, Calle Vargas", sent["observacion"])

    def test_a_warehouse_at_a_contact_without_rif_is_the_companys(self):
        self.place.write({"parent_id": False})
        picking = self.make_transfer(partner_id=self.place.id)
        self.assertEqual(self.sent(self.deliver(picking))["rifcedulacliente"], "J-41256789-6")

    def test_what_of_the_road_finds_no_room_is_told_before(self):
        self.out_type.smart_document_type = "dispatch_guide"
        lots = self.make_goods("Harina", 5, tracking="lot", stock=0)
        picking = self.make_transfer((lots, 20), smart_vehicle_plate="AB123CD " * 30)
        move = picking.move_ids
        move.move_line_ids = [
            Command.create(
                {"picking_id": picking.id, "product_id": lots.id, "quantity": 1,
                 "lot_name": f"LOTE-2026-{n}",
                 "lot_id": self.env["stock.lot"].create(
                     {"name": f"LOTE-2026-{n}", "product_id": lots.id}).id,
                 "location_id": self.stock.id, "location_dest_id": self.stock_2.id}
            )
            for n in range(20)
        ]  # fmt: skip
        [checked] = self.env["smart.payload"]._check(picking)
        said = " ".join(problem.what for problem in checked.problems)
        self.assertFalse(checked.errors)
        self.assertIn("“Desde: ", said)
        self.assertIn("there is no more room on the document", said)

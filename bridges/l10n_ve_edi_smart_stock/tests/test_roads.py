"""Every road by which Odoo moves goods, and what it may and may not do afterwards."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .deliveries_common import DeliveriesCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestRoads(DeliveriesCommon):
    def make_return(self, picking, quantity, **context):
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_id=picking.id, active_model="stock.picking")
            .create({})
        )
        wizard.product_return_moves.quantity = quantity
        return self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])

    def make_order(self, product, quantity, price, **values):
        self.env.user.group_ids += self.env.ref("sales_team.group_sale_manager")
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "warehouse_id": self.warehouse.id,
                "currency_id": self.bolivar.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": quantity,
                            "price_unit": price,
                            "discount": 10,
                            **values,
                        }
                    )
                ],
            }
        )
        order.action_confirm()
        return order

    # -- how goods leave -------------------------------------------------------------------

    def test_a_batch_issues_each_transfer_in_the_background(self):
        first, second = self.make_picking(), self.make_picking((self.cement, 3))
        batch = self.env["stock.picking.batch"].create(
            {"company_id": self.company.id, "picking_ids": [Command.set((first + second).ids)]}
        )
        batch.action_confirm()
        batch.action_done()
        self.commit()
        self.assertEqual(set((first + second).mapped("smart_state")), {"queued"})
        self.send_waiting()
        self.assertEqual(
            (first + second).mapped("smart_control_number"), ["00-00000001", "00-00000002"]
        )

    def test_vehicle_and_driver_of_a_batch_are_proposed(self):
        driver = self.env["res.partner"].create({"name": "Ana Gil", "vat": "V-12345678"})
        brand = self.env["fleet.vehicle.model.brand"].sudo().create({"name": "Encava"})
        model = (
            self.env["fleet.vehicle.model"].sudo().create({"name": "ENT-610", "brand_id": brand.id})
        )
        vehicle = (
            self.env["fleet.vehicle"]
            .sudo()
            .create({"model_id": model.id, "license_plate": "A01BC2D", "driver_id": driver.id})
        )
        picking = self.make_picking()
        self.env["stock.picking.batch"].create(
            {
                "company_id": self.company.id,
                "picking_ids": [Command.set(picking.ids)],
                "vehicle_id": vehicle.id,
            }
        )
        self.deliver(picking)
        remark = self.sent(picking)["observacion"]
        self.assertIn("Placa: A01BC2D", remark)
        self.assertIn("Conductor: Ana Gil, V-12345678", remark)

    def test_moves_that_another_addon_validates_by_themselves(self):
        picking = self.make_picking()
        picking.move_ids.picked = True
        picking.move_ids._action_done()
        self.commit()
        self.assertEqual((picking.state, picking.smart_state), ("done", "issued"))

    def test_the_price_of_the_order_counts_without_its_tax_and_discount(self):
        order = self.make_order(self.cement, 4, 80.0)
        picking = self.deliver(order.picking_ids)
        sent = self.sent(picking)
        self.assertEqual((picking.smart_transfer_reason, sent["subtotal"]), ("sale", 288))
        self.assertIn(f"Pedido: {order.name}", sent["observacion"])

    def test_a_kit_is_told_as_what_is_moved(self):
        kit = self.make_goods("Combo de obra", 500, stock=0)
        sand = self.make_goods("Arena lavada", 20)
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": kit.product_tmpl_id.id,
                "type": "phantom",
                "company_id": self.company.id,
                "bom_line_ids": [
                    Command.create({"product_id": self.cement.id, "product_qty": 2}),
                    Command.create({"product_id": sand.id, "product_qty": 3}),
                ],
            }
        )
        order = self.make_order(kit, 1, 999.0)
        sent = self.sent(self.deliver(order.picking_ids))
        self.assertEqual(
            [(line["descripcion"], line["cantidad"], line["precio"])
             for line in sent["cuerpofactura"]],
            [("Cemento gris", 2, 50), ("Arena lavada", 3, 20)],
        )  # fmt: skip

    def test_what_is_dropped_by_a_supplier_at_the_customer_carries_nothing_of_ours(self):
        suppliers = self.env.ref("stock.stock_location_suppliers")
        picking = self.deliver(self.make_picking(location_id=suppliers.id))
        self.assertFalse(picking.smart_document_id)

    def test_goods_by_transit_are_sent_once_and_received_without(self):
        transit = self.company.internal_transit_location_id
        transit.active = True
        self.warehouse_2.in_type_id.smart_document_type = "dispatch_guide"
        sent = self.make_picking(
            partner_id=self.place.id, location_dest_id=transit.id, smart_transfer_reason="transfer"
        )
        received = self.make_picking(
            picking_type_id=self.warehouse_2.in_type_id.id,
            partner_id=self.place.id,
            location_id=transit.id,
            location_dest_id=self.stock_2.id,
            smart_transfer_reason=False,
        )
        received.move_ids.move_orig_ids = sent.move_ids
        self.deliver(sent)
        self.deliver(received)
        self.assertEqual(self.sent(sent)["rifcedulacliente"], "J-41256789-6")
        self.assertIn("Calle Libertad", self.sent(sent)["direccioncliente"])
        self.assertFalse(received.smart_document_id)

    # -- what comes back -------------------------------------------------------------------

    def test_a_return_carries_a_document_only_where_its_type_says_so(self):
        picking = self.deliver(self.make_picking((self.cement, 5)))
        silent = self.deliver(self.make_return(picking, 1))
        self.assertFalse(silent.smart_document_id)
        self.warehouse.in_type_id.smart_document_type = "dispatch_guide"
        told = self.deliver(self.make_return(picking, 2))
        self.assertEqual((told.smart_transfer_reason, told.smart_state), ("return", "issued"))
        sent = self.sent(told)
        self.assertEqual(sent["rifcedulacliente"], "J-41256789-6")
        self.assertIn("Desde: Inversiones La Trinidad", sent["observacion"])

    def test_goods_go_back_to_their_vendor_with_a_document(self):
        suppliers = self.env.ref("stock.stock_location_suppliers")
        picking = self.deliver(
            self.make_picking(location_dest_id=suppliers.id, smart_transfer_reason=False)
        )
        self.assertIn("Motivo: Devolución", self.sent(picking)["observacion"])

    # -- afterwards ------------------------------------------------------------------------

    def test_what_broke_on_the_road_is_scrapped_and_the_document_stays_as_it_is(self):
        picking = self.deliver()
        before = picking._smart_contents(picking.ids)[picking.id].digest()
        scrap = self.env["stock.scrap"].create(
            {
                "product_id": self.cement.id,
                "scrap_qty": 1,
                "picking_id": picking.id,
                "company_id": self.company.id,
                "location_id": self.customers.id,
            }
        )
        scrap.do_scrap()
        self.assertEqual(scrap.state, "done")
        self.assertEqual(picking._smart_contents(picking.ids)[picking.id].digest(), before)

    def test_cancelling_the_order_does_not_cancel_what_is_on_the_road(self):
        self.out_type.smart_issued_when = "ready"
        order = self.make_order(self.cement, 4, 80.0)
        order.picking_ids.action_smart_issue()
        self.commit()
        with self.assertRaisesRegex(UserError, "00-00000001"), self.env.cr.savepoint():
            order._action_cancel()
        picking = order.picking_ids
        order.order_line.product_uom_qty = 1
        self.assertEqual((picking.state, picking.move_ids.quantity), ("assigned", 4))
        self.deliver(picking)
        self.assertEqual(self.sent(picking)["cuerpofactura"][0]["cantidad"], 4)

    def test_what_an_order_adds_goes_into_another_transfer(self):
        self.out_type.smart_issued_when = "ready"
        order = self.make_order(self.cement, 4, 80.0)
        first = order.picking_ids
        first.action_smart_issue()
        self.commit()
        order.order_line.product_uom_qty = 6
        second = order.picking_ids - first
        self.assertEqual((first.move_ids.quantity, second.move_ids.product_uom_qty), (4, 2))
        self.deliver(first)
        self.deliver(second)
        self.assertEqual(self.sent(second)["cuerpofactura"][0]["cantidad"], 2)

    def test_no_other_transfer_takes_the_goods_that_are_on_a_document(self):
        self.out_type.smart_issued_when = "ready"
        sand = self.make_goods("Arena", 20, stock=5)
        first = self.make_picking((sand, 5))
        first.action_smart_issue()
        self.commit()
        second = self.make_picking((sand, 3))
        second.move_ids.quantity = 3
        with self.assertRaisesRegex(UserError, "00-00000001"), self.env.cr.savepoint():
            second.button_validate()
        self.assertEqual(first.move_ids.quantity, 5)
        self.deliver(first)

    def test_part_of_what_was_issued_cannot_be_validated(self):
        self.out_type.smart_issued_when = "ready"
        picking = self.make_picking((self.cement, 2), (self.make_goods("Arena", 20), 3))
        picking.action_smart_issue()
        self.commit()
        with self.assertRaises(UserError), self.env.cr.savepoint():
            picking.move_ids[0].picked = True

    def test_by_its_setting_only_validating_issues(self):
        picking = self.make_picking()
        with self.assertRaisesRegex(UserError, "when it is validated"):
            picking.action_smart_issue()

    def test_what_was_validated_before_the_addon_is_not_issued_afterwards(self):
        self.out_type.smart_document_type = False
        picking = self.deliver()
        self.out_type.smart_document_type = "dispatch_guide"
        self.assertFalse(picking.smart_may_issue)
        with self.assertRaisesRegex(UserError, "without a fiscal document"):
            picking.action_smart_issue()

    def test_a_company_that_issues_nothing_moves_goods_as_ever(self):
        self.company.smart_environment = "disabled"
        picking = self.deliver(self.make_picking(smart_transfer_reason=False))
        self.assertFalse(picking.smart_document_id)

    def test_text_that_is_too_long_is_cut_and_told(self):
        picking = self.make_picking(
            smart_transfer_reason="other",
            smart_transfer_reason_other="Feria " * 60,
            smart_vehicle_plate="AB123CD",
        )
        conversion = self.env["smart.payload"]._check(picking)[0]
        self.assertFalse(conversion.errors)
        self.assertTrue(any("for SMART takes 200" in one.what for one in conversion.problems))
        self.deliver(picking)
        remark = self.sent(picking)["observacion"]
        self.assertLessEqual(len(remark), 200)
        self.assertIn("Placa: AB123CD", remark)

"""The integrity chain covers transfers: what is right is not called wrong, and the reverse."""

from odoo.tests import tagged

from odoo.addons.l10n_ve_edi_smart.tests.chain_common import ChainCommon

from .deliveries_common import DeliveriesCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestDeliveryChain(DeliveriesCommon, ChainCommon):
    def issue_anew(self, picking):
        picking.smart_vehicle_plate = "AB123CD"
        picking.action_smart_issue()
        self.commit()
        self.assertEqual(picking.smart_state, "issued")

    def test_nothing_is_found_after_each_thing_that_people_do(self):
        picking = self.deliver()
        self.deliver(self.make_transfer((self.cement, 3.5)))
        self.assertFalse(self.finding())
        first = picking.smart_document_id.sudo()
        self.annul(first, "Placa equivocada")
        self.assertFalse(self.finding())
        self.issue_anew(picking)
        second = picking.smart_document_id.sudo()
        self.assertNotEqual(first, second)
        self.assertFalse(self.finding())
        self.assertEqual(
            [link.document_id for link in self.links("issue")][-1:] + [first.picking_id],
            [second, picking],
        )
        self.annul(second)
        self.issue_anew(picking)
        self.assertFalse(self.finding())
        # What is locked with the document is what it says; the rest is free.
        picking.write({"note": "Entregado", "user_id": False})
        picking.move_ids.write({"date": "2020-01-01", "sequence": 7})
        self.assertFalse(self.finding())

    def test_nothing_is_found_once_goods_that_were_issued_before_have_left(self):
        self.out_type.smart_issued_when = "ready"
        picking = self.make_picking((self.cement, 4))
        picking.action_smart_issue()
        self.commit()
        self.assertFalse(self.finding())
        self.deliver(picking)
        self.assertFalse(self.finding())

    def test_nothing_is_found_after_a_backorder_and_a_return(self):
        picking = self.make_picking((self.cement, 10))
        picking.move_ids.quantity = 4
        self.deliver(
            picking.with_context(skip_backorder=True, button_validate_picking_ids=picking.ids)
        )
        self.assertFalse(self.finding())
        wizard = self.env["stock.return.picking"].with_context(
            active_id=picking.id, active_ids=picking.ids, active_model="stock.picking"
        )
        wizard = wizard.create({})
        wizard.product_return_moves.quantity = 4
        back = self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        self.deliver(back)
        self.assertEqual(back.state, "done")
        self.assertFalse(self.finding())

    def test_what_is_changed_behind_the_lock_is_found(self):
        serial = self.make_goods("Bomba", 900, tracking="lot", stock=0)
        lot = self.env["stock.lot"].create({"name": "B-1", "product_id": serial.id})
        self.env["stock.quant"]._update_available_quantity(serial, self.stock, 5, lot_id=lot)
        picking = self.deliver(self.make_picking((self.cement, 2), (serial, 1)))
        annulled = self.deliver()
        self.annul(annulled.smart_document_id.sudo())
        self.issue_anew(annulled)
        other = self.deliver()
        self.assertFalse(self.finding())
        changed = "its lines, taxes or totals were changed"
        move = picking.move_ids[0].id
        for query, words in (
            (f"UPDATE stock_move SET quantity = 1 WHERE id = {move}", changed),
            (f"UPDATE stock_move_line SET quantity = 1 WHERE move_id = {move}", changed),
            (f"UPDATE stock_move SET state = 'cancel' WHERE id = {move}", changed),
            (f"UPDATE stock_move SET product_id = {serial.id} WHERE id = {move}", changed),
            (f"UPDATE stock_lot SET name = 'B-2' WHERE id = {lot.id}", changed),
            (f"UPDATE stock_picking SET smart_vehicle_plate = 'X' WHERE id = {picking.id}",
             changed),
            (f"UPDATE stock_picking SET smart_transfer_reason = 'sample' WHERE id = {picking.id}",
             changed),
            (f"UPDATE stock_picking SET partner_id = {self.place.id} WHERE id = {picking.id}",
             changed),
            (f"UPDATE stock_picking SET state = 'cancel' WHERE id = {picking.id}",
             "is not posted or cancelled as its fiscal document says"),
            (f"UPDATE stock_picking SET smart_document_id = {picking.smart_document_id.id}"
             f" WHERE id = {other.id}", "shows the fiscal document of another record"),
            # Of two that a transfer has had, it has to show the newer one.
            (f"UPDATE stock_picking SET smart_document_id = {annulled.smart_document_ids[-1].id}"
             f" WHERE id = {annulled.id}", "shows the fiscal document of another record"),
        ):  # fmt: skip
            with self.subTest(query), self.undone():
                self.sql(query)
                self.assertIn(words, self.finding() or "")
        self.assertFalse(self.finding())

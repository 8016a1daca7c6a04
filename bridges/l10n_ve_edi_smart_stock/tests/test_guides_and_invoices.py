"""An invoice names the guides of its goods, and each knows the other."""

from datetime import datetime

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged

from .invoicing_common import InvoicingCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestGuidesAndInvoices(InvoicingCommon):
    # -- by orders --------------------------------------------------------------------------

    def test_one_invoice_names_both_guides_of_its_order(self):
        order = self.make_order(10)
        first, second = self.deliver_order(order, 4), self.deliver_order(order)
        invoice = self.invoice_order(order)
        self.assertEqual(
            self.sent(invoice)["observacion"],
            "Guías de despacho (control): 00000001 (00-00000001), 00000002 (00-00000002)",
        )
        self.assertEqual(invoice._smart_guides(), first + second)
        self.assertEqual(invoice.smart_guide_count, 2)
        self.assertEqual(invoice.action_smart_open_guides()["domain"][0][2], (first + second).ids)
        self.assertEqual(first.smart_invoice_count, 1)
        self.assertEqual(first.action_smart_open_invoices()["res_id"], invoice.id)
        self.assertEqual(self.status(first, second), ["invoiced"] * 2)

    def test_several_invoices_name_the_one_guide(self):
        order = self.make_order(10)
        guide = self.deliver_order(order)
        self.assertEqual(self.status(guide), ["to_invoice"])
        first = self.invoice_order(order, 4)
        self.assertEqual(self.status(guide), ["partly"])
        second = self.invoice_order(order)
        self.assertEqual(self.status(guide), ["invoiced"])
        for invoice in first + second:
            self.assertEqual(
                self.sent(invoice)["observacion"],
                "Guía de despacho 00000001 (control 00-00000001)",
            )
        self.assertEqual(guide.smart_invoice_count, 2)
        self.assertEqual((first + second).smart_guide_goods_ids.mapped("quantity"), [4, 6])

    def test_what_was_delivered_first_is_invoiced_first_whatever_the_unit(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self.make_order(2, dozen)  # 24 bags
        first, second = self.deliver_order(order, 12), self.deliver_order(order)
        early = self.invoice_order(order, 0.5)
        self.assertEqual(early._smart_guides(), first)
        self.assertEqual(self.status(first, second), ["partly", "to_invoice"])
        middle = self.invoice_order(order, 1)
        self.assertEqual(middle._smart_guides(), first + second)
        self.assertEqual(middle.smart_guide_goods_ids.mapped("quantity"), [6, 6])
        self.assertEqual(self.status(first, second), ["invoiced", "partly"])
        late = self.invoice_order(order)
        self.assertEqual(late._smart_guides(), second)
        self.assertEqual(self.status(first, second), ["invoiced"] * 2)

    def test_of_a_kit_the_parts_are_delivered_and_the_kit_is_invoiced(self):
        kit = self.make_goods("Juego", 50.0, stock=5, invoice_policy="delivery")
        order = self.make_order(5, product=kit)
        guide = self.deliver_order(order)
        # As the bill of materials of a kit has it, two bags each; that addon is not at hand.
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE stock_move SET product_id = %s, quantity = 10 WHERE id = %s",
            [self.cement.id, guide.move_ids.id],
        )
        self.env.invalidate_all()
        self.assertEqual(order.order_line.qty_delivered, 5)
        invoice = self.invoice_order(order, 3)
        self.assertEqual(invoice.smart_guide_goods_ids.quantity, 6)
        self.assertEqual(self.status(guide), ["partly"])
        self.invoice_order(order)
        self.assertEqual(self.status(guide), ["invoiced"])

    def test_invoices_confirmed_together_name_each_its_own(self):
        order = self.make_order(10)
        first = self.deliver_order(order, 5)
        one = self.invoice_order(order, confirm=False)
        second = self.deliver_order(order)
        other = self.invoice_order(order, confirm=False)
        self.confirm(one, other)
        self.assertEqual(one._smart_guides() + other._smart_guides(), first + second)
        self.assertEqual(self.status(first, second), ["invoiced"] * 2)

    def test_what_is_invoiced_before_it_leaves_needs_no_other_invoice(self):
        self.cement.invoice_policy = "order"
        order = self.make_order(10)
        invoice = self.invoice_order(order)
        self.assertFalse(invoice._smart_guides())
        self.assertEqual(self.status(self.deliver_order(order)), ["invoiced"])

    def test_of_what_was_invoiced_early_the_first_delivery_is_invoiced(self):
        self.cement.invoice_policy = "order"
        order = self.make_order(10)
        self.invoice_order(order, 5)
        first, second = self.deliver_order(order, 6), self.deliver_order(order)
        self.assertEqual(self.status(first, second), ["partly", "to_invoice"])
        rest = self.invoice_order(order)
        self.assertEqual(rest._smart_guides(), first + second)
        self.assertEqual(rest.smart_guide_goods_ids.mapped("quantity"), [1, 4])

    def test_a_guide_issued_before_the_goods_leave_is_named(self):
        self.cement.invoice_policy = "order"
        self.out_type.smart_issued_when = "ready"
        order = self.make_order(10)
        guide = order.picking_ids
        guide.action_smart_issue()
        self.commit()
        self.assertEqual((guide.state, guide.smart_state), ("assigned", "issued"))
        self.assertEqual(self.status(guide), ["to_invoice"])
        self.assertEqual(self.invoice_order(order)._smart_guides(), guide)
        self.assertEqual(self.status(guide), ["invoiced"])

    def test_a_down_payment_names_none_and_the_rest_does(self):
        order = self.make_order(10)
        wizard = self.env["sale.advance.payment.inv"].with_context(active_ids=order.ids)
        wizard = wizard.create({"advance_payment_method": "percentage", "amount": 10})
        advance = wizard._create_invoices(order)
        guide = self.deliver_order(order)
        self.confirm(advance)
        self.assertFalse(advance._smart_guides())
        self.assertEqual(self.status(guide), ["to_invoice"])
        wizard = wizard.create({"advance_payment_method": "delivered"})
        rest = self.confirm(wizard._create_invoices(order))
        self.assertEqual(rest._smart_guides(), guide)
        self.assertIn("00-00000001", self.sent(rest)["observacion"])
        self.assertEqual(self.status(guide), ["invoiced"])

    def test_one_invoice_for_several_orders(self):
        orders = self.make_order(3) + self.make_order(5)
        guides = [self.deliver_order(order) for order in orders]
        invoice = self.confirm(orders._create_invoices())
        self.assertEqual(len(invoice), 1)
        self.assertEqual(list(invoice._smart_guides()), guides)

    def test_where_nobody_is_asked_it_is_the_same(self):
        order = self.make_order(10)
        guide = self.deliver_order(order)
        invoice = self.invoice_order(order, confirm=False)
        self.confirm(invoice.with_user(self.env.ref("base.user_root")).with_context(cron_id=1))
        self.assertEqual(invoice._smart_guides(), guide)
        self.assertIn("00-00000001", self.sent(invoice)["observacion"])

    # -- goods that come back ---------------------------------------------------------------

    def test_a_guide_whose_goods_came_back_is_not_to_be_invoiced(self):
        order = self.make_order(10)
        guide = self.deliver_order(order)
        self.take_back(guide, 10)
        self.assertEqual(self.status(guide), ["returned"])

    def test_goods_that_came_back_are_taken_off(self):
        order = self.make_order(10)
        first, second = self.deliver_order(order, 6), self.deliver_order(order)
        self.take_back(first, 4)
        self.assertEqual(self.status(first, second), ["to_invoice"] * 2)
        invoice = self.invoice_order(order, 2)
        self.assertEqual(invoice._smart_guides(), first)
        self.assertEqual(self.status(first, second), ["invoiced", "to_invoice"])

    def test_a_credit_note_names_none_and_frees_what_stays_with_the_customer(self):
        order = self.make_order(10)
        guide = self.deliver_order(order)
        invoice = self.invoice_order(order)
        note = invoice._reverse_moves([{"invoice_date": invoice.invoice_date}])
        self.confirm(note)
        self.assertEqual(note.smart_state, "issued")
        self.assertFalse(note._smart_guides() + note.sudo().smart_guide_ids)
        self.assertNotIn("Guía", self.sent(note)["observacion"] or "")
        self.assertEqual(self.status(guide), ["to_invoice"])
        self.take_back(guide, 10)
        self.assertEqual(self.status(guide), ["returned"])

    # -- by hand ----------------------------------------------------------------------------

    def test_a_person_chooses_the_guides_where_there_is_no_order(self):
        guide = self.deliver(self.make_picking((self.cement, 10)))
        self.assertEqual(self.status(guide), ["to_invoice"])
        first = self.confirm(self.invoice_by_hand(guide, 4))
        self.assertIn("00-00000001", self.sent(first)["observacion"])
        self.assertEqual(self.status(guide), ["partly"])
        second = self.confirm(self.invoice_by_hand(guide, 6))
        self.assertEqual(self.status(guide), ["invoiced"])
        self.assertEqual(guide._smart_invoices(), second + first)

    def test_an_invoice_by_hand_that_is_credited_wholly_frees_its_guide(self):
        guide = self.deliver()
        invoice = self.confirm(self.invoice_by_hand(guide, 2))
        invoice._reverse_moves([{"invoice_date": invoice.invoice_date}], cancel=True)
        self.commit()
        self.assertEqual(invoice.payment_state, "reversed")
        self.assertEqual(self.status(guide), ["to_invoice"])

    def test_an_invoice_without_goods_is_of_all_goods_of_the_guide(self):
        guide = self.deliver()
        self.confirm(self.make_invoice(smart_guide_ids=[Command.set(guide.ids)]))
        self.assertEqual(self.status(guide), ["invoiced"])

    def test_a_chosen_guide_goes_before_an_older_one(self):
        order = self.make_order(10)
        first, second = self.deliver_order(order, 5), self.deliver_order(order)
        invoice = self.invoice_order(order, 5, confirm=False)
        invoice.smart_guide_ids = second
        self.confirm(invoice)
        self.assertEqual(invoice._smart_guides(), second)
        self.assertEqual(self.status(first, second), ["to_invoice", "invoiced"])
        # What is left goes to the one that is left.
        self.assertEqual(self.invoice_order(order)._smart_guides(), first)
        self.assertEqual(self.status(first, second), ["invoiced"] * 2)

    def test_an_invoice_by_hand_of_an_ordered_guide_counts(self):
        order = self.make_order(10)
        guide = self.deliver_order(order)
        self.confirm(self.invoice_by_hand(guide, 10))
        self.assertEqual(self.status(guide), ["invoiced"])

    def test_guides_are_chosen_on_the_form_of_a_draft(self):
        guide = self.deliver()
        with Form(self.make_invoice()) as form:
            form.smart_guide_ids.add(guide)
        self.assertEqual(form.record._smart_guides(), guide)
        self.assertEqual(form.record.smart_guide_count, 1)

    def test_a_copy_names_no_guides(self):
        guide = self.deliver()
        invoice = self.confirm(self.invoice_by_hand(guide, 2))
        copy = invoice.copy()
        self.assertFalse(copy.smart_guide_ids + copy._smart_guides())
        self.assertFalse(copy.smart_guide_goods_ids)

    def test_guides_of_another_company_cannot_be_chosen(self):
        other = self.setup_other_company()["company"]
        guide = self.env["stock.picking"].create(
            {
                "picking_type_id": self.env["stock.picking.type"]
                .search([("company_id", "=", other.id), ("code", "=", "outgoing")], limit=1)
                .id,
                "location_dest_id": self.customers.id,
            }
        )
        with self.assertRaises(UserError):
            self.make_invoice(smart_guide_ids=[Command.set(guide.ids)])

    # -- it stands on the document ----------------------------------------------------------

    def test_the_link_is_locked_with_the_invoice_on_every_road(self):
        guide, other = self.deliver(), self.deliver()
        invoice = self.confirm(self.invoice_by_hand(guide, 2))
        goods = invoice.smart_guide_goods_ids
        roads = {
            "add": lambda: invoice.write({"smart_guide_ids": [Command.link(other.id)]}),
            "remove": lambda: invoice.write({"smart_guide_ids": [Command.clear()]}),
            "sudo": lambda: invoice.sudo().write({"smart_guide_ids": [Command.clear()]}),
            "goods": lambda: goods.sudo().write({"quantity": 1}),
            "delete goods": lambda: goods.sudo().unlink(),
            "goods by the invoice": lambda: invoice.sudo().write(
                {"smart_guide_goods_ids": [Command.clear()]}
            ),
            "more goods": lambda: goods.sudo().create(
                {"move_id": invoice.id, "stock_move_id": other.move_ids.id, "quantity": 1}
            ),
        }
        for name, road in roads.items():
            with self.subTest(name), self.assertRaises(UserError):
                road()
        self.assertEqual(invoice._smart_guides(), guide)

    def test_an_annulled_invoice_leaves_its_guide_to_be_invoiced(self):
        order = self.make_order(10)
        guide = self.deliver_order(order)
        invoice = self.invoice_order(order)
        action = invoice.action_smart_annul()
        wizard = self.env["smart.annul.wizard"].browse(action["res_id"])
        wizard.reason = "Precio equivocado"
        wizard.action_annul()
        self.commit()
        self.assertEqual(invoice.state, "cancel")
        self.assertEqual(self.status(guide), ["to_invoice"])
        self.assertEqual(guide.smart_invoice_count, 0)

    def test_back_in_draft_nothing_is_settled(self):
        order = self.make_order(10)
        first, second = self.deliver_order(order, 5), self.deliver_order(order)
        self.move_service(smart_base_url="http://127.0.0.1:9")
        invoice = self.invoice_order(order)
        self.assertEqual(invoice._smart_guides(), first + second)
        invoice.button_draft()
        self.assertFalse(invoice.smart_guide_goods_ids)
        self.assertEqual(self.status(first, second), ["to_invoice"] * 2)
        invoice.invoice_line_ids.quantity = 5
        self.confirm(invoice)
        self.assertEqual(invoice._smart_guides(), first)

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

    # -- who sees what ----------------------------------------------------------------------

    def test_whoever_moves_goods_sees_no_invoices(self):
        guide = self.deliver()
        self.confirm(self.invoice_by_hand(guide, 2))
        worker = self.new_user("worker_of_guides", "stock.group_stock_user")
        seen = guide.with_user(worker)
        self.assertEqual((seen.smart_invoicing, seen.smart_invoice_count), ("invoiced", 0))
        self.assertFalse(seen.action_smart_open_invoices()["domain"][0][2])

    def test_an_accountant_without_rights_in_the_warehouse_invoices(self):
        guide = self.deliver(self.make_picking((self.cement, 10)))
        accountant = self.new_user("accountant_of_guides", "account.group_account_invoice")
        found = self.env["stock.picking"].with_user(accountant)
        action = self.env["ir.actions.actions"]._for_xml_id(
            "l10n_ve_edi_smart_stock.action_guides_to_invoice"
        )
        fields = ("name", "smart_control_number", "smart_invoicing", "smart_issued_at")
        spec = {name: {} for name in fields}
        found = found.web_search_read([("smart_invoicing", "in", ["to_invoice"])], spec)
        self.assertEqual([one["id"] for one in found["records"]], guide.ids)
        self.assertIn("smart_invoicing", action["domain"])
        invoice = self.invoice_by_hand(guide, 10).with_user(accountant)
        invoice.action_post()
        self.commit()
        self.assertIn("00-00000001", self.sent(invoice)["observacion"])
        self.assertEqual(invoice.smart_guide_count, 1)
        self.assertEqual(invoice.smart_guide_ids.mapped("name"), [guide.name])

    def test_customers_read_their_invoice_and_not_the_links(self):
        guide = self.deliver()
        invoice = self.confirm(self.invoice_by_hand(guide, 2))
        portal = self.new_user(
            "customer_of_guides", "base.group_portal", partner_id=self.customer.id
        )
        invoice.message_subscribe(self.customer.ids)
        seen = invoice.with_user(portal)
        self.assertEqual(seen.read(["name"])[0]["name"], invoice.name)
        for name in ("smart_guide_ids", "smart_guide_goods_ids", "smart_guide_count"):
            with self.subTest(name), self.assertRaises(AccessError):
                seen.read([name])

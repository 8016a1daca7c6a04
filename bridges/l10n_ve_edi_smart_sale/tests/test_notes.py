from odoo import Command
from odoo.tests import tagged

from odoo.addons.l10n_ve_edi_smart.models.conversion.problem import SmartPreflightError
from odoo.addons.l10n_ve_edi_smart.tests.notes_common import NotesCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestNotes(NotesCommon):
    """What a sales order gives back corrects the invoice that it was on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("sales_team.group_sale_manager")
        cls.prices = cls.env["product.pricelist"].create(
            {"name": "Bs.", "currency_id": cls.bolivar.id, "company_id": cls.company.id}
        )
        cls.product, cls.other = cls.env["product.product"].create(
            [
                {
                    "name": name,
                    "type": "service",
                    "service_type": "manual",
                    "invoice_policy": "delivery",
                    "lst_price": 1000,
                    "taxes_id": [Command.set(cls.taxes["general"].ids)],
                }
                for name in ("Instalación", "Mantenimiento")
            ]
        )

    def order(self, quantity=10, product=None, **values):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "pricelist_id": self.prices.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": (product or self.product).id,
                            "product_uom_qty": quantity,
                            "price_unit": 1000,
                        }
                    )
                ],
                **values,
            }
        )
        order.action_confirm()
        return order

    def deliver(self, order, quantity, line=0):
        order.order_line.filtered(lambda one: not one.is_downpayment and not one.display_type)[
            line
        ].qty_delivered = quantity

    def create_invoice(self, *orders, **values):
        """Press *Create Invoice*."""
        orders = self.env["sale.order"].union(*orders)
        before = orders.invoice_ids
        self.env["sale.advance.payment.inv"].create(
            {"sale_order_ids": [Command.set(orders.ids)], **values}
        ).create_invoices()
        self.env.invalidate_all()
        return orders.invoice_ids - before

    def issue(self, *orders, **values):
        invoices = self.confirm(self.create_invoice(*orders, **values))
        self.send_in_background()
        self.assertEqual(set(invoices.mapped("smart_state")), {"issued"})
        return invoices

    def delivered(self, *quantities):
        """Return an order with an issued invoice for each delivery."""
        order = self.order(sum(quantities))
        for number in range(len(quantities)):
            self.deliver(order, sum(quantities[: number + 1]))
            self.issue(order)
        return order, order.invoice_ids.sorted("id")

    def assert_settles(self, note, invoice, rest):
        self.confirm(note)
        self.assertEqual(note.smart_state, "issued")
        self.assertEqual(self.at_smart()["relacionado"], invoice.smart_control_number)
        self.assertEqual(note.reversed_entry_id, invoice)
        self.assertEqual((note.amount_residual, invoice.amount_residual), (0, rest))

    def test_a_return_corrects_the_only_invoice_and_settles_it(self):
        order, invoice = self.delivered(10)
        self.deliver(order, 6)
        note = self.create_invoice(order)
        self.assertEqual((note.move_type, note.amount_total), ("out_refund", 4640))
        self.assertEqual(note.smart_note_origin_id, invoice)
        self.assert_settles(note, invoice, 6960)

    def test_in_code_and_by_a_salesperson_it_is_the_same(self):
        order, invoice = self.delivered(10)
        self.deliver(order, 6)
        seller = self.new_user("seller", "sales_team.group_sale_salesman_all_leads")
        note = order.with_user(seller)._create_invoices(final=True)
        self.assertEqual(note.sudo().smart_note_origin_id.id, invoice.id)

    def test_what_the_user_chooses_instead_stays(self):
        order, invoice = self.delivered(10)
        other = self.confirm(self.make_invoice(("general", 9000.0)))
        self.deliver(order, 6)
        note = self.create_invoice(order)
        note.smart_note_origin_id = other
        self.assert_settles(note, other, 10440 - 4640)
        self.assertEqual(invoice.amount_residual, 11600)

    def test_two_orders_on_one_invoice(self):
        orders = self.order(), self.order()
        for order in orders:
            self.deliver(order, 10)
        invoice = self.issue(*orders)
        self.assertEqual(len(invoice), 1)
        self.deliver(orders[1], 6)
        note = self.create_invoice(orders[1])
        self.assert_settles(note, invoice, 23200 - 4640)

    def test_with_two_invoices_somebody_is_asked_which(self):
        order, (first, second) = self.delivered(10, 10)
        self.deliver(order, 16)
        note = self.create_invoice(order)
        self.assertFalse(note.smart_note_origin_id)
        left = r" .*VES 11,600.00 left"
        words = rf"{first.smart_number}{left}.*{second.smart_number}{left}"
        with self.assertRaisesRegex(SmartPreflightError, words), self.env.cr.savepoint():
            note.action_post()
        note.smart_note_origin_id = second
        self.assert_settles(note, second, 6960)

    def test_a_return_over_two_invoices_becomes_a_note_for_each(self):
        order, (first, second) = self.delivered(10, 10)
        self.deliver(order, 8)
        note = self.create_invoice(order)
        self.assertFalse(note.smart_note_origin_id, "no invoice has 12")
        with (
            self.assertRaisesRegex(SmartPreflightError, "a note for each"),
            self.env.cr.savepoint(),
        ):
            note.action_post()
        note.invoice_line_ids.quantity = 10
        note.smart_note_origin_id = second
        self.assert_settles(note, second, 0)
        rest = self.create_invoice(order)
        self.assertEqual(rest.amount_total, 2320)
        self.assertEqual(rest.smart_note_origin_id, first, "the other one is taken back whole")
        self.assert_settles(rest, first, 9280)

    def test_an_invoice_that_has_less_of_the_goods_is_not_the_one(self):
        order, (_first, second) = self.delivered(3, 10)
        self.deliver(order, 9)
        note = self.create_invoice(order)
        self.assertEqual(note.smart_note_origin_id, second)

    def test_an_annulled_invoice_is_not_the_one(self):
        order, (first, second) = self.delivered(10, 10)
        first.smart_document_id.sudo()._engine_write({"state": "annulled"})
        self.deliver(order, 16)
        self.assertEqual(self.create_invoice(order).smart_note_origin_id, second)

    def test_an_invoice_of_another_customer_is_not_the_one(self):
        order, invoice = self.delivered(10)
        self.deliver(order, 6)
        order.partner_invoice_id = self.customer.copy({"vat": "J-00041312-6", "name": "Otra"})
        note = self.create_invoice(order)
        self.assertFalse(note.smart_note_origin_id)
        with (
            self.assertRaisesRegex(SmartPreflightError, "no note can be about it"),
            self.env.cr.savepoint(),
        ):
            note.action_post()
        self.assertEqual(invoice.amount_residual, 11600)

    def test_an_invoice_that_waits_is_proposed_once_it_is_issued(self):
        order = self.order()
        self.deliver(order, 10)
        invoice = self.create_invoice(order)
        invoice.action_post()  # not committed yet, so it waits
        self.deliver(order, 6)
        note = self.create_invoice(order)
        self.assertFalse(note.smart_note_origin_id)
        self.commit()
        self.assertEqual(invoice.smart_state, "issued")
        self.assert_settles(note, invoice, 6960)

    def test_where_nobody_is_asked_the_draft_waits_with_one_activity(self):
        order, (first, _second) = self.delivered(10, 10)
        self.deliver(order, 16)
        note = self.create_invoice(order)
        for _again in range(2):
            note.with_user(self.env.ref("base.user_root")).sudo()._post()
        self.assertEqual(note.state, "draft")
        activity = note.activity_ids
        self.assertEqual(len(activity), 1)
        self.assertIn(first.smart_number, activity.note)

    def test_a_down_payment_given_back_in_part(self):
        order = self.order()
        paid_down = self.issue(order, advance_payment_method="percentage", amount=50)
        self.assertEqual(paid_down.amount_total, 5800)
        self.deliver(order, 2)
        note = self.create_invoice(order)
        self.assertEqual((note.move_type, note.amount_total), ("out_refund", 3480))
        self.assertEqual(note.smart_note_origin_id, paid_down)
        self.assert_settles(note, paid_down, 2320)

    def test_a_down_payment_given_back(self):
        order = self.order()
        paid_down = self.issue(order, advance_payment_method="fixed", fixed_amount=1160)
        note = self.create_invoice(order)
        self.assertEqual((note.move_type, note.amount_total), ("out_refund", 1160))
        self.assert_settles(note, paid_down, 0)

    def test_of_two_down_payments_somebody_is_asked_which(self):
        order = self.order()
        first = self.issue(order, advance_payment_method="fixed", fixed_amount=1160)
        second = self.issue(order, advance_payment_method="fixed", fixed_amount=2320)
        note = self.create_invoice(order)
        self.assertEqual(note.amount_total, 3480)
        self.assertFalse(note.smart_note_origin_id)
        with (
            self.assertRaisesRegex(
                SmartPreflightError, f"{first.smart_number} .*{second.smart_number} .*left"
            ),
            self.env.cr.savepoint(),
        ):
            note.action_post()

    def test_more_than_the_final_invoice_names_that_of_the_down_payment_too(self):
        order = self.order()
        paid_down = self.issue(order, advance_payment_method="percentage", amount=50)
        self.deliver(order, 10)
        final = self.issue(order)
        self.assertEqual(final.amount_total, 5800)
        self.deliver(order, 2)
        note = self.create_invoice(order)
        self.assertEqual(note.amount_total, 9280)
        self.assertFalse(note.smart_note_origin_id)
        with (
            self.assertRaisesRegex(
                SmartPreflightError, f"{paid_down.smart_number} .*{final.smart_number} "
            ),
            self.env.cr.savepoint(),
        ):
            note.action_post()

    def test_an_exchange_is_what_its_total_says(self):
        for sold, kind in ((3, "invoice"), (5, "invoice"), (1, "credit_note")):
            order, invoice = self.delivered(10)
            order.order_line = [
                Command.create(
                    {"product_id": self.other.id, "product_uom_qty": sold, "price_unit": 1000}
                )
            ]
            self.deliver(order, 8)
            self.deliver(order, sold, line=1)
            with self.subTest(sold):
                document = self.create_invoice(order)
                self.assertEqual(document._smart_document_type(), kind)
                self.assertEqual(
                    document.smart_note_origin_id, invoice if kind == "credit_note" else invoice[:0]
                )
                self.confirm(document)
                self.assertEqual(document.smart_state, "issued")

    def test_an_order_from_before_smart_says_what_to_enter(self):
        order = self.order()
        self.deliver(order, 10)
        journal = self.company_data["default_journal_sale"]
        journal.smart_enabled = False
        self.confirm(self.create_invoice(order))
        journal.smart_enabled = True
        self.deliver(order, 6)
        note = self.create_invoice(order)
        with (
            self.assertRaisesRegex(SmartPreflightError, r"\(before SMART: enter number, date"),
            self.env.cr.savepoint(),
        ):
            note.action_post()

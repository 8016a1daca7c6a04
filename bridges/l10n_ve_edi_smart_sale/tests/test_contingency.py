from odoo.tests import tagged

from odoo.addons.l10n_ve_edi_smart.tests.contingency_common import make_pad

from .orders_common import OrdersCommon


@tagged("post_install", "-at_install")
class TestContingencyOrders(OrdersCommon):
    """Orders whose invoices are on numbered paper: of salespeople, and of the web shop."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        sale = cls.company_data["default_journal_sale"]
        cls.on_paper = sale.copy({"code": "TAL", "smart_channel": "contingency"})
        make_pad(cls.on_paper)
        cls.clerk = cls.new_user("sale_clerk", "account.group_account_invoice")
        cls.seller = cls.new_user("sale_seller", "sales_team.group_sale_salesman")

    def order_on_paper(self, **values):
        return self.make_order(
            [(self.taxes["general"], 100.0, 1, 0)], journal_id=self.on_paper.id, **values
        )

    def put(self, invoice, control=False):
        invoice.smart_sheet_control = control
        invoice.with_user(self.clerk).action_post()
        self.commit()
        return invoice

    def nothing_sent(self):
        self.send_in_background()
        return not self.simulator.calls()

    def test_an_order_is_invoiced_by_a_salesperson_and_written_by_a_clerk(self):
        order = self.order_on_paper(user_id=self.seller.id)
        order.with_user(self.seller).action_confirm()
        wizard = (
            self.env["sale.advance.payment.inv"]
            .with_user(self.seller)
            .with_context(active_model="sale.order", active_ids=order.ids)
            .create({"advance_payment_method": "delivered"})
        )
        wizard.create_invoices()
        invoice = order.invoice_ids
        self.assertEqual((invoice.state, invoice.journal_id), ("draft", self.on_paper))
        # The salesperson sees it, and on which sheet it will be, without rights to the paper.
        self.env.flush_all()
        self.env.invalidate_all()
        seen = invoice.with_user(self.seller)
        self.assertEqual(seen.smart_sheet_next, "00-00000001")
        self.assertIn("smart_paper", seen.alerts)
        self.put(invoice)
        self.assertEqual((invoice.state, invoice.smart_control_number), ("posted", "00-00000001"))
        self.assertEqual(order.invoice_status, "invoiced")
        self.assertTrue(self.nothing_sent())

    def test_a_web_order_that_is_paid_waits_for_its_sheet(self):
        order = self.order_on_paper()
        invoice = self.pay_order(order)
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.transaction_ids.state, "done")
        self.assertEqual((len(invoice), invoice.state), (1, "draft"))
        self.assertFalse(invoice.smart_sheet_id)
        self.assertIn("Nobody was there", invoice.activity_ids.note)
        self.assertFalse(invoice.is_move_sent)
        self.put(invoice, "00-00000001")
        self.assertEqual((invoice.state, invoice.amount_residual), ("posted", 0.0))
        self.assertFalse(invoice.activity_ids)
        self.assertTrue(self.nothing_sent())

    def test_a_shop_whose_first_journal_is_on_paper(self):
        self.on_paper.sequence = 0
        self.company_data["default_journal_sale"].sequence = 9
        order = self.make_order([(self.included["general"], 116.0, 1, 0)])
        invoice = self.pay_order(order)
        self.assertEqual((invoice.journal_id, invoice.state), (self.on_paper, "draft"))
        self.put(invoice)
        self.assertEqual((invoice.smart_control_number, invoice.amount_total), ("00-00000001", 116))
        self.assertEqual(invoice.smart_sheet_id.amount_total_signed, 116)

    def test_what_is_returned_is_corrected_through_smart(self):
        order = self.order_on_paper()
        order.action_confirm()
        invoice = self.put(order._create_invoices())
        order.order_line.product_uom_qty = 0
        note = order._create_invoices(final=True)
        self.assertEqual(note.move_type, "out_refund")
        note.journal_id = self.company_data["default_journal_sale"]
        note.smart_note_reason = "Devolución"
        self.confirm(note)
        self.assertEqual(note.smart_state, "issued")
        request = self.simulator.documents("")[-1]["request"]
        self.assertEqual(request["relacionado"], "00-00000001")
        self.assertEqual(invoice.smart_note_count, 1)

    def test_what_is_returned_is_written_on_the_next_sheet(self):
        order = self.order_on_paper()
        order.action_confirm()
        invoice = self.put(order._create_invoices())
        order.order_line.product_uom_qty = 0
        note = order._create_invoices(final=True)
        self.assertEqual(note.journal_id, self.on_paper)
        self.put(note)
        self.assertEqual(note.smart_control_number, "00-00000002")
        self.assertEqual(note.smart_sheet_id.affected, "Invoice 00-00000001")
        self.assertEqual(invoice.amount_residual, 0)

from odoo.exceptions import UserError
from odoo.tests import tagged

from .returns_common import ReturnsCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestNotes(ReturnsCommon):
    """What a till takes back is on a credit note about its invoice, what it sells on an invoice."""

    def documents(self, order):
        return order.account_move | order.smart_note_ids

    def assert_documents(self, order, *expected):
        """Check (kind, total, origin) of each document, that it is issued, and nothing is open."""
        moves = self.documents(order)
        self.assertEqual(
            [
                (one.smart_document_type, one.amount_total, one.smart_note_origin_id)
                for one in moves
            ],
            list(expected),
        )
        self.assertEqual(set(moves.mapped("smart_state")), {"issued"})
        self.assertEqual(moves.mapped("amount_residual"), [0.0] * len(moves))
        receivable = moves.line_ids.filtered(lambda line: line.display_type == "payment_term")
        self.assertTrue(all(receivable.mapped("reconciled")))
        entries = order.payment_ids.account_move_id.line_ids
        self.assertTrue(
            all(
                entries.filtered(
                    lambda line: (
                        line.account_id == receivable.account_id
                        and line.partner_id == order.partner_id
                    )
                ).mapped("reconciled")
            )
        )

    def sold(self, quantity=1, price=20.0, product=None, **values):
        order = self.send((product or self.goods, quantity, price), **values)
        return order, order.account_move

    def test_a_sale_is_an_invoice(self):
        order, _invoice = self.sold()
        self.assert_documents(order, ("invoice", 23.2, self.env["account.move"]))

    def test_a_return_is_a_credit_note_about_the_invoice(self):
        order, invoice = self.sold(3)
        for refund in (True, False):  # whatever the till calls it
            back = self.send((self.goods, -1, 20.0, order.lines), refund=refund)
            self.assert_documents(back, ("credit_note", 23.2, invoice))
            self.assertEqual(back.account_move.reversed_entry_id, invoice)

    def test_an_exchange_for_something_dearer(self):
        for refund in (True, False):
            order, invoice = self.sold()
            with self.subTest(refund=refund):
                exchange = self.send(
                    (self.goods, -1, 20.0, order.lines), (self.others, 1, 25.0), refund=refund
                )
                self.assertEqual(exchange.amount_total, 5.8)
                self.assert_documents(
                    exchange, ("invoice", 29.0, invoice[:0]), ("credit_note", 23.2, invoice)
                )

    def test_an_exchange_for_something_cheaper(self):
        for refund in (True, False):
            order, invoice = self.sold(1, 25.0)
            with self.subTest(refund=refund):
                exchange = self.send(
                    (self.goods, -1, 25.0, order.lines), (self.others, 1, 20.0), refund=refund
                )
                self.assertEqual(exchange.amount_total, -5.8)
                self.assert_documents(
                    exchange, ("invoice", 23.2, invoice[:0]), ("credit_note", 29.0, invoice)
                )

    def test_an_exchange_for_the_same_price(self):
        order, invoice = self.sold()
        exchange = self.send(
            (self.goods, -1, 20.0, order.lines), (self.others, 1, 20.0), refund=True
        )
        self.assert_documents(
            exchange, ("invoice", 23.2, invoice[:0]), ("credit_note", 23.2, invoice)
        )

    def test_an_exchange_between_rates(self):
        order, invoice = self.sold(1, 10.0, self.reduced)
        exchange = self.send(
            (self.reduced, -1, 10.0, order.lines), (self.others, 1, 20.0), refund=True
        )
        self.assert_documents(
            exchange, ("invoice", 23.2, invoice[:0]), ("credit_note", 10.8, invoice)
        )

    def test_what_was_exchanged_cannot_be_credited_again(self):
        order, invoice = self.sold()
        self.send((self.goods, -1, 20.0, order.lines), (self.others, 1, 25.0), refund=True)
        note = invoice._reverse_moves()
        with self.assertRaisesRegex(UserError, "too much"), self.env.cr.savepoint():
            note.action_post()

    def test_goods_of_the_exchange_can_be_returned_too(self):
        order, _invoice = self.sold()
        exchange = self.send(
            (self.goods, -1, 20.0, order.lines), (self.others, 1, 25.0), refund=True
        )
        line = exchange.lines.filtered(lambda one: one.product_id == self.others)
        back = self.send((self.others, -1, 25.0, line), refund=True)
        self.assert_documents(back, ("credit_note", 29.0, exchange.account_move))

    def test_a_return_of_an_issued_order_has_a_note_even_if_the_till_wants_none(self):
        order, invoice = self.sold()
        back = self.send(
            (self.goods, -1, 20.0, order.lines),
            refund=True,
            invoice=False,
            customer=self.env["res.partner"],
        )
        self.assert_documents(back, ("credit_note", 23.2, invoice))

    def test_a_return_of_an_order_without_invoice_needs_none(self):
        order, _invoice = self.sold(invoice=False)
        back = self.send((self.goods, -1, 20.0, order.lines), refund=True, invoice=False)
        self.assertFalse(back.account_move)
        self.assertEqual(back.state, "paid")

    # -- before the money --------------------------------------------------------------------

    def ask(self, order, to_invoice=True, customer=None, user=None):
        """Return what the cashier is told who takes all of an order back."""
        told = self.env["pos.order"].with_user(user or self.env.user)
        told = told.smart_check_before_payment(
            {
                "config_id": self.till.id,
                "partner_id": (customer or self.customer).id,
                "to_invoice": to_invoice,
                "lines": [
                    {
                        "product_id": line.product_id.id,
                        "qty": -line.qty,
                        "price_unit": line.price_unit,
                        "tax_ids": line.tax_ids.ids,
                        "price_subtotal": -line.price_subtotal,
                        "price_subtotal_incl": -line.price_subtotal_incl,
                        "refunded_orderline_id": line.id,
                    }
                    for line in order.lines
                ],
            }
        )
        return "\n".join(one["text"] for one in told)

    def test_the_till_is_told_before_payment_what_cannot_be_taken_back(self):
        order, _none = self.sold(invoice=False)
        self.assertRegex(self.ask(order), f"{order.pos_reference} was never invoiced.*Invoice it")
        self.assertEqual(self.ask(order, to_invoice=False), "")
        issued, invoice = self.sold()
        self.assertEqual(self.ask(issued), "")
        other = self.customer.copy({"name": "Otra, C.A.", "vat": "J-00041312-6"})
        self.assertRegex(self.ask(issued, customer=other), "only that customer")
        invoice.smart_document_id.sudo()._engine_write({"state": "annulled"})
        self.assertRegex(self.ask(issued), "was annulled at SMART")

    def test_a_cashier_may_ask(self):
        order, _none = self.sold(invoice=False)
        cashier = self.new_user("cashier", "base.group_user,point_of_sale.group_pos_user")
        self.assertIn("never invoiced", self.ask(order, user=cashier))
        issued, _invoice = self.sold()
        self.assertEqual(self.ask(issued, user=cashier), "")

    def test_if_it_comes_all_the_same_the_money_stands_and_the_draft_says_what_to_do(self):
        order, _none = self.sold(invoice=False)
        back = self.send((self.goods, -1, 20.0, order.lines), refund=True)
        note = back.account_move
        self.assertEqual((back.state, note.state), ("done", "draft"))
        self.assertRegex(note.activity_ids.note, f"{order.pos_reference}.*never invoiced")
        order.action_pos_order_invoice()
        self.commit()
        self.send_waiting()
        self.assertEqual(order.account_move.smart_state, "issued")
        self.confirm(note)
        self.assert_documents(back, ("credit_note", 23.2, order.account_move))

    def test_an_exchange_of_what_was_never_invoiced_is_settled_once_that_is_invoiced(self):
        order, _none = self.sold(invoice=False)
        exchange = self.send(
            (self.goods, -1, 20.0, order.lines), (self.others, 1, 25.0), refund=True
        )
        note = exchange.smart_note_ids
        self.assertEqual((exchange.state, note.state), ("done", "draft"))
        self.assertEqual(exchange.account_move.smart_state, "issued")
        order.action_pos_order_invoice()
        self.commit()
        self.send_waiting()
        self.confirm(note)
        invoice = order.account_move
        self.assert_documents(
            exchange, ("invoice", 29.0, invoice[:0]), ("credit_note", 23.2, invoice)
        )

    def test_a_return_of_what_was_invoiced_before_smart_asks_for_its_number(self):
        self.issues_through_smart = False
        order, old = self.sold()
        self.issues_through_smart = self.till.invoice_journal_id.smart_enabled = True
        self.assertEqual(self.ask(order), "")
        note = self.send((self.goods, -1, 20.0, order.lines), refund=True).account_move
        self.assertEqual((note.state, note.smart_former_amount), ("draft", 23.2))
        self.assertEqual(note.smart_former_date, old.invoice_date)
        note.write({"smart_former_number": "00-00000077", "smart_note_reason": "Devolución"})
        self.confirm(note)
        self.assertEqual((note.smart_state, note.amount_residual), ("issued", 0.0))

    def test_the_button_of_the_order_refuses_and_says_what_to_do(self):
        order, _none = self.sold(invoice=False)
        back = self.send((self.goods, -1, 20.0, order.lines), refund=True, invoice=False)
        with self.assertRaisesRegex(UserError, "never invoiced.*Invoice it first"):
            back.action_pos_order_invoice()
        wizard = self.env["pos.make.invoice"].with_context(active_ids=back.ids).create({})
        with self.assertRaisesRegex(UserError, "never invoiced.*Invoice it first"):
            wizard.action_create_invoices()

    def test_several_orders_and_a_return_on_one_bill(self):
        orders = self.sold(invoice=False)[0] | self.sold(2, 30.0, invoice=False)[0]
        wizard = self.env["pos.make.invoice"].with_context(active_ids=orders.ids).create({})
        wizard.action_create_invoices()
        self.commit()
        self.send_waiting()
        invoice = orders.account_move
        self.assertEqual((invoice.smart_state, invoice.amount_total), ("issued", 92.8))
        back = self.send((self.goods, -2, 30.0, orders[1].lines), refund=True)
        self.assert_documents(back, ("credit_note", 69.6, invoice))

    def test_a_shop_without_smart_is_as_odoo_makes_it(self):
        self.issues_through_smart = False
        order, _invoice = self.sold()
        back = self.send((self.goods, -1, 20.0, order.lines), refund=True)
        self.assertEqual(back.account_move.move_type, "out_refund")
        self.assertEqual(self.ask(order), "")

    def test_a_quantity_taken_back_without_a_reference_is_no_free_invoice(self):
        order = self.send((self.goods, 1, 20.0), (self.others, -1, 20.0))
        self.assertEqual(order.account_move.state, "draft")
        self.assertFalse(order.account_move.smart_free)

    def test_what_is_sold_is_never_on_a_credit_note(self):
        sold, _invoice = self.sold(5)
        order = self.send(
            (self.goods, -1, 20.0, sold.lines),
            (self.others, 1, 50.0),
            (self.others, -1, 50.0),
        )
        notes = order.smart_note_ids
        self.assertEqual(notes.move_type, "out_refund")
        self.assertEqual(notes.amount_total, 23.2)
        self.assertTrue(all(line.price_subtotal >= 0 for line in notes.invoice_line_ids))

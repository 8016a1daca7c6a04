"""Rounded cash beside what else happens to documents of a till: nobody owes a rounding."""

from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .rounding_common import RoundingCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestRoundingMixed(RoundingCommon):
    def entries(self):
        return self.env["account.move"].search([("smart_pos_rounded_order_id", "!=", False)])

    def rounding(self, method):
        return self.whole.copy(
            {
                "name": method,
                "rounding_method": method,
                "profit_account_id": self.profit.id,
                "loss_account_id": self.loss.id,
            }
        )

    def refused(self, price, *payments):
        """Return an order that takes back what was sold, and its note: refused, and reset."""
        order = self.sold(price)
        self.simulator.fault("refuse", seconds=600)
        back = self.take_back(order, *payments)
        self.commit()
        note = back.account_move
        self.till.current_session_id.action_pos_session_closing_control()
        note.button_draft()
        self.simulator.control("DELETE", "/faults")
        return back, note

    def test_an_exchange_for_something_cheaper_than_the_rounding(self):
        back = self.take_back(self.sold(10.6), (self.cash, -10.0), lines=[0.4])
        self.assert_settled(back, 0.4, 10.6)
        self.assertEqual(self.rounded(), [-0.2, 0])

    def test_what_rounds_to_nothing_is_sold_and_taken_back(self):
        goods = [(self.included["general"], 0.4, 1, 0)]
        self.assert_settled(self.hand_in(goods, []), 0.4)
        self.assertEqual(self.rounded(), [0, 0.4])
        order = self.hand_in(goods, [(self.card, 0.4)])
        self.assert_settled(order, 0.4)
        back = self.take_back(order)
        self.assert_settled(back, 0.4)
        self.assertEqual(self.rounded(), [-0.4, 0.4])
        self.close(back)

    def test_rounded_down_twice(self):
        self.whole.rounding_method = "DOWN"
        order = self.sold(10.9, (self.cash, 10.0))
        back = self.take_back(order, (self.cash, 9.0), lines=[20.8])
        self.assert_settled(back, 20.8, 10)
        self.assertEqual(self.rounded(), [0, 1.8])

    def test_rounded_up(self):
        self.whole.rounding_method = "UP"
        back = self.take_back(self.sold(10.1), (self.cash, -11.0))
        self.assert_settled(back, 10.1)
        back = self.take_back(self.sold(10.1), (self.cash, 11.0), lines=[20.2])
        self.assert_settled(back, 20.2, 10.1)
        self.assertEqual(self.rounded(), [-0.9, 0.9])

    def test_rounded_down_here_and_up_there(self):
        self.whole.rounding_method = "DOWN"
        order = self.sold(10.9, (self.cash, 10.0))
        self.till.rounding_method = self.rounding("UP")
        self.assertEqual(self.ask(order), "")
        back = self.take_back(order, (self.cash, -11.0))
        self.assert_settled(back, 10)
        self.assertEqual(self.rounded(), [0, 1])

    def test_in_many_parts(self):
        goods = [(self.included["general"], 5.6, 4, 0)]
        order = self.hand_in(goods, [(self.cash, 22.0)])
        self.wire(order.account_move)
        goods = [(order.lines.tax_ids, 5.6, -1, 0)]
        for total in (6, 6, 6, 4):
            back = self.hand_in(goods, [(self.cash, -6.0)], of=order.lines, is_refund=True)
            self.assert_settled(back, total)
        self.assertEqual(self.rounded(), [0, 2])

    def test_what_many_parts_have_left_is_told_of_before_the_money(self):
        goods = [(self.included["general"], 5.6, 4, 0)]
        order = self.hand_in(goods, [(self.cash, 22.0)])
        self.wire(order.account_move)
        goods = [(order.lines.tax_ids, 5.6, -1, 0)]
        for _part in range(3):
            back = self.hand_in(goods, [(self.cash, -6.0)], of=order.lines, is_refund=True)
            self.wire(back.account_move)
        taken = [(order.lines, 1, 5.6)]
        why = self.env["pos.order"]._smart_why_not_so_much
        self.assertEqual(why(taken), "")
        self.assertIn("4", why([(order.lines, 1, 9.6)]))

    def test_parts_whose_taxes_come_to_more_than_that_of_the_whole(self):
        goods = [(self.taxes["general"], 0.04, 8, 0)]  # 0.32 and 0.05; of one 0.04 and 0.01
        order = self.hand_in(goods, [(self.card, 0.37)])
        self.wire(order.account_move)
        goods = [(order.lines.tax_ids, 0.04, -1, 0)]
        for total in (0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.02):
            back = self.hand_in(goods, [(self.card, -0.05)], of=order.lines, is_refund=True)
            self.assert_settled(back, total)
        self.assertEqual(self.rounded(), [0, 0.03])

    def test_confirmed_again_though_the_entry_was_reset(self):
        back, note = self.refused(10.6, (self.cash, -11.0))
        entry = self.entries()
        entry.button_draft()
        self.confirm(note)
        self.wire(note)
        self.assertEqual(self.entries(), entry)
        entry.action_post()
        self.assert_settled(back, 10.6)
        self.assertEqual(self.rounded(), [0, 0.4])

    def test_confirmed_again_though_the_entry_was_cancelled(self):
        _back, note = self.refused(10.6, (self.cash, -11.0))
        self.entries().button_draft()
        self.entries().button_cancel()
        self.confirm(note)
        self.wire(note)
        self.assertEqual(note.amount_residual, 0)
        self.assertEqual(self.entries().mapped("state").count("posted"), 1)

    def test_edited_before_it_is_confirmed_again(self):
        back, note = self.refused(10.6, (self.cash, -11.0))
        note.invoice_line_ids.price_unit = 10.3
        self.confirm(note)
        self.assert_settled(back, note.amount_total)
        self.assertAlmostEqual(sum(self.rounded()), 11 - note.amount_total)

    def test_confirmed_after_the_day_of_the_other_document_is_closed(self):
        order = self.sold(10.6)
        self.customer.vat = False
        back = self.take_back(order, (self.cash, 9.0), lines=[20.0])
        self.customer.vat = "J-29387645-1"
        self.close(back)
        invoice, note = back.account_move, back.smart_note_ids
        self.confirm(invoice)
        self.assertEqual(self.rounded(), [0, 0])
        today = fields.Date.context_today(invoice)
        self.company.sudo().fiscalyear_lock_date = today + timedelta(days=9)
        with freeze_time(fields.Datetime.now() + timedelta(days=20)):
            note.invoice_date = fields.Date.context_today(note)
            self.confirm(note)
        self.assertEqual(self.rounded(), [0, 0.4])
        self.assert_settled(back, 20.0, 10.6)
        self.assertGreater(self.entries().date, self.company.fiscalyear_lock_date)

    def test_a_rounding_without_accounts(self):
        self.till.rounding_method = self.whole.copy()
        self.assertFalse(self.till.rounding_method.loss_account_id)
        drawers = self.till.payment_method_ids.journal_id
        drawers.write({"profit_account_id": self.profit.id, "loss_account_id": self.loss.id})
        order = self.sold(10.6, (self.cash, 11.0))
        self.assert_settled(order, 11)
        back = self.take_back(order, (self.cash, -11.0))
        self.assert_settled(back, 11)
        back = self.take_back(self.sold(10.6), (self.cash, 9.0), lines=[20.0])
        self.assert_settled(back, 20.0, 10.6)
        self.assertEqual(self.rounded(), [0, 0.4])
        self.close(back)

    def test_in_a_shop_without_drawer_and_accounts_it_is_a_rounding_of_totals(self):
        self.till.write(
            {
                "rounding_method": self.whole.copy().id,
                "payment_method_ids": [Command.set(self.card.ids)],
                "only_round_cash_method": False,
            }
        )
        self.card.journal_id.loss_account_id = False
        self.company.smart_rounding_account_id = self.profit
        back = self.take_back(self.sold(11.0), (self.card, 9.0), lines=[20.4])
        self.assert_settled(back, 20.4, 11)
        self.assertEqual(self.rounded(), [0.4, 0])

    def before_smart(self, price, paid):
        """Return an order that was sold before the shop issued through SMART: without invoice."""
        journal = self.till.invoice_journal_id
        journal.smart_enabled = False
        goods = [(self.included["general"], price, 1, 0)]
        order = self.hand_in(goods, [(self.cash, paid)], to_invoice=False)
        journal.smart_enabled = True
        self.assertFalse(order.account_move)
        return order

    def test_several_orders_on_one_invoice(self):
        orders = self.before_smart(10.4, 10.0) | self.before_smart(20.6, 21.0)
        orders |= self.before_smart(30.3, 30.0)
        orders[0].session_id.action_pos_session_closing_control()
        self.env["pos.make.invoice"].with_context(active_ids=orders.ids).create(
            {"consolidated_billing": True}
        ).action_create_invoices()
        self.assertEqual(len(orders.account_move), 1)
        self.assertEqual(self.wire(orders.account_move)["total"], 61)
        self.assertEqual(orders.account_move.amount_residual, 0)
        self.assertEqual(self.rounded(), [0, 0])

    def test_invoiced_later_in_the_back_office(self):
        order = self.before_smart(10.6, 11.0)
        order.session_id.action_pos_session_closing_control()
        order.action_pos_order_invoice()
        self.assertEqual(self.wire(order.account_move)["total"], 11)
        self.assertEqual(order.account_move.amount_residual, 0)
        back = self.take_back(order, (self.card, -10.6))
        self.assertEqual(self.wire(back.account_move)["total"], 10.6)

    def test_nobody_says_what_was_rounded(self):
        order = self.sold(10.6)
        clerk = self.new_user("clerk", "account.group_account_manager")
        values = {"move_type": "entry", "journal_id": self.company_data["default_journal_misc"].id}
        for user in (clerk, self.cashier):
            Move = self.env["account.move"].with_user(user)
            with self.assertRaises(AccessError), self.cr.savepoint():
                Move.create(values | {"smart_pos_rounded_order_id": order.id})
            with self.assertRaises(AccessError), self.cr.savepoint():
                key = {"default_smart_pos_rounded_order_id": order.id}
                move = Move.with_context(**key).create(values)
                self.assertFalse(move.smart_pos_rounded_order_id)
                raise AccessError("It is not taken.")
        entry = self.env["account.move"].with_user(clerk).create(values)
        with self.assertRaises(AccessError):
            entry.smart_pos_rounded_order_id = order.id

    def test_a_bookkeeper_without_rights_to_tills_confirms(self):
        _back, note = self.refused(10.6, (self.cash, -11.0))
        self.entries().button_draft()
        self.entries().button_cancel()
        clerk = self.new_user("clerk", "account.group_account_invoice")
        note.with_user(clerk).action_post()
        self.assertEqual(self.wire(note)["total"], 10.6)
        self.assertEqual(note.amount_residual, 0)

    def test_in_dollars(self):
        journal = self.till.journal_id.copy(
            {"name": "USD", "code": "USDS", "currency_id": self.usd.id}
        )
        drawer = self.cash.journal_id.copy({"code": "USDR", "currency_id": self.usd.id})
        bank = self.card.journal_id.copy({"code": "USDT", "currency_id": self.usd.id})
        cash = self.cash.copy({"journal_id": drawer.id, "smart_collects_igtf": False})
        card = self.card.copy({"journal_id": bank.id, "smart_collects_igtf": False})
        self.till = self.env["pos.config"].create(
            {
                "name": "Dólares",
                "journal_id": journal.id,
                "invoice_journal_id": self.till.invoice_journal_id.id,
                "payment_method_ids": [Command.set((cash + card).ids)],
                "use_pricelist": False,
                "cash_rounding": True,
                "rounding_method": self.whole.id,
                "only_round_cash_method": True,
            }
        )
        order = self.sold(10.6, (card, 10.6))
        back = self.take_back(order, (cash, 9.0), lines=[20.0])
        self.assert_settled(back, 20, 10.6)
        lost = self.entries().line_ids.filtered(lambda item: item.account_id == self.loss)
        self.assertEqual((lost.currency_id, lost.amount_currency), (self.usd, 0.4))
        self.close(back)

    def test_another_shop_without_smart_is_none_of_ours(self):
        order = self.sold(10.6)
        self.wire(order.account_move)
        self.leave_smart()
        goods = [(self.included["general"], 10.6, 1, 0)]
        sold = self.hand_in(goods, [(self.cash, 11.0)])
        self.assertEqual(sold.account_move.state, "posted")
        self.assertFalse(self.entries())

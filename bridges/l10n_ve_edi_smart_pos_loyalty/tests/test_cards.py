from odoo.tests import tagged

from .card_common import CardCommon


@tagged("post_install", "-at_install")
class TestCards(CardCommon):
    """Gift cards and e-wallets pay at the till; the invoice is of what was sold."""

    def test_a_card_pays_a_part_of_an_invoice_of_the_whole(self):
        sold = [(self.taxes["general"], 100.0, 1, 0)]
        order = self.sell(sold, [(self.cash, 66.0)], [self.gift(50.0)])
        self.assert_paid_and_issued(order, 116)
        self.assertEqual(self.forms(order), {"Efectivo": 66, "Gift card": 50})
        self.assertEqual(len(self.sent(order)["cuerpofactura"]), 1)

    def test_an_e_wallet_pays_all_of_it(self):
        sold = [(self.taxes["general"], 100.0, 1, 0)]
        order = self.sell(sold, [(self.cash, 0.0)], [self.gift(116.0, "ewallet")])
        self.assert_paid_and_issued(order, 116)
        self.assertEqual(self.forms(order), {"eWallet": 116})

    def test_what_the_rest_is_rounded_to_stands(self):
        self.round_cash(0.05, only_cash=False)
        sold = [(self.taxes["general"], 100.02, 1, 0)]  # 116.02
        order = self.sell(sold, [(self.cash, 66.0)], [self.gift(50.0)])
        self.assert_paid_and_issued(order, 116)

    def test_a_till_closes_after_a_card_has_paid(self):
        sold = [(self.taxes["general"], 100.0, 1, 0)]
        order = self.sell(sold, [(self.cash, 66.0)], [self.gift(50.0)])
        session = order.session_id
        session.post_closing_cash_details(session.cash_register_balance_end)
        self.assertTrue(session.close_session_from_ui()["successful"])
        self.assert_paid_and_issued(order, 116)

    def test_what_is_returned_goes_back_on_the_card_and_the_rest_in_cash(self):
        sold = [(self.taxes["general"], 100.0, 1, 0)]
        order = self.sell(sold, [(self.cash, 66.0)], [self.gift(50.0)])
        self.assert_paid_and_issued(order, 116)
        refund = self.env["pos.order"].browse(order.refund()["res_id"])
        refund.to_invoice = True
        context = {"active_ids": refund.ids, "active_id": refund.id}
        wizard = self.env["pos.make.payment"].with_context(**context)
        wizard.create({"payment_method_id": self.cash.id, "amount": refund.amount_total}).check()
        note = refund.account_move
        self.assertEqual((note.move_type, note.amount_total), ("out_refund", 116))
        self.assertEqual(note.smart_note_origin_id, order.account_move)
        self.commit()
        self.send_waiting()
        self.assertEqual((note.smart_state, note.amount_residual), ("issued", 0))
        self.assertEqual(self.forms(refund), {"Efectivo": 66, "Gift card": 50})
        entry = self.env["account.move"].search(
            [("smart_card_pos_line_id", "in", refund.lines.ids)]
        )
        [given_back] = entry.line_ids.filtered(lambda item: item.balance < 0)
        self.assertEqual(given_back.balance, -50)
        self.assertEqual(given_back.account_id.account_type, "income")

    def test_a_draft_that_is_mended_later_is_paid(self):
        self.customer.phone = "none"
        sold = [(self.taxes["general"], 100.0, 1, 0)]
        order = self.sell(sold, [(self.cash, 66.0)], [self.gift(50.0)])
        self.assertEqual(order.account_move.state, "draft")
        self.customer.phone = "0414-1234567"
        order.account_move.action_post()
        self.assert_paid_and_issued(order, 116)

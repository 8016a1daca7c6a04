from odoo.tests import tagged

from .money_common import MoneyCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestTillIgtf(MoneyCommon):
    """What is paid in foreign currency at a till costs 3 % more, which the treasury gets."""

    def shirt(self, quantity=1):
        return [(self.taxes["general"], 100.0, quantity, 0)]

    def assert_settled(self, order, total):
        self.assertEqual(order.state, "done")
        move = order.account_move
        self.assertEqual((move.amount_total, move.amount_residual), (total, 0))

    def test_all_of_it_in_dollars(self):
        order = self.hand_in(self.shirt(), [(self.dollars, 119.48)])
        wire = self.wire(order.account_move)
        self.assertEqual(self.igtf(wire), [116, 3.48, 119.48])
        self.assertEqual((wire["subtotal"], len(wire["cuerpofactura"])), (100, 1))
        self.assertEqual(self.forms(wire), {"Dólares": 119.48})
        self.assert_settled(order, 119.48)
        line = order.account_move._smart_igtf_lines()
        self.assertEqual(line.account_id, self.company.smart_igtf_account_id)
        self.assertFalse(line.tax_ids)

    def test_what_is_paid_in_bolivares_is_not_in_its_base(self):
        for payments in (
            [(self.zelle, 50.0), (self.card, 67.5)],
            [(self.card, 66.0), (self.zelle, 51.5)],
        ):
            order = self.hand_in(self.shirt(), payments)
            wire = self.wire(order.account_move)
            self.assertEqual(self.igtf(wire), [50, 1.5, 117.5])
            self.assertEqual(self.forms(wire), {m.name: amount for m, amount in payments})
            self.assert_settled(order, 117.5)

    def test_change_is_given_in_the_currency_of_the_till_and_is_no_base(self):
        order = self.hand_in(self.shirt(), [(self.dollars, 200.0)], change=80.52)
        wire = self.wire(order.account_move)
        self.assertEqual(self.igtf(wire), [116, 3.48, 119.48])
        self.assertEqual(self.forms(wire), {"Dólares": 119.48})
        change = order.payment_ids.filtered("is_change")
        self.assertEqual(change.payment_method_id, self.cash)
        self.assert_settled(order, 119.48)

    def test_dollars_and_bolivares_in_cash_with_change(self):
        order = self.hand_in(self.shirt(), [(self.dollars, 100.0), (self.cash, 30.0)], change=11.0)
        wire = self.wire(order.account_move)
        self.assertEqual(self.igtf(wire), [100, 3, 119])
        self.assertEqual(sum(self.forms(wire).values()), 119)
        self.assert_settled(order, 119)

    def test_a_till_closes_and_owes_the_igtf_to_the_treasury(self):
        self.hand_in(self.shirt(), [(self.zelle, 119.48)])
        order = self.hand_in(self.shirt(), [(self.dollars, 119.48)], partner_id=False)
        self.assertFalse(order.account_move)
        entry = self.close(order).move_id
        account = self.company.smart_igtf_account_id
        owed = entry.line_ids.filtered(lambda item: item.account_id == account)
        self.assertEqual(sum(owed.mapped("balance")), -3.48)
        order.partner_id = self.customer
        order.action_pos_order_invoice()
        self.assertEqual(self.igtf(self.wire(order.account_move)), [116, 3.48, 119.48])
        self.assert_settled(order, 119.48)
        lines = self.env["account.move.line"].search(
            [("account_id", "=", account.id), ("parent_state", "=", "posted")]
        )
        self.assertAlmostEqual(sum(lines.mapped("balance")), -2 * 3.48)

    def test_a_return_gives_it_back(self):
        order = self.hand_in(self.shirt(), [(self.dollars, 119.48)])
        self.wire(order.account_move)
        back = self.hand_in(
            self.shirt(-1),
            [(self.dollars, -119.48)],
            of=order.lines[:1],
            is_refund=True,
            smart_igtf_back_base=116,
        )
        note = back.account_move
        self.assertEqual(self.igtf(self.wire(note)), [116, 3.48, 119.48])
        self.assertEqual(note.smart_note_origin_id, order.account_move)
        self.assert_settled(back, 119.48)
        self.close(back)

    def test_parts_give_back_their_share_and_never_more_than_was_collected(self):
        sold = [(self.taxes["general"], 33.33, 3, 0)]
        order = self.hand_in(sold, [(self.zelle, 119.47)])
        self.assertEqual(self.igtf(self.wire(order.account_move)), [115.99, 3.48, 119.47])
        given = []
        for base in (38.66, 38.66, 38.66):  # of notes of 38.66
            back = self.hand_in(
                [(self.taxes["general"], 33.33, -1, 0)],
                [(self.card, -39.82)],
                of=order.lines[:1],
                is_refund=True,
                smart_igtf_back_base=base,
            )
            given.append(self.igtf(self.wire(back.account_move)))
            self.assert_settled(back, 39.82)
        self.assertEqual(given, [[38.66, 1.16, 39.82]] * 3)

    def test_an_exchange_gives_it_back_and_collects_it_of_what_is_paid_now(self):
        order = self.hand_in(self.shirt(), [(self.dollars, 119.48)])
        self.wire(order.account_move)
        exchange = self.hand_in(
            [*self.shirt(-1), (self.taxes["general"], 150.0, 1, 0)],
            [(self.zelle, 56.16)],
            of=[order.lines[:1], None],
            smart_igtf_base=54.52,  # 174 - 116 - 3.48
            smart_igtf_back_base=116,
            amount_total=56.16,
        )
        note = exchange.smart_note_ids
        self.assertEqual(self.igtf(self.wire(exchange.account_move)), [54.52, 1.64, 175.64])
        self.assertEqual(self.igtf(self.wire(note)), [116, 3.48, 119.48])
        self.assertEqual(note.smart_note_origin_id, order.account_move)
        self.assertEqual(note.amount_residual, 0)
        self.assert_settled(exchange, 175.64)

    def test_it_becomes_a_line_when_the_order_is_paid_and_only_once(self):
        draft = self.hand_in(self.shirt(), [], state="draft", smart_igtf_base=116)
        self.assertFalse(draft.lines.filtered("smart_igtf_base"))
        paid = self.hand_in(self.shirt(), [(self.zelle, 119.48)], uuid=draft.uuid)
        self.assertEqual(paid, draft)
        self.assertEqual(sum(paid.lines.mapped("smart_igtf_base")), 116)
        self.assertEqual(self.igtf(self.wire(paid.account_move)), [116, 3.48, 119.48])
        self.assertEqual(paid.margin, 100, "what the treasury gets is no margin")

    def test_the_back_office_gives_it_back_too(self):
        order = self.hand_in(self.shirt(2), [(self.zelle, 238.96)])
        self.assertEqual(self.igtf(self.wire(order.account_move)), [232, 6.96, 238.96])
        self.hand_in(
            self.shirt(-1),
            [(self.card, -119.48)],
            of=order.lines[:1],
            is_refund=True,
            smart_igtf_back_base=116,
        )
        refund = self.env["pos.order"].browse(order.refund()["res_id"])
        self.assertEqual(refund.amount_total, -119.48)
        refund.to_invoice = True
        context = {"active_ids": refund.ids, "active_id": refund.id}
        wizard = self.env["pos.make.payment"].with_context(**context)
        wizard.create({"payment_method_id": self.card.id, "amount": -119.48}).check()
        self.assertEqual(self.igtf(self.wire(refund.account_move)), [116, 3.48, 119.48])
        self.assert_settled(refund, 119.48)

    def test_a_company_that_does_not_collect_it_adds_nothing(self):
        self.company.smart_collects_igtf = False
        order = self.hand_in(self.shirt(), [(self.dollars, 116.0)], amount_total=116.0)
        self.assertEqual(self.igtf(self.wire(order.account_move)), [0, 0, 116])

    def test_only_what_is_no_bolivar_is_foreign_unless_somebody_says_so(self):
        methods = self.cash + self.card + self.dollars + self.zelle
        self.assertEqual(methods.filtered("smart_collects_igtf"), self.dollars + self.zelle)
        self.zelle.smart_collects_igtf = False
        order = self.hand_in(self.shirt(), [(self.zelle, 116.0)])
        self.assertEqual(self.igtf(self.wire(order.account_move)), [0, 0, 116])

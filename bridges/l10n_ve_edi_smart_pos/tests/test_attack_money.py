from datetime import timedelta

from odoo import Command, fields
from odoo.tests import tagged
from odoo.tools import float_round

from odoo.addons.l10n_ve_edi_smart.smart_api import amounts

from .money_common import MoneyCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestAttackMoney(MoneyCommon):
    """Amounts, rates and days that no till hands in by itself."""

    def shirt(self, price=100.0, quantity=1):
        return [(self.taxes["general"], price, quantity, 0)]

    def sold_in_dollars(self, quantity=1):
        goods = self.shirt(quantity=quantity)
        total = self.due(goods, [(self.dollars, 10_000)])[0]
        order = self.hand_in(goods, [(self.dollars, total)])
        self.wire(order.account_move)
        return order

    # -- the IGTF --------------------------------------------------------------------------------

    def test_a_base_that_is_no_amount_is_refused_and_nothing_stays(self):
        before = self.env["pos.order"].search_count([])
        for base in ("abc", float("nan"), float("inf"), 1e300, [1], {"a": 1}):
            with (
                self.subTest(base=base),
                self.assertRaises(Exception),  # noqa: B017 - of Odoo, or ours
                self.env.cr.savepoint(),
            ):
                self.hand_in(self.shirt(), [(self.card, 116.0)], smart_igtf_base=base)
        self.assertEqual(self.env["pos.order"].search_count([]), before)

    def test_a_base_that_is_none_is_none(self):
        for base in (-1, None, False, 0):
            order = self.hand_in(self.shirt(), [(self.card, 116.0)], smart_igtf_base=base)
            self.assertFalse(order.lines.filtered("smart_igtf_base"))
            self.assertEqual(self.igtf(self.wire(order.account_move))[2], 116)

    def test_more_igtf_than_the_order_bears_is_a_draft(self):
        order = self.hand_in(
            self.shirt(), [(self.card, 146.0)], smart_igtf_base=1000.0, amount_total=146.0
        )
        self.assertEqual((order.state, order.account_move.state), ("done", "draft"))
        self.assertIn("comes to 116.00", str(order.account_move.activity_ids.mapped("note")))

    def test_igtf_that_was_tampered_with_is_a_draft(self):
        draft = self.hand_in(self.shirt(), [], state="draft")
        draft.add_payment(
            {"pos_order_id": draft.id, "amount": 166.0, "payment_method_id": self.card.id}
        )
        line = self.env["pos.order"]._smart_igtf_line(self.till, amounts.money(100), False)
        line |= {"price_unit": 50.0, "price_subtotal": 50.0, "price_subtotal_incl": 50.0}
        draft._smart_write_igtf([line])
        draft.amount_total = 166.0
        draft._process_saved_order(False)
        self.assertEqual((draft.state, draft.account_move.state), ("done", "draft"))
        self.assertIn("SMART computes 3.00", str(draft.account_move.activity_ids.mapped("note")))

    def test_a_return_that_the_back_office_began_gives_its_igtf_back_once(self):
        order = self.sold_in_dollars()
        self.assertEqual(order.amount_total, 119.48)
        begun = self.env["pos.order"].browse(order.refund()["res_id"])
        self.assertEqual(begun.amount_total, -119.48)
        self.hand_in(
            self.shirt(quantity=-1),
            [(self.cash, -119.48)],
            uuid=begun.uuid,
            amount_total=-119.48,
            is_refund=True,
            smart_igtf_back_base=116.0,
        )
        self.assertEqual(begun.lines.mapped("smart_igtf_base"), [0.0, -116.0])
        note = begun.account_move
        self.assertEqual(self.igtf(self.wire(note)), [116, 3.48, 119.48])
        self.assertEqual(note.amount_residual, 0)

    def test_parts_of_a_return_give_the_igtf_back_to_the_cent(self):
        order = self.sold_in_dollars(quantity=7)
        [igtf] = order.lines.filtered("smart_igtf_base")
        back = 0.0
        for number in range(7):
            begun = self.env["pos.order"].browse(order.refund()["res_id"])
            [line] = begun.lines.filtered(lambda line: not line.smart_igtf_base)
            line.qty = -1
            line._onchange_amount_line_all()
            begun._smart_give_igtf_back()
            total = begun.amount_total
            begun.add_payment(
                {"pos_order_id": begun.id, "amount": total, "payment_method_id": self.cash.id}
            )
            begun._process_saved_order(False)
            back += self.igtf(self.wire(begun.account_move))[1]
            self.assertEqual(begun.account_move.amount_residual, 0, number)
        self.assertEqual(round(back, 2), igtf.price_subtotal_incl)

    def test_igtf_of_what_a_till_rounds(self):
        gains, costs = (
            self.company_data[f"default_account_{one}"] for one in ("revenue", "expense")
        )
        for step in (0.05, 1.0):
            for way in ("UP", "DOWN", "HALF-UP"):
                rounding = self.env["account.cash.rounding"].create(
                    {
                        "name": f"{step} {way}",
                        "rounding": step,
                        "rounding_method": way,
                        "strategy": "add_invoice_line",
                        "profit_account_id": gains.id,
                        "loss_account_id": costs.id,
                    }
                )
                self.till.write({"cash_rounding": True, "rounding_method": rounding.id})
                paid = float_round(119.48, precision_rounding=step, rounding_method=way)
                with self.subTest(step=step, way=way):
                    order = self.hand_in(self.shirt(), [(self.dollars, paid)])
                    wire = self.wire(order.account_move)
                    self.assertEqual(self.igtf(wire), [116, 3.48, paid])
                    self.assertEqual(order.account_move.amount_residual, 0)

    # -- rates -------------------------------------------------------------------------------------

    def test_a_rate_of_tomorrow_is_none_today(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        self.till.payment_method_ids[0].smart_currency_id = euro
        rates = self.env["res.currency.rate"].sudo()
        rates.search([("currency_id", "=", euro.id)]).unlink()
        rates.create(
            {
                "currency_id": euro.id,
                "company_id": self.company.id,
                "name": fields.Date.today() + timedelta(days=2),
                "inverse_company_rate": 99.0,
            }
        )
        self.assertNotIn(euro.id, self.till.smart_rates())
        self.assertIn(self.usd.id, self.till.smart_rates())

    def test_the_rate_of_another_company_is_none(self):
        other = self.env["res.company"].sudo().create({"name": "Otra, C.A."})
        rates = self.env["res.currency.rate"].sudo()
        before = self.till.smart_rates()
        rates.create(
            {
                "currency_id": self.usd.id,
                "company_id": other.id,
                "name": fields.Date.today(),
                "inverse_company_rate": 1.0,
            }
        )
        self.assertEqual(self.till.smart_rates(), before)

    # -- days --------------------------------------------------------------------------------------

    def test_a_sale_of_last_month_in_a_locked_period(self):
        day = fields.Date.today().replace(day=1) - timedelta(days=1)
        self.company.write({"fiscalyear_lock_date": day, "sale_lock_date": day})
        order = self.hand_in(
            self.shirt(), [(self.card, 116.0)], date_order=f"{day - timedelta(days=3)} 12:00:00"
        )
        self.assertEqual(order.state, "done")
        move = order.account_move
        self.assertTrue(move)
        if move.state == "draft":
            self.assertTrue(move.activity_ids.note)
        else:
            self.wire(move)
            self.assertGreater(move.date, day)
            self.assertEqual(move.amount_residual, 0)
        self.close(order)

    def test_a_sale_of_a_till_whose_clock_is_ahead(self):
        day = fields.Date.today() + timedelta(days=40)
        order = self.hand_in(self.shirt(), [(self.card, 116.0)], date_order=f"{day} 12:00:00")
        self.assertEqual(order.state, "done")
        move = order.account_move
        self.assertTrue(move)
        self.wire(move)
        self.assertEqual(move.invoice_date, move._smart_today())
        self.close(order)

    # -- amounts -----------------------------------------------------------------------------------

    def test_a_payment_below_zero_beside_a_larger_one(self):
        order = self.hand_in(self.shirt(), [(self.card, 216.0), (self.cash, -100.0)])
        move = order.account_move
        wire = self.wire(move)
        self.assertEqual((wire["total"], move.amount_residual), (116, 0))
        self.assertEqual(sum(self.forms(wire).values()), 116)
        self.close(order)

    def test_an_order_of_nothing(self):
        order = self.hand_in([(self.taxes["general"], 0.0, 1, 0)], [])
        self.assertEqual(order.state, "done")
        self.assertFalse(order.account_move.smart_document_id)
        self.close(order)

    def test_an_order_whose_total_is_not_that_of_its_lines(self):
        order = self.hand_in(self.shirt(), [(self.card, 1.0)], amount_total=1.0)
        wire = self.wire(order.account_move)
        # The lines are what was sold; what was not paid of it is due.
        self.assertEqual((wire["total"], self.forms(wire)), (116, {"Tarjeta": 1}))
        self.assertEqual(order.account_move.amount_residual, 115)

    def test_a_tax_included_pricelist_and_a_position_that_exempts(self):
        included, exempt = self.included["general"], self.taxes["exempt"]
        position = self.env["account.fiscal.position"].create(
            {"name": "Exento", "company_id": self.company.id}
        )
        exempt.write(
            {
                "fiscal_position_ids": [Command.link(position.id)],
                "original_tax_ids": [Command.link(included.id)],
            }
        )
        order = self.hand_in(
            [(included, 116.0, 1, 0)],
            [(self.card, 116.0)],
            fiscal_position_id=position.id,
        )
        wire = self.wire(order.account_move)
        self.assertEqual((wire["total"], wire["exento"], wire["impuestog"]), (116, 116, 0))
        self.assertEqual(order.account_move.amount_residual, 0)

    def test_the_customer_who_is_changed_after_the_money_changes_no_document(self):
        order = self.hand_in(self.shirt(), [(self.card, 116.0)])
        other = self.customer.copy({"vat": False})
        order.partner_id = other
        self.wire(order.account_move)
        self.assertEqual(order.account_move.partner_id, self.customer)
        self.close(order)

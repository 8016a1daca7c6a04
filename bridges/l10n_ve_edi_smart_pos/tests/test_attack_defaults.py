from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .money_common import MoneyCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestAttackDefaults(MoneyCommon):
    """What a cashier adds to a sale by defaults and by calls changes neither document nor rate."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cashier = cls.new_user("cashier", "base.group_user,point_of_sale.group_pos_user")

    def sell_as_cashier(self, values=None, **context):
        """Return an order that a cashier has sold for dollars.

        :param values: of the order, as he hands it in
        :param context: of his own
        """
        self.open_till()
        with self.working_as(self.cashier, **context):
            goods = [(self.taxes["general"], 100.0, 1, 0)]
            order = self.hand_in(goods, [(self.dollars, 119.48)], **(values or {}))
        return order.with_env(self.env)

    def issued(self):
        invoice = self.make_invoice()
        self.confirm(invoice)
        self.send_waiting()
        return invoice

    def forged(self, foreign):
        """Return what nobody is to set for himself: model -> values."""
        return {
            "pos.order": {
                "account_move": foreign.id,
                "smart_channel": "other",
                "smart_mail_to": "otro@example.com",
                "smart_note_ids": [Command.link(foreign.id)],
            },
            "pos.order.line": {"smart_igtf_base": 50.0},
            "pos.payment": {"smart_foreign_amount": 1000.0, "smart_rate": 0.5},
            "account.move": {"invoice_currency_rate": 77.0, "narration": "Puesto por otro"},
            "account.move.line": {"discount": 50.0},
        }

    def assert_as_without(self, order, foreign):
        wire = self.wire(order.account_move)
        self.assertNotEqual(order.account_move, foreign)
        self.assertEqual(self.igtf(wire), [116, 3.48, 119.48])
        self.assertEqual((wire["tasacambio"], wire["subtotal"]), (40.5647, 100))
        self.assertNotIn("Puesto por otro", str(wire))
        self.assertFalse(order.smart_mail_to)
        self.assertFalse(order.smart_note_ids)
        self.assertEqual(order.smart_channel, "smart")
        self.assertEqual(order.lines.mapped("smart_igtf_base"), [0, 116])
        payment = order.payment_ids
        self.assertEqual((payment.smart_foreign_amount, payment.smart_rate), (2.95, 40.5647))
        self.assertEqual(order.account_move.amount_residual, 0)

    # -- defaults ----------------------------------------------------------------------------------

    def test_a_sale_takes_no_defaults_of_a_context(self):
        foreign = self.issued()
        context = {
            f"default_{name}": value
            for values in self.forged(foreign).values()
            for name, value in values.items()
        }
        self.assert_as_without(self.sell_as_cashier(**context), foreign)

    def test_a_sale_takes_none_that_a_cashier_has_set_for_himself(self):
        foreign = self.issued()
        default = self.env["ir.default"].with_user(self.cashier)
        for model, values in self.forged(foreign).items():
            for name, value in values.items():
                if name != "smart_note_ids":  # Odoo keeps no commands
                    default.set(model, name, value, user_id=True)
        self.assert_as_without(self.sell_as_cashier(), foreign)

    # -- the rate of the day -----------------------------------------------------------------------

    def test_a_cashier_has_no_road_around_the_rate_of_the_day(self):
        self.company.smart_requires_rate = True  # that of the table is of 2020
        order = self.sell_as_cashier()
        draft = order.account_move
        self.assertEqual((order.state, draft.state), ("done", "draft"))
        self.assertIn("exchange rate", str(draft.activity_ids.mapped("note")))
        settings = {"pos_config_id": self.till.id, "pos_smart_wait_seconds": 0}
        rate = {"currency_id": self.usd.id, "name": fields.Date.today(), "rate": 1.0}
        for call in (
            lambda: self.company.with_user(self.cashier).write({"smart_requires_rate": False}),
            lambda: self.env["res.config.settings"].with_user(self.cashier).create(settings),
            lambda: self.env["res.currency.rate"].with_user(self.cashier).create(rate),
            lambda: self.usd.with_user(self.cashier).write({"rate_ids": [Command.create(rate)]}),
            lambda: draft.with_user(self.cashier).write({"invoice_date": "2020-01-01"}),
            lambda: draft.with_user(self.cashier).action_post(),
        ):
            with mute_logger("odoo.models"), self.assertRaises(AccessError):
                call()
            self.env.invalidate_all()
        order.with_user(self.cashier).action_pos_order_invoice()
        self.assertEqual(draft.state, "draft")
        # By context, by an order of the day of the rate, and by what the till says.
        for context in ({"smart_requires_rate": False}, {"smart_today": "2020-01-01"}):
            again = self.sell_as_cashier(default_invoice_date="2020-01-01", **context)
            self.assertEqual(again.account_move.state, "draft")
        session = self.till.current_session_id.with_user(self.cashier)
        session.start_at = "2020-01-01 12:00:00"
        again = self.sell_as_cashier({"date_order": "2020-01-01 12:00:00"})
        self.assertEqual(again.account_move.state, "draft")
        self.assertEqual(again.account_move.invoice_date, draft._smart_today())

    def test_a_cashier_is_told_of_an_old_rate_before_the_money(self):
        self.company.smart_requires_rate = True
        self.open_till()
        values = {
            "config_id": self.till.id,
            "partner_id": self.customer.id,
            "to_invoice": True,
            "lines": [
                {
                    "product_id": self.product.id,
                    "qty": 1,
                    "price_unit": 100.0,
                    "price_subtotal": 100.0,
                    "price_subtotal_incl": 116.0,
                    "tax_ids": self.taxes["general"].ids,
                }
            ],
        }
        check = self.env["pos.order"].with_user(self.cashier).smart_check_before_payment
        told = check(values)
        self.assertIn("exchange rate", str(told))
        self.env["res.currency.rate"].create(
            {
                "currency_id": self.usd.id,
                "company_id": self.company.id,
                "name": self.env["account.move"]._smart_today(),
                "inverse_company_rate": 41.0,
            }
        )
        self.assertFalse(check(values))

    # -- what was paid in which currency -----------------------------------------------------------

    def test_a_cashier_does_not_change_what_was_paid_in_dollars(self):
        order = self.sell_as_cashier()
        for values in ({"smart_foreign_amount": 1.0}, {"smart_rate": 1.0}):
            with self.assertRaises(UserError):
                order.payment_ids.with_user(self.cashier).write(values)
            self.env.invalidate_all()
        self.assertEqual(order.payment_ids.smart_foreign_amount, 2.95)

    def test_what_a_till_says_of_dollars_stands_if_it_is_what_was_paid(self):
        goods = [(self.taxes["general"], 100.0, 1, 0)]
        for foreign, rate, noted in (
            (2.95, 40.5647, (2.95, 40.5647)),  # as the till says it
            (0.5, 40.5647, (2.95, 40.5647)),  # two dollars less in the drawer
            (1.0, 119.48, (2.95, 40.5647)),  # at a rate that there never was
            (1e9, 1e-9, (2.95, 40.5647)),
        ):
            payment = {
                "name": "2026-01-01",
                "payment_method_id": self.dollars.id,
                "amount": 119.48,
                "smart_foreign_amount": foreign,
                "smart_rate": rate,
            }
            with self.subTest(foreign=foreign, rate=rate):
                order = self.hand_in(
                    goods, [(self.dollars, 119.48)], payment_ids=[Command.create(payment)]
                )
                paid = order.payment_ids
                self.assertEqual((paid.smart_foreign_amount, paid.smart_rate), noted)

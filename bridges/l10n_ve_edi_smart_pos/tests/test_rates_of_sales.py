from datetime import timedelta

from freezegun import freeze_time

from odoo import Command, fields
from odoo.tests import tagged

from .money_common import MoneyCommon

FIRST, SECOND = 40.5647, 50.25


class RatesCommon(MoneyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.smart_additional_currency_id = cls.usd

    def shirt(self):
        return [(self.taxes["general"], 100.0, 1, 0)]

    def enter_rate(self, rate=SECOND, days=0):
        """Have somebody enter the official rate of a day."""
        day = self.env["account.move"]._smart_today() + timedelta(days=days)
        self.env["res.currency.rate"].create(
            {
                "currency_id": self.usd.id,
                "company_id": self.company.id,
                "name": day,
                "inverse_company_rate": rate,
            }
        )

    def tomorrow(self):
        now = fields.Datetime.now() + timedelta(days=1)
        return freeze_time(now, tick=True)

    def paid(self, method, amount, **values):
        """Return how a till says that an order was paid."""
        payment = {"name": "2026-01-01", "payment_method_id": method.id, "amount": amount}
        return [Command.create(payment | values)]

    def assert_stated(self, order, rate, total):
        """See that document and ticket state a rate, and that nothing is open; return the wire."""
        wire = self.wire(order.account_move)
        move = order.account_move
        self.assertEqual((wire["tasacambio"], wire["total"]), (rate, total))
        self.assertEqual((move.amount_total, move.amount_residual), (total, 0))
        self.assertEqual(sum(self.forms(wire).values()), total)
        order.invalidate_recordset(["smart_ticket"])
        [document] = order.smart_ticket["documents"]
        self.assertEqual((document["numbered"], document["rate"]), (True, rate))
        return wire

    def assert_books(self, order):
        """See that a session closes, and leaves nothing open of what it sold."""
        session = self.close(order)
        self.assertEqual(session.move_id.state, "posted")
        items = self.env["account.move.line"].search(
            [
                ("company_id", "=", self.company.id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
            ]
        )
        open_items = items.filtered(lambda item: not item.reconciled and item.balance)
        self.assertFalse(open_items, open_items.mapped(lambda one: (one.name, one.balance)))
        self.assertEqual(round(sum(items.mapped("balance")), 2), 0)


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestRatesOfSales(RatesCommon):
    """The rate of the day is entered while a till sells in bolívares: everybody states the same."""

    def test_it_changes_between_opening_an_order_and_paying_it(self):
        draft = self.hand_in(self.shirt(), [], state="draft")
        self.enter_rate()
        self.assertEqual(self.till.smart_rates()[self.usd.id], SECOND)
        payment = self.paid(self.dollars, 119.48, smart_foreign_amount=2.38, smart_rate=SECOND)
        order = self.hand_in(
            self.shirt(), [(self.dollars, 119.48)], uuid=draft.uuid, payment_ids=payment
        )
        self.assertEqual(order, draft)
        wire = self.assert_stated(order, SECOND, 119.48)
        self.assertEqual(self.igtf(wire), [116, 3.48, 119.48])
        paid = order.payment_ids
        self.assertEqual((paid.smart_foreign_amount, paid.smart_rate), (2.38, SECOND))
        self.assert_books(order)

    def test_what_was_paid_at_the_former_rate_stays_paid(self):
        """The dollars that are in the drawer are those that were asked for."""
        self.open_till()
        self.enter_rate()
        payment = self.paid(self.dollars, 119.48, smart_foreign_amount=2.95, smart_rate=FIRST)
        order = self.hand_in(self.shirt(), [(self.dollars, 119.48)], payment_ids=payment)
        self.assert_stated(order, SECOND, 119.48)
        paid = order.payment_ids
        self.assertEqual((paid.smart_foreign_amount, paid.smart_rate), (2.95, FIRST))
        [said] = order.session_id.get_closing_control_data()["smart_overview"]["payments"]
        self.assertIn("2.95", said["foreign"])
        self.assertEqual(said["rate"], "40.5647")
        self.assert_books(order)

    def test_it_is_sold_without_connection_and_arrives_the_day_after(self):
        self.open_till()
        sold = fields.Datetime.to_string(fields.Datetime.now())
        self.enter_rate(days=1)
        payment = self.paid(self.dollars, 119.48, smart_foreign_amount=2.95, smart_rate=FIRST)
        with self.tomorrow():
            order = self.hand_in(
                self.shirt(), [(self.dollars, 119.48)], payment_ids=payment, date_order=sold
            )
            # The document is of the day of the sale, and so is its rate.
            self.assert_stated(order, FIRST, 119.48)
            paid = order.payment_ids
            self.assertEqual((paid.smart_foreign_amount, paid.smart_rate), (2.95, FIRST))
            self.assert_books(order)

    def test_a_session_of_two_days_sells_at_two_rates(self):
        first = self.hand_in(self.shirt(), [(self.dollars, 119.48)])
        self.assert_stated(first, FIRST, 119.48)
        self.enter_rate(days=1)
        with self.tomorrow():
            second = self.hand_in(self.shirt(), [(self.dollars, 119.48)])
            self.assert_stated(second, SECOND, 119.48)
            said = second.session_id.get_closing_control_data()["smart_overview"]["payments"]
            self.assertEqual({one["rate"] for one in said}, {"40.5647", "50.2500"})
            self.assert_books(second)

    def test_the_back_office_takes_the_payment_the_day_after(self):
        draft = self.hand_in(self.shirt(), [], state="draft")
        self.enter_rate(days=1)
        with self.tomorrow():
            context = {"active_ids": draft.ids, "active_id": draft.id}
            wizard = self.env["pos.make.payment"].with_context(**context)
            wizard.create({"payment_method_id": self.dollars.id, "amount": 119.48}).check()
            wire = self.assert_stated(draft, SECOND, 119.48)
            self.assertEqual(self.igtf(wire), [116, 3.48, 119.48])
            self.assertEqual(draft.payment_ids.smart_rate, SECOND)
            self.assertEqual(draft.account_move.invoice_date, draft.account_move._smart_today())
            self.assert_books(draft)

    def test_a_return_on_another_day_is_of_the_rate_of_its_own_day(self):
        sold = self.hand_in(self.shirt(), [(self.dollars, 119.48)])
        self.assert_stated(sold, FIRST, 119.48)
        self.enter_rate(days=1)
        with self.tomorrow():
            back = self.hand_in(
                [(self.taxes["general"], 100.0, -1, 0)],
                [(self.cash, -119.48)],
                of=sold.lines[:1],
                is_refund=True,
                smart_igtf_back_base=116,
            )
            wire = self.wire(back.account_move)
            self.assertEqual((wire["tasacambio"], wire["total"]), (SECOND, 119.48))
            self.assertEqual(back.account_move.amount_residual, 0)
            self.assert_books(back)


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestRatesOfDollarShops(RatesCommon):
    """A shop that sells in dollars: amounts stay, and books are of the rate of each day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        journals = cls.env["account.journal"]
        own = {"company_id": cls.company.id, "currency_id": cls.usd.id}
        sale = cls.company_data["default_journal_sale"].copy(
            {"name": "Ventas $", "code": "VUSD", "currency_id": cls.usd.id, "smart_enabled": True}
        )
        entries = journals.create({"name": "Caja $", "code": "CUSD", "type": "general", **own})
        drawer = journals.create({"name": "Gaveta $", "code": "GUSD", "type": "cash", **own})
        # Odoo books what a till was paid in the till's currency.
        bank = journals.create({"name": "Banco", "code": "BUSD", "type": "bank", **own})
        notes = journals.create({"name": "Gaveta Bs.", "code": "GBS", "type": "cash", **own})
        account = cls.company_data["default_account_receivable"]
        cls.cash, cls.card, cls.bolivares = cls.env["pos.payment.method"].create(
            [
                {
                    "name": name,
                    "journal_id": journal.id,
                    "receivable_account_id": account.id,
                    **values,
                }
                for name, journal, values in (
                    ("Dólares", drawer, {}),
                    ("Tarjeta", bank, {"smart_currency_id": cls.bolivar.id}),
                    ("Bolívares", notes, {"smart_currency_id": cls.bolivar.id}),
                )
            ]
        )
        cls.till = cls.env["pos.config"].create(
            {
                "name": "Caja $",
                "journal_id": entries.id,
                "invoice_journal_id": sale.id,
                "payment_method_ids": [Command.set((cls.cash + cls.card + cls.bolivares).ids)],
            }
        )

    def test_bolivares_and_dollars_pay_an_order_of_dollars(self):
        self.assertEqual((self.till.currency_id, self.till.smart_is_fiscal), (self.usd, True))
        order = self.hand_in(self.shirt(), [(self.cash, 50.0), (self.card, 67.5)])
        wire = self.assert_stated(order, FIRST, 117.5)
        self.assertEqual(self.igtf(wire), [50, 1.5, 117.5])
        noted = order.payment_ids.filtered("smart_foreign_amount")
        self.assertEqual(noted.payment_method_id, self.card)
        self.assertAlmostEqual(noted.smart_foreign_amount, round(67.5 * FIRST, 2))
        self.assert_books(order)

    def test_the_rate_changes_while_an_order_is_open(self):
        draft = self.hand_in(self.shirt(), [], state="draft")
        self.enter_rate()
        order = self.hand_in(self.shirt(), [(self.cash, 119.48)], uuid=draft.uuid)
        self.assert_stated(order, SECOND, 119.48)
        self.assertAlmostEqual(order.account_move.amount_total_signed, 119.48 * SECOND, 1)
        self.assert_books(order)

    def test_it_changes_between_the_opening_of_the_session_and_a_sale(self):
        self.open_till()
        self.enter_rate(days=1)
        with self.tomorrow():
            order = self.hand_in(self.shirt(), [(self.cash, 119.48)])
            self.assert_stated(order, SECOND, 119.48)
            self.assert_books(order)

    def test_it_changes_between_a_sale_and_its_arrival(self):
        self.open_till()
        sold = fields.Datetime.to_string(fields.Datetime.now())
        self.enter_rate(days=1)
        with self.tomorrow():
            order = self.hand_in(self.shirt(), [(self.cash, 119.48)], date_order=sold)
            self.assert_stated(order, FIRST, 119.48)
            self.assert_books(order)

    def test_change_in_bolivares_of_dollars(self):
        self.till.payment_method_ids -= self.cash
        order = self.hand_in(self.shirt(), [(self.bolivares, 130.0)], change=14.0)
        wire = self.assert_stated(order, FIRST, 116)
        self.assertEqual(self.forms(wire), {"Bolívares": 116})
        self.assert_books(order)

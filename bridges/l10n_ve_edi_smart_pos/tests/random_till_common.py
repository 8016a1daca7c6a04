"""Shops that round, or sell in dollars, in which random orders are sold."""

from odoo import Command

from odoo.addons.l10n_ve_edi_smart.smart_api import amounts
from odoo.addons.l10n_ve_edi_smart_pos.igtf import foreign_part, igtf_of

from .money_common import MoneyCommon


class RandomTillCommon(MoneyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.methods = {
            "cash": cls.cash,
            "card": cls.card,
            "dollars": cls.dollars,
            "zelle": cls.zelle,
        }
        cls.tills = {"plain": cls.till}
        for step in (0.05, 1.0):
            rounding = cls.env["account.cash.rounding"].create(
                {
                    "name": f"{step}",
                    "rounding": step,
                    "strategy": "add_invoice_line",
                    "rounding_method": "HALF-UP",
                    "profit_account_id": cls.company_data["default_account_revenue"].id,
                    "loss_account_id": cls.company_data["default_account_expense"].id,
                }
            )
            for name, only_cash in ((f"{step:.2f}", True), (f"all {step:.2f}", False)):
                cls.tills[name] = cls.copy_till(name)
                cls.tills[name].write(
                    {
                        "cash_rounding": True,
                        "rounding_method": rounding.id,
                        "only_round_cash_method": only_cash,
                    }
                )
        cls.tills["dollars"] = cls.copy_till("dollars", cls.usd)

    @classmethod
    def copy_till(cls, name, currency=None):
        """Return another till with methods of its own, as cash drawers are."""
        methods = cls.env["pos.payment.method"]
        for kind, method in cls.methods.items():
            journal = method.journal_id.copy(
                {"name": f"{kind} {name}", "code": f"J{len(cls.tills)}{kind[:2]}"}
            )
            values = {"name": method.name, "journal_id": journal.id}
            if currency:
                journal.currency_id = currency
                foreign = method.smart_collects_igtf
                values["smart_currency_id"] = False if foreign else cls.bolivar.id
            else:
                values["smart_currency_id"] = method.smart_currency_id.id
            methods += method.copy(values)
        journal = cls.till.journal_id
        if currency:
            journal = journal.copy({"name": name, "code": "USDS", "currency_id": currency.id})
        return cls.env["pos.config"].create(
            {
                "name": name,
                "journal_id": journal.id,
                "invoice_journal_id": cls.till.invoice_journal_id.id,
                "payment_method_ids": [Command.set(methods.ids)],
                "use_pricelist": False,
            }
        )

    def pay(self, total, ways, more=0.0):
        """Return what the till asks for with these ways to pay: payments and change.

        :param total: of the order without IGTF
        :param ways: (method, share of the total); the last one pays the rest
        :param more: what is handed over too much, if the last one is cash
        """
        rounding = self.till.rounding_method if self.till.cash_rounding else None
        everything = rounding and not self.till.only_round_cash_method

        def due(payments, method=None):
            said = [(amounts.money(paid), one.smart_collects_igtf) for one, paid in payments]
            if method:
                said.append((amounts.money(total), method.smart_collects_igtf))
            whole = float(amounts.money(total) + igtf_of(foreign_part(amounts.money(total), said)))
            whole = rounding.round(whole) if everything else whole
            return round(whole - sum(paid for _one, paid in payments), 2)

        payments = []
        for number, (method, share) in enumerate(ways, start=1):
            left = due(payments, method)
            amount = left if number == len(ways) else min(round(total * share, 2), left)
            if rounding and not everything and method.is_cash_count:
                amount = rounding.round(amount)
            if amount > 0:
                payments.append((method, round(amount, 2)))
        change = 0.0
        if payments and more and payments[-1][0].is_cash_count and not rounding:
            payments[-1] = (payments[-1][0], round(payments[-1][1] + more, 2))
            change = round(-due(payments), 2)
        return payments, change

    def assert_right(self, order):
        """See that an order's document is accepted, settled, booked and says how it was paid."""
        move = order.account_move
        wire = self.assert_document(move)
        self.assertEqual(order.state, "done")
        self.assertAlmostEqual(sum(self.forms(wire).values()), wire["total"], places=2)
        # A note takes back no more than was invoiced, whatever was given back in rounded cash.
        gained = self.rounded(order)
        if move.move_type == "out_invoice":
            self.assertFalse(gained)
        self.assertAlmostEqual(wire["total"], abs(order.amount_paid - gained), places=2)
        return wire

    def assert_document(self, move):
        wire = self.wire(move)
        self.assertEqual(move.amount_residual, 0)
        self.assertAlmostEqual(move.amount_total, wire["total"], places=2)
        receivable = move.line_ids.filtered(lambda item: item.display_type == "payment_term")
        self.assertAlmostEqual(abs(sum(receivable.mapped("amount_currency"))), wire["total"])
        self.assertEqual(move.smart_document_id.amount_total, wire["total"])
        return wire

    def rounded(self, order):
        """Return what rounding gained of an order beyond its documents; no more than a step."""
        entry = self.env["account.move"].search([("smart_pos_rounded_order_id", "in", order.ids)])
        receivable = order.partner_id.with_company(self.company).property_account_receivable_id
        item = entry.line_ids.filtered(lambda one: one.account_id == receivable)
        self.assertEqual((len(entry), item.reconciled), (1, True) if entry else (0, False))
        gained = item.amount_currency
        self.assertLessEqual(abs(gained), order._smart_rounded_by() + 0.001)
        return gained

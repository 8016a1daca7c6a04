"""A shop whose cash is rounded to whole bolívares, and what its customers bring back."""

from .money_common import MoneyCommon


class RoundingCommon(MoneyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        accounts = cls.env["account.account"].create(
            [
                {"name": name, "code": code, "account_type": kind}
                for name, code, kind in (
                    ("Ganancia por redondeo", "RDG", "income_other"),
                    ("Pérdida por redondeo", "RDP", "expense"),
                )
            ]
        )
        cls.profit, cls.loss = accounts
        cls.whole = cls.env["account.cash.rounding"].create(
            {
                "name": "A un bolívar",
                "rounding": 1.0,
                "strategy": "add_invoice_line",
                "rounding_method": "HALF-UP",
                "profit_account_id": cls.profit.id,
                "loss_account_id": cls.loss.id,
            }
        )
        cls.till.write(
            {
                "cash_rounding": True,
                "rounding_method": cls.whole.id,
                "only_round_cash_method": True,
            }
        )

    def take_back(self, orders, *payments, lines=()):
        """Return an order that takes back what was sold, and perhaps sells something."""
        sold = orders.lines
        goods = [(line.tax_ids, line.price_unit, -line.qty, 0) for line in sold]
        goods += [(self.included["general"], price, 1, 0) for price in lines]
        total = self.total(goods)["total_amount_currency"]
        of = [*sold, *[None] * len(lines)]
        return self.hand_in(goods, payments, of=of, is_refund=total < 0)

    def documents(self, order):
        return order.account_move | order.smart_note_ids

    def assert_settled(self, order, *totals):
        """See the totals of an order's documents, and that nobody owes anything."""
        documents = self.documents(order)
        self.assertEqual(order.state, "done")
        self.assertEqual(documents.mapped("amount_total"), list(totals))
        self.assertEqual(documents.mapped("amount_residual"), [0] * len(totals))
        receivable = documents.line_ids.filtered(lambda item: item.display_type == "payment_term")
        owed = self.env["account.move.line"].search(
            [
                ("partner_id", "=", order.partner_id.id),
                ("account_id", "in", receivable.account_id.ids),
                ("parent_state", "=", "posted"),
            ]
        )
        self.assertEqual(set(owed.mapped("reconciled")), {True})
        self.assertAlmostEqual(sum(owed.mapped("balance")), 0)

    def rounded(self):
        """Return what was gained and lost by rounding, outside of the documents."""
        entries = self.env["account.move"].search([("smart_pos_rounded_order_id", "!=", False)])
        self.assertEqual(set(entries.mapped("state")), {"posted"} if entries else set())
        booked = entries.line_ids.grouped("account_id")
        none = self.env["account.move.line"]
        return [
            round(sum(booked.get(account, none).mapped("balance")), 2)
            for account in (self.profit, self.loss)
        ]

"""A shop whose cash is rounded to whole bolívares."""

from odoo import Command

from .money_common import MoneyCommon


class RoundingCommon(MoneyCommon):
    """A shop whose cash is rounded to whole bolívares."""

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
        cls.cashier = cls.new_user("cashier", "base.group_user,point_of_sale.group_pos_user")

    def sold(self, price, *payments, of=(), **values):
        """Return an order of one thing that includes its tax, sold and issued."""
        lines = [(self.included["general"], price, 1, 0)]
        order = self.hand_in(lines, payments or [(self.card, price)], of=of, **values)
        self.wire(order.account_move)
        return order

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

    def issue(self, documents):
        for document in documents:
            self.wire(document)

    def assert_settled(self, order, *totals):
        """See the totals of an order's documents: issued, and nobody owes anything."""
        documents = self.documents(order)
        self.issue(documents)
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

    def ask(self, orders):
        """Return what the till tells before the money of taking all of these back."""
        lines = [
            {
                "product_id": line.product_id.id,
                "qty": -line.qty,
                "price_unit": line.price_unit,
                "price_subtotal": line.price_subtotal,
                "price_subtotal_incl": line.price_subtotal_incl,
                "tax_ids": [Command.set(line.tax_ids.ids)],
                "refunded_orderline_id": line.id,
            }
            for line in orders.lines
        ]
        values = {
            "config_id": self.till.id,
            "partner_id": self.customer.id,
            "to_invoice": True,
            "is_refund": True,
            "lines": lines,
        }
        told = self.env["pos.order"].with_user(self.cashier).smart_check_before_payment(values)
        return "\n".join(one["text"] for one in told)

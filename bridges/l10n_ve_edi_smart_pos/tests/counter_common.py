from uuid import uuid4

from odoo import Command

from .returns_common import ReturnsCommon


class CounterCommon(ReturnsCommon):
    """A till whose company has stand-ins; orders arrive by whatever road."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {
                "smart_walk_in_address": "Caracas",
                "smart_walk_in_phone": "+58 212-5550000",
                "smart_walk_in_email": "nadie@example.com",
            }
        )
        cls.nobody = cls.env["res.partner"]
        cls.cashier = cls.new_user("cashier", "base.group_user,point_of_sale.group_pos_user")

    def shop(self, **values):
        self.till.write(values)
        return self.till

    def find(self, typed):
        """Return whom a cashier finds by what is typed."""
        partners = self.env["res.partner"].with_user(self.cashier)
        read = partners.smart_find_at_counter(self.till.id, typed)
        return self.env["res.partner"].browse([one["id"] for one in read])

    def make(self, typed, **values):
        """Return the customer that a cashier finds or makes."""
        partners = self.env["res.partner"].with_user(self.cashier)
        read = partners.smart_make_at_counter(self.till.id, {"typed": typed, **values})
        return self.env["res.partner"].browse([one["id"] for one in read])

    def order_values(self, **values):
        """Return a paid order of one shirt of 20.00 as the till hands it in."""
        total = 23.2
        session = self.till.current_session_id
        return {
            "uuid": str(uuid4()),
            "name": "Order",
            "session_id": session.id,
            "user_id": self.env.uid,
            "partner_id": False,
            "company_id": self.company.id,
            "state": "paid",
            "to_invoice": False,
            "is_refund": False,
            "fiscal_position_id": False,
            "pricelist_id": self.prices.id,
            "amount_total": total,
            "amount_tax": 3.2,
            "amount_paid": total,
            "amount_return": 0.0,
            "last_order_preparation_change": "{}",
            "lines": [
                Command.create(
                    {
                        "uuid": str(uuid4()),
                        "product_id": self.goods.id,
                        "qty": 1,
                        "price_unit": 20.0,
                        "discount": 0,
                        "price_subtotal": 20.0,
                        "price_subtotal_incl": total,
                        "tax_ids": [Command.set(self.goods.taxes_id.ids)],
                        "full_product_name": self.goods.name,
                        "name": "line",
                    }
                )
            ],
            "payment_ids": [
                Command.create(
                    {
                        "uuid": str(uuid4()),
                        "name": "2026-01-01 00:00:00",
                        "payment_method_id": self.cash.id,
                        "amount": total,
                    }
                )
            ],
            **values,
        }

    def hand_in(self, *orders):
        """Hand orders in as a till does; return them."""
        self.env["pos.order"].sync_from_ui(list(orders))
        self.commit()
        return self.env["pos.order"].search([("uuid", "in", [one["uuid"] for one in orders])])

    def close_till(self):
        session = self.till.current_session_id
        session.post_closing_cash_details(session.cash_register_balance_end)
        closed = session.close_session_from_ui()
        self.assertTrue(closed["successful"], closed)
        self.assertEqual(session.state, "closed")

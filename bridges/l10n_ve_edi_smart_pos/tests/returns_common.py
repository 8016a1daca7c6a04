from uuid import uuid4

from odoo import Command, fields

from odoo.addons.l10n_ve_edi_smart.tests.common import SmartCommon


class ReturnsCommon(SmartCommon):
    """A till whose invoices are issued; orders arrive as it sends them."""

    #: Whether the journal of the till does.
    issues_through_smart = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("point_of_sale.group_pos_manager")
        cls.prices = cls.env["product.pricelist"].create(
            {"name": "Bs.", "currency_id": cls.bolivar.id, "company_id": cls.company.id}
        )
        cls.cash, cls.card = cls.env["pos.payment.method"].create(
            [
                {"name": "Efectivo", "journal_id": cls.company_data["default_journal_cash"].id},
                {"name": "Tarjeta", "journal_id": cls.company_data["default_journal_bank"].id},
            ]
        )
        cls.till = cls.env["pos.config"].create(
            {
                "name": "Caja 1",
                "journal_id": cls.company_data["default_journal_misc"].id,
                "invoice_journal_id": cls.company_data["default_journal_sale"].id,
                "payment_method_ids": [Command.set((cls.cash + cls.card).ids)],
                "use_pricelist": True,
                "available_pricelist_ids": [Command.set(cls.prices.ids)],
                "pricelist_id": cls.prices.id,
            }
        )
        cls.goods, cls.others, cls.reduced = cls.env["product.product"].create(
            [
                {
                    "name": name,
                    "available_in_pos": True,
                    "taxes_id": [Command.set(cls.taxes[kind].ids)],
                }
                for name, kind in (
                    ("Camisa", "general"),
                    ("Pantalón", "general"),
                    ("Pan", "reduced"),
                )
            ]
        )
        cls.till.open_ui()
        cls.till.current_session_id.set_opening_control(0, "")

    def send(self, *lines, invoice=True, refund=False, customer=None):
        """Send an order as a till does, paid in cash to the cent; return it.

        :param lines: (product, quantity, price) or with the order line that it takes back
        :param invoice: ``False`` is as before each sale was a fiscal document
        :param refund: what the till calls it
        """
        journal = self.till.invoice_journal_id
        now = invoice or any(of for _product, _quantity, _price, *of in lines)
        journal.smart_enabled = self.issues_through_smart and now
        rates = {
            line[0]: line[0].taxes_id.amount / 100 if line[0].taxes_id else 0 for line in lines
        }
        untaxed = sum(quantity * price for _product, quantity, price, *_of in lines)
        total = round(
            sum(
                quantity * price * (1 + rates[product]) for product, quantity, price, *_of in lines
            ),
            2,
        )
        session = self.till.current_session_id
        sign = -1 if refund else 1
        values = {
            "uuid": str(uuid4()),
            "name": "Order",
            "session_id": session.id,
            "user_id": self.env.uid,
            "partner_id": (self.customer if customer is None else customer).id,
            "company_id": self.company.id,
            "date_order": fields.Datetime.to_string(fields.Datetime.now()),
            "state": "paid",
            "to_invoice": invoice,
            "is_refund": refund,
            "fiscal_position_id": False,
            "pricelist_id": self.prices.id,
            "amount_total": total,
            "amount_tax": round(total - untaxed, 2),
            "amount_paid": total,
            "amount_return": 0.0,
            "last_order_preparation_change": "{}",
            "lines": [
                Command.create(
                    {
                        "uuid": str(uuid4()),
                        "product_id": product.id,
                        "qty": quantity,
                        "price_unit": price,
                        "discount": 0,
                        # As the till does: it turns the signs of what it calls a refund.
                        "price_subtotal": sign * round(price * quantity, 2),
                        "price_subtotal_incl": sign
                        * round(price * quantity * (1 + rates[product]), 2),
                        "tax_ids": [Command.set(product.taxes_id.ids)],
                        "full_product_name": product.name,
                        "name": "line",
                        "refunded_orderline_id": of[0].id if of else False,
                    }
                )
                for product, quantity, price, *of in lines
            ],
            "payment_ids": [
                Command.create(
                    {
                        "uuid": str(uuid4()),
                        "name": fields.Datetime.to_string(fields.Datetime.now()),
                        "payment_method_id": self.cash.id,
                        "amount": total,
                    }
                )
            ]
            if total
            else [],
        }
        uuid = values["uuid"]
        self.env["pos.order"].sync_from_ui([values])
        journal.smart_enabled = self.issues_through_smart
        self.commit()
        self.send_waiting()
        return self.env["pos.order"].search([("uuid", "=", uuid)])

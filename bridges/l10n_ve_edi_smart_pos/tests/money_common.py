import json
from contextlib import contextmanager
from uuid import uuid4

from odoo import Command, fields

from odoo.addons.l10n_ve_edi_smart.smart_api import amounts
from odoo.addons.l10n_ve_edi_smart_pos.igtf import foreign_part, igtf_of

from .till_common import TillCommon


class MoneyCommon(TillCommon):
    """A till that takes dollars; its orders come with the IGTF that it asks for."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.smart_collects_igtf = True
        account = cls.company_data["default_account_receivable"]
        drawer = cls.company_data["default_journal_cash"].copy({"name": "Dólares", "code": "USDC"})
        bank = cls.company_data["default_journal_bank"].copy({"name": "Zelle", "code": "ZLL"})
        cls.dollars, cls.zelle = cls.env["pos.payment.method"].create(
            [
                {
                    "name": name,
                    "journal_id": journal.id,
                    "receivable_account_id": account.id,
                    "smart_currency_id": cls.usd.id,
                }
                for name, journal in (("Dólares", drawer), ("Zelle", bank))
            ]
        )
        cls.till.payment_method_ids += cls.dollars + cls.zelle

    @contextmanager
    def working_as(self, user, **context):
        """Have what is done here be done by somebody, with a context of his own."""
        env = self.env
        self.env = env(user=user, context={**env.context, **context})
        try:
            yield
        finally:
            self.env.flush_all()
            self.env = env
            self.env.invalidate_all()

    def due(self, lines, payments=()):
        """Return what the till asks for lines and payments so far: total, base and tax of the IGTF.

        :param lines: (tax, price, quantity, discount)
        :param payments: (method, amount)
        """
        total = amounts.money(self.total(lines)["total_amount_currency"])
        base = foreign_part(
            total,
            [(amounts.money(amount), method.smart_collects_igtf) for method, amount in payments],
        )
        tax = igtf_of(base)
        return float(total + tax), float(base), float(tax)

    def hand_in(self, goods, payments, change=0.0, of=(), **values):
        """Return an order that is paid and invoiced, as the till hands it in.

        :param goods: (tax, price, quantity, discount)
        :param payments: (method, amount)
        :param change: what the customer gets back
        :param of: for each line the line that it takes back, if any
        """
        total, base, _tax = self.due(goods, payments)
        parts = [self.total([line]) for line in goods]
        back = amounts.money(values.get("smart_igtf_back_base", 0))
        session = self.open_till()
        sign = -1 if values.get("is_refund") else 1
        values = {
            "uuid": str(uuid4()),
            "access_token": str(uuid4()),
            "state": "paid",
            "session_id": session.id,
            "company_id": self.company.id,
            "partner_id": self.customer.id,
            "user_id": self.env.uid,
            "date_order": fields.Datetime.to_string(fields.Datetime.now()),
            "amount_total": round(total - float(igtf_of(back)), 2),
            "amount_tax": self.total(goods)["tax_amount_currency"],
            "amount_paid": round(sum(amount for _method, amount in payments) - change, 2),
            "amount_return": -change,
            "to_invoice": True,
            "smart_igtf_base": base,
            "lines": [
                Command.create(
                    {
                        "uuid": str(uuid4()),
                        "name": "line",
                        "product_id": self.product.id,
                        "price_unit": price,
                        "qty": quantity,
                        "discount": discount,
                        "tax_ids": [Command.set(tax.ids)],
                        # The till turns the signs of what it calls a refund.
                        "price_subtotal": sign * part["base_amount_currency"],
                        "price_subtotal_incl": sign * part["total_amount_currency"],
                        "refunded_orderline_id": sold.id if sold else False,
                    }
                )
                for (tax, price, quantity, discount), part, sold in zip(
                    goods, parts, of or [None] * len(goods), strict=True
                )
            ],
            "payment_ids": [
                Command.create(
                    {
                        "uuid": str(uuid4()),
                        "name": fields.Datetime.to_string(fields.Datetime.now()),
                        "payment_method_id": method.id,
                        "amount": amount,
                    }
                )
                for method, amount in payments
            ],
            **values,
        }
        uuid = values["uuid"]
        if self.env["pos.order"].search_count([("uuid", "=", uuid)]):
            values["lines"] = []  # they have come with the draft
        # Odoo's own print of the invoice is another matter, and takes most of the time.
        self.env["pos.order"].with_context(generate_pdf=False).sync_from_ui([values])
        return self.env["pos.order"].search([("uuid", "=", uuid)])

    def wire(self, move):
        """Send a document, and return what SMART was told."""
        self.commit()
        self.send_waiting()
        why = move.smart_last_error or move.activity_ids.mapped("note")
        self.assertEqual(move.smart_state, "issued", why)
        return json.loads(move.smart_document_id.request_body)

    def igtf(self, wire):
        return [wire[key] for key in ("baseigft", "impuestoigtf", "total")]

    def forms(self, wire):
        """Return name -> amount of how a document was paid; a note that settles it is none."""
        return {one["forma"]: one["valor"] for one in wire.get("formasdepago", ())}

    def close(self, order):
        session = order.session_id
        session.post_closing_cash_details(session.cash_register_balance_end)
        # A call of its own, which computes anew what is missing in the drawer.
        self.env.invalidate_all()
        self.assertTrue(session.close_session_from_ui()["successful"])
        self.assertEqual(session.state, "closed")
        return session

from uuid import uuid4

from odoo import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.l10n_ve_edi_smart_pos.tests.test_tickets import TicketCase


@tagged("post_install", "-at_install")
class TestAttackPhone(TicketCase, HttpCase):
    """What somebody hands in by a menu's code, without a till."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.till.write(
            {
                "payment_method_ids": [Command.set(cls.card.ids)],
                "self_ordering_mode": "mobile",
                "self_ordering_service_mode": "counter",
                "self_ordering_pay_after": "each",
            }
        )
        cls.till.self_ordering_default_user_id = cls.cashier

    def call(self, path, **params):
        self.env.flush_all()
        result = self.make_jsonrpc_request(path, {"access_token": self.till.access_token, **params})
        self.env.invalidate_all()
        return result

    def hand_in(self, price=100.0, amount=116.0, **values):
        session = self.open_till()
        order = {
            "uuid": str(uuid4()),
            "access_token": str(uuid4()),
            "state": "draft",
            "session_id": session.id,
            "company_id": self.company.id,
            "partner_id": False,
            "amount_total": amount,
            "amount_tax": 16.0,
            "amount_paid": 0,
            "amount_return": 0,
            "preset_id": False,
            "lines": [
                Command.create(
                    {
                        "uuid": str(uuid4()),
                        "product_id": self.product.id,
                        "price_unit": price,
                        "qty": 1,
                        "tax_ids": [Command.set(self.taxes["general"].ids)],
                        "price_subtotal": amount / 1.16,
                        "price_subtotal_incl": amount,
                    }
                )
            ],
            "payment_ids": [],
            **values,
        }
        path = "/pos-self-order/process-order/mobile/"
        result = self.call(path, order=order, table_identifier=None)
        order = self.env["pos.order"].search([("uuid", "=", order["uuid"])])
        return order, result

    def test_nobody_finds_out_who_has_a_number(self):
        self.customer.write({"phone": "0414-1234567", "email": "ana@example.com"})
        typed = {"typed": self.customer.vat}
        order, result = self.hand_in(smart_new_customer=typed)
        self.assertFalse(order.partner_id)
        self.assertNotIn("ana@example.com", str(result))
        before = self.env["res.partner"].search_count([])
        order, _result = self.hand_in(smart_new_customer={"typed": "17654321", "name": "Ana"})
        self.assertFalse(order.partner_id)
        self.assertEqual(self.env["res.partner"].search_count([]), before)

    def test_nobody_hands_in_what_the_server_notes(self):
        foreign = self.make_invoice()
        self.confirm(foreign)
        order, result = self.hand_in(
            account_move=foreign.id,
            smart_note_ids=[Command.link(foreign.id)],
            smart_channel="other",
            smart_igtf_base=100.0,
            smart_mail_to="otro@example.com",
        )
        self.assertFalse(order.account_move)
        self.assertFalse(order.smart_note_ids)
        self.assertFalse(order.smart_channel)
        self.assertFalse(order.smart_mail_to)
        self.assertNotIn(foreign.smart_control_number, str(result))

    def test_what_nobody_has_paid_gets_no_document_by_the_page(self):
        order, _result = self.hand_in()
        self.assertEqual(order.state, "draft")
        page = self.url_open(f"/pos/ticket/validate?access_token={order.access_token}")
        self.assertIn("smart_unpaid", page.text)

    def test_an_order_that_says_that_it_costs_nothing(self):
        with (
            mute_logger("odoo.http"),
            self.assertRaisesRegex(Exception, "UserError"),
        ):
            self.hand_in(amount=0.0, partner_id=self.customer.id)
        self.env.invalidate_all()
        self.assertFalse(self.env["pos.order"].search([("account_move", "!=", False)]))

    def test_an_order_that_says_that_it_is_paid(self):
        payment = {"payment_method_id": self.card.id, "amount": 116.0, "uuid": str(uuid4())}
        with mute_logger("odoo.http"), self.assertRaises(Exception):  # noqa: B017 - over HTTP
            self.hand_in(
                state="paid",
                amount_paid=116.0,
                partner_id=self.customer.id,
                payment_ids=[Command.create(payment)],
            )
        self.env.invalidate_all()
        self.assertFalse(self.env["pos.order"].search([("state", "!=", "draft")]))

    def test_tokens_and_ids_that_are_none(self):
        order, _result = self.hand_in()
        for order_id, token in (
            (order.id, ""),
            (order.id, None),
            (order.id, False),
            (order.id, [order.access_token]),
            ("1 OR 1=1", order.access_token),
            (0, order.access_token),
            (None, None),
        ):
            with (
                self.subTest(order_id=order_id, token=token),
                mute_logger("odoo.http"),
                self.assertRaises(Exception),  # noqa: B017 - over HTTP
            ):
                self.call(
                    "/pos-self-order/smart-ticket", order_id=order_id, order_access_token=token
                )

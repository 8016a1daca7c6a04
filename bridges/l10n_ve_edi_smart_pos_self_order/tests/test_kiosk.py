from odoo import Command, fields
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.l10n_ve_edi_smart_pos.tests.test_tickets import TicketCase


@tagged("post_install", "-at_install")
class TestKiosk(TicketCase, HttpCase):
    """What is ordered and paid at a kiosk is issued."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.till.write(
            {
                "payment_method_ids": [Command.set(cls.card.ids)],
                "self_ordering_mode": "kiosk",
                "self_ordering_service_mode": "counter",
            }
        )

    def ordered(self):
        """Return an order that a kiosk has sent, and nobody has paid."""
        lines = [(self.taxes["general"], 100.0, 1, 0)]
        over = {"state": "draft", "to_invoice": False, "payment_ids": [], "amount_paid": 0}
        return self.sell(lines, source="kiosk", **over)

    def pay_at_terminal(self, order):
        """Pay as the terminals of kiosks do."""
        order.add_payment(
            {
                "amount": order.amount_total,
                "payment_date": fields.Datetime.now(),
                "payment_method_id": self.card.id,
                "pos_order_id": order.id,
            }
        )
        order.action_pos_order_paid()
        order._send_payment_result("Success")

    def ask(self, order, **over):
        self.env.flush_all()
        return self.make_jsonrpc_request(
            "/pos-self-order/smart-ticket",
            {
                "access_token": self.till.access_token,
                "order_id": order.id,
                "order_access_token": order.access_token,
                **over,
            },
        )

    def test_what_a_terminal_paid_is_issued(self):
        order = self.ordered()
        self.assertFalse(order.account_move)
        self.pay_at_terminal(order)
        self.assert_paid_and_issued(order, 116)
        order._send_payment_result("Success")
        self.assertEqual(len(order.account_move), 1, "once")

    def test_what_failed_is_not(self):
        order = self.ordered()
        order._send_payment_result("fail")
        self.assertFalse(order.account_move)

    def test_a_shop_of_another_channel_is_left_alone(self):
        self.leave_smart()
        order = self.ordered()
        self.pay_at_terminal(order)
        self.assertFalse(order.account_move)
        self.assertEqual(order.state, "paid")

    def test_who_has_the_orders_token_is_told_of_its_document_and_nobody_else(self):
        order = self.ordered()
        self.pay_at_terminal(order)
        self.assertTrue(self.ask(order)["waits"])
        self.finish(order)
        [document] = self.ask(order)["documents"]
        self.assertEqual(document["name"], "Factura 00000001")
        with mute_logger("odoo.http"), self.assertRaises(Exception):  # noqa: B017 - over HTTP
            self.ask(order, order_access_token="another")

    def test_what_all_devices_hear_says_nothing_of_the_document(self):
        order = self.ordered()
        bus = self.env["bus.bus"].sudo()
        before = bus.search([], order="id desc", limit=1).id
        self.pay_at_terminal(order)
        self.env.cr.precommit.run()
        said = " ".join(bus.search([("id", ">", before)]).mapped("message"))
        self.assertIn("PAYMENT_STATUS", said)
        self.assertNotIn("smart_ticket", said)
        self.assertNotIn(self.customer.name, said)
        self.assertIn("smart_ticket", order._load_pos_self_data_fields(self.till))

    def test_a_kiosk_does_not_offer_what_costs_igtf(self):
        zelle = self.card.copy({"name": "Zelle"})
        zelle.smart_currency_id = self.usd
        both = self.card + zelle

        def offered():
            read = self.env["pos.payment.method"]._load_pos_self_data_read(both, self.till)
            return [values["name"] for values in read]

        self.assertEqual(offered(), ["Tarjeta", "Zelle"])
        self.company.smart_collects_igtf = True
        self.assertEqual(offered(), ["Tarjeta"])

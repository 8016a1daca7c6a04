import json
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from odoo.addons.l10n_ve_edi_smart.tests.test_sending_to_customers import SendingCase

from .till_common import TillCommon


class TicketCase(TillCommon, SendingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cashier = cls.new_user("cajera", "base.group_user,point_of_sale.group_pos_user")

    def sold(self):
        """Return an order of 116.00 and 10.00 exempt."""
        lines = [(self.taxes["general"], 100.0, 1, 0), (self.taxes["exempt"], 10.0, 1, 0)]
        return self.sell(lines)

    def told(self, order):
        """Return the order as the cashier's till hears of it."""
        order.invalidate_recordset(["smart_ticket", "smart_numbers"])
        return order.with_user(self.cashier)

    def ticket(self, order):
        return self.told(order).smart_ticket

    def document(self, order):
        """Return what the ticket says of the order's one document."""
        [document] = self.ticket(order)["documents"]
        return document

    def follow(self, *orders):
        till = self.till.with_user(self.cashier)
        till.invalidate_recordset()
        return till.smart_follow([order.id for order in orders])

    def finish(self, order):
        """Have the order's documents issued, and their owners told."""
        self.commit()
        self.send_waiting()
        self.do_errands()


@tagged("post_install", "-at_install")
class TestTickets(TicketCase):
    """What the till prints of a document, before and after it has its number."""

    def test_a_ticket_that_waits_says_so_and_names_all_that_was_sent(self):
        order = self.sold()
        ticket = self.ticket(order)
        self.assertTrue(ticket["waits"])
        document = self.document(order)
        self.assertEqual(document["state"], "queued")
        self.assertFalse(document["numbered"])
        self.assertEqual(document["name"], "Factura en trámite")
        self.assertEqual((document["control"], document["url"], document["numbers"]), ("", "", []))
        self.assertEqual(document["customer"][0], self.customer.name)
        self.assertIn("RIF o cédula: J-30984512-8", document["customer"])
        totals = {total["label"]: total["amounts"] for total in document["totals"]}
        self.assertEqual(
            totals,
            {
                "Subtotal": ["Bs. 110,00"],
                "Total exento": ["Bs. 10,00"],
                "Base imponible general 16 %": ["Bs. 100,00"],
                "IVA general 16 %": ["Bs. 16,00"],
                "Total": ["Bs. 126,00"],
            },
        )

    def test_a_ticket_has_the_numbers_once_they_are_there(self):
        order = self.sold()
        self.finish(order)
        self.assertFalse(self.ticket(order)["waits"])
        document = self.document(order)
        self.assertEqual(document["name"], "Factura 00000001")
        self.assertEqual(document["control"], order.account_move.smart_control_number)
        numbers = dict(document["numbers"])
        self.assertEqual(numbers["Número de control"], document["control"])
        self.assertRegex(numbers["Fecha de emisión"], r"^\d{8}$")
        self.assertRegex(numbers["Hora de emisión"], r"[ap]\.m\.$")
        self.assertIn("SENIAT", document["footer"])
        self.assertNotIn("<", document["footer"])

    def test_an_annulled_document_is_not_reprinted_as_if_it_stood(self):
        order = self.sold()
        self.finish(order)
        document = order.account_move.smart_document_id.sudo()
        document._engine_write({"state": "annulled"})
        self.assertIn("ANULADA", self.document(order)["marks"])

    def test_the_code_leads_to_smart_where_everybody_can_fetch_it(self):
        order = self.sold()
        self.finish(order)
        self.assertEqual(self.document(order)["url"], "", "an address of this machine")
        self.move_service(smart_base_url="https://smart.example.com")
        document = order.account_move.smart_document_id.sudo()
        for address, public in (
            ("https://smart.example.com/archivos/a.pdf", True),
            ("https://elsewhere.example.com/archivos/a.pdf", False),
            ("javascript:alert(1)", False),
        ):
            document._engine_write({"document_url": address})
            self.assertEqual(self.document(order)["url"], address if public else "")

    def test_a_till_waits_only_for_what_probably_comes_in_time(self):
        order = self.sold()
        self.assertTrue(self.ticket(order)["soon"])
        self.till.smart_wait_seconds = 0
        self.assertFalse(self.ticket(order)["soon"], "the shop does not want to wait")
        self.till.smart_wait_seconds = 2
        self.simulator.fault("refuse", seconds=600)
        self.commit()
        self.send_waiting()
        self.assertFalse(self.ticket(order)["soon"], "the queue stands still")
        with self.assertRaises(ValidationError):
            self.till.smart_wait_seconds = 60

    def test_a_till_does_not_wait_behind_many(self):
        orders = [self.sold() for _order in range(7)]
        self.assertTrue(self.ticket(orders[0])["soon"])
        self.assertFalse(self.ticket(orders[-1])["soon"])

    def test_an_exchange_has_both_documents(self):
        first = self.sold()
        self.finish(first)
        back = {
            "product_id": self.product.id,
            "price_unit": 100.0,
            "qty": -1,
            "discount": 0,
            "tax_ids": [Command.set(self.taxes["general"].ids)],
            "refunded_orderline_id": first.lines[0].id,
            "price_subtotal": -100.0,
            "price_subtotal_incl": -116.0,
        }
        self.sell([(self.taxes["general"], 200.0, 1, 0)], [(self.card, 116.0)], more=[back])
        order = self.env["pos.order"].search([], order="id desc", limit=1)
        self.finish(order)
        documents = self.ticket(order)["documents"]
        self.assertEqual(
            [document["name"] for document in documents],
            ["Factura 00000002", "Nota de crédito 00000001"],
        )
        self.assertIn("Factura 00000001", documents[1]["applies"])

    def test_a_shop_of_another_channel_prints_what_odoo_prints(self):
        self.leave_smart()
        order = self.sell([(self.taxes["exempt"], 10.0, 1, 0)])
        self.assertIs(self.ticket(order), False)
        self.assertEqual(self.follow(order)["count"], 0)

    def test_no_document_is_printed_while_the_till_waits_for_its_answer(self):
        Report = type(self.env["ir.actions.report"])
        rendered = []
        with patch.object(
            Report, "_render_qweb_pdf", lambda *args, **_options: rendered.append(args)
        ):
            order = self.sold()
        self.assertEqual(rendered, [])
        self.assertFalse(order.account_move.invoice_pdf_report_id)
        self.assertTrue(order.account_move.smart_sending_data, "it is sent once it is issued")

    def test_an_order_is_found_by_its_legal_number(self):
        order = self.sold()
        self.finish(order)
        told = self.told(order).with_context(lang="en_US")
        self.assertEqual(told.smart_numbers, "Invoice 00000001")
        Order = self.env["pos.order"].with_user(self.cashier)
        found = Order.search_paid_order_ids(
            self.till.id, [("smart_numbers", "ilike", "%00000001%")], 10, 0
        )
        self.assertEqual([one for one, _moment in found["ordersInfo"]], order.ids)
        none = Order.search([("smart_numbers", "ilike", "%00000009%")])
        self.assertFalse(none)


@tagged("post_install", "-at_install")
class TestWaitingOrders(TicketCase):
    """How many documents of a shop wait, and why."""

    def test_a_shop_hears_when_a_document_is_issued_and_nothing_of_the_customer(self):
        order = self.sold()
        bus = self.env["bus.bus"].sudo()
        before = bus.search([], order="id desc", limit=1).id
        self.finish(order)
        self.env.cr.precommit.run()
        messages = [
            json.loads(message)
            for message in bus.search([("id", ">", before)]).mapped("message")
            if "SMART_TICKETS" in message
        ]
        self.assertTrue(messages)
        for message in messages:
            self.assertEqual(message["payload"], {"order_ids": order.ids})

    def test_what_waits_is_counted_and_listed_oldest_first(self):
        self.simulator.fault("refuse", seconds=600)
        first, second = self.sold(), self.sold()
        first.date_order, second.date_order = "2026-01-02 10:00:00", "2026-01-01 10:00:00"
        self.commit()
        self.send_waiting()
        news = self.follow(first)
        self.assertEqual(news["count"], 2)
        self.assertEqual([row["id"] for row in news["waiting"]], [second.id, first.id])
        row = news["waiting"][1]
        self.assertEqual(row["reference"], first.pos_reference or first.name)
        self.assertEqual(row["amount"], 126)
        self.assertEqual(row["state"], "queued")
        self.assertIn("SMART", row["why"])
        self.assertEqual(list(news["tickets"]), [str(first.id)])
        self.simulator.control("DELETE", "/faults")
        first.account_move.smart_document_id.sudo().lane_id._resume()
        self.send_waiting()
        self.assertEqual(self.follow()["count"], 0)

    def test_what_was_refused_says_why(self):
        order = self.sold()
        self.make_refusable(order.account_move.smart_document_id.sudo())
        self.commit()
        self.send_waiting()
        self.assertEqual(order.account_move.smart_state, "refused")
        [row] = self.follow()["waiting"]
        self.assertEqual(row["state"], "refused")
        self.assertEqual(row["why"], str(order.account_move.smart_last_error))

    def test_a_draft_that_could_not_be_issued_is_listed_with_what_to_mend(self):
        self.customer.phone = "none"
        order = self.sold()
        self.assertEqual(order.account_move.state, "draft")
        [row] = self.follow()["waiting"]
        self.assertEqual((row["id"], row["state"]), (order.id, "draft"))
        self.assertIn(self.customer.name, row["why"])
        self.assertNotIn("<", row["why"])
        self.assertTrue(self.ticket(order)["waits"])
        self.assertFalse(self.ticket(order)["soon"])
        self.assertEqual(self.document(order)["name"], "Factura en trámite")
        self.customer.phone = "0414-1234567"
        order.account_move.action_post()
        self.finish(order)
        self.assertEqual(self.document(order)["name"], "Factura 00000001")

    def test_a_note_beside_an_invoice_is_waited_for(self):
        order = self.sold()
        self.finish(order)
        waiting = self.make_invoice()
        self.simulator.fault("refuse", seconds=600)
        self.confirm(waiting)
        order.sudo().smart_note_ids = waiting
        [row] = self.follow()["waiting"]
        self.assertEqual(row["id"], order.id)

    def test_other_shops_do_not_count(self):
        self.simulator.fault("refuse", seconds=600)
        self.sold()
        other = self.till.copy({"name": "Caja 2"})
        self.assertEqual(other.smart_follow([])["count"], 0)


@tagged("post_install", "-at_install")
class TestMailedTickets(TicketCase):
    """What a customer wants by e-mail goes when it is a document."""

    def attached(self, order):
        """Return the names of what was mailed to the address that the cashier entered."""
        mails = self.env["mail.mail"].sudo().search([("email_to", "=", "ana@example.com")])
        return [sorted(mail.attachment_ids.mapped("name")) for mail in mails]

    def ask(self, order):
        order.with_user(self.cashier).action_send_receipt("ana@example.com", "R0lGODlh", False)

    def test_a_mail_that_was_asked_for_while_it_waited_goes_once_it_is_issued(self):
        order = self.sold()
        self.ask(order)
        self.assertEqual(self.attached(order), [])
        self.finish(order)
        self.assertEqual(self.attached(order), [["FAC-00000001.pdf"]])
        self.do_errands()
        self.assertEqual(len(self.attached(order)), 1, "once")

    def test_a_mail_of_what_is_issued_goes_at_once_with_the_ticket(self):
        order = self.sold()
        self.finish(order)
        self.ask(order)
        [names] = self.attached(order)
        self.assertEqual(names, ["FAC-00000001.pdf", f"Receipt-{order.name}.jpg"])

import re

from lxml import html

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .test_tickets import TicketCase


class TicketPageCase(TicketCase, HttpCase):
    def page(self, order, **entered):
        """Return the page as whoever holds the ticket sees it, having entered something."""
        self.env.flush_all()
        url = f"/pos/ticket/validate?access_token={order.access_token}"
        response = self.url_open(url)
        if entered:
            form = html.fromstring(response.content).xpath("//form[@name='smart_customer']")[0]
            values = {**dict(form.form_values()), **entered}
            response = self.url_open("/pos/ticket/validate", data=values)
        self.env.invalidate_all()
        self.response = response
        return html.fromstring(response.content)

    def text(self, page, name):
        return " ".join(" ".join(page.xpath(f"//*[@name='{name}']//text()")).split())

    def uninvoiced(self):
        """Return an order that was paid without an invoice."""
        # Nobody is named, and the shop has no stand-in.
        order = self.sell([(self.taxes["general"], 100.0, 1, 0)], partner_id=False)
        self.assertFalse(order.account_move)
        return order


@tagged("post_install", "-at_install")
class TestTicketPage(TicketPageCase):
    """The page behind the code on a ticket."""

    def test_an_issued_order_gives_its_document_to_who_has_the_token(self):
        order = self.sold()
        self.finish(order)
        page = self.page(order)
        self.assertIn("Factura 00000001", self.text(page, "smart_document"))
        self.assertIn(order.account_move.smart_control_number, self.text(page, "smart_document"))
        [address] = page.xpath("//a[@name='smart_download']/@href")
        file = self.url_open(address)
        self.assertEqual(file.headers["Content-Type"], "application/pdf")
        self.assertEqual(file.content, self.smart_print(order.account_move))
        self.assertNotIn("Refresh", self.response.headers)
        bare = re.sub(r"access_token=[^&]*&?", "", address)
        with mute_logger("odoo.http"):
            self.assertNotEqual(
                self.url_open(bare).headers["Content-Type"], "application/pdf", "without token"
            )
            wrong = self.url_open("/pos/ticket/validate?access_token=no-such-token")
        self.assertEqual(wrong.status_code, 404)

    def test_an_order_that_waits_tells_so_and_when_to_come_back(self):
        order = self.sold()
        page = self.page(order)
        self.assertIn("less than a minute", self.text(page, "smart_waiting"))
        self.assertFalse(page.xpath("//a[@name='smart_download']"))
        self.assertTrue(self.response.headers["Refresh"])
        self.simulator.fault("refuse", seconds=600)
        self.commit()
        self.send_waiting()
        self.assertIn("an hour", self.text(self.page(order), "smart_waiting"))
        order.account_move.smart_document_id.sudo()._engine_write({"state": "refused"})
        self.assertIn("ask the shop", self.text(self.page(order), "smart_waiting"))

    def test_the_look_up_leads_to_the_page(self):
        order = self.sold()
        order.write({"pos_reference": "261-4-000001", "ticket_code": "ab1cd"})
        self.env.flush_all()
        form = html.fromstring(self.url_open("/pos/ticket").content)
        token = form.xpath("//form//input[@name='csrf_token']/@value")[0]
        response = self.url_open(
            "/pos/ticket",
            data={
                "csrf_token": token,
                "pos_reference": "261-4-000001",
                "date_order": str(order.date_order.date()),
                "ticket_code": "ab1cd",
            },
        )
        self.assertIn("smart_waiting", response.text)

    def test_who_has_no_invoice_enters_a_number_and_gets_one(self):
        order = self.uninvoiced()
        self.company.write(
            {
                "smart_walk_in_address": "Caracas",
                "smart_walk_in_phone": "0212-2376655",
                "smart_walk_in_email": "tienda@example.com",
            }
        )
        page = self.page(order, kind="cedula", vat="v 12.345.678", name="Ana Pérez")
        self.assertIn("smart_waiting", self.response.text)
        customer = order.partner_id
        self.assertEqual((customer.vat, customer.name), ("V-12345678", "Ana Pérez"))
        kind = customer.l10n_latam_identification_type_id
        self.assertEqual(kind, self.env.ref("l10n_ve_edi_smart.it_ve_cedula"))
        self.assertFalse(customer.is_company)
        self.finish(order)
        self.assertIn("Factura 00000001", self.text(self.page(order), "smart_document"))
        self.assertTrue(page is not None)

    def test_what_is_wrong_is_told_at_its_field_and_what_was_typed_stays(self):
        order = self.uninvoiced()
        page = self.page(
            order, kind="rif", vat="J-12345678-0", name="", street="Calle 1", phone="99", email="x"
        )
        self.assertFalse(order.account_move)
        for field, words in (
            ("vat", "J-12345678-0"),
            ("name", "missing"),
            ("phone", "99"),
            ("email", "not a valid e-mail"),
        ):
            [told] = page.xpath(f"//input[@name='{field}']/following-sibling::div/text()")
            self.assertIn(words, told)
        typed = {
            field: page.xpath(f"//input[@name='{field}']/@value") for field in ("vat", "phone")
        }
        self.assertEqual(typed, {"vat": ["J-12345678-0"], "phone": ["99"]})
        self.assertEqual(page.xpath("//input[@name='street']/@value"), ["Calle 1"])
        self.assertEqual(page.xpath("//select/option[@selected]/@value"), ["rif"])

    def test_a_ticket_tells_nobody_what_the_shop_knows_of_a_number(self):
        order = self.uninvoiced()
        secret = self.customer
        page = self.page(
            order,
            kind="rif",
            vat=secret.vat,
            name=secret.name,
            street="Calle de quien pregunta",
            phone="0414-1234567",
            email="otro@example.com",
        )
        self.assertNotEqual(order.partner_id, secret)
        self.assertEqual(order.partner_id.street, "Calle de quien pregunta")
        self.assertNotIn(secret.street, html.tostring(page, encoding="unicode"))

    def test_a_known_customer_who_enters_all_is_the_known_customer(self):
        order = self.uninvoiced()
        values = {name: self.customer[name] for name in ("vat", "name", "street", "phone", "email")}
        self.page(order, kind="rif", **values)
        self.assertEqual(order.partner_id, self.customer)
        self.assertTrue(order.account_move)

    def test_a_contact_of_another_company_is_nobody_here(self):
        order = self.uninvoiced()
        other = self.env["res.company"].sudo().create({"name": "Otra, C.A."})
        values = {
            "vat": "V-12345678",
            "name": "Ana Pérez",
            "street": "Calle 1",
            "phone": "0414-1234567",
            "email": "ana@example.com",
        }
        theirs = self.env["res.partner"].sudo().create({**values, "company_id": other.id})
        self.page(order, kind="cedula", **values)
        self.assertTrue(order.partner_id)
        self.assertNotEqual(order.partner_id, theirs)

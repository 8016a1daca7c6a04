from odoo import http
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_ticket_page import TicketPageCase


@tagged("post_install", "-at_install")
class TestAttackPage(TicketPageCase):
    """What somebody with a ticket, or without, can have done by its page."""

    ENTERED = {
        "kind": "cedula",
        "vat": "V-12345678",
        "name": "Ana Pérez",
        "street": "Calle 1",
        "phone": "0414-1234567",
        "email": "ana@example.com",
    }

    def begun(self):
        lines = [(self.taxes["general"], 100.0, 1, 0)]
        over = {"state": "draft", "to_invoice": False, "payment_ids": [], "amount_paid": 0}
        return self.sell(lines, partner_id=False, **over)

    def post(self, order, files=None, **entered):
        self.env.flush_all()
        self.authenticate(None, None)
        data = {
            "csrf_token": http.Request.csrf_token(self),
            "access_token": order.access_token,
            **self.ENTERED,
            "country_id": str(self.env.ref("base.ve").id),
            "city": "Caracas",
            **entered,
        }
        response = self.url_open("/pos/ticket/validate", data=data, files=files)
        self.env.invalidate_all()
        return response

    def test_what_is_not_paid_is_invoiced_to_nobody(self):
        order = self.begun()
        for state in ("draft", "cancel"):
            order.state = state
            with mute_logger("odoo.http"):
                response = self.post(order)
            self.assertEqual((order.state, len(order.account_move)), (state, 0))
            self.assertIn("smart_unpaid", response.text)
            self.assertNotIn("smart_customer", response.text)

    def test_who_has_logged_in_invoices_nothing_unpaid_by_looking(self):
        order = self.begun()
        portal = self.new_user("cliente", "base.group_portal")
        self.authenticate(portal.login, portal.login)
        self.env.flush_all()
        self.url_open(f"/pos/ticket/validate?access_token={order.access_token}")
        self.env.invalidate_all()
        self.assertEqual((order.state, len(order.account_move)), ("draft", 0))

    def test_a_form_of_files_is_a_form_that_is_wrong(self):
        order = self.uninvoiced()
        response = self.post(order, files={"vat": ("a.txt", b"x"), "kind": ("b.txt", b"x")})
        self.assertEqual(response.status_code, 200)
        self.assertFalse(order.account_move)

    def test_a_huge_form_is_wrong_and_makes_no_contact(self):
        order = self.uninvoiced()
        before = self.env["res.partner"].search_count([])
        huge = "A" * 1_000_000
        response = self.post(order, name=huge, street=huge, email=f"{huge}@example.com")
        self.assertEqual(response.status_code, 200)
        self.assertFalse(order.account_move)
        self.assertEqual(self.env["res.partner"].search_count([]), before)

    def test_names_are_text(self):
        order = self.uninvoiced()
        bad = "<script>alert(1)</script>"
        response = self.post(order, name=bad, phone=f'"><b id="x">{bad}', kind=bad)
        self.assertNotIn(bad, response.text)
        self.assertNotIn('<b id="x">', response.text)
        self.company.name = bad
        self.customer.name = bad
        order = self.sold()
        self.finish(order)
        self.page(order)
        self.assertNotIn(bad, self.response.text)

    def test_a_form_without_its_token_is_refused(self):
        order = self.uninvoiced()
        with mute_logger("odoo.http"):
            response = self.post(order, csrf_token="")
        self.assertEqual(response.status_code, 400)
        self.assertFalse(order.account_move)

    def test_tokens_that_are_none(self):
        self.sell([(self.taxes["general"], 100.0, 1, 0)], access_token=False)
        for token in ("", "False", "None", "%", "0", "_%25"):
            with mute_logger("odoo.http"):
                response = self.url_open(f"/pos/ticket/validate?access_token={token}")
            self.assertEqual(response.status_code, 404, token)

    def test_the_page_of_an_annulled_document_says_so(self):
        order = self.sold()
        self.finish(order)
        order.account_move.smart_document_id.sudo()._engine_write({"state": "annulled"})
        page = self.page(order)
        self.assertIn("ANULADA", self.text(page, "smart_document"))

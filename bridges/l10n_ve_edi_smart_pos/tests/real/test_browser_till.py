"""The cashier hears before the money what cannot be taken back; in a real browser."""

import os

import pytest
from conftest import checked
from playwright.sync_api import expect
from servers import psql, wait_for

TILL = """
from uuid import uuid4
env = env(context=dict(env.context, tracking_disable=True))
bolivar = env.ref("base.VES")
prices = env["product.pricelist"].create(
    {"name": "Bs.", "currency_id": bolivar.id, "company_id": company.id})
tax = env["account.tax"].search([("company_id", "=", company.id),
    ("type_tax_use", "=", "sale"), ("smart_tax_kind", "=", "general")], limit=1)
journals = env["account.journal"].search([("company_id", "=", company.id)])
sale = journals.filtered(lambda one: one.type == "sale")[:1]
method = env["pos.payment.method"].create(
    {"name": "Efectivo", "journal_id": journals.filtered(lambda one: one.type == "cash")[:1].id})
till = env["pos.config"].create({
    "name": "Caja 1", "invoice_journal_id": sale.id, "use_pricelist": True,
    "journal_id": journals.filtered(lambda one: one.type == "general")[:1].id,
    "payment_method_ids": [(6, 0, method.ids)],
    "available_pricelist_ids": [(6, 0, prices.ids)], "pricelist_id": prices.id,
})
env.ref("base.user_admin").group_ids += env.ref("point_of_sale.group_pos_manager")
shirt = env["product.product"].create(
    {"name": "Camisa", "available_in_pos": True, "taxes_id": [(6, 0, tax.ids)]})
till = till.with_user(env.ref("base.user_admin"))
till.open_ui()
till.current_session_id.set_opening_control(0, "")
def sell(invoice):
    uuid = str(uuid4())
    env["pos.order"].with_user(env.ref("base.user_admin")).sync_from_ui([{
        "uuid": uuid, "name": "Order", "session_id": till.current_session_id.id,
        "user_id": 2, "partner_id": customer.id, "company_id": company.id, "state": "paid",
        "to_invoice": invoice, "is_refund": False, "fiscal_position_id": False,
        "pricelist_id": prices.id, "amount_total": 23.2, "amount_tax": 3.2,
        "amount_paid": 23.2, "amount_return": 0.0, "last_order_preparation_change": "{}",
        "lines": [(0, 0, {"uuid": str(uuid4()), "product_id": shirt.id, "qty": 1,
            "price_unit": 20.0, "discount": 0, "price_subtotal": 20.0,
            "price_subtotal_incl": 23.2, "tax_ids": [(6, 0, tax.ids)],
            "full_product_name": "Camisa", "name": "line"})],
        "payment_ids": [(0, 0, {"uuid": str(uuid4()), "name": "2026-01-01 00:00:00",
            "payment_method_id": method.id, "amount": 23.2})],
    }])
    return env["pos.order"].search([("uuid", "=", uuid)])
sale.smart_enabled = False  # as before each sale was a fiscal document
never = sell(False)
sale.smart_enabled = True
if os.environ["ISSUED"]:
    never.action_pos_order_invoice()
cr.commit()
print(till.id)
cr.close()
"""


@pytest.fixture
def take_back(page, script):
    """Sell a shirt, then stand before the payment of its return."""

    def go(issued=False, then=lambda: None):
        output = checked(script(TILL, ISSUED="1" if issued else ""))
        then()
        page.goto(f"/pos/ui/{output.split()[-1]}")
        start = page.locator(".screen-login .btn.open-register-btn")
        more = page.locator(".control-buttons button:has-text('Actions'), .more-btn").first
        expect(start.or_(more).first).to_be_visible()
        if start.is_visible():
            start.click()
        more.click()
        page.locator("button:has-text('Refund')").first.click()
        page.locator(".ticket-screen .order-row").first.click()
        page.locator(".ticket-screen .numpad button", has_text="1").first.click()
        page.locator(".ticket-screen .btn-primary.pay-order-button").click()
        expect(page.locator(".payment-screen")).to_be_visible()
        return page

    return go


def shoot(page, name):
    """Keep a picture for whoever asks for it (``SMART_SCREENSHOTS`` names a folder)."""
    folder = os.environ.get("SMART_SCREENSHOTS")
    if folder:
        page.screenshot(path=os.path.join(folder, f"{name}.png"))


def test_what_was_never_invoiced_is_taken_back_without_invoice_alone(take_back, database):
    page = take_back()
    # The customer is a company, for which Odoo's till proposes an invoice. There is nothing that a
    # note could be about; the only form of payment is there at once.
    expect(page.locator(".payment-screen .paymentline")).to_have_count(1)
    button = page.locator(".js_invoice")
    expect(button).to_be_disabled()
    expect(button.locator(".fa-check-square")).to_have_count(0)
    shoot(page, "till_never_invoiced")
    page.locator(".payment-screen button.validation-button.next").click()
    expect(page.locator(".receipt-screen, .feedback-screen").first).to_be_visible()
    back = "SELECT to_invoice, account_move IS NULL FROM pos_order WHERE amount_total < 0"
    assert psql(back, database) == "f|t"


def test_what_was_annulled_is_not_paid(take_back, database):
    def annulled():
        states = "SELECT state FROM smart_document"
        wait_for(lambda: psql(states, database) == "issued", what="issue")
        psql("UPDATE smart_document SET state = 'annulled'", database)

    page = take_back(issued=True, then=annulled)
    expect(page.locator(".modal-content")).to_contain_text("was annulled at SMART")
    shoot(page, "till_annulled")
    page.locator(".modal-content .btn", has_text="Close").click()
    expect(page.locator(".payment-screen .paymentline")).to_have_count(0)

"""A till in Spanish in a real browser, and the keys and clicks that it takes."""

import os

from playwright.sync_api import expect

SHOP = """
import os
env = env(context=dict(env.context, tracking_disable=True))
admin = env.ref("base.user_admin")
admin.write({"lang": "es_VE", "tz": "America/Caracas"})
admin.group_ids += env.ref("point_of_sale.group_pos_manager")
company.write({
    "smart_walk_in_address": "Caracas", "smart_walk_in_phone": "+58 212-5550000",
    "smart_walk_in_email": "nadie@example.com", "smart_walk_in_allowed": True,
})
bolivar = env.ref("base.VES")
prices = env["product.pricelist"].create(
    {"name": "Bs.", "currency_id": bolivar.id, "company_id": company.id})
tax = env["account.tax"].search([("company_id", "=", company.id),
    ("type_tax_use", "=", "sale"), ("smart_tax_kind", "=", "general")], limit=1)
journals = env["account.journal"].search([("company_id", "=", company.id)])
sale = journals.filtered(lambda one: one.type == "sale")[:1]
method = env["pos.payment.method"].create(
    {"name": "Efectivo", "journal_id": journals.filtered(lambda one: one.type == "cash")[:1].id})
def person(vat, **values):
    return env["res.partner"].create({
        "name": vat, "vat": vat, "country_id": env.ref("base.ve").id,
        "l10n_latam_identification_type_id": env.ref("l10n_ve_edi_smart.it_ve_cedula").id,
        **values,
    })
stand_in = person("V-1", name="Consumidor final")
person("V-17654399", name="Petra Rojas", phone="no tiene")
till = env["pos.config"].create({
    "name": "Caja 1", "invoice_journal_id": sale.id, "use_pricelist": True,
    "journal_id": journals.filtered(lambda one: one.type == "general")[:1].id,
    "payment_method_ids": [(6, 0, method.ids)], "smart_walk_in_partner_id": stand_in.id,
    "available_pricelist_ids": [(6, 0, prices.ids)], "pricelist_id": prices.id,
    "limit_categories": False,
})
for name, taxes in (("Camisa", tax.ids), ("Gorra sin impuesto", [])):
    env["product.product"].create({
        "name": name, "available_in_pos": True, "list_price": 20.0, "taxes_id": [(6, 0, taxes)]})
till = till.with_user(admin)
till.open_ui()
till.current_session_id.set_opening_control(0, "")
cr.commit()
print(till.id)
cr.close()
"""


#: However busy the machine is, the till waits for what the server says.
PATIENT = """() => {
    const path = "@l10n_ve_edi_smart_pos/app/counter/pos_store";
    odoo.loader.modules.get(path).patience.ms = 180000;
}"""


class Counter:
    """The till as a cashier uses it; every key and click counts."""

    def __init__(self, page, shop):
        self.page, self.strokes = page, 0
        self.path = f"/pos/ui/{shop}"

    def open(self):
        self.page.goto(self.path)
        start = self.page.locator(".screen-login .btn.open-register-btn")
        products = self.page.locator(".product-list .product").first
        expect(start.or_(products).first).to_be_visible()
        if start.is_visible():
            start.click()
        expect(products).to_be_visible()
        self.page.evaluate(PATIENT)
        self.strokes = 0

    def click(self, selector, **having):
        self.page.locator(selector, **having).first.click()
        self.strokes += 1

    def type(self, text):
        """Press the keys of a text, one by one, wherever the cursor is."""
        for key in text:
            self.page.keyboard.press(key)
            self.strokes += 1

    def press(self, key):
        self.page.keyboard.press(key)
        self.strokes += 1

    def product(self, name="Camisa"):
        self.click(".product-list .product", has_text=name)

    def pay(self):
        self.click(".pay-order-button")

    @property
    def popup(self):
        return self.page.locator(".smart-customer-popup")

    @property
    def dialog(self):
        return self.page.locator(".modal-content")

    @property
    def problems(self):
        return self.page.locator(".smart-problems")

    def name_customer(self, number):
        """Type a number once the popup has the cursor, and go on."""
        expect(self.popup.locator("[name=typed]")).to_be_focused()
        self.type(number)
        self.press("Enter")

    def validate(self):
        expect(self.page.locator(".payment-screen .paymentline")).to_have_count(1)
        self.click(".payment-screen button.validation-button.next")
        self.expect_ticket()

    def expect_ticket(self):
        expect(self.page.locator(".receipt-screen, .feedback-screen").first).to_be_visible()

    def next_order(self):
        self.click(".receipt-screen .button.next, .receipt-screen .btn:has-text('Nuevo pedido')")
        expect(self.page.locator(".product-list .product").first).to_be_visible()
        self.strokes = 0


def shoot(page, name):
    """Keep a picture for whoever asks for it (``SMART_SCREENSHOTS`` names a folder)."""
    folder = os.environ.get("SMART_SCREENSHOTS")
    if folder:
        page.screenshot(path=os.path.join(folder, f"{name}.png"))

"""A till of the company, with products and customers, driven in a real browser."""

import os
import re

from conftest import checked
from playwright.sync_api import expect

TILL = """
env = env(context=dict(env.context, tracking_disable=True))
bolivar = env.ref("base.VES")
# A shop in Venezuela works in Spanish.
admin = env.ref("base.user_admin")
admin.lang = "es_VE"
admin.group_ids += env.ref("point_of_sale.group_pos_manager")
prices = env["product.pricelist"].create(
    {"name": "Bs.", "currency_id": bolivar.id, "company_id": company.id})
taxes = {kind: env["account.tax"].search([("company_id", "=", company.id),
    ("type_tax_use", "=", "sale"), ("smart_tax_kind", "=", kind)], limit=1)
    for kind in ("general", "reduced", "exempt")}
journals = env["account.journal"].search([("company_id", "=", company.id)])
sale = journals.filtered(lambda one: one.type == "sale")[:1]
cash, card = env["pos.payment.method"].create([
    {"name": "Efectivo", "journal_id": journals.filtered(lambda one: one.type == "cash")[:1].id},
    {"name": "Tarjeta", "journal_id": journals.filtered(lambda one: one.type == "bank")[:1].id},
])
till = env["pos.config"].create({
    "name": "Caja 1", "invoice_journal_id": sale.id, "use_pricelist": True,
    "journal_id": journals.filtered(lambda one: one.type == "general")[:1].id,
    "payment_method_ids": [(6, 0, (cash + card).ids)],
    "available_pricelist_ids": [(6, 0, prices.ids)], "pricelist_id": prices.id,
    **eval(os.environ["SHOP"]), **eval(os.environ["MORE"]),
})
for name, kind, price in (
    ("Franela azul", "general", 20.0), ("Arepa", "exempt", 10.0), ("Semanario", "reduced", 5.0),
):
    env["product.product"].create({"name": name, "available_in_pos": True, "list_price": price,
        "taxes_id": [(6, 0, taxes[kind].ids)]})
till = till.with_user(admin)
till.open_ui()
till.current_session_id.set_opening_control(0, "")
cr.commit()
print(till.id)
cr.close()
"""

# What a ticket printer would have got, and which windows were opened.
PRINTS = """
window.smartOpened = [];
window.open = (address) => window.smartOpened.push(address);
window.smartPrints = [];
window.print = () => {
    const ticket = document.querySelector(".render-container .pos-receipt");
    window.smartPrints.push(ticket ? ticket.innerText : "");
};
"""


def make_shop(script, more="{}", **shop):
    """Return the id of a shop with an open session, as its manager; in Spanish.

    :param str more: values of the ``pos.config``, in Python and with ``env``
    :param shop: values of it, over the defaults
    """
    shop = {"iface_print_auto": True, "iface_print_skip_screen": False, **shop}
    return int(checked(script(TILL, SHOP=repr(shop), MORE=more)).split()[-1])


class Till:
    """A till in a window of a browser; see ``pos.config`` for what it is set to."""

    def __init__(self, page, shop):
        self.page, self.shop = page, shop
        page.add_init_script(PRINTS)
        self.open()

    def open(self):
        self.page.goto(f"/pos/ui/{self.shop}")
        start = self.page.locator(".screen-login .btn.open-register-btn")
        products = self.page.locator(".product-list").first
        expect(start.or_(products).first).to_be_visible()
        if start.is_visible():
            start.click()
        expect(products).to_be_visible()

    def choose(self, *products):
        """Put products into the basket, and the company's customer on the order."""
        page = self.page
        for product in products or ("Franela azul",):
            page.locator("article.product", has_text=product).first.click()
        # The customer of the set-up, as the till asks for one.
        page.locator("button.set-partner").first.click()
        typed = page.locator(".smart-customer-popup [name=typed]")
        listed = page.locator(".modal .partner-line", has_text="La Trinidad").first
        expect(typed.or_(listed).first).to_be_visible()
        if typed.is_visible():
            expect(typed).to_be_focused()
            typed.press_sequentially("J309845128")
            typed.press("Enter")
        else:  # a shop of another channel
            listed.click()
        expect(page.locator(".modal .partner-list, .smart-customer-popup")).to_have_count(0)

    def pay(self, method="Efectivo"):
        page = self.page
        page.locator("button.pay-order-button").first.click()
        expect(page.locator(".payment-screen")).to_be_visible()
        invoice = page.locator(".payment-screen .js_invoice")
        if "highlight" not in (invoice.get_attribute("class") or ""):
            invoice.click()
        page.locator(".paymentmethod", has_text=method).click()
        page.locator(".payment-screen button.validation-button.next").click()

    def sell(self, *products, method="Efectivo"):
        self.choose(*products)
        self.pay(method)
        expect(self.page.locator(".receipt-screen")).to_be_visible()

    def next_order(self):
        self.page.locator(".receipt-screen button[name=done]").first.click()
        expect(self.page.locator(".product-list").first).to_be_visible()

    def prints(self):
        """Return the texts of the tickets that were printed."""
        return [text.replace("\xa0", " ") for text in self.page.evaluate("window.smartPrints")]

    @property
    def ticket(self):
        """The ticket on the screen after the payment."""
        return self.page.locator(".receipt-screen .pos-receipt")

    @property
    def counter(self):
        return self.page.locator(".smart-waiting-button")

    def shoot_print(self, name):
        """Keep a picture of the ticket that was printed last, as wide as its paper."""
        if os.environ.get("SMART_SCREENSHOTS"):
            self.page.emulate_media(media="print")
            self.shoot(name, self.page.locator(".render-container .pos-receipt").first)
            self.page.emulate_media(media="screen")

    def shoot(self, name, element=None):
        shoot(element or self.page, name)


def shoot(shown, name):
    """Keep a picture for whoever asks for it (``SMART_SCREENSHOTS`` names a folder)."""
    folder = os.environ.get("SMART_SCREENSHOTS")
    if folder:
        shown.screenshot(path=os.path.join(folder, f"{name}.png"))


def numbers(text):
    """Return the legal and the control number that a ticket says, ``None`` for none."""
    legal = re.search(r"(?:Factura|Nota de crédito) (\d{8})", text)
    control = re.search(r"(\d\d-\d{8})", text)
    return legal and legal[1], control and control[1]

"""A till that takes bolívares and dollars, for browsers."""

import os

from playwright.sync_api import expect

#: A company that collects the IGTF, a shop of it, and an admin who reads Spanish.
MONEY = """
from uuid import uuid4
env = env(context=dict(env.context, tracking_disable=True))
env["res.lang"]._activate_lang("es_VE")
bolivar, dollar = env.ref("base.VES"), env.ref("base.USD")
company.smart_collects_igtf = True
tax = env["account.tax"].search([("company_id", "=", company.id),
    ("type_tax_use", "=", "sale"), ("smart_tax_kind", "=", "general")], limit=1)
journals = env["account.journal"].search([("company_id", "=", company.id)])
cash = journals.filtered(lambda one: one.type == "cash")[:1]
cash = cash or env["account.journal"].create(
    {"name": "Efectivo", "code": "EFE", "type": "cash", "company_id": company.id})
bank = journals.filtered(lambda one: one.type == "bank")[:1]
methods = env["pos.payment.method"].create([
    {"name": "Efectivo Bs.", "journal_id": cash.id, "sequence": 1},
    {"name": "Tarjeta", "journal_id": bank.id, "sequence": 2},
    {"name": "Efectivo USD", "sequence": 3, "smart_currency_id": dollar.id,
     "journal_id": cash.copy({"name": "Dólares", "code": "DOL"}).id},
    {"name": "Zelle", "sequence": 4, "smart_currency_id": dollar.id,
     "journal_id": bank.copy({"name": "Zelle", "code": "ZEL"}).id},
])
till = env["pos.config"].create({
    "name": "Caja 1",
    "invoice_journal_id": journals.filtered(lambda one: one.type == "sale")[:1].id,
    "journal_id": journals.filtered(lambda one: one.type == "general")[:1].id,
    "payment_method_ids": [(6, 0, methods.ids)], "smart_show_second_currency": True,
    "iface_tax_included": "total",
})
admin = env.ref("base.user_admin")
admin.group_ids += env.ref("point_of_sale.group_pos_manager")
admin.lang = customer.lang = "es_VE"
shirt, trousers = env["product.product"].create([
    {"name": name, "available_in_pos": True, "taxes_id": [(6, 0, tax.ids)], "list_price": price}
    for name, price in (("Camisa", 100.0), ("Pantalón", 150.0))])
till = till.with_user(admin)
till.open_ui()
till.current_session_id.set_opening_control(0, "")
cr.commit()
print(till.id)
cr.close()
"""


class Till:
    """What a cashier does, in Spanish, by what is on the screen."""

    def __init__(self, page, till):
        self.page = page
        page.goto(f"/pos/ui/{till}")
        start = page.locator(".screen-login .btn.open-register-btn")
        expect(start.or_(self.products).first).to_be_visible()
        if start.is_visible():
            start.click()
        expect(self.products.first).to_be_visible()

    @property
    def products(self):
        return self.page.locator(".product-screen article.product")

    @property
    def screen(self):
        return self.page.locator(".payment-screen")

    def sell(self, *names):
        """Put products on the order, and go to its payment with the customer of the tests."""
        for name in names:
            self.choose(name)
        self.page.locator(".product-screen .pay-order-button:visible").first.click()
        self.name_customer()
        expect(self.screen).to_be_visible()

    def choose(self, name):
        """Put a product on the order; the demo's have names alike."""
        self.products.filter(has=self.page.get_by_text(name, exact=True)).first.click()

    def name_customer(self):
        """Make the order out to the customer of the tests, for whom the till asks."""
        typed = self.page.locator(".smart-customer-popup [name=typed]")
        expect(typed).to_be_focused()
        typed.press_sequentially("J309845128")
        typed.press("Enter")

    def pay(self, method):
        before = self.lines.count()
        self.screen.locator(".paymentmethod", has_text=method).first.click()
        expect(self.lines).to_have_count(before + 1)

    @property
    def lines(self):
        return self.screen.locator(".paymentline:not(.electronic_payment)")

    def type(self, keys, shown):
        """Type an amount for the payment that is selected.

        :param shown: how it is shown then; the till takes a moment
        """
        for key in keys:
            self.screen.locator(f".numpad button[value='{key}']").click()
        expect(self.screen.locator(".paymentline.selected")).to_contain_text(shown)

    def validate(self):
        self.screen.locator("button.validation-button.next:visible").click()
        expect(self.receipt).to_be_visible()

    @property
    def receipt(self):
        return self.page.locator(".receipt-screen .pos-receipt").first

    def next_order(self):
        self.page.locator(".receipt-screen button[name='done']").click()
        expect(self.products.first).to_be_visible()

    def take_back(self):
        """Take back what was sold last, and stand before the payment."""
        self.page.locator(".product-screen .more-btn").click()
        self.page.locator(".control-buttons-modal button:has(.fa-undo)").click()
        self.page.locator(".ticket-screen .order-row").first.click()
        self.page.locator(".ticket-screen .numpad button[value='1']").click()
        self.page.locator(".ticket-screen .pay-order-button:visible").first.click()
        expect(self.screen).to_be_visible()

    def back(self):
        self.screen.locator(".back-button:visible").click()
        expect(self.products.first).to_be_visible()

    def shoot(self, name):
        """Keep a picture for whoever asks for it (``SMART_SCREENSHOTS`` names a folder)."""
        folder = os.environ.get("SMART_SCREENSHOTS")
        if folder:
            self.page.screenshot(path=os.path.join(folder, f"{name}.png"))

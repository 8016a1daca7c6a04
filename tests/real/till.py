"""A shop in Spanish, and its till in a real browser: what a cashier does, counted, and printed."""

import json
import os
import re
from uuid import uuid4

from conftest import checked
from playwright.sync_api import expect

#: A shop of the company with products of each kind of tax. ``METHODS`` are names of ``ways``;
#: whoever takes dollars collects the IGTF.
SHOP = """
import json
env = env(context=dict(env.context, tracking_disable=True))
bolivar, dollar = env.ref("base.VES"), env.ref("base.USD")
admin = env.ref("base.user_admin")
admin.write({"lang": "es_VE", "tz": "America/Caracas"})
admin.group_ids += env.ref("point_of_sale.group_pos_manager")
customer.lang = "es_VE"
taxes = {kind: env["account.tax"].search([("company_id", "=", company.id),
    ("type_tax_use", "=", "sale"), ("smart_tax_kind", "=", kind)], limit=1)
    for kind in ("general", "reduced", "exempt")}
journals = env["account.journal"].search([("company_id", "=", company.id)])
sale, cash, bank, general = (
    journals.filtered(lambda one: one.type == kind)[:1]
    for kind in ("sale", "cash", "bank", "general"))
cash = cash or env["account.journal"].create(
    {"name": "Caja", "code": "EFE", "type": "cash", "company_id": company.id})
ways = {
    "Efectivo": lambda: {"journal_id": cash.id},
    "Tarjeta": lambda: {"journal_id": bank.id},
    "Dólares": lambda: {"smart_currency_id": dollar.id,
        "journal_id": cash.copy({"name": "Dólares", "code": "DOL"}).id},
    "Zelle": lambda: {"smart_currency_id": dollar.id,
        "journal_id": bank.copy({"name": "Zelle", "code": "ZEL"}).id},
}
methods = {
    name: env["pos.payment.method"].create({"name": name, "sequence": number, **ways[name]()})
    for number, name in enumerate(eval(os.environ["METHODS"]))}
company.smart_collects_igtf = bool(methods.keys() & {"Dólares", "Zelle"})
till = env["pos.config"].create({
    "name": "Caja 1", "invoice_journal_id": sale.id, "journal_id": general.id,
    "payment_method_ids": [(6, 0, [method.id for method in methods.values()])],
    "iface_tax_included": "total", "iface_print_skip_screen": False, "limit_categories": False,
    **eval(os.environ["SHOP"]),
})
# Whoever opens the till would first see, and load pictures of, a hundred goods of Odoo's demo.
# By SQL, for Odoo would have them taken out of its menus first.
cr.execute("UPDATE product_template SET available_in_pos = FALSE")
goods = {
    name: env["product.product"].create({
        "name": name, "available_in_pos": True, "list_price": price,
        "taxes_id": [(6, 0, taxes[kind].ids if kind else [])]})
    for name, kind, price in (
        ("Camisa", "general", 100.0), ("Pantalón", "general", 150.0), ("Arepa", "exempt", 10.0),
        ("Semanario", "reduced", 5.0), ("Gorra sin impuesto", None, 20.0))}
"""

#: A stand-in for who gives no number, and what it lends to who gives nothing else.
WALK_IN = """
company.write({
    "smart_walk_in_address": "Caracas", "smart_walk_in_phone": "+58 212-5550000",
    "smart_walk_in_email": "nadie@example.com", "smart_walk_in_allowed": True,
})
def person(vat, **values):
    return env["res.partner"].create({
        "name": vat, "vat": vat, "country_id": env.ref("base.ve").id,
        "l10n_latam_identification_type_id": env.ref("l10n_ve_edi_smart.it_ve_cedula").id,
        **values,
    })
till.smart_walk_in_partner_id = person("V-1", name="Consumidor final")
"""

#: Opens what was set up, and says what is where.
OPEN = """
world = {"company": company.id, "customer": customer.id, "user": admin.id,
    "tax": taxes["general"].id, "methods": {name: one.id for name, one in methods.items()},
    "goods": {name: one.id for name, one in goods.items()}, "shop": till.id, "sessions": []}
for shop in env["pos.config"].search([("company_id", "=", company.id)], order="id"):
    shop = shop.with_user(admin)
    shop.open_ui()
    shop.current_session_id.set_opening_control(0, "")
    world["sessions"].append(shop.current_session_id.id)
cr.commit()
print(json.dumps(world))
cr.close()
"""


def make_shop(script, *methods, more="", **shop):
    """Set a shop up, in Spanish, with an open session; return the ids of all that it has.

    :param script: fixture that runs one
    :param methods: what it takes: ``Efectivo``, ``Tarjeta``, ``Dólares``, ``Zelle``
    :param str more: code to run before it opens; ``till``, ``goods``, ``methods`` are what is there
    :param shop: values of the ``pos.config``
    """
    methods = methods or ("Efectivo", "Tarjeta")
    code = f"{SHOP}\n{more}\n{OPEN}"
    made = checked(script(code, METHODS=repr(methods), SHOP=repr(shop)))
    return json.loads(made.strip().splitlines()[-1])


def handed_in(world, method, quantity=1, of=None, session=0, **values):
    """Return an order of shirts as a till hands it in, paid.

    :param dict world: see :func:`make_shop`
    :param str method: its name
    :param of: the id of the line that it takes back
    :param int session: which of the company's shops sells it, from 0
    :param values: of the order, instead of those
    """
    total = round(116.0 * quantity, 2)
    line = {
        "uuid": str(uuid4()),
        "name": "line",
        "full_product_name": "Camisa",
        "product_id": world["goods"]["Camisa"],
        "qty": quantity,
        "price_unit": 100.0,
        "discount": 0,
        "price_subtotal": 100.0,
        "price_subtotal_incl": 116.0,
        "tax_ids": [[6, 0, [world["tax"]]]],
        "refunded_orderline_id": of or False,
    }
    payment = {
        "uuid": str(uuid4()),
        "name": "2026-01-01 12:00:00",
        "payment_method_id": world["methods"][method],
        "amount": total,
    }
    return {
        "uuid": str(uuid4()),
        "session_id": world["sessions"][session],
        "company_id": world["company"],
        "partner_id": world["customer"],
        "user_id": world["user"],
        "state": "paid",
        "date_order": "2026-01-01 12:00:00",
        "amount_total": total,
        "amount_tax": 16.0 * quantity,
        "amount_paid": total,
        "amount_return": 0.0,
        "to_invoice": True,
        "is_refund": quantity < 0,
        "last_order_preparation_change": "{}",
        "lines": [[0, 0, line]],
        "payment_ids": [[0, 0, payment]],
    } | values


class Hand:
    """The hand of a cashier: each key and each click counts."""

    def __init__(self, page):
        self._page, self.strokes = page, 0

    def click(self, what, **having):
        """Click on the first of what is meant, by a selector or a locator."""
        found = self._page.locator(what, **having) if isinstance(what, str) else what
        found.first.click()
        self.strokes += 1

    def type(self, text):
        """Press the keys of a text, one by one, wherever the cursor is."""
        for key in text:
            self.press(key)

    def press(self, key):
        self._page.keyboard.press(key)
        self.strokes += 1


class Printer:
    """What a till prints, and which windows it opens."""

    CATCH = """
    window.smartOpened = [];
    window.open = (address) => window.smartOpened.push(address);
    window.smartPrints = [];
    window.print = () => {
        const ticket = document.querySelector(".render-container .pos-receipt");
        window.smartPrints.push(ticket ? ticket.innerText : "");
    };
    """

    def __init__(self, page):
        self._page = page
        page.add_init_script(self.CATCH)

    def texts(self):
        """Return the texts of the tickets that were printed."""
        return [text.replace("\xa0", " ") for text in self._page.evaluate("window.smartPrints")]

    def opened(self):
        """Return the addresses of the windows that were opened."""
        return self._page.evaluate("window.smartOpened")

    def shoot(self, name):
        """Keep a picture of the ticket that was printed last, as wide as its paper."""
        if os.environ.get("SMART_SCREENSHOTS"):
            self._page.emulate_media(media="print")
            shoot(self._page.locator(".render-container .pos-receipt").first, name)
            self._page.emulate_media(media="screen")


class Till:
    """A till in a window of a browser, by what is on its screen."""

    #: However busy the machine is, the till waits for what the server says.
    PATIENT = """() => {
        const path = "@l10n_ve_edi_smart_pos/app/counter/pos_store";
        odoo.loader.modules.get(path).patience.ms = 180000;
    }"""

    def __init__(self, page, shop):
        """Open a till.

        :param int shop: id of its ``pos.config``
        """
        self.page, self.shop = page, shop
        self.hand, self.printer = Hand(page), Printer(page)
        #: What failed of the checks before the money: the till goes on without them.
        self.unchecked = []
        page.on("console", self._hear)
        self.open()

    def _hear(self, said):
        if "could not be checked before its payment" in said.text:
            self.unchecked.append(said.text)

    def open(self):
        """Open it, or open it again: as after the tablet was closed."""
        self.page.goto(f"/pos/ui/{self.shop}")
        start = self.page.locator(".screen-login .btn.open-register-btn")
        home = self.products.or_(self.page.locator(".floor-screen")).first
        expect(start.or_(home).first).to_be_visible()
        if start.is_visible():
            start.click()
        expect(home).to_be_visible()
        self.page.evaluate(self.PATIENT)
        self.hand.strokes = 0

    def shoot(self, name):
        shoot(self.page, name)

    # -- the order -----------------------------------------------------------------------------

    @property
    def products(self):
        return self.page.locator(".product-screen article.product")

    @property
    def basket(self):
        return self.page.locator(".product-screen .orderline")

    def choose(self, *names):
        """Put products on the order, by their whole names."""
        for name in names:
            named = self.page.get_by_text(name, exact=True)
            self.hand.click(self.products.filter(has=named))

    @property
    def popup(self):
        """The window that asks for a cédula or RIF."""
        return self.page.locator(".smart-customer-popup")

    def name_customer(self, number="J309845128"):
        """Type a number once the popup has the cursor, that of the tests' customer, and go on."""
        expect(self.popup.locator("[name=typed]")).to_be_focused()
        self.hand.type(number)
        self.hand.press("Enter")

    @property
    def dialog(self):
        return self.page.locator(".modal-content")

    @property
    def problems(self):
        return self.page.locator(".smart-problems")

    def to_payment(self):
        self.hand.click(".pay-order-button:visible")

    def action(self, sign):
        """Press one of the buttons behind the three dots, by what it shows."""
        self.page.locator(".product-screen .more-btn").click()
        self.page.locator(f".control-buttons-modal button:has({sign})").first.click()

    def take_back(self):
        """Take back what was sold last, and stand before the payment."""
        self.action(".fa-undo")
        self.page.locator(".ticket-screen .order-row").first.click()
        self.page.locator(".ticket-screen .numpad button[value='1']").click()
        self.page.locator(".ticket-screen .pay-order-button:visible").first.click()
        expect(self.screen).to_be_visible()

    # -- the payment ---------------------------------------------------------------------------

    @property
    def screen(self):
        return self.page.locator(".payment-screen")

    @property
    def lines(self):
        return self.screen.locator(".paymentline:not(.electronic_payment)")

    def order(self, *names):
        """Put products on an order for the customer of the tests, and stand before its payment."""
        self.choose(*names)
        self.to_payment()
        self.name_customer()
        expect(self.screen).to_be_visible()

    def pay(self, method="Efectivo"):
        before = self.lines.count()
        self.hand.click(self.screen.locator(".paymentmethod", has_text=method))
        expect(self.lines).to_have_count(before + 1)

    def type_amount(self, keys, shown):
        """Type an amount for the payment that is selected.

        :param shown: how it is shown then; the till takes a moment
        """
        for key in keys:
            self.hand.click(self.screen.locator(f".numpad button[value='{key}']"))
        expect(self.screen.locator(".paymentline.selected")).to_contain_text(shown)

    def validate(self):
        expect(self.lines.first).to_be_visible()
        self.hand.click(self.screen.locator("button.validation-button.next:visible"))
        expect(self.ticket).to_be_visible()
        assert not self.unchecked, self.unchecked

    def sell(self, *names, method="Efectivo"):
        """Sell to the customer of the tests, up to the ticket."""
        self.order(*names or ("Camisa",))
        self.pay(method)
        self.validate()

    def back(self):
        self.screen.locator(".back-button:visible").click()
        expect(self.products.first).to_be_visible()

    # -- afterwards ----------------------------------------------------------------------------

    @property
    def ticket(self):
        """The ticket on the screen after the payment."""
        return self.page.locator(".receipt-screen .pos-receipt").first

    def next_order(self):
        self.page.locator(".receipt-screen button[name=done]").first.click()
        expect(self.products.first).to_be_visible()
        self.hand.strokes = 0

    @property
    def waiting(self):
        """The counter in the bar: how many orders wait for their number."""
        return self.page.locator(".smart-waiting-button")

    def close(self):
        """Open the window that closes the register; return it."""
        self.page.locator(".pos-rightheader .fa-bars").click()
        self.page.get_by_text("Cerrar caja registradora").click()
        return self.page.locator(".close-pos-popup")


def shoot(shown, name):
    """Keep a picture for whoever asks for it (``SMART_SCREENSHOTS`` names a folder)."""
    folder = os.environ.get("SMART_SCREENSHOTS")
    if folder:
        shown.screenshot(path=os.path.join(folder, f"{name}.png"))


def amount(text):
    """Return what an amount looks like, with a comma or a point for its decimals."""
    return re.compile(re.escape(text).replace(r"\.", "[.,]"))


def numbers(text):
    """Return the legal and the control number that a ticket says, ``None`` for none."""
    legal = re.search(r"(?:Factura|Nota de crédito) (\d{8})", text)
    control = re.search(r"(\d\d-\d{8})", text)
    return legal and legal[1], control and control[1]

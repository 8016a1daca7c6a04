"""One click that pays, tips, and a discount on the whole order; in a real browser."""

import pytest
from playwright.sync_api import expect
from till import Till, amount, make_shop
from till_books import expect_books, forms

FAST = """
till.write({"use_fast_payment": True, "fast_payment_method_ids": [(6, 0, [
    methods[name].id for name in ("Tarjeta", "Zelle") if name in methods])]})
"""

#: A tip is nobody's sale; what is said of it on a document is exempt.
TIPS = """
tip = env.ref("point_of_sale.product_product_tip").copy({"name": "Propina"})
tip.taxes_id = taxes["exempt"] if "%s" else False
till.write({"iface_tipproduct": True, "tip_product_id": tip.id})
"""

DISCOUNT = """
off = env["product.product"].create({"name": "Descuento", "available_in_pos": True,
    "type": "service", "taxes_id": [(5,)]})
till.write({"module_pos_discount": True, "discount_product_id": off.id, "discount_pc": 10})
"""


@pytest.fixture
def till(script, request):
    def open_till(more, *methods):
        world = make_shop(script, *methods, more=more)
        return Till(request.getfixturevalue("page"), world["shop"])

    return open_till


def tip(till, keys):
    """Add a tip on the payment screen."""
    till.screen.locator("button:has(.fa-heart)").click()
    till.page.locator(".modal .numpad button").first.wait_for()
    for key in keys:
        till.page.locator(f".modal .numpad button[value='{key}']").click()
    till.shoot("extras_tip")
    till.page.locator(".modal .btn-primary").click()
    expect(till.page.locator(".modal")).to_have_count(0)


def test_one_click_asks_who_buys_and_pays(till, database):
    shop = till(FAST)
    shop.choose("Camisa")
    shop.hand.click(".fast-pay-button", has_text="Tarjeta")
    shop.name_customer()
    expect(shop.ticket).to_be_visible()
    assert shop.hand.strokes == 13  # ten are the RIF
    expect_books(database, "done|invoice|issued|116.00|0.00")
    assert forms(database) == ["Tarjeta 116.00"]
    expect(shop.ticket).to_contain_text("Factura 00000001")
    shop.shoot("extras_fast")
    shop.next_order()
    # What cannot be issued is told before the money here as well.
    shop.choose("Gorra sin impuesto")
    shop.hand.click(".fast-pay-button", has_text="Tarjeta")
    shop.name_customer()
    expect(shop.problems).to_contain_text("Gorra sin impuesto")
    shop.shoot("extras_fast_problem")
    expect_books(database, "done|invoice|issued|116.00|0.00")


def test_one_click_in_dollars_pays_the_igtf(till, database):
    shop = till(FAST, "Efectivo", "Tarjeta", "Zelle")
    shop.choose("Camisa")
    shop.hand.click(".fast-pay-button", has_text="Zelle")
    shop.name_customer()
    expect(shop.ticket.locator(".smart-ticket-totals")).to_contain_text(amount("3.48"))
    expect_books(database, "done|invoice|issued|119.48|0.00")
    assert forms(database) == ["Zelle 119.48"]
    shop.shoot("extras_fast_dollars")


def test_a_tip_is_an_exempt_line_of_the_document(till, database):
    shop = till(TIPS % "1")
    shop.order("Camisa")
    shop.pay("Tarjeta")
    tip(shop, "15")
    expect(shop.lines.first).to_contain_text(amount("131.00"))
    shop.validate()
    expect_books(database, "done|invoice|issued|131.00|0.00")
    assert forms(database) == ["Tarjeta 131.00"]
    expect(shop.ticket).to_contain_text("Propina")
    shop.shoot("extras_tip_ticket")
    shop.next_order()
    # What is left of the change is left for the waiter.
    shop.order("Arepa")
    shop.pay("Efectivo")
    shop.type_amount("12", amount("12.00"))
    tip(shop, "")
    shop.validate()
    tipped = ["done|invoice|issued|131.00|0.00", "done|invoice|issued|12.00|0.00"]
    expect_books(database, *tipped)
    assert forms(database)[1] == "Efectivo 12.00"


def test_a_tip_without_tax_is_told_before_the_money(till, database):
    shop = till(TIPS % "")
    shop.order("Camisa")
    shop.pay("Tarjeta")
    tip(shop, "15")
    shop.screen.locator("button.validation-button.next:visible").click()
    expect(shop.problems).to_contain_text("Propina")
    shop.shoot("extras_tip_problem")
    expect_books(database)


def test_a_discount_on_the_whole_order_reduces_each_rate(till, database):
    shop = till(DISCOUNT)
    shop.choose("Camisa", "Arepa", "Semanario")
    shop.action(".fa-tag")
    shop.page.locator(".modal .btn-primary").click()
    expect(shop.basket.filter(has_text="Descuento").first).to_be_visible()
    shop.to_payment()
    shop.name_customer()
    # (116 + 10 + 5.40) less a tenth
    expect(shop.screen.locator(".total")).to_contain_text(amount("118.26"))
    shop.pay("Tarjeta")
    shop.validate()
    expect_books(database, "done|invoice|issued|118.26|0.00")
    assert forms(database) == ["Tarjeta 118.26"]
    expect(shop.ticket).to_contain_text("Factura 00000001")
    shop.shoot("extras_discount")

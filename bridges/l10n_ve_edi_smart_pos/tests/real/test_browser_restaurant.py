"""A table, the kitchen, and a bill that two pay; in a real browser."""

import pytest
from playwright.sync_api import expect
from servers import psql
from till import WALK_IN, Till, amount, make_shop
from till_books import expect_books, forms

FLOOR = """
kitchen = env["pos.category"].create({"name": "Cocina"})
for name in ("Camisa", "Arepa"):
    goods[name].pos_categ_ids = kitchen
printer = env["pos.printer"].create({"name": "Cocina", "printer_type": "epson_epos",
    "epson_printer_ip": "127.0.0.1", "product_categories_ids": [(6, 0, kitchen.ids)],
    "company_id": company.id})
till.write({"module_pos_restaurant": True, "iface_splitbill": True, "is_order_printer": True,
    "printer_ids": [(6, 0, printer.ids)]})
till.floor_ids.unlink()
floor = env["restaurant.floor"].create({"name": "Salón", "pos_config_ids": [(4, till.id)]})
env["restaurant.table"].create({"table_number": 5, "floor_id": floor.id, "seats": 4,
    "position_h": 100, "position_v": 100})
"""
TIPS_LATER = """
tip = env.ref("point_of_sale.product_product_tip").copy({"name": "Propina"})
tip.taxes_id = taxes["exempt"]
till.write({"iface_tipproduct": True, "tip_product_id": tip.id, "set_tip_after_payment": True})
"""
#: What a printer in the kitchen answers.
PRINTED = '<response success="true" code="" status="251658262" xmlns="x"/>'


@pytest.fixture
def till(script, request):
    def open_till(more=""):
        world = make_shop(script, more=WALK_IN + FLOOR + more)
        page = request.getfixturevalue("page")
        page.route(
            "**/cgi-bin/epos/**", lambda route: route.fulfill(body=PRINTED, content_type="text/xml")
        )
        return Till(page, world["shop"])

    return open_till


def sit(till):
    till.page.locator(".floor-map .table", has_text="5").click()
    expect(till.products.first).to_be_visible()


def send(till):
    """Have the kitchen begin."""
    with till.page.expect_request("**/cgi-bin/epos/**"):
        till.page.locator(".actionpad .submit-order").click()
    expect(till.page.locator(".floor-map")).to_be_visible()


def test_two_pay_their_parts_of_a_table_and_each_gets_a_document(till, database):
    shop = till()
    sit(shop)
    shop.choose("Camisa", "Arepa")
    shop.shoot("restaurant_table")
    send(shop)
    sit(shop)
    shop.action(".fa-files-o")
    split = shop.page.locator(".splitbill-screen")
    split.locator(".orderline", has_text="Arepa").click()
    shop.shoot("restaurant_split")
    split.locator(".pay-split-order").click()
    shop.name_customer("V17654321")
    expect(shop.screen.locator(".total")).to_contain_text(amount("10.00"))
    shop.pay("Efectivo")
    shop.validate()
    shop.shoot("restaurant_first")
    shop.page.locator(".receipt-screen button[name=resume]").click()
    # What is left of the table.
    expect(split.locator(".orderline")).to_have_count(1)
    split.locator(".pay-split-order").click()
    shop.name_customer()
    expect(shop.screen.locator(".total")).to_contain_text(amount("116.00"))
    shop.pay("Tarjeta")
    shop.validate()
    shop.shoot("restaurant_second")
    # The order of the table was there first.
    rows = ("done|invoice|issued|116.00|0.00", "done|invoice|issued|10.00|0.00")
    expect_books(database, *rows)
    assert sorted(forms(database)) == ["Efectivo 10.00", "Tarjeta 116.00"]
    to = "SELECT customer_vat FROM smart_document ORDER BY id"
    assert psql(to, database).split() == ["V-17654321", "J-30984512-8"]


def test_a_tip_is_given_with_the_payment_not_after_it(till, database):
    """The document is made with the payment: what came afterwards would be in none."""
    shop = till(TIPS_LATER)
    sit(shop)
    shop.choose("Camisa")
    send(shop)
    sit(shop)
    shop.to_payment()
    shop.name_customer()
    shop.pay("Tarjeta")
    shop.screen.locator("button:has(.fa-heart)").click()
    for key in "15":
        shop.page.locator(f".modal .numpad button[value='{key}']").click()
    shop.page.locator(".modal .btn-primary").click()
    expect(shop.lines.first).to_contain_text(amount("131.00"))
    shop.validate()
    expect(shop.page.locator(".tip-screen")).to_have_count(0)
    shop.shoot("restaurant_tip")
    expect_books(database, "done|invoice|issued|131.00|0.00")

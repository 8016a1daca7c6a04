"""Coupons, free goods, gift cards and e-wallets at the till; in a real browser."""

import pytest
from playwright.sync_api import expect
from servers import psql, wait_for
from till import Till, amount, make_shop
from till_books import expect_books, forms

#: Of the programs that come with Odoo, none is left.
PROGRAMS = """
env["loyalty.program"].search([]).active = False
def program(kind, name):
    Program = env["loyalty.program"].with_company(company)
    made = Program.browse(Program.create_from_template(kind)["res_id"])
    made.write({"name": name, "company_id": company.id, "currency_id": bolivar.id, "pos_ok": True})
    if kind in ("gift_card", "ewallet"):
        made.mail_template_id = env.ref("loyalty.mail_template_gift_card")
        made.pos_report_print_id = env.ref("loyalty.report_gift_card")
    return made
"""
TENTH = f"""{PROGRAMS}
env["loyalty.program"].create({{
    "name": "Diez por ciento", "program_type": "promotion", "trigger": "auto",
    "applies_on": "current", "company_id": company.id, "currency_id": bolivar.id,
    "rule_ids": [(0, 0, {{}})], "reward_ids": [(0, 0, {{"reward_type": "discount",
        "discount": 10, "discount_mode": "percent", "discount_applicability": "order",
        "description": "10 % de descuento"}})],
}})
"""
#: Beside Odoo's deliveries, its promotion is a free one, which no till gives: then as without them.
TEMPLATE = f"""{PROGRAMS}
promotion = program("promotion", "Diez por ciento")
promotion.reward_ids.write({{"reward_type": "discount", "description": "10 % de descuento"}})
assert (promotion.rule_ids.minimum_amount, promotion.reward_ids.discount) == (50, 10)
"""
FREE = f"""{PROGRAMS}
free = program("buy_x_get_y", "Dos y uno gratis")
free.rule_ids.write({{"minimum_qty": 2, "product_ids": [(6, 0, goods["Semanario"].ids)],
    "reward_point_mode": "unit", "reward_point_amount": 1}})
free.reward_ids.write({{"reward_product_id": goods["Semanario"].id, "required_points": 2,
    "reward_product_qty": 1, "description": "Semanario gratis"}})
"""
CODE = f"""{PROGRAMS}
code = program("promo_code", "Verano")
code.rule_ids.write({{"mode": "with_code", "code": "VERANO", "minimum_amount": 0}})
code.reward_ids.write({{"discount_applicability": "order", "discount": 20,
    "description": "Verano 20 %"}})
"""
GIFT = f"""{PROGRAMS}
card = env["product.product"].create({{"name": "Tarjeta de Bs. 50", "type": "service",
    "available_in_pos": True, "list_price": 50.0, "taxes_id": [(6, 0, taxes["exempt"].ids)]}})
gift = program("gift_card", "Tarjeta de regalo")
gift.rule_ids.product_ids = card
"""
WALLET = f"""{PROGRAMS}
wallet = program("ewallet", "Monedero")
env["loyalty.card"].create(
    {{"program_id": wallet.id, "partner_id": customer.id, "points": 200.0}})
"""


@pytest.fixture
def till(script, request):
    def open_till(more):
        world = make_shop(script, more=more)
        return Till(request.getfixturevalue("page"), world["shop"])

    return open_till


def enter_code(till, code):
    till.action(".fa-barcode")
    till.page.locator(".modal textarea").fill(code)
    till.page.locator(".modal .btn-primary").first.click()
    expect(till.page.locator(".modal textarea")).to_have_count(0)


def claim(till, words):
    """Have the order its reward, by the button if the till has not given it by itself."""
    reward = till.basket.locator(".fst-italic, .text-italic").or_(
        till.page.locator(".product-screen .orderline.fst-italic")
    )
    reward = reward.filter(has_text=words)
    if not reward.count():
        till.action(".fa-star")
    expect(reward.first).to_be_visible()


def pay_rest(till, total, method="Tarjeta"):
    """Go to the payment, see what is due, and pay it with one method."""
    till.to_payment()
    expect(till.popup.locator("[name=typed]").or_(till.screen).first).to_be_visible()
    if till.popup.is_visible():
        till.name_customer()
    expect(till.screen.locator(".total")).to_contain_text(amount(total))
    till.pay(method)
    till.validate()


def test_a_tenth_off_reduces_what_was_sold(till, database):
    shop = till(TENTH)
    shop.choose("Camisa", "Semanario")
    claim(shop, "10")
    shop.shoot("loyalty_tenth")
    pay_rest(shop, "109.26")  # 104.40 and 4.86
    expect_books(database, "done|invoice|issued|109.26|0.00")
    assert forms(database) == ["Tarjeta 109.26"]
    expect(shop.ticket).to_contain_text("Factura 00000001")
    shop.shoot("loyalty_tenth_ticket")


def test_the_promotion_of_odoo_s_template_begins_at_its_minimum(till, database):
    shop = till(TEMPLATE)
    shop.choose("Arepa")  # 10, and the minimum is 50
    pay_rest(shop, "10.00")
    shop.next_order()
    shop.choose("Arepa", "Camisa")
    claim(shop, "10")
    pay_rest(shop, "113.40")  # 9.00 and 104.40
    rows = ("done|invoice|issued|10.00|0.00", "done|invoice|issued|113.40|0.00")
    expect_books(database, *rows)
    assert forms(database) == ["Tarjeta 10.00", "Tarjeta 113.40"]


def test_the_third_is_free(till, database):
    shop = till(FREE)
    shop.choose("Semanario", "Semanario", "Semanario")
    claim(shop, "Semanario gratis")
    shop.shoot("loyalty_free")
    pay_rest(shop, "10.80")
    expect_books(database, "done|invoice|issued|10.80|0.00")
    assert forms(database) == ["Tarjeta 10.80"]


def test_a_code_takes_a_fifth_off(till, database):
    shop = till(CODE)
    shop.choose("Camisa", "Arepa")
    enter_code(shop, "VERANO")
    expect(shop.basket.filter(has_text="Verano 20 %").first).to_be_visible()
    pay_rest(shop, "100.80")
    expect_books(database, "done|invoice|issued|100.80|0.00")
    assert forms(database) == ["Tarjeta 100.80"]


def test_a_gift_card_is_sold_and_pays_a_part(till, database):
    shop = till(GIFT)
    shop.choose("Tarjeta de Bs. 50")
    pay_rest(shop, "50.00", "Efectivo")
    made = "SELECT code FROM loyalty_card ORDER BY id DESC LIMIT 1"
    code = wait_for(lambda: psql(made, database), what="the card")
    shop.next_order()
    shop.choose("Camisa")
    enter_code(shop, code)
    confirm = shop.page.locator(".modal .btn-primary")
    paid = shop.basket.filter(has_text="-50").or_(shop.basket.filter(has_text="regalo"))
    expect(confirm.or_(paid).first).to_be_visible()
    if confirm.is_visible():
        confirm.click()
    expect(paid.first).to_be_visible()
    shop.shoot("loyalty_gift")
    pay_rest(shop, "66.00")
    rows = ("done|invoice|issued|50.00|0.00", "done|invoice|issued|116.00|0.00")
    expect_books(database, *rows)
    assert forms(database) == ["Efectivo 50.00", "Tarjeta 66.00, Tarjeta de regalo 50.00"]
    points = f"SELECT points FROM loyalty_card WHERE code = '{code}'"
    assert float(psql(points, database)) == 0
    # The ticket says what the document comes to, and what was paid otherwise.
    expect(shop.ticket.locator(".smart-ticket-totals")).to_contain_text(amount("116.00"))
    shop.shoot("loyalty_gift_ticket")


def test_a_wallet_pays_all_of_one_and_a_part_of_the_next(till, database):
    shop = till(WALLET)
    for total in ("0.00", "32.00"):
        shop.hand.click(".set-partner")
        shop.name_customer()
        shop.choose("Camisa")
        shop.action(".fa-credit-card")
        expect(shop.basket).to_have_count(2)
        shop.shoot(f"loyalty_wallet_{total}")
        if total == "0.00":
            shop.to_payment()
            shop.screen.locator("button.validation-button.next:visible").click()
            expect(shop.ticket).to_be_visible()
        else:
            pay_rest(shop, total)
        if total == "0.00":
            shop.next_order()
    rows = ["done|invoice|issued|116.00|0.00"] * 2
    expect_books(database, *rows)
    assert forms(database) == [
        "Monedero electrónico 116.00",
        "Monedero electrónico 84.00, Tarjeta 32.00",
    ]

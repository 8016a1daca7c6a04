"""A shop whose cash is rounded to whole bolívares, in a real browser: nobody owes a rounding."""

import pytest
from playwright.sync_api import expect
from servers import psql
from till import Till, amount, make_shop
from till_books import expect_books

ROUNDED = """
accounts = env["account.account"].with_company(company).create([
    {"name": name, "code": code, "account_type": kind, "company_ids": [(6, 0, company.ids)]}
    for name, code, kind in (
        ("Ganancia por redondeo", "RDG", "income_other"),
        ("Pérdida por redondeo", "RDP", "expense"))])
till.write({"cash_rounding": True, "only_round_cash_method": True,
    "rounding_method": env["account.cash.rounding"].with_company(company).create({
        "name": "A un bolívar", "rounding": 1.0, "strategy": "add_invoice_line",
        "rounding_method": "HALF-UP", "profit_account_id": accounts[0].id,
        "loss_account_id": accounts[1].id}).id})
goods["Camisa"].list_price = 10.0
"""

#: What was gained and lost by rounding beside the documents.
BESIDE = """
SELECT a.name ->> 'en_US', round(sum(l.balance), 2) FROM account_move_line l
JOIN account_account a ON a.id = l.account_id
JOIN account_move m ON m.id = l.move_id AND m.state = 'posted'
WHERE m.smart_pos_rounded_order_id IS NOT NULL AND a.account_type != 'asset_receivable'
GROUP BY 1 ORDER BY 1
"""


@pytest.fixture
def till(script, request):
    world = make_shop(script, "Efectivo", "Tarjeta", more=ROUNDED)
    return Till(request.getfixturevalue("page"), world["shop"])


def test_what_was_paid_by_card_is_given_back_in_cash(till, database):
    till.sell("Camisa", method="Tarjeta")
    sold = "done|invoice|issued|11.60|0.00"
    expect_books(database, sold)
    till.next_order()
    till.take_back()
    till.pay("Efectivo")
    expect(till.lines).to_contain_text(amount("12.00"))
    till.shoot("rounding_back")
    till.validate()
    till.shoot("rounding_back_ticket")
    expect_books(database, sold, "done|credit_note|issued|11.60|0.00")
    assert psql(BESIDE, database) == "Pérdida por redondeo|0.40"


def test_what_was_rounded_is_exchanged(till, database):
    till.sell("Semanario")
    sold = "done|invoice|issued|5.00|0.00"
    expect_books(database, sold)
    till.next_order()
    till.take_back()  # of 5.40, of which 5.00 were paid
    till.back()
    till.choose("Arepa")
    expect(till.basket).to_have_count(2)
    till.to_payment()
    expect(till.screen.locator(".total")).to_contain_text(amount("4.60"))
    till.pay("Efectivo")
    expect(till.lines).to_contain_text(amount("5.00"))
    till.validate()
    till.shoot("rounding_exchange_ticket")
    rows = ("done|invoice|issued|10.00|0.00", "done|credit_note|issued|5.00|0.00")
    expect_books(database, sold, *rows[::-1])
    assert not psql(BESIDE, database)

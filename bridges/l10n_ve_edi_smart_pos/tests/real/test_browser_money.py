"""What the cashier sees of money: dollars, the IGTF, two currencies; in a real browser."""

import re

import pytest
from conftest import checked
from money_till import MONEY, Till
from playwright.sync_api import expect
from servers import psql, wait_for

ISSUED = "SELECT count(*) FROM smart_document WHERE state = 'issued'"


@pytest.fixture
def till(page, script):
    output = checked(script(MONEY))
    return Till(page, output.split()[-1])


def money(text):
    """Return text as it is shown, whatever kind of space stands in it."""
    return " ".join(text.split())


def test_dollars_in_cash_cost_the_igtf_before_they_are_paid(till, database):
    till.sell("Camisa")
    due = till.screen.locator(".paymentlines-container .total")
    expect(due).to_contain_text(re.compile("116[.,]00"))
    expect(till.screen.locator(".smart-second-currency")).to_contain_text(re.compile("40[.,]5647"))
    expect(till.screen.locator(".smart-igtf")).to_have_count(0)
    till.shoot("money_before")
    till.pay("Efectivo USD")
    expect(till.screen.locator(".smart-igtf")).to_contain_text(re.compile("3[.,]48"))
    expect(due).to_contain_text(re.compile("119[.,]48"))
    expect(till.lines.first).to_contain_text(re.compile("2[.,]95"))
    till.shoot("money_dollars")
    till.type("1")
    expect(till.screen.locator(".smart-igtf")).to_contain_text(re.compile("1[.,]22"))
    till.pay("Tarjeta")
    till.shoot("money_mixed")
    expect(till.screen.locator(".smart-igtf")).to_contain_text(re.compile("1[.,]22"))
    till.lines.first.locator(".delete-button").click()
    expect(till.screen.locator(".smart-igtf")).to_have_count(0)
    till.lines.first.locator(".delete-button").click()
    till.pay("Efectivo USD")
    till.validate()
    receipt = till.page.locator(".pos-receipt")
    expect(receipt).to_contain_text("IGTF")
    till.shoot("money_ticket")
    wait_for(lambda: psql(ISSUED, database) == "1", what="issue")
    said = "SELECT request_body::json ->> 'baseigft', request_body::json ->> 'total' "
    assert psql(f"{said} FROM smart_document", database) == "116|119.48"

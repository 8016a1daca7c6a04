"""The ticket with its numbers: in time, later, never in the way; in a real browser."""

import pytest
from playwright.sync_api import expect
from servers import psql, wait_for
from ticket_till import Till, make_shop, numbers

FIRST = ("00000001", "00-00000001")


@pytest.fixture
def till(script, request):
    def open_till(**values):
        shop = make_shop(script, **values)
        # Whoever logs in now works in Spanish.
        return Till(request.getfixturevalue("page"), shop)

    return open_till


def test_the_ticket_has_the_numbers_that_come_in_time(till, simulator, database):
    simulator.control("POST", "/latency", {"ms": 300})
    shop = till()
    shop.sell("Franela azul", "Arepa", "Semanario")
    wait_for(shop.prints, what="the ticket")
    [printed] = shop.prints()
    assert numbers(printed) == FIRST, printed
    assert "en trámite" not in printed
    assert "Arepa (E)" in printed
    for said in (
        "RIF: J-40112233-7",
        "RIF o cédula: J-30984512-8",
        "Base imponible general 16 %",
        "IVA reducido 8 %",
        "Total exento",
        "SENIAT",
    ):
        assert said in printed, said
    shop.shoot("ticket_numbered_screen")
    shop.shoot_print("ticket_numbered_print")
    expect(shop.counter).to_have_count(0)


def test_a_slow_service_holds_up_nobody_and_the_number_reaches_screen_list_and_reprint(
    till, simulator, database
):
    simulator.control("POST", "/latency", {"ms": 20_000})
    shop = till()
    shop.sell()
    wait_for(shop.prints, what="the ticket")
    [printed] = shop.prints()
    assert numbers(printed) == (None, None), printed
    assert "Número de control en trámite" in printed
    shop.shoot("ticket_waiting_screen")
    shop.shoot_print("ticket_waiting_print")
    expect(shop.counter).to_have_text("1")
    shop.counter.click()
    row = shop.page.locator(".modal .smart-waiting-row")
    expect(row).to_have_count(1)
    shop.shoot("waiting_dialog_slow")
    shop.page.keyboard.press("Escape")
    # The screen follows by itself.
    expect(shop.ticket).to_contain_text("Factura 00000001")
    expect(shop.counter).to_have_count(0)
    shop.shoot("ticket_later_screen")
    shop.page.locator(".receipt-screen .button.print").first.click()
    wait_for(lambda: len(shop.prints()) == 2, what="the reprint")
    assert numbers(shop.prints()[1]) == FIRST
    shop.next_order()
    shop.page.locator(".orders-button").click()
    shop.page.locator(".ticket-screen .pos-search-bar .filter").click()
    shop.page.locator(".dropdown-item", has_text="Pagado").click()
    expect(shop.page.locator(".order-row .smart-order-document")).to_contain_text(
        "Factura 00000001"
    )
    shop.shoot("order_list")


def test_without_smart_the_till_goes_on_and_counts_what_waits(till, simulator, database):
    simulator.fault("refuse", seconds=3600)
    shop = till()
    for expected in ("1", "2", "3"):
        shop.sell()
        expect(shop.counter).to_have_text(expected)
        shop.next_order()
    wait_for(lambda: len(shop.prints()) == 3, what="the tickets")
    assert all("Número de control en trámite" in text for text in shop.prints())
    # The tablet is closed and opened again: nothing is lost.
    shop.open()
    expect(shop.counter).to_have_text("3")
    shop.counter.click()
    rows = shop.page.locator(".modal .smart-waiting-row")
    expect(rows).to_have_count(3)
    expect(rows.first.locator(".smart-why")).to_contain_text("SMART")
    shop.shoot("waiting_dialog_down")
    shop.page.keyboard.press("Escape")
    simulator.control("DELETE", "/faults")
    wait_for(
        lambda: psql("SELECT count(*) FROM smart_document WHERE state = 'issued'", database) == "3",
        what="the issue of all three",
    )
    expect(shop.counter).to_have_count(0)


def test_what_is_refused_or_in_doubt_is_listed_with_the_reason(till, simulator, database):
    simulator.poison("Semanario", "text_400_before")
    shop = till()
    shop.sell("Semanario")
    expect(shop.counter).to_have_text("1")
    shop.next_order()
    shop.counter.click()
    expect(shop.page.locator(".modal .smart-why")).to_contain_text("SMART")
    shop.shoot("waiting_dialog_doubt")


def test_orders_of_a_closed_tablet_without_connection_are_issued_as_they_were_sold(till, database):
    shop = till()
    context = shop.page.context
    context.set_offline(True)
    for expected in ("1", "2", "3", "4"):
        shop.sell()
        expect(shop.counter).to_have_text(expected)
        if expected == "1":
            shop.page.locator(".modal", has_text="Conexión perdida").locator(".btn-primary").click()
            shop.shoot("ticket_offline_screen")
        shop.next_order()
    wait_for(lambda: len(shop.prints()) == 4, what="the tickets")
    assert all("Número de control en trámite" in text for text in shop.prints())
    assert all("RIF J-40112233-7" in text.replace("RIF:", "RIF") for text in shop.prints())
    shop.counter.click()
    expect(shop.page.locator(".modal .smart-waiting-row")).to_have_count(4)
    shop.shoot("waiting_dialog_offline")
    shop.page.goto("about:blank")
    context.set_offline(False)
    shop.open()
    issued = "SELECT count(*) FROM smart_document WHERE state = 'issued'"
    wait_for(lambda: psql(issued, database) == "4", what="the issue of all four")
    in_order = (
        "SELECT string_agg(document.internal_number, ' ' ORDER BY sold.date_order, sold.id)"
        " FROM pos_order AS sold JOIN smart_document AS document"
        " ON document.move_id = sold.account_move"
    )
    assert psql(in_order, database) == "00000001 00000002 00000003 00000004"
    expect(shop.counter).to_have_count(0)

"""The ticket with its numbers: in time, later, never in the way; in a real browser."""

import pytest
from playwright.sync_api import expect
from servers import psql, wait_for
from till import Till, make_shop, numbers, shoot
from till_books import expect_books

FIRST = ("00000001", "00-00000001")
# Another channel's invoices are not SMART's either.
OTHER = """till.write({"smart_channel": "other", "invoice_journal_id":
    env["account.journal"].create({"name": "Otro", "code": "OTRO",
        "type": "sale", "company_id": company.id, "smart_enabled": False}).id})"""
#: The legal numbers in the order in which the tills sold.
IN_ORDER = """
SELECT string_agg(document.internal_number, ' ' ORDER BY sold.date_order, sold.id)
FROM pos_order AS sold JOIN smart_document AS document ON document.move_id = sold.account_move
"""
LAST_ORDER = "FROM pos_order ORDER BY id DESC LIMIT 1"


@pytest.fixture
def till(script, request):
    def open_till(**values):
        world = make_shop(script, **{"iface_print_auto": True, **values})
        # Whoever logs in now works in Spanish.
        return Till(request.getfixturevalue("page"), world["shop"])

    return open_till


def test_the_ticket_has_the_numbers_that_come_in_time(till, simulator, database):
    simulator.control("POST", "/latency", {"ms": 300})
    shop = till(smart_wait_seconds=10)  # however busy the machine is
    shop.sell("Camisa", "Arepa", "Semanario")
    wait_for(shop.printer.texts, what="the ticket")
    [printed] = shop.printer.texts()
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
    shop.printer.shoot("ticket_numbered_print")
    expect(shop.waiting).to_have_count(0)


def test_a_slow_service_holds_up_nobody_and_the_number_reaches_screen_list_and_reprint(
    till, simulator, database
):
    simulator.control("POST", "/latency", {"ms": 20_000})
    shop = till()
    shop.sell()
    wait_for(shop.printer.texts, what="the ticket")
    [printed] = shop.printer.texts()
    assert numbers(printed) == (None, None), printed
    assert "Número de control en trámite" in printed
    shop.shoot("ticket_waiting_screen")
    shop.printer.shoot("ticket_waiting_print")
    expect(shop.waiting).to_have_text("1")
    shop.waiting.click()
    row = shop.page.locator(".modal .smart-waiting-row")
    expect(row).to_have_count(1)
    shop.shoot("waiting_dialog_slow")
    shop.page.keyboard.press("Escape")
    # The screen follows by itself.
    expect(shop.ticket).to_contain_text("Factura 00000001")
    expect(shop.waiting).to_have_count(0)
    shop.shoot("ticket_later_screen")
    shop.page.locator(".receipt-screen .button.print").first.click()
    wait_for(lambda: len(shop.printer.texts()) == 2, what="the reprint")
    assert numbers(shop.printer.texts()[1]) == FIRST
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
        expect(shop.waiting).to_have_text(expected)
        shop.next_order()
    wait_for(lambda: len(shop.printer.texts()) == 3, what="the tickets")
    assert all("Número de control en trámite" in text for text in shop.printer.texts())
    # The tablet is closed and opened again: nothing is lost.
    shop.page.goto("about:blank")
    shop.open()
    expect(shop.waiting).to_have_text("3")
    shop.sell()
    expect(shop.waiting).to_have_text("4")
    shop.waiting.click()
    rows = shop.page.locator(".modal .smart-waiting-row")
    expect(rows).to_have_count(4)
    expect(rows.first.locator(".smart-why")).to_contain_text("SMART")
    shop.shoot("waiting_dialog_down")
    shop.page.keyboard.press("Escape")
    simulator.control("DELETE", "/faults")
    expect_books(database, *["done|invoice|issued|116.00|0.00"] * 4)
    assert psql(IN_ORDER, database) == " ".join(simulator.issued())
    assert len(simulator.issued()) == 4
    expect(shop.waiting).to_have_count(0)


def test_what_is_refused_or_in_doubt_is_listed_with_the_reason(till, simulator, database):
    simulator.poison("Semanario", "text_400_before")
    shop = till()
    shop.sell("Semanario")
    expect(shop.waiting).to_have_text("1")
    shop.next_order()
    shop.waiting.click()
    expect(shop.page.locator(".modal .smart-why")).to_contain_text("SMART")
    shop.shoot("waiting_dialog_doubt")


def test_orders_of_a_closed_tablet_without_connection_are_issued_as_they_were_sold(till, database):
    shop = till()
    context = shop.page.context
    context.set_offline(True)
    for expected in ("1", "2", "3", "4"):
        shop.sell()
        expect(shop.waiting).to_have_text(expected)
        if expected == "1":
            shop.page.locator(".modal", has_text="Conexión perdida").locator(".btn-primary").click()
            shop.shoot("ticket_offline_screen")
        shop.next_order()
    wait_for(lambda: len(shop.printer.texts()) == 4, what="the tickets")
    assert all("Número de control en trámite" in text for text in shop.printer.texts())
    assert all("RIF J-40112233-7" in text.replace("RIF:", "RIF") for text in shop.printer.texts())
    shop.waiting.click()
    expect(shop.page.locator(".modal .smart-waiting-row")).to_have_count(4)
    shop.shoot("waiting_dialog_offline")
    shop.page.goto("about:blank")
    context.set_offline(False)
    shop.open()
    issued = "SELECT count(*) FROM smart_document WHERE state = 'issued'"
    wait_for(lambda: psql(issued, database) == "4", what="the issue of all four")
    assert psql(IN_ORDER, database) == "00000001 00000002 00000003 00000004"
    expect(shop.waiting).to_have_count(0)


def test_orders_that_nobody_printed_are_sent_when_the_connection_is_back(till, database):
    shop = till(iface_print_auto=False)
    context = shop.page.context
    context.set_offline(True)
    for expected in ("1", "2"):
        shop.sell()
        if expected == "1":
            shop.page.locator(".modal", has_text="Conexión perdida").locator(".btn-primary").click()
        shop.next_order()
        expect(shop.waiting).to_have_text(expected)
    context.set_offline(False)
    issued = "SELECT count(*) FROM smart_document WHERE state = 'issued'"
    wait_for(lambda: psql(issued, database) == "2", what="the issue of both")
    expect(shop.waiting).to_have_count(0)


def test_mail_and_whatsapp_get_what_waits_when_it_is_there(till, simulator, database):
    simulator.fault("refuse", seconds=3600)
    shop = till()
    shop.sell()
    page = shop.page
    page.locator(".send-receipt-email-input").fill("ana@example.com")
    page.locator(".receipt-options .fa-paper-plane").click()
    expect(page.locator(".smart-mailed-later")).to_be_visible()
    shop.shoot("mailed_later")
    assert psql(f"SELECT smart_mail_to {LAST_ORDER}", database) == "ana@example.com"
    page.locator(".smart-phone").fill("0414-1234567 / 0212-9511234")
    page.locator(".smart-whatsapp").click()
    [address] = shop.printer.opened()
    token = psql(f"SELECT access_token {LAST_ORDER}", database)
    assert address.startswith("https://wa.me/584141234567?text=")
    assert f"access_token%3D{token}" in address
    simulator.control("DELETE", "/faults")
    mailed = "SELECT count(*) FROM mail_mail WHERE email_to = 'ana@example.com'"
    wait_for(lambda: psql(mailed, database) == "1", what="the mail")
    expect(shop.ticket).to_contain_text("Factura 00000001")
    page.locator(".smart-whatsapp").click()
    assert "Factura%2000000001" in shop.printer.opened()[-1]


def test_a_shop_of_another_channel_has_odoos_ticket(till, database):
    shop = till(more=OTHER)
    shop.choose("Camisa")
    shop.hand.click("button.set-partner")
    shop.hand.click(".modal .partner-line", has_text="La Trinidad")
    shop.to_payment()
    shop.pay()
    invoice = shop.screen.locator(".js_invoice.highlight")
    if invoice.count():
        invoice.click()
    shop.validate()
    wait_for(shop.printer.texts, what="the ticket")
    [printed] = shop.printer.texts()
    assert "trámite" not in printed
    assert "RIF o cédula" not in printed
    expect(shop.page.locator(".smart-whatsapp")).to_have_count(0)
    expect(shop.waiting).to_have_count(0)
    shop.shoot("ticket_other_channel")


def test_the_page_behind_the_code_on_a_phone(till, simulator, database, chromium, request):
    simulator.fault("refuse", seconds=3600)
    shop = till()
    shop.sell()
    token = psql(f"SELECT access_token {LAST_ORDER}", database)
    address = shop.page.url.split("/pos/")[0] + f"/pos/ticket/validate?access_token={token}"
    phone = chromium.new_context(viewport={"width": 390, "height": 800}, locale="es-VE")
    request.addfinalizer(phone.close)
    page = phone.new_page()
    page.set_default_timeout(60_000)
    page.goto(address)
    expect(page.locator("[name=smart_waiting]")).to_contain_text("Número de control en trámite")
    shoot(page, "page_waiting")
    simulator.control("DELETE", "/faults")
    issued = "SELECT count(*) FROM smart_document WHERE state = 'issued'"
    wait_for(lambda: psql(issued, database) == "1", what="the issue")
    # The page looks again by itself.
    expect(page.locator("[name=smart_document]")).to_contain_text("Factura 00000001")
    expect(page.locator("[name=smart_download]")).to_be_visible()
    shoot(page, "page_numbered")
    psql(
        "UPDATE pos_order SET account_move = NULL, state = 'paid', partner_id = NULL"
        f" WHERE access_token = '{token}'",
        database,
    )
    page.goto(address)
    page.locator("#smart_vat").fill("12345678")
    page.locator("button[type=submit]", has_text="Obtener mi factura").click()
    expect(page.locator("#smart_vat + .invalid-feedback")).to_contain_text("letra")
    expect(page.locator("#smart_vat")).to_have_value("12345678")
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390, width
    shoot(page, "page_customer")

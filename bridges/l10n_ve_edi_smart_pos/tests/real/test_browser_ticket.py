"""The ticket with its numbers: in time, later, never in the way; in a real browser."""

import pytest
from playwright.sync_api import expect
from servers import psql, wait_for
from ticket_till import Till, make_shop, numbers, shoot

FIRST = ("00000001", "00-00000001")
# Another channel's invoices are not SMART's either.
OTHER = """{"invoice_journal_id": env["account.journal"].create({"name": "Otro", "code": "OTRO",
    "type": "sale", "company_id": company.id, "smart_enabled": False}).id}"""
LAST_ORDER = "FROM pos_order ORDER BY id DESC LIMIT 1"


@pytest.fixture
def till(script, request):
    def open_till(**values):
        shop = make_shop(script, **values)
        # Whoever logs in now works in Spanish.
        return Till(request.getfixturevalue("page"), shop)

    return open_till


def test_the_ticket_has_the_numbers_that_come_in_time(till, simulator, database):
    simulator.control("POST", "/latency", {"ms": 300})
    shop = till(smart_wait_seconds=10)  # however busy the machine is
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


def test_orders_that_nobody_printed_are_sent_when_the_connection_is_back(till, database):
    shop = till(iface_print_auto=False)
    context = shop.page.context
    context.set_offline(True)
    for expected in ("1", "2"):
        shop.sell()
        if expected == "1":
            shop.page.locator(".modal", has_text="Conexión perdida").locator(".btn-primary").click()
        shop.next_order()
        expect(shop.counter).to_have_text(expected)
    context.set_offline(False)
    issued = "SELECT count(*) FROM smart_document WHERE state = 'issued'"
    wait_for(lambda: psql(issued, database) == "2", what="the issue of both")
    expect(shop.counter).to_have_count(0)


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
    [address] = page.evaluate("window.smartOpened")
    token = psql(f"SELECT access_token {LAST_ORDER}", database)
    assert address.startswith("https://wa.me/584141234567?text=")
    assert f"access_token%3D{token}" in address
    simulator.control("DELETE", "/faults")
    mailed = "SELECT count(*) FROM mail_mail WHERE email_to = 'ana@example.com'"
    wait_for(lambda: psql(mailed, database) == "1", what="the mail")
    expect(shop.ticket).to_contain_text("Factura 00000001")
    page.locator(".smart-whatsapp").click()
    assert "Factura%2000000001" in page.evaluate("window.smartOpened")[-1]


def test_a_shop_of_another_channel_has_odoos_ticket(till, database):
    shop = till(smart_channel="other", more=OTHER)
    shop.choose()
    shop.page.locator("button.pay-order-button").first.click()
    shop.page.locator(".paymentmethod", has_text="Efectivo").click()
    invoice = shop.page.locator(".payment-screen .js_invoice.highlight")
    if invoice.count():
        invoice.click()
    shop.page.locator(".payment-screen button.validation-button.next").click()
    expect(shop.page.locator(".receipt-screen")).to_be_visible()
    wait_for(shop.prints, what="the ticket")
    [printed] = shop.prints()
    assert "trámite" not in printed
    assert "RIF o cédula" not in printed
    expect(shop.page.locator(".smart-whatsapp")).to_have_count(0)
    expect(shop.counter).to_have_count(0)
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

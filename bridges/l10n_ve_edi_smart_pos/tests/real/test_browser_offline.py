"""What was sold without a connection outlives the tablet and arrives; in a real browser."""

import json

import pytest
from playwright.sync_api import expect
from servers import psql, wait_for
from till import Till, make_shop

ISSUED = "SELECT count(*) FROM smart_document WHERE state = 'issued'"
SYNC = "**/web/dataset/call_kw/pos.order/sync_from_ui"
ERROR = {
    "jsonrpc": "2.0",
    "id": 0,
    "error": {
        "code": 0,
        "message": "Odoo Server Error",
        "data": {
            "name": "psycopg2.errors.SerializationFailure",
            "message": "could not serialize access",
            "arguments": [],
            "context": {},
            "debug": "",
        },
    },
}


@pytest.fixture
def shop(script, request):
    world = make_shop(script, iface_print_auto=True)
    # Whoever logs in now works in Spanish.
    return Till(request.getfixturevalue("page"), world["shop"])


def sell_without_connection(shop, count):
    shop.page.context.set_offline(True)
    for number in range(count):
        shop.sell()
        if not number:
            shop.page.locator(".modal", has_text="Conexión perdida").locator(".btn-primary").click()
        if number + 1 < count:
            shop.next_order()


def reopen(shop):
    shop.page.goto("about:blank")
    shop.page.context.set_offline(False)
    shop.open()


def test_a_tablet_that_is_closed_with_the_ticket_on_its_screen_keeps_the_order(shop, database):
    sell_without_connection(shop, 1)
    reopen(shop)
    wait_for(lambda: psql(ISSUED, database) == "1", what="the issue")


def test_what_the_server_could_not_take_is_sent_again(shop, database):
    sell_without_connection(shop, 2)
    refused = []

    def refuse_twice(route):
        if len(refused) < 2:
            refused.append(route.request.url)
            route.fulfill(status=200, content_type="application/json", body=json.dumps(ERROR))
        else:
            route.continue_()

    shop.page.route(SYNC, refuse_twice)
    reopen(shop)
    # The browser is answered only while Playwright waits for it.
    expect(shop.waiting).to_have_count(0)
    assert len(refused) == 2
    wait_for(lambda: psql(ISSUED, database) == "2", what="the issue of both")

"""SMART refuses, or its answer is lost, after the money: cashier, ticket, books; in a browser."""

from functools import partial

import pytest
from conftest import checked, connect
from playwright.sync_api import expect
from preloaded import ForkedServer, shorten_quiet
from servers import psql, wait_for
from till import Till, make_shop, numbers
from till_books import expect_books, expect_closed

#: Nothing is sent until somebody says so.
HOLD = """
env["smart.lane"].search([])._block("Somebody looks at it.")
cr.commit()
cr.close()
"""
#: What only SMART can know: the note is about a document that it does not have.
REFUSABLE = """
document = env["smart.document"].search([("state", "=", "queued")])
body = document.request_body.replace('"idtipodocumento":1', '"idtipodocumento":3')
document._engine_write(
    {"request_body": body.replace('"relacionado":""', '"relacionado":"00-00009999"')})
cr.commit()
cr.close()
"""
RESUME = """
env["smart.lane"].search([])._resume()
cr.commit()
cr.close()
"""
ACTIVITIES = """
SELECT a.res_model, x.name FROM mail_activity a JOIN ir_model_data x
    ON x.model = 'mail.activity.type' AND x.res_id = a.activity_type_id
WHERE x.name LIKE 'mail_activity_type_%' AND x.module LIKE 'l10n_ve_edi_smart%'
"""


@pytest.fixture
def start_server(database, tmp_path):
    """Start servers that do not wait five minutes for an answer that is late."""
    started = []

    def start():
        log = tmp_path / f"odoo-{len(started)}.log"
        started.append(ForkedServer(database, log, prepare=partial(shorten_quiet, 5)))
        started[-1].login()
        return started[-1]

    yield start
    for server in started:
        server.stop()


@pytest.fixture
def till(script, request):
    world = make_shop(script, iface_print_auto=True)
    return Till(request.getfixturevalue("page"), world["shop"])


def why(till):
    """Open the list of what waits; return its only row."""
    till.waiting.click()
    row = till.page.locator(".modal .smart-waiting-row")
    expect(row).to_have_count(1)
    return row


def test_what_smart_refuses_is_paid_told_and_closed(till, script, database):
    # By card: nobody has to count cash at the end.
    till.sell("Arepa", method="Tarjeta")
    issued = "done|invoice|issued|10.00|0.00"
    expect_books(database, issued)
    till.next_order()
    checked(script(HOLD))
    till.sell(method="Tarjeta")
    wait_for(lambda: len(till.printer.texts()) == 2, what="the ticket")
    printed = till.printer.texts()[1]
    assert numbers(printed) == (None, None), printed
    assert "Número de control en trámite" in printed
    checked(script(REFUSABLE))
    # The server may just be writing what it says of the lane.
    wait_for(lambda: script(RESUME).returncode == 0, what="the end of the block")
    expect_books(database, issued, "done|invoice|refused|116.00|0.00")
    till.next_order()
    expect(till.waiting).to_have_text("1")
    row = why(till)
    expect(row.locator(".badge")).to_contain_text("Rechazad")
    expect(row.locator(".smart-why")).to_contain_text("SMART rechazó la solicitud")
    till.shoot("faults_refused")
    till.page.keyboard.press("Escape")
    wait_for(
        lambda: "smart.lane|mail_activity_type_refused" in psql(ACTIVITIES, database).splitlines(),
        what="the activity",
    )
    popup = till.close()
    expect(popup.locator(".smart-waiting")).to_contain_text("Trinidad")
    till.shoot("faults_refused_closing")
    popup.locator(".modal-footer .btn-primary").click()
    expect_closed(database)
    expect_books(database, issued, "done|invoice|refused|116.00|0.00")


def test_a_lost_answer_is_settled_by_the_service_and_reaches_the_till(
    till, script, simulator, database
):
    connect(database, simulator, enforce_numbering=False)
    simulator.print("00-00000002", missing=-1)  # which would tell, as soon as it is looked for
    till.sell()
    expect(till.ticket).to_contain_text("Factura 00000001")
    till.next_order()
    simulator.fault("drop_after")
    till.sell("Pantalón")
    expect(till.ticket).to_contain_text("Número de control en trámite")
    expect(till.waiting).to_have_text("1")
    state = "SELECT state FROM smart_document ORDER BY id DESC LIMIT 1"
    wait_for(lambda: psql(state, database) == "unknown", what="the doubt")
    row = why(till)
    expect(row.locator(".badge.text-bg-danger")).to_be_visible()
    expect(row.locator(".smart-why")).not_to_be_empty()
    till.shoot("faults_unknown")
    till.page.keyboard.press("Escape")
    # Who sells next shows where it must lie, and its print proves it.
    simulator.print("00-00000002", missing=0)
    till.next_order()
    till.sell("Arepa")
    checked(script(RESUME))
    rows = [f"done|invoice|issued|{total}|0.00" for total in ("116.00", "174.00", "10.00")]
    expect_books(database, *rows)
    expect(till.waiting).to_have_count(0)
    till.next_order()
    till.page.locator(".orders-button").click()
    till.page.locator(".ticket-screen .pos-search-bar .filter").click()
    till.page.locator(".dropdown-item", has_text="Pagado").click()
    shown = till.page.locator(".order-row .smart-order-document")
    expect(shown).to_have_count(3)
    expect(shown.nth(1)).to_contain_text("Factura 00000002")
    till.shoot("faults_settled")
    assert simulator.issued() == ["00000001", "00000002", "00000003"]

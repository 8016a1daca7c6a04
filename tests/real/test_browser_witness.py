"""What people see of printed documents as evidence, and of a service that is slow."""

import signal

import pytest
from conftest import checked, connect
from playwright.sync_api import expect
from servers import psql, wait_for
from test_browser import shoot
from test_browser_people import SPANISH


@pytest.fixture
def spanish(script):
    """The person reads Spanish; to be asked for before the page, which logs in."""
    checked(script(SPANISH))


@pytest.fixture
def notebook(spanish, page):
    """A page as small as many people's screens."""
    page.set_viewport_size({"width": 1366, "height": 768})
    return page


def in_gap(script, simulator, database):
    """Have three invoices, the second without an answer; connect without enforced numbers.

    :returns: its id, once its print was looked for
    """
    connect(database, simulator, enforce_numbering=False)
    checked(script("invoice(10.0).action_post(); cr.commit()"))
    simulator.fault("drop_after")
    code = "move = invoice(20.0); move.action_post(); cr.commit(); print(move.id)"
    move_id = checked(script(code)).split()[-1]
    checked(script("invoice(30.0).action_post(); cr.commit()"))
    looked = "SELECT 1 FROM smart_witness WHERE verdict IN ('partial', 'proof')"
    wait_for(lambda: psql(looked, database), what="a look at its print")
    return move_id


def uncut(page, texts):
    """See that no text of a table is cut."""
    cut = texts.evaluate_all(
        "all => all.filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.innerText)"
    )
    assert cut == []


def test_evidence_that_does_not_suffice_is_seen_under_resolve(
    notebook, script, simulator, database
):
    page = notebook
    simulator.print("00-00000002", values={"request": {"rifcedulacliente": ""}})
    move_id = in_gap(script, simulator, database)
    page.goto(f"/odoo/action-account.action_move_out_invoice_type/{move_id}")
    page.locator("button[name=action_smart_resolve]:visible").click()
    dialog = page.locator(".modal")
    dialog.locator(".nav-link[name=witnesses]").click()
    row = dialog.locator("[name=witness_ids] .o_data_row")
    expect(row.locator("[name=verdict]")).to_have_text("No dice lo suficiente")
    expect(row.locator("[name=customer_finding]")).to_have_text("No está")
    expect(row.locator("[name=total_finding]")).to_have_text("Coincide")
    shoot(page, "evidence_partial")
    uncut(page, dialog.locator("[name=witness_ids] .o_data_row td[name]"))


def test_a_print_that_settled_it_is_seen_and_contested(notebook, script, simulator, database):
    page = notebook
    move_id = in_gap(script, simulator, database)
    page.goto(f"/odoo/action-account.action_move_out_invoice_type/{move_id}")
    expect(page.locator("[name=smart_control_number]:visible").first).to_have_text("00-00000002")
    expect(page.locator(".o-mail-Message").first).to_contain_text("su documento impreso")
    page.get_by_role("tab", name="SMART").click()
    page.locator("button[name=action_smart_open_document]:visible").click()
    page.locator("button[name=action_contest]").click()
    dialog = page.locator(".modal")
    row = dialog.locator("[name=witness_ids] .o_data_row")
    expect(row.locator("[name=verdict]")).to_have_text("Lo prueba")
    dialog.locator("[name=explanation] textarea").fill("Es de otro cliente")
    shoot(page, "evidence_contesting")
    uncut(page, dialog.locator("[name=witness_ids] .o_data_row td[name]"))
    dialog.locator("button[name=action_contest]").click()
    page.locator(".modal").last.locator(".btn-primary", has_text="De acuerdo").click()
    expect(page.locator(".alert-danger")).to_contain_text("Es de otro cliente")
    shoot(page, "evidence_contested")
    page.locator("button[name=action_resolve]").click()
    dialog.locator(".nav-link[name=witnesses]").click()
    expect(row.first.locator("[name=verdict]")).to_have_text("Impugnado")
    expect(dialog.locator("[name=control_number] input")).to_have_value("")
    dialog.locator("[name=control_number] input").fill("00-00000002")
    dialog.locator("[name=control_number] input").press("Tab")
    expect(dialog.locator(".alert-warning [name=warning]")).to_contain_text("00-00000002")
    shoot(page, "evidence_resolving")
    uncut(page, dialog.locator("[name=witness_ids] .o_data_row td[name]"))


def test_who_confirms_behind_a_slow_service_has_the_form_back_and_then_the_number(
    notebook, script, simulator, database
):
    page = notebook
    checked(script("invoice(10.0).action_post(); cr.commit(); invoice(20.0); cr.commit()"))
    psql("UPDATE smart_exchange SET duration_ms = 20000", database)  # known to be slow
    page.goto("/odoo/customer-invoices")
    page.locator(".o_data_row", has_text="Borrador").click()
    simulator.process.send_signal(signal.SIGSTOP)  # it takes the request and does not answer
    try:
        page.locator("button[name=action_post]:visible").click()
        banner = page.locator(".alert-info", has_text="está en camino")
        expect(banner).to_be_visible()
        shoot(page, "on_its_way")
    finally:
        simulator.process.send_signal(signal.SIGCONT)
    expect(page.locator("[name=smart_control_number]:visible").first).to_have_text("00-00000002")
    expect(banner).to_have_count(0)


def test_the_settings_tell_how_long_is_waited_for_the_number(notebook):
    page = notebook
    page.goto("/odoo/settings#account")
    page.locator(".settings_tab .tab[data-key=account]").click()
    setting = page.locator("#smart_wait")
    expect(setting.locator("[name=smart_wait_seconds] input")).to_have_value("3")
    expect(setting).to_contain_text("segundos")
    setting.scroll_into_view_if_needed()
    shoot(page, "settings_wait")
    setting.locator("input").fill("99")
    page.locator(".o_form_button_save:visible").click()
    expect(page.locator(".modal")).to_contain_text("segundos")
    shoot(page, "settings_wait_refused")

"""What people see and press when sending alone cannot settle something; in a real browser."""

import re

import pytest
from conftest import LANGUAGES, RIF, checked, connect
from playwright.sync_api import expect
from servers import psql, wait_for
from test_browser import shoot

CLOCK = re.compile(r"\d+:\d\d")

SPANISH = """
env.ref("base.user_admin").lang = "es_VE"
company.partner_id.lang = "es_VE"
cr.commit()
"""


@pytest.fixture(params=[name[:2] for name in LANGUAGES])
def language(request, script):
    """What the person reads; to be asked for before the page, which logs in."""
    if request.param == "es":
        checked(script(SPANISH))
    return request.param


def in_doubt(script, simulator):
    """Have three invoices, the second without an answer nor a print; return its id."""
    simulator.print("*", missing=-1)
    checked(script("invoice(10.0).action_post(); cr.commit()"))
    simulator.fault("drop_after")
    code = "move = invoice(20.0); move.action_post(); cr.commit(); print(move.id)"
    move_id = checked(script(code))
    checked(script("invoice(30.0).action_post(); cr.commit()"))
    return move_id.split()[-1]


@pytest.fixture
def unenforced(database, simulator):
    """The company's token does not enforce the numbering."""
    connect(database, simulator, enforce_numbering=False)


@pytest.mark.usefixtures("unenforced")
def test_a_manager_resolves_a_document_in_doubt_on_one_screen(language, page, script, simulator):
    move_id = in_doubt(script, simulator)
    page.goto(f"/odoo/action-account.action_move_out_invoice_type/{move_id}")
    button = page.locator("button[name=action_smart_resolve]:visible")
    expect(button).to_have_text({"en": "Resolve", "es": "Resolver"}[language])
    shoot(page, f"unknown_{language}")
    button.click()
    dialog = page.locator(".modal")
    expect(dialog.locator("[name=proposed_number]")).to_have_text("00-00000002")
    expect(dialog.locator("[name=proposal_words]")).to_contain_text("00-00000003")
    expect(dialog.locator("[name=control_number] input")).to_have_value("")
    explanation = dialog.locator("[name=explanation] textarea")
    assert explanation.bounding_box()["y"] + explanation.bounding_box()["height"] < 768
    dialog.locator("button[name=action_use_proposed]").click()
    expect(dialog.locator("[name=control_number] input")).to_have_value("00-00000002")
    expect(dialog.locator("[name=neighbour_ids] .o_data_row")).to_have_count(3)
    dialog.locator("button[name=action_ask]").click()
    expect(dialog.locator("[name=expected_words]")).to_contain_text("00000004")
    dialog.locator("[name=control_number] input").fill("00-00000009")
    dialog.locator("[name=control_number] input").press("Tab")
    expect(dialog.locator(".alert-warning [name=warning]")).to_contain_text("00-00000003")
    shoot(page, f"resolve_warning_{language}")
    dialog.locator("[name=control_number] input").fill("00-00000002")
    dialog.locator("[name=explanation] textarea").fill("Visto en el panel")
    shoot(page, f"resolve_{language}")
    dialog.locator("button[name=action_issued]").click()
    expect(dialog).to_have_count(0)
    expect(page.locator(".oe_title [name=smart_control_number]").first).to_have_text("00-00000002")
    expect(page.locator(".o-mail-Message").first).to_contain_text("Visto en el panel")
    shoot(page, f"resolved_{language}")
    page.get_by_role("tab", name="SMART").click()
    page.locator("button[name=action_smart_open_document]:visible").click()
    expect(page.locator(".o_form_view [name=resolution]")).to_contain_text("Visto en el panel")
    shoot(page, f"document_resolved_{language}")


def test_a_stopped_queue_is_seen_and_ended_in_the_settings(language, page, script, simulator):
    simulator.control("PATCH", f"/issuers/{RIF}", {"lot_to": 0})
    checked(script("move = invoice(); move.action_post(); cr.commit()"))
    page.goto("/odoo/settings#account")
    page.locator(".settings_tab .tab[data-key=account]").click()
    block = page.locator("#smart_queue")
    expect(block.locator(".alert-danger")).to_be_visible()
    block.scroll_into_view_if_needed()
    shoot(page, f"settings_blocked_{language}")
    block.locator("button[name=action_smart_open_queue]").click()
    expect(page.locator(".o-mail-Activity")).to_have_count(1)
    shoot(page, f"queue_blocked_{language}")
    simulator.control("PATCH", f"/issuers/{RIF}", {"lot_to": 100})
    page.go_back()
    page.locator(".settings_tab .tab[data-key=account]").click()
    page.locator("#smart_queue button[name=action_smart_resume]").click()
    wait_for(lambda: simulator.documents(), what="sending")
    page.goto("/odoo/action-l10n_ve_edi_smart.smart_document_action")
    page.locator(".o_data_row").first.click()
    expect(page.locator(".o_form_view [name=control_number]").first).to_have_text("00-00000001")
    shoot(page, f"document_issued_{language}")
    page.goto("/odoo/action-l10n_ve_edi_smart.smart_numbering_action")
    page.locator(".o_data_row").first.click()
    page.locator("button[name=action_ask]").click()
    expect(page.locator(".o_notification")).to_contain_text("2")
    shoot(page, f"numbering_{language}")


def test_the_document_says_when_it_is_tried_next(page, script, simulator, database):
    simulator.fault("refuse", seconds=600)
    checked(script("move = invoice(); move.action_post(); cr.commit()"))
    # The first pause is over before both pages are looked at.
    later = "now() AT TIME ZONE 'utc' + interval '10 minutes'"
    psql(f"UPDATE smart_lane SET paused_until = {later} WHERE paused_until IS NOT NULL", database)
    page.goto("/odoo/action-l10n_ve_edi_smart.smart_document_action")
    page.locator(".o_data_row").first.click()
    banner = page.locator(".alert-info")
    expect(banner).to_contain_text("does not take connections")
    expect(banner.locator("[name=waits_for]")).to_have_text(CLOCK)
    shoot(page, "document_waiting")
    page.goto("/odoo/settings#account")
    page.locator(".settings_tab .tab[data-key=account]").click()
    block = page.locator("#smart_queue")
    expect(block.locator("[name=smart_next_attempt]")).to_have_text(CLOCK)
    block.scroll_into_view_if_needed()
    shoot(page, "settings_paused")


def test_a_batch_shows_its_progress_in_the_list_and_does_not_block_it(page, script, simulator):
    checked(script("[invoice(10.0 + n) for n in range(40)]; cr.commit()"))
    simulator.control("POST", "/latency", {"ms": 250})
    page.goto("/odoo/customer-invoices")
    expect(page.locator(".o_data_row")).to_have_count(40)
    page.locator("thead .o_list_record_selector input").check()
    page.locator(".o_cp_action_menus button", has_text="Actions").click()
    page.locator(".o-dropdown--menu .o_menu_item", has_text="Confirm Entries").click()
    expect(page.locator(".o_notification")).to_contain_text("40 documents are being sent")
    card = page.locator(".o_smart_progress")
    expect(card).to_contain_text("of 40")
    shoot(page, "progress_started")
    # The card counts while the rest is under way; the list is left to whoever works in it.
    wait_for(lambda: simulator.documents(), what="the first one")
    simulator.control("POST", "/latency", {"ms": 2000})  # until it was seen under way
    expect(card).to_contain_text(re.compile(r"Sent [1-9]\d? of 40"))
    assert len(simulator.documents()) < 40
    simulator.control("POST", "/latency", {"ms": 0})
    shoot(page, "progress_running")
    done = page.locator(".o_notification", has_text="have been sent")
    expect(done).to_be_visible()
    expect(card).to_have_count(0)
    done.get_by_role("button", name="Refresh").click()
    expect(page.locator(".o_data_row", has_text="00-0000")).to_have_count(40)
    shoot(page, "progress_done")


# The server's scheduled action may be at the same lane just now.
SEND = """
from odoo.service.model import retrying
retrying(lambda: env["smart.lane"].search([])._resume(), env)
cr.commit()
env["smart.lane"].search([]).issuer_id._smart_send_waiting()
"""


@pytest.mark.parametrize(
    "place", ["customer-invoices", "action-l10n_ve_edi_smart.smart_document_action"]
)
def test_a_form_follows_what_becomes_of_its_document(place, page, script, simulator):
    simulator.fault("refuse", seconds=600)
    checked(script("move = invoice(); move.action_post(); cr.commit()"))
    page.goto(f"/odoo/{place}")
    page.locator(".o_data_row").first.click()
    waiting = page.locator(".alert-info", has_text="Next attempt")
    expect(waiting).to_be_visible()
    simulator.control("DELETE", "/faults")
    checked(script(SEND))
    expect(waiting).to_have_count(0)
    expect(page.locator("[name$=control_number]:visible").first).to_have_text("00-00000001")


def test_what_somebody_types_into_a_form_that_follows_is_not_lost(page, script, simulator):
    simulator.fault("refuse", seconds=600)
    checked(script("move = invoice(); move.action_post(); cr.commit()"))
    page.clock.install()
    page.goto("/odoo/customer-invoices")
    page.locator(".o_data_row").first.click()
    waiting = page.locator(".alert-info", has_text="Next attempt")
    expect(waiting).to_be_visible()
    page.get_by_role("tab", name="Other Info").click()
    typed = page.locator("[name=payment_reference] input:visible").first
    typed.fill("OC-77")
    simulator.control("DELETE", "/faults")
    checked(script(SEND))
    page.clock.fast_forward(60_000)  # long past the next look
    page.locator(".o_form_button_save:visible").click()
    expect(page.locator("[name=smart_control_number]:visible").first).to_have_text("00-00000001")
    page.reload()
    page.get_by_role("tab", name="Other Info").click()
    expect(typed).to_have_value("OC-77")

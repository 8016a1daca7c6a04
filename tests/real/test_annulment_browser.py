"""Annulling, as a person sees it: one invoice, and many from the list."""

import os
import re

import pytest
from conftest import LANGUAGES, checked
from playwright.sync_api import expect
from servers import psql, wait_for
from test_annulment_crashes import STATES
from test_browser import shoot

#: More than the list shows at once, which is 80 as a rule.
MANY, SHOWN = (90, 80) if os.environ.get("SMART_DEV_LONG") else (12, 10)
REASON = "Emitida al cliente equivocado"


def open_annulment(page):
    page.locator("button[name=button_request_cancel]:visible").click()
    return page.locator(".modal-dialog")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_confirm_annul_and_the_form_shows_reason_who_and_when(
    request, script, simulator, database, lang
):
    checked(
        script(
            f"env.ref('base.user_admin').lang = {lang!r}\n"
            "cr.commit(); move = invoice(); cr.commit(); cr.close()"
        )
    )
    page = request.getfixturevalue("page")  # logs in; the language is known from then on
    page.goto("/odoo/customer-invoices")
    page.locator(".o_data_row").first.click()
    page.locator("button[name=action_post]:visible").click()
    expect(page.locator(".oe_title [name=smart_control_number]").first).to_have_text("00-00000001")
    dialog = open_annulment(page)
    reason = dialog.locator("[name=reason] textarea")
    counter = dialog.locator(".o_smart_counter")
    expect(counter).to_have_text("0 / 200")
    reason.press_sequentially(REASON)
    expect(counter).to_have_text(f"{len(REASON)} / 200")
    reason.fill("x" * 300)
    expect(counter).to_have_text("200 / 200")
    reason.fill(REASON)
    shoot(page, f"annul-{lang}")
    dialog.locator("button[name=action_annul]").click()
    expect(page.locator(".ribbon:visible")).to_have_text(re.compile("Annulled|Anulad"))
    expect(page.locator("button[name=button_request_cancel]:visible")).to_have_count(0)
    expect(page.locator("button[name=button_draft]:visible")).to_have_count(0)
    page.get_by_role("tab", name="SMART").click()
    words = {"en_US": "Requested by", "es_VE": "Solicitada por"}
    expect(page.locator(".tab-pane.active")).to_contain_text(words[lang])
    tab = page.locator(".tab-pane.active")
    expect(tab.locator("[name=smart_annulment_reason]")).to_have_text(REASON)
    expect(tab.locator("[name=smart_annulment_user_id]")).to_contain_text("Mitchell Admin")
    expect(tab.locator("[name=smart_annulled_at]")).to_have_text(re.compile(r"\d"))
    shoot(page, f"annulled-{lang}")
    [document] = simulator.documents()
    assert (document["annulled"], document["annul_reason"]) == (True, REASON)
    assert psql(STATES, database) == "annulled|done|cancel"


def test_what_stands_in_the_way_is_said_before_smart_is_asked(page, script, simulator):
    checked(
        script(
            "move = invoice(); move.action_post(); cr.commit()\n"
            "env['account.payment.register'].with_context(active_model='account.move',"
            " active_ids=move.ids).create({})._create_payments()\n"
            "cr.commit(); cr.close()"
        )
    )
    page.goto("/odoo/customer-invoices")
    page.locator(".o_data_row").first.click()
    dialog = open_annulment(page)
    expect(dialog.locator(".alert-danger")).to_contain_text("It is reconciled with")
    expect(dialog.locator("button[name=action_annul]")).to_be_hidden()
    shoot(page, "annul-reconciled")
    dialog.locator("[name=unreconcile] input").check()
    expect(dialog.locator(".alert-danger")).to_be_hidden()
    dialog.locator("[name=reason] textarea").fill(REASON)
    dialog.locator("button[name=action_annul]").click()
    # Annulled at SMART; then it is cancelled here.
    expect(page.locator(".ribbon:visible", has_text="Paid")).to_have_count(0)
    expect(page.locator(".ribbon:visible")).to_have_text("Annulled")
    assert [one["annulled"] for one in simulator.documents()] == [True]


def test_an_annulment_without_an_answer_is_shown_as_pending(page, script, simulator):
    checked(script("move = invoice(); move.action_post(); cr.commit(); cr.close()"))
    simulator.fault("drop_after", count=9, path="/anulacion")
    page.goto("/odoo/customer-invoices")
    page.locator(".o_data_row").first.click()
    dialog = open_annulment(page)
    dialog.locator("[name=reason] textarea").fill(REASON)
    dialog.locator("button[name=action_annul]").click()
    banner = page.locator(".alert-warning", has_text="Annulment pending")
    expect(banner).to_contain_text("broke off")
    expect(banner).to_contain_text("Next attempt")
    shoot(page, "annulment-pending")
    simulator.control("DELETE", "/faults")
    page.locator("button[name=action_smart_annul_again]:visible").click()
    # Annulled at SMART; then it is cancelled here.
    expect(page.locator(".ribbon:visible", has_text="Paid")).to_have_count(0)
    expect(page.locator(".ribbon:visible")).to_have_text("Annulled")


def test_many_are_annulled_from_the_list_with_progress_and_a_result_for_each(
    page, script, simulator, database
):
    checked(
        script(
            f"moves = env['account.move'].concat(*[invoice() for _n in range({MANY})])\n"
            "moves.action_post(); cr.commit()\n"
            "env['smart.lane'].search([]).issuer_id._smart_send_waiting(); cr.commit()\n"
            "from odoo.service.model import retrying\n"
            "pay = env['account.payment.register'].with_context(active_model='account.move',"
            f" active_ids=moves[{MANY // 2}].ids)\n"
            # As a request of a person: what follows the issue may write in the same moment.
            "retrying(lambda: pay.create({})._create_payments(), env)\n"
            "cr.commit(); cr.close()",
        )
    )
    issued = "SELECT count(*) FROM smart_document WHERE state = 'issued'"
    wait_for(lambda: psql(issued, database) == str(MANY), what="issuing")
    psql(f'UPDATE ir_act_window SET "limit" = {SHOWN}', database)
    page.goto("/odoo/customer-invoices")
    page.locator(".o_list_renderer thead .o_list_record_selector input").check()
    page.locator(".o_select_domain:visible").first.click()  # beyond what is shown
    page.locator(".o_cp_action_menus button", has_text="Actions").click()
    page.locator(".o-dropdown-item, .dropdown-item", has_text="Annul at SMART").first.click()
    dialog = page.locator(".modal-dialog")
    expect(dialog.locator(".alert-warning")).to_contain_text(f"{MANY - 1}")
    dialog.locator("[name=reason] textarea").fill(REASON)
    shoot(page, "annul-many")
    # In the middle of the batch the service breaks off.
    simulator.fault("text_400_before", count=1, path="/anulacion")
    simulator.control("POST", "/latency", {"ms": 2000})  # until it was seen under way
    dialog.locator("button[name=action_annul]").click()
    expect(dialog.locator(".alert-info")).to_contain_text("in the background")
    progress = dialog.locator("[name=progress]")
    expect(progress).to_have_text(re.compile(r"[1-9]\d?\s?%"))
    simulator.control("POST", "/latency", {"ms": 0})
    shoot(page, "annul-progress")
    expect(dialog.locator("[name=done_count]")).to_have_text(str(MANY - 1))
    expect(dialog.locator(".alert-info")).to_be_hidden()
    rows = dialog.locator(".o_data_row")
    expect(rows.filter(has_text="Cannot be annulled")).to_have_count(1)
    shoot(page, "annul-results")
    dialog.locator("button[name=action_show_documents]").click()
    expect(page.locator(".o_group_header", has_text="Annulled")).to_contain_text(str(MANY - 1))
    shoot(page, "annul-list")
    assert sum(one["annulled"] for one in simulator.documents()) == MANY - 1

"""Correcting and e-mailing what is issued, as a person does it in a real browser."""

import pytest
from conftest import LANGUAGES, checked
from playwright.sync_api import expect
from test_browser import shoot

LANGUAGE = """
env.ref("base.user_admin").lang = {lang!r}
move = invoice()
cr.commit(); cr.close()
"""

EMAILED = {"en_US": "SMART has e-mailed it to", "es_VE": "SMART lo envió por correo a"}


@pytest.fixture(params=LANGUAGES)
def lang(request, script):
    """Have the administrator, who logs in next, use a language; there is a draft."""
    checked(script(LANGUAGE.format(lang=request.param)))
    return request.param


def control_number(page):
    return page.locator(".oe_title [name=smart_control_number]").first


def confirm_the_draft(page):
    page.goto("/odoo/customer-invoices")
    page.locator(".o_data_row .o_data_cell").nth(1).click()
    page.locator("button[name=action_post]:visible").click()
    expect(control_number(page)).to_have_text("00-00000001")


def test_confirm_credit_note_issued_with_the_related_control_number(
    lang,
    page,
    simulator,
):
    confirm_the_draft(page)
    page.locator("button[name=action_reverse]:visible").click()
    wizard = page.locator(".modal-dialog")
    wizard.locator("[name=reason] input").fill("Devolución de mercancía")
    shoot(page, f"credit-note-wizard-{lang}")
    wizard.locator("button[name=refund_moves]").click()
    page.locator("button[name=action_post]:visible").wait_for()
    expect(wizard).to_have_count(0)
    shoot(page, f"credit-note-draft-{lang}")
    page.locator("button[name=action_post]:visible").click()
    expect(control_number(page)).to_have_text("00-00000002")
    page.get_by_role("tab", name="SMART").click()
    related = page.locator("[name=smart_related_document_id]")
    expect(related).to_contain_text("00-00000001")
    shoot(page, f"credit-note-issued-{lang}")
    request = simulator.documents("")[-1]["request"]
    assert request["relacionado"] == "00-00000001"
    assert request["observacion"] == "Devolución de mercancía"


def test_confirm_and_e_mail_to_two_addresses(lang, page, simulator):
    confirm_the_draft(page)
    page.locator("button[name=action_smart_email]:visible").click()
    wizard = page.locator(".modal-dialog")
    cell = wizard.locator("td[name=addresses]")
    expect(cell).to_have_text("a@example.com")
    cell.click()
    cell.locator("input").fill("ana@example.com, luis@example.com")
    shoot(page, f"email-wizard-{lang}")
    wizard.locator("button[name=action_send]").click()
    expect(wizard).to_have_count(0)
    said = page.locator(".o-mail-Message", has_text=EMAILED[lang]).first
    expect(said).to_contain_text("ana@example.com, luis@example.com")
    shoot(page, f"email-sent-{lang}")
    (document,) = simulator.documents()
    assert document["emails"] == ["ana@example.com", "luis@example.com"]


def test_a_bad_address_is_named_and_nothing_is_sent(page, script, simulator):
    checked(script(LANGUAGE.format(lang="es_VE")))
    confirm_the_draft(page)
    page.locator("button[name=action_smart_email]:visible").click()
    cell = page.locator(".modal-dialog td[name=addresses]")
    cell.click()
    cell.locator("input").fill("ana@, luis@example.com, nadie")
    page.locator(".modal-dialog button[name=action_send]").click()
    expect(page.get_by_text("“ana@”, “nadie”")).to_be_visible()
    shoot(page, "email-bad-address")
    assert simulator.documents()[0]["emails"] == []

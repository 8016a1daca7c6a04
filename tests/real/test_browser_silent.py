"""What has stopped, was refused or is in doubt is seen where people work, in their language."""

import pytest
from conftest import RIF, checked, connect
from playwright.sync_api import expect
from servers import psql
from test_browser import shoot
from test_browser_people import SPANISH, in_doubt

WIDE, NARROW = {"width": 1366, "height": 768}, {"width": 390, "height": 844}
INVOICE = "/odoo/action-account.action_move_out_invoice/{}"
#: Words that no Spanish screen has.
ENGLISH = (
    "SMART refused",
    "Sending",
    "Nothing",
    "waiting",
    "refused by",
    "Who acts",
    "Next attempt",
)


@pytest.fixture
def spanish(script):
    checked(script(SPANISH))


def both(page, name):
    """Keep pictures of both widths."""
    for size, width in ((NARROW, 390), (WIDE, 1366)):
        page.set_viewport_size(size)
        shoot(page, f"silent_{name}_{width}")


def assert_spanish(locator):
    text = locator.inner_text()
    assert not [word for word in ENGLISH if word in text], text


@pytest.mark.usefixtures("spanish")
def test_a_stopped_queue_is_red_on_the_invoice_and_on_the_card_of_its_journal(
    page, script, simulator
):
    simulator.control("PATCH", f"/issuers/{RIF}", {"lot_to": 0})
    code = "move = invoice(); move.action_post(); cr.commit(); print(move.id)"
    checked(script(code))
    behind = checked(script(code)).split()[-1]
    page.set_viewport_size(WIDE)
    page.goto("/odoo/accounting")
    card = page.locator(".o_kanban_record [name=smart]").first
    expect(card.locator(".alert-danger")).to_contain_text("más números de control")
    expect(card).to_contain_text("2 por enviar a SMART")
    assert_spanish(card)
    both(page, "card")
    page.goto(INVOICE.format(behind))
    banner = page.locator(".alert-danger:visible", has_text="El envío a SMART está detenido")
    expect(banner).to_contain_text("más números de control")
    expect(banner.locator("[name=smart_who_acts]")).to_contain_text("Admin")
    expect(page.locator(".alert-info:visible")).to_have_count(0)
    assert_spanish(banner)
    both(page, "stopped")
    page.goto("/odoo/accounting")
    card.get_by_text("2 por enviar a SMART").click()
    expect(page.locator(".o_data_row")).to_have_count(2)


@pytest.mark.usefixtures("spanish")
def test_a_form_in_doubt_says_who_decides_and_follows_the_decision(
    page, script, simulator, database
):
    connect(database, simulator, enforce_numbering=False)
    move_id = in_doubt(script, simulator)
    page.set_viewport_size(WIDE)
    page.goto(INVOICE.format(move_id))
    banner = page.locator(".alert-danger:visible")
    expect(banner.locator("[name=smart_next_step]")).to_contain_text("decide con «Resolver»")
    assert_spanish(banner)
    both(page, "unknown")
    page.locator("button[name=action_smart_resolve]:visible").click()
    dialog = page.locator(".modal")
    expect(dialog.locator("[name=proposed_number]")).to_have_text("00-00000002")
    assert_spanish(dialog)
    for name in ("control_number", "issued_at", "explanation"):
        box = dialog.locator(f"[name={name}]").first.bounding_box()
        assert box["y"] + box["height"] < WIDE["height"], name
    both(page, "resolve")
    dialog.locator("button[special=cancel], .btn-close").first.click()
    decide = (
        f"document = env['account.move'].browse({move_id}).smart_document_id\n"
        "document._resolve('_decide_issued', '00-00000002', document.sent_at, 'Visto'); cr.commit()"
    )
    checked(script(decide))
    expect(page.locator("[name=smart_control_number]:visible").first).to_have_text("00-00000002")
    expect(banner).to_have_count(0)


@pytest.mark.usefixtures("spanish")
def test_a_refused_credit_note_is_not_paid(page, script, database):
    refused = """
origin = invoice(); origin.action_post(); cr.commit()
note = refused_note(origin)
print(note.id, origin.id)
"""
    note, origin = checked(script(refused)).split()[-2:]
    page.set_viewport_size(WIDE)
    page.goto(INVOICE.format(note))
    banner = page.locator(".alert-danger:visible")
    expect(banner).to_contain_text("SMART rechazó")
    expect(
        page.locator(".o_widget_web_ribbon .text-bg-success:visible, .ribbon:visible")
    ).to_have_count(0)
    assert_spanish(banner)
    both(page, "refused_note")
    page.goto(INVOICE.format(origin))
    expect(page.locator("[name=smart_control_number]:visible").first).to_be_visible()
    expect(page.locator(".o_widget_web_ribbon:visible")).to_have_count(0)
    both(page, "owed_invoice")
    states = psql(
        f"SELECT string_agg(payment_state, ' ') FROM account_move WHERE id IN ({note}, {origin})",
        database,
    )
    assert states.split() == ["not_paid", "not_paid"]


@pytest.mark.usefixtures("spanish")
def test_the_corrected_document_is_asked_for_where_a_note_is_made(page):
    page.set_viewport_size(WIDE)
    page.goto("/odoo/customer-invoices/new")
    expect(page.locator("[name=partner_id] input").first).to_be_visible()
    expect(page.locator("[name=smart_note_origin_id]:visible")).to_have_count(0)
    expect(page.locator("[name=smart_former_number]:visible")).to_have_count(0)
    both(page, "draft")
    for action in (
        "account.action_move_out_refund_type_non_legacy",
        "l10n_ve_edi_smart.action_smart_debit_notes",
    ):
        page.goto(f"/odoo/action-{action}/new")
        expect(page.locator("[name=smart_note_origin_id]:visible").first).to_be_visible()
    both(page, "debit_note")


@pytest.mark.usefixtures("spanish")
def test_who_annuls_is_told_that_smart_e_mails_the_customer(page, script):
    code = "move = invoice(); move.action_post(); cr.commit(); print(move.id)"
    move_id = checked(script(code)).split()[-1]
    page.set_viewport_size(WIDE)
    page.goto(INVOICE.format(move_id))
    page.locator("button[name=button_request_cancel]:visible").click()
    told = page.locator(".modal [name=mails_customer]")
    expect(told).to_contain_text("correo")
    both(page, "annul")


CASHIER = """
env["res.users"].create({
    "name": "Cajera", "login": "cajera", "password": "cajera", "lang": "es_VE",
    "company_id": company.id, "company_ids": [(6, 0, company.ids)],
    "group_ids": [(6, 0, [env.ref("account.group_account_invoice").id])],
})
customer.phone = "12"
move = invoice()
cr.commit()
print(move.id)
"""


@pytest.mark.usefixtures("spanish")
def test_a_cashier_is_told_who_can_mend_a_contact(page, script):
    move_id = checked(script(CASHIER)).split()[-1]
    page.context.clear_cookies()
    page.set_viewport_size(WIDE)
    page.goto("/web/login")
    page.locator("input[name=login]").fill("cajera")
    page.locator("input[name=password]").fill("cajera")
    page.locator("button[type=submit]").first.click()
    expect(page.locator(".o_main_navbar, .o_home_menu").first).to_be_visible()
    page.goto(INVOICE.format(move_id))
    page.locator("button[name=action_smart_check]:visible").click()
    dialog = page.locator(".modal")
    expect(dialog.locator("td[name=who]").first).to_contain_text("Admin")
    both(page, "preflight")

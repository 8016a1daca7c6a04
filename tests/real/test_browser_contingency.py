"""An outage as people live it: digital, paper, and back; on a screen and on a phone."""

import os
import shutil

import pypdf
import pytest
from conftest import checked
from playwright.sync_api import expect
from test_browser import shoot

SPANISH = """
env.ref("base.user_admin").write({"lang": "es_VE", "tz": "America/Caracas"})
sale = env["account.journal"].search(
    [("company_id", "=", company.id), ("type", "=", "sale")], limit=1)
journal = env["account.journal"].create({
    "name": "Talonario", "code": "TAL", "type": "sale", "company_id": company.id,
    "default_account_id": sale.default_account_id.id, "smart_channel": "other",
})
drafts = [invoice(price) for price in (1234.5, 200.0, 300.0)]
for draft in drafts:
    draft.journal_id = journal
print(journal.id, *(draft.id for draft in drafts))
cr.commit(); cr.close()
"""
#: Widths of a screen and of a phone.
SIZES = ((1366, 768), (390, 844))


@pytest.fixture
def made(script):
    """The ids of a sales journal that issues nothing, and of its drafts."""
    return checked(script(SPANISH)).split()


@pytest.fixture
def spanish(made, request):
    return request.getfixturevalue("page")  # logs in, in the user's language


def choose(field, label):
    """Choose a value of a selection."""
    field.locator("input, select").first.click()
    field.page.locator(".o_select_menu_item", has_text=label).first.click()


def picture(page, name):
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(300)
        shoot(page, f"{name}-{width}")
    page.set_viewport_size({"width": 1366, "height": 768})


def keep(file):
    """Keep a file beside the pictures."""
    if folder := os.environ.get("SMART_SCREENSHOTS"):
        shutil.copy(file, folder)


def test_an_outage_from_the_first_sheet_to_the_letters(spanish, made, simulator, script, tmp_path):
    page = spanish
    journal, first, second, third = made

    def confirm():
        page.locator("button[name=action_post]:visible").first.click()

    # The journal goes over to paper, and a pad is entered.
    page.goto(f"/odoo/action-account.action_account_journal_form/{journal}")
    page.locator(".nav-link[name=advanced_settings]").click()
    choose(page.locator("[name=smart_channel]"), "Contingencia, en formatos numerados")
    page.locator(".o_form_button_save").click()
    expect(page.locator(".o_form_button_save")).to_be_hidden()
    picture(page, "contingency-journal")
    page.goto("/odoo/action-l10n_ve_edi_smart.smart_pad_action/new")
    page.locator("[name=number_from] input").fill("1")
    page.locator("[name=number_to] input").fill("50")
    page.locator("[name=printer_name] input").fill("Imprenta La Estrella, C.A.")
    page.locator("[name=printer_rif] input").fill("j309845128")
    page.locator(".o_form_button_save").click()
    expect(page.locator("[name=printer_rif] input")).to_have_value("J-30984512-8")
    picture(page, "contingency-pad")

    # The next sheet is proposed.
    page.goto(f"/odoo/customer-invoices/{first}")
    expect(page.locator("[name=smart_sheet_control] input")).to_have_attribute(
        "placeholder", "00-00000001"
    )
    expect(page.locator(".alert", has_text="00-00000001")).to_be_visible()
    picture(page, "contingency-draft")
    confirm()
    head = page.locator(".oe_title [name=smart_control_number]").first
    expect(head).to_have_text("00-00000001")
    expect(page.locator(".oe_title h1:visible")).to_contain_text("Factura 00-00000001")
    expect(page.locator("button[name=button_draft]:visible")).to_have_count(0)
    picture(page, "contingency-issued")

    # A skipped sheet is explained.
    page.goto(f"/odoo/customer-invoices/{second}")
    page.locator("[name=smart_sheet_control] input").fill("3")
    page.locator("[name=smart_sheet_control] input").press("Tab")
    confirm()
    dialog = page.locator(".modal-dialog")
    expect(dialog).to_contain_text("00-00000002")
    shoot(page, "contingency-gap")
    page.keyboard.press("Escape")
    page.locator("button[name=action_smart_explain_sheets]:visible").first.click()
    expect(dialog.locator("[name=number_to] input")).to_have_value("00-00000002")
    choose(dialog.locator("[name=state]"), "Dañado")
    dialog.locator("[name=reason]").locator("input, textarea").fill("Se derramó tinta")
    picture(page, "contingency-explain")
    dialog.locator("button[name=action_explain]").click()
    expect(dialog).to_have_count(0)
    confirm()
    expect(head).to_have_text("00-00000003")

    # A document on paper is annulled.
    page.locator("button[name=action_smart_annul_sheet]:visible").first.click()
    dialog.locator("[name=reason]").locator("input, textarea").fill("Cliente equivocado")
    picture(page, "contingency-annul")
    dialog.locator("button[name=action_annul]").click()
    expect(page.locator(".oe_title", has_text="Anulada")).to_be_visible()
    picture(page, "contingency-annulled")

    # List, book and report.
    page.goto("/odoo/action-l10n_ve_edi_smart.smart_sheet_action")
    expect(page.locator(".o_data_row")).to_have_count(3)
    picture(page, "contingency-sheets")
    page.goto("/odoo/action-l10n_ve_edi_smart.smart_book_action")
    dialog.locator("button[name=action_view]").click()
    shown = page.frame_locator("iframe").locator("body")
    for said in ("00-00000001", "00-00000003", "Se derramó tinta"):
        expect(shown).to_contain_text(said)
    picture(page, "contingency-book")
    page.goto("/odoo/action-l10n_ve_edi_smart.smart_contingency_action")
    dialog.locator("[name=cause] input").fill("la interrupción del servicio de internet")
    picture(page, "contingency-report")
    with page.expect_download() as download:
        dialog.locator("button[name=action_pdf]").click()
    kept = tmp_path / "contingency.pdf"
    download.value.save_as(kept)
    keep(kept)
    words = " ".join(one.extract_text() for one in pypdf.PdfReader(kept).pages)
    words = " ".join(words.split())
    for said in ("00-00000001", "Se derramó tinta", "Cliente equivocado", "SENIAT", "Atentamente"):
        assert said in words

    # Back: the journal of SMART issues again, and nothing of the paper was sent.
    checked(
        script(
            f"move = env['account.move'].browse({third})\n"
            "move.journal_id = env['account.journal'].search([('company_id', '=', company.id),"
            " ('smart_enabled', '=', True)], limit=1)\ncr.commit(); cr.close()"
        )
    )
    assert not simulator.documents()
    page.goto(f"/odoo/customer-invoices/{third}")
    confirm()
    expect(head).to_have_text("00-00000001")
    assert len(simulator.documents()) == 1

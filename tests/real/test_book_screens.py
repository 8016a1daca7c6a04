"""The control-number book as people get it: on the screen, as PDF, as a workbook."""

import io
import os
import subprocess
import zipfile

import pytest
from conftest import checked
from playwright.sync_api import expect, sync_playwright
from test_browser import shoot

ISSUE = """
env["res.lang"]._activate_lang("es_VE")
env["base.language.install"].create({"lang_ids": env.ref("base.lang_es_VE").ids}).lang_install()
env.ref("base.user_admin").lang = "es_VE"
taxes = {
    kind: env["account.tax"].search([
        ("company_id", "=", company.id), ("type_tax_use", "=", "sale"),
        ("smart_tax_kind", "=", kind),
    ], limit=1).id
    for kind in ("general", "reduced", "luxury", "exempt")
}
for number in range(12):
    move = invoice(1234.56 * (number + 1))
    kind = ("general", "reduced", "luxury", "exempt")[number % 4]
    move.invoice_line_ids.tax_ids = [(6, 0, [taxes[kind]])]
    move.action_post()
    cr.commit()
assert env["smart.document"].search_count([("state", "=", "issued")]) == 12
env.cr.execute(
    "UPDATE smart_document SET control_number = '00-00000020', general_tax_signed = 1"
    " WHERE control_number = '00-00000012'"
)
env["smart.chain"]._cron_check()
cr.commit(); cr.close()
"""


@pytest.fixture
def spanish(start_server, script):
    """A page of the web client in Spanish, after twelve documents were issued."""
    checked(script(ISSUE))
    executable = os.environ.get("SMART_DEV_CHROMIUM")
    assert executable, "no Chromium: ./dev says how to get it"
    server = start_server()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable, args=["--no-sandbox", "--disable-gpu", "--disable-quic"]
        )
        page = browser.new_page(base_url=server.url, viewport={"width": 1600, "height": 1000})
        page.set_default_timeout(90_000)
        expect.set_options(timeout=90_000)
        page.goto("/web/login")
        page.fill("input[name=login]", "admin")
        page.fill("input[name=password]", "admin")
        page.click("button[type=submit]")
        page.wait_for_url("**/odoo**")
        yield page
        expect.set_options(timeout=5_000)
        browser.close()


def test_the_book_in_spanish_on_screen_as_pdf_and_as_workbook(spanish, tmp_path):
    page = spanish
    page.goto("/odoo/action-l10n_ve_edi_smart.smart_book_action")
    expect(page.locator("button[name=action_view]")).to_have_text("Mostrar")
    shoot(page, "book-wizard")

    with page.expect_download() as download:
        page.locator("button[name=action_xlsx]").click()
    assert download.value.suggested_filename.startswith("Libro de ventas")
    with zipfile.ZipFile(io.BytesIO(open(download.value.path(), "rb").read())) as parts:
        names = parts.read("xl/workbook.xml").decode()
        words = "".join(
            parts.read(name).decode() for name in parts.namelist() if "worksheets/sheet" in name
        )
    assert "Libro mayor" in names
    assert "Base imponible 16 %" in words
    assert "00-00000020" in words

    page.goto("/odoo/action-l10n_ve_edi_smart.smart_book_action")
    with page.expect_download() as download:
        page.locator("button[name=action_pdf]").click()
    path = tmp_path / "book.pdf"
    download.value.save_as(path)
    assert download.value.suggested_filename.startswith("Libro de ventas")
    text = subprocess.run(
        ["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True
    ).stdout
    assert "Libro de ventas por número de control" in text
    assert "Otro sistema" in text
    if folder := os.environ.get("SMART_SCREENSHOTS"):
        subprocess.run(
            ["pdftoppm", "-r", "90", "-png", path, os.path.join(folder, "book-pdf")], check=True
        )

    page.goto("/odoo/action-l10n_ve_edi_smart.smart_book_action")
    page.locator("button[name=action_view]").click()
    frame = page.frame_locator("iframe")
    expect(frame.get_by_text("Libro de ventas por número de control")).to_be_visible()
    expect(frame.get_by_text("00-00000013").first).to_be_visible()
    expect(frame.get_by_text("no son los que se emitieron")).to_be_visible()
    shoot(page, "book-screen")

    page.goto("/odoo/action-l10n_ve_edi_smart.smart_chain_action")
    page.locator(".o_data_row").first.click()
    expect(page.locator(".alert-danger")).to_contain_text("fue modificado")
    shoot(page, "chain-broken")

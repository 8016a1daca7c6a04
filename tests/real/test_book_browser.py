"""The control-number book and the chain as a bookkeeper has them: screen, PDF and workbook."""

import os
import subprocess

import pytest
from conftest import checked
from openpyxl import load_workbook
from playwright.sync_api import expect
from pypdf import PdfReader
from test_browser import shoot

#: Twelve documents of all rates; then a control number and an amount are changed by SQL.
ISSUE = """
env.ref("base.user_admin").lang = "es_VE"
company.smart_responsible_id = env.ref("base.user_admin")
taxes = {
    kind: env["account.tax"].search([
        ("company_id", "=", company.id), ("type_tax_use", "=", "sale"),
        ("smart_tax_kind", "=", kind),
    ], limit=1).id
    for kind in ("general", "reduced", "luxury", "exempt")
}
for number in range(12):
    move = invoice(1234567.89 * (number + 1))
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
cr.commit()
"""


@pytest.fixture
def issued(script):
    """Twelve documents, and a user in Spanish before it logs in."""
    checked(script(ISSUE))


@pytest.fixture
def bookkeeper(issued, page):
    """A page of the web client in Spanish, after twelve documents were issued."""
    page.set_viewport_size({"width": 1600, "height": 1000})
    return page


def open_book(page):
    page.goto("/odoo/action-l10n_ve_edi_smart.smart_book_action")
    expect(page.locator("button[name=action_view]")).to_have_text("Mostrar")


def download(page, button, folder):
    with page.expect_download() as one:
        page.locator(f"button[name={button}]").click()
    path = folder / one.value.suggested_filename
    one.value.save_as(path)
    assert path.name.startswith("Libro de ventas")
    return path


def test_the_book_in_spanish_on_screen_as_pdf_and_as_workbook(bookkeeper, tmp_path):
    page = bookkeeper
    open_book(page)
    shoot(page, "book-wizard")
    workbook = load_workbook(download(page, "action_xlsx", tmp_path), read_only=True)
    assert workbook.sheetnames == ["Libro de ventas", "Libro mayor", "Números faltantes"]
    cells = [cell for row in workbook.worksheets[0].values for cell in row]
    assert {"Base imponible 16 %", "00-00000001", "00-00000020"} <= set(cells)

    open_book(page)
    path = download(page, "action_pdf", tmp_path)
    text = " ".join(PdfReader(path).pages[0].extract_text().split())
    for words in ("Libro de ventas por número de control", "00-00000020", "1.432.098,75"):
        assert words in text
    if folder := os.environ.get("SMART_SCREENSHOTS"):
        target = os.path.join(folder, "book-pdf")
        subprocess.run(["pdftoppm", "-r", "110", "-png", path, target], check=True)

    open_book(page)
    page.locator("button[name=action_view]").click()
    shown = page.frame_locator("iframe")
    expect(shown.get_by_text("Libro de ventas por número de control")).to_be_visible()
    expect(shown.get_by_text("00-00000012").first).to_be_visible()
    expect(shown.get_by_text("no son los que se emitieron")).to_be_visible()
    shoot(page, "book-screen")


def test_a_broken_chain_says_so_in_spanish(bookkeeper):
    page = bookkeeper
    page.goto("/odoo/action-l10n_ve_edi_smart.smart_chain_action")
    cell = page.locator(".o_data_row td[name=issuer_id]")
    expect(cell).to_be_visible()
    shoot(page, "chain-list")
    cell.click()
    expect(page.locator(".alert-danger")).to_contain_text("fue modificado")
    shoot(page, "chain-broken")

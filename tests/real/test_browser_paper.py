"""A person prints and previews what SMART has issued, in a real browser, on a real server."""

import io
import os

from conftest import checked
from playwright.sync_api import expect
from pypdf import PdfReader

TWO = """
# The file comes when the test says so.
import time
from odoo.exceptions import UserError
from odoo.tools import mute_logger
import psycopg2
company._smart_make_actions()
cr.commit()
actions = company.smart_errands_action_id + env.ref("l10n_ve_edi_smart.ir_cron_smart_send")
for left in reversed(range(600)):
    try:
        with mute_logger("odoo.sql_db"):
            actions.write({"active": False})
            cr.commit()
        break
    except (UserError, psycopg2.OperationalError):  # one is just running
        cr.rollback()
        assert left
        time.sleep(0.1)
# Who prints the first time is asked for a layout otherwise.
company.external_report_layout_id = env.ref("web.external_layout_standard")
for price in (100.0, 250.0):
    invoice(price).action_post()
    cr.commit()
"""
FETCH = """
for document in env["smart.document"].search([]):
    env["smart.document"]._fetch_file(registry, document.id)
cr.close()
"""


def shoot(page, name):
    """Keep a picture for whoever asks for it (``SMART_SCREENSHOTS`` names a folder)."""
    folder = os.environ.get("SMART_SCREENSHOTS")
    if folder:
        page.screenshot(path=os.path.join(folder, f"{name}.png"))


def texts(page, press):
    """Return what is read on each page of the PDF that pressing something downloads."""
    with page.expect_download() as download:
        press()
    with open(download.value.path(), "rb") as file:
        content = file.read()
    pages = PdfReader(io.BytesIO(content)).pages
    return download.value.suggested_filename, [one.extract_text() for one in pages]


def open_first(page):
    page.goto("/odoo/customer-invoices")
    page.locator(".o_data_row").last.click()
    expect(page.locator(".o_form_view")).to_be_visible()


def test_button_menu_and_list_print_smarts_documents(page, script):
    checked(script(TWO + FETCH))
    open_first(page)
    button = page.locator("button[name=action_print_pdf]:visible")
    name, [text] = texts(page, button.click)
    assert name == "FAC-00000001.pdf"
    assert "Nro. de control: 00-00000001" in text
    page.locator(".o_cp_action_menus .dropdown-toggle").first.click()
    page.locator(".dropdown-item", has_text="Print").first.hover()
    item = page.locator(".o-dropdown-item", has_text="PDF without Payment")
    name, [text] = texts(page, item.click)
    assert name == "FAC-00000001.pdf"
    assert "Nro. de control: 00-00000001" in text
    page.goto("/odoo/customer-invoices")
    page.locator("thead .o_list_record_selector input").check()
    page.locator(".o_control_panel button", has_text="Print").click()
    item = page.locator(".o-dropdown-item", has_text="Invoice PDF").first
    _name, [one, other] = texts(page, item.click)
    assert "Nro. de control: 00-00000002" in one
    assert "Nro. de control: 00-00000001" in other


def test_the_preview_shows_smarts_document_on_a_screen_and_on_a_phone(page, script):
    checked(script(TWO + "cr.close()"))
    open_first(page)
    page.locator("button[name=preview_invoice]:visible").click()
    framed = page.frame_locator("#invoice_html")
    expect(framed.locator("[name=smart_number]").first).to_contain_text("00000001")
    for width in (1366, 390):
        page.set_viewport_size({"width": width, "height": 844})
        shoot(page, f"preview_own_{width}")
    checked(script(FETCH))
    for width in (1366, 390):
        page.set_viewport_size({"width": width, "height": 844})
        page.reload()
        reader = framed.frame_locator("iframe[name=smart_paper]")
        expect(reader.locator(".textLayer").first).to_contain_text("00-00000001")
        page.locator("#invoice_html").scroll_into_view_if_needed()
        shoot(page, f"preview_{width}")

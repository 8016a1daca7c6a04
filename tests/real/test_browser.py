"""A person in a real browser, on a real server."""

import os

from conftest import checked
from playwright.sync_api import expect
from servers import psql


def shoot(page, name):
    """Keep a picture for whoever asks for it (``SMART_SCREENSHOTS`` names a folder)."""
    folder = os.environ.get("SMART_SCREENSHOTS")
    if folder:
        page.screenshot(path=os.path.join(folder, f"{name}.png"))


def test_who_confirms_an_invoice_sees_its_control_number_on_the_form(page, simulator):
    page.goto("/odoo/customer-invoices/new")
    partner = page.locator("[name=partner_id] input")
    partner.fill("La Trinidad")
    page.locator(".o-autocomplete--dropdown-item", has_text="Inversiones La Trinidad").first.click()
    page.get_by_text("Add a line").first.click()
    row = page.locator("[name=invoice_line_ids] .o_data_row").first
    row.locator("textarea, input").first.fill("Asesoría contable")
    row.locator("td[name=tax_ids]").click()
    row.locator("[name=tax_ids] input").press_sequentially("16", delay=40)
    page.locator(".o-autocomplete--dropdown-item", has_text="16%").first.click()
    row.locator("td[name=price_unit]").click()
    row.locator("[name=price_unit] input").fill("250")
    page.keyboard.press("Tab")
    shoot(page, "draft")
    page.locator("button[name=action_post]:visible").click()
    control_number = page.locator(".oe_title [name=smart_control_number]").first
    expect(control_number).to_have_text("00-00000001")
    shoot(page, "issued")
    page.get_by_role("tab", name="SMART").click()
    expect(page.locator(".tab-pane [name=smart_state] .text-bg-success")).to_have_text("Issued")
    expect(page.locator("[name=smart_legal_footer]")).to_contain_text("SENIAT")
    shoot(page, "tab")
    assert [one["total"] for one in simulator.documents()] == [290]


def test_the_form_says_what_a_waiting_document_waits_for(page, script, simulator, database):
    simulator.fault("refuse", seconds=600)
    checked(script("move = invoice(); move.action_post()\ncr.commit(); cr.close()"))
    # On a slow machine the first pause is over before the page is looked at.
    later = "now() AT TIME ZONE 'utc' + interval '10 minutes'"
    psql(f"UPDATE smart_lane SET paused_until = {later} WHERE paused_until IS NOT NULL", database)
    page.goto("/odoo/customer-invoices")
    page.locator(".o_data_row").first.click()
    banner = page.locator(".alert-info", has_text="waits for its control number")
    expect(banner).to_contain_text("does not take connections")
    expect(banner).to_contain_text("Next attempt")
    shoot(page, "waiting")
    simulator.control("DELETE", "/faults")
    page.locator("button[name=action_smart_send]:visible").click()
    expect(page.locator(".oe_title [name=smart_control_number]").first).to_have_text("00-00000001")


def test_the_printed_document_is_shown_beside_the_invoice(page, script):
    checked(
        script(
            "move = invoice(); move.action_post(); cr.commit()\n"
            "env['smart.document']._fetch_file(registry, move.smart_document_id.id); cr.close()"
        )
    )
    page.goto("/odoo/customer-invoices")
    page.locator(".o_data_row").first.click()
    pdf = page.frame_locator(".o-mail-Attachment iframe")
    expect(pdf.locator(".textLayer").first).to_contain_text("00-00000001")
    expect(page.locator(".o_error_dialog")).to_have_count(0)
    shoot(page, "printed")


def test_the_settings_show_whose_the_token_is(page, simulator):
    page.goto("/odoo/settings#account")
    page.locator(".settings_tab .tab[data-key=account]").click()
    block = page.locator("#smart_holder")
    expect(block).to_contain_text("J-40112233-7")
    block.scroll_into_view_if_needed()
    shoot(page, "settings")

"""The pre-flight and the IGTF, as a bookkeeper in Caracas sees them."""

import pytest
from conftest import checked
from playwright.sync_api import expect
from test_browser import shoot

SPANISH = """
env["res.lang"]._activate_lang("es_VE")
modules = env["ir.module.module"].search([("state", "=", "installed")])
modules._update_translations(["es_VE"])
env.ref("base.user_admin").write({"lang": "es_VE", "tz": "America/Caracas"})
company.smart_collects_igtf = True
wrong = customer.copy({"name": "Ferretería El Rosal", "phone": False, "email": "no tiene"})
tax = env["account.tax"].create({
    "name": "IVA 9 %", "amount": 9, "type_tax_use": "sale", "company_id": company.id,
})
first = invoice()
first.partner_id = wrong
second = invoice()
second.invoice_line_ids.tax_ids = tax
second.invoice_date = "2026-01-15"
third = invoice(1000.0)
cr.commit(); cr.close()
"""


@pytest.fixture
def spanish(script, request):
    """The page, in Spanish, with three drafts of which two are wrong."""
    checked(script(SPANISH))
    return request.getfixturevalue("page")  # logs in, in the user's language


def test_a_bookkeeper_mends_what_is_wrong_and_adds_the_igtf(spanish, simulator):
    page = spanish
    page.goto("/odoo/customer-invoices")
    page.locator(".o_list_table thead .o_list_record_selector input").check()
    page.locator(".o_cp_action_menus .o-dropdown").last.click()
    shoot(page, "preflight-menu")
    page.locator(".o-dropdown--menu .o_menu_item", has_text="Verificar para SMART").click()
    dialog = page.locator(".modal-dialog")
    expect(dialog.locator(".o_data_row")).to_have_count(4)
    shoot(page, "preflight")
    expect(dialog).to_contain_text("Falta el número de teléfono")
    expect(dialog).to_contain_text("SMART no admite el impuesto")
    dialog.locator(".o_data_row", has_text="teléfono").locator("button").first.click()
    expect(page.locator("[name=email] input").first).to_have_value("no tiene")
    shoot(page, "preflight-opened")

    page.goto("/odoo/customer-invoices")
    page.locator(".o_data_row", has_text="Ferretería El Rosal").first.click()
    page.locator("button[name=action_post]:visible").click()
    expect(dialog).to_contain_text("no es un correo electrónico válido")
    shoot(page, "refused")
    dialog.get_by_role("button", name="Mostrar lo que hay que corregir").click()
    expect(page.locator(".modal-dialog .o_data_row")).to_have_count(2)
    shoot(page, "refused-list")

    page.goto("/odoo/customer-invoices")
    page.locator(".o_data_row", has_text="1.000,00").first.click()
    page.get_by_role("button", name="IGTF").click()
    expect(dialog.locator("[name=amount_paid] input")).to_have_value("24,65")
    shoot(page, "igtf")
    dialog.locator("[name=amount_paid] input").fill("10")
    page.keyboard.press("Tab")
    expect(dialog.locator("[name=base]")).to_contain_text("405,65")
    dialog.locator("button[name=action_apply]").click()
    expect(dialog).to_have_count(0)
    expect(page.locator("[name=invoice_line_ids]")).to_contain_text("IGTF 3 % de")
    shoot(page, "igtf-applied")
    page.locator("button[name=action_post]:visible").click()
    number = page.locator(".o_group [name=smart_control_number]").first
    expect(number).to_have_text("00-00000001")
    shoot(page, "igtf-issued")
    [issued] = simulator.documents()
    assert issued["total"] == 1012.17

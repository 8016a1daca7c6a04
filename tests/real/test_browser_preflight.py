"""The pre-flight and the IGTF, as a bookkeeper in Caracas sees them."""

import pytest
from conftest import checked
from playwright.sync_api import expect
from servers import psql
from test_browser import shoot

SPANISH = """
env.ref("base.user_admin").write({"lang": "es_VE", "tz": "America/Caracas"})
company.smart_collects_igtf = True
env["res.currency.rate"].create([
    {"currency_id": env.ref("base.USD").id, "company_id": company.id, "name": day,
     "inverse_company_rate": 40.5647}
    for day in ("2026-01-15", env["account.move"]._smart_today())  # old ones are a warning
])
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


FIVE = """
drafts = env["account.move"].union(*(invoice() for _n in range(5)))
drafts[4].partner_id = customer.copy({"name": "Ferretería El Rosal", "phone": False})
action = env["ir.actions.server"].create({
    "name": "At work on something else", "state": "code",
    "model_id": env.ref("base.model_res_partner").id,
    "code": f"env['account.move'].browse({drafts.ids}).action_post()",
})
print(action.id, ",".join(map(str, drafts.ids)))
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
    number = page.locator(".oe_title [name=smart_control_number]").first
    expect(number).to_have_text("00-00000001")
    shoot(page, "igtf-issued")
    [issued] = simulator.documents()
    assert issued["total"] == 1012.17


def test_the_list_shows_the_problems_of_one_and_what_else_is_done_goes_on(page, script, database):
    action, drafts = checked(script(FIVE)).split()[-2:]
    page.goto("/odoo/customer-invoices")
    page.locator(".o_list_table thead .o_list_record_selector input").check()
    page.locator(".o_cp_action_menus .o-dropdown").last.click()
    page.locator(".o-dropdown--menu .o_menu_item", has_text="Confirm Entries").click()
    dialog = page.locator(".modal-dialog")
    expect(dialog).to_contain_text("The phone number is missing")
    expect(dialog).not_to_contain_text("Traceback")
    shoot(page, "refused-from-the-list")
    dialog.get_by_role("button", name="Show what to mend").click()
    expect(dialog.locator(".o_data_row", has_text="Ferretería El Rosal").first).to_be_visible()
    left = f"SELECT count(*) FROM account_move WHERE id IN ({drafts}) AND state = 'draft'"
    told = (
        "SELECT count(*) FROM mail_activity"
        f" WHERE res_model = 'account.move' AND res_id IN ({drafts})"
    )
    assert (psql(left, database), psql(told, database)) == ("5", "0")

    # The same user, who is not at the documents: four go, one is told.
    answer = page.request.post(
        "/web/action/run", data={"jsonrpc": "2.0", "params": {"action_id": int(action)}}
    )
    assert "error" not in answer.json(), answer.text()
    assert (psql(left, database), psql(told, database)) == ("1", "1")

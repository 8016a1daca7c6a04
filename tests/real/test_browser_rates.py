"""The rate of the day and the first journal, as people in Caracas see them."""

import pytest
from conftest import checked
from playwright.sync_api import expect
from test_browser import shoot

SPANISH = """
from datetime import timedelta
env.ref("base.user_admin").write({"lang": "es_VE", "tz": "America/Caracas"})
dollar, today = env.ref("base.USD"), env["account.move"]._smart_today()
dollar.rate_ids.unlink()
env["res.currency.rate"].create([
    {"currency_id": dollar.id, "company_id": company.id, "name": today - timedelta(days=days),
     "inverse_company_rate": rate}
    for days, rate in ((9, 40.5647), (-1, 99.0))
])
draft = invoice(1000.0)
draft.write({"currency_id": dollar.id, "invoice_date": today})
sale = env["account.journal"].search(
    [("company_id", "=", company.id), ("type", "=", "sale")], limit=1)
other = env["account.journal"].create({
    "name": "Otros", "code": "AAA", "type": "sale", "company_id": company.id,
    "sequence": sale.sequence, "smart_enabled": False,
    "default_account_id": sale.default_account_id.id,
})
print(draft.id, other.id)
cr.commit(); cr.close()
"""


@pytest.fixture
def made(script):
    """The ids of a draft in dollars whose last rate is nine days old, and of a journal."""
    return checked(script(SPANISH)).split()


@pytest.fixture
def spanish(made, request):
    return request.getfixturevalue("page")  # logs in, in the user's language


def test_an_old_rate_is_told_before_confirming_then_refused_then_mended(
    spanish, made, simulator, script
):
    page = spanish

    def open_draft():
        page.goto(f"/odoo/customer-invoices/{made[0]}")

    open_draft()
    alert = page.locator(".alert", has_text="9 días antes del documento")
    expect(alert).to_be_visible()
    words = page.locator("[name=smart_rate_words]")
    expect(words).to_contain_text("1 USD = Bs. 40,5647, del ")
    shoot(page, "rate-old")
    page.get_by_role("button", name="Verificar para SMART").click()
    dialog = page.locator(".modal-dialog")
    expect(dialog.locator("[name=rates]")).to_contain_text("1 USD = Bs. 40,5647, del ")
    shoot(page, "rate-preflight")

    checked(script("company.smart_requires_rate = True\ncr.commit(); cr.close()"))
    open_draft()
    expect(page.locator(".alert-danger", has_text="9 días antes")).to_be_visible()
    page.locator("button[name=action_post]:visible").click()
    expect(dialog).to_contain_text("9 días antes del documento")
    shoot(page, "rate-refused")
    checked(
        script(
            'env["res.currency.rate"].create({"currency_id": env.ref("base.USD").id,'
            ' "company_id": company.id, "name": env["account.move"]._smart_today(),'
            ' "inverse_company_rate": 41.25})\ncr.commit(); cr.close()'
        )
    )
    open_draft()
    expect(page.locator(".alert", has_text="pero existe la del")).to_be_visible()
    shoot(page, "rate-of-another-day")
    page.locator("button[name=refresh_invoice_currency_rate]:visible").first.click()
    expect(words).to_contain_text("41,2500")
    expect(page.locator(".alert", has_text="tasa")).to_have_count(0)
    page.locator("button[name=action_post]:visible").click()
    number = page.locator(".oe_title [name=smart_control_number]").first
    expect(number).to_have_text("00-00000001")
    expect(words).to_contain_text("1 USD = Bs. 41,2500, del ")
    shoot(page, "rate-issued")
    assert simulator.documents("")[0]["request"]["tasadecambio"] == 41.25


def test_a_journal_that_comes_first_says_what_that_means(spanish, made):
    page = spanish
    page.goto(f"/odoo/action-account.action_account_journal_form/{made[1]}")
    expect(page.locator(".alert", has_text="las facturas nuevas comienzan en él")).to_be_visible()
    shoot(page, "journal-first")

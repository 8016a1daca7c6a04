"""From a fresh company to its first control number, by clicking only; in a real browser."""

import contextlib
import re
import time

import pytest
from conftest import RIF, checked
from playwright.sync_api import expect
from servers import copied, copy_of, drop, psql, run_script
from test_browser import shoot

FOREIGN = "J-30984512-8"

#: More would be no five minutes.
MOST_CLICKS = 25

#: As Odoo leaves a company whose country was chosen and whose chart was loaded.
FRESH = """
company = env["res.company"].create({
    "name": "Ferretería El Ávila, C.A.", "country_id": env.ref("base.ve").id,
    "street": "Calle Real", "city": "Caracas",
})
admin = env.ref("base.user_admin")
admin.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id, "lang": "es_VE",
             "tz": "America/Caracas"})
env["account.chart.template"].try_loading("ve", company)
company.partner_id.lang = "es_VE"
cr.commit()
"""


@pytest.fixture(scope="session")
def fresh(prepared, once):
    """The name of a database with a company that knows nothing of SMART."""

    def build():
        with contextlib.ExitStack() as failed:
            name = copy_of(prepared)
            failed.callback(drop, name)
            checked(run_script(name, FRESH, timeout=300))
            failed.pop_all()
        return {"name": name}

    with once("fresh_company", build) as made:
        yield made["name"]


@pytest.fixture
def database(fresh):
    """A copy of that for the test."""
    with copied(fresh) as name:
        yield name


class Person:
    """Somebody who clicks and types, and counts both the clicks and the time."""

    def __init__(self, page):
        self.page = page
        self.clicks = 0
        self._begun = time.monotonic()

    def click(self, target):
        self.clicks += 1
        target.click()

    def enter(self, field, text):
        """Click into a field and type."""
        self.click(field)
        field.fill(text)
        field.press("Tab")

    def choose(self, field, text):
        """Open what can be chosen, and choose."""
        self.click(field)
        self.click(self.page.locator(".o-dropdown--menu .o-dropdown-item", has_text=text).first)

    @property
    def minutes(self):
        return (time.monotonic() - self._begun) / 60


def step(page, key):
    return page.locator(f".o_kanban_record .o_smart_setup [data-key={key}]")


def test_a_fresh_company_comes_to_its_first_control_number(page, simulator, record_property):
    token = simulator.mint(RIF)["token"]
    foreign = simulator.mint(FOREIGN)["token"]
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto("/odoo/accounting")
    expect(step(page, "token")).to_have_attribute("data-state", "todo")
    shoot(page, "setup_dashboard")
    person = Person(page)

    person.click(step(page, "rif").locator("a"))
    window = page.locator(".modal")
    person.enter(window.locator("[name=smart_vat] input"), RIF)
    person.choose(window.locator("[name=smart_environment] input"), "Dirección")
    person.enter(window.locator("[name=smart_base_url] input"), simulator.url)
    wrong = window.locator(".alert-danger:visible [name=smart_credentials_problem]")
    expect(wrong).to_contain_text("Falta el token")
    shoot(page, "setup_token_missing")
    person.enter(window.locator("[name=smart_new_token] input"), foreign)
    expect(wrong).to_contain_text(FOREIGN)
    shoot(page, "setup_token_foreign")
    person.enter(window.locator("[name=smart_new_token] input"), token)
    expect(wrong).to_have_count(0)
    expect(window.locator("[name=smart_credentials_holder]:visible")).to_contain_text(RIF)
    person.enter(window.locator("[name=smart_walk_in_address] input"), "Caracas")
    person.enter(window.locator("[name=smart_walk_in_phone] input"), "0212-9511234")
    person.enter(window.locator("[name=smart_walk_in_email] input"), "caja@elavila.example.com")
    shoot(page, "setup_window")
    person.click(window.locator("button[name=action_smart_test]"))
    expect(page.locator(".modal [data-key=token]")).to_have_attribute("data-state", "done")
    shoot(page, "setup_connection")
    assert not simulator.documents()
    person.click(page.locator(".modal button[name=action_close]"))
    expect(step(page, "token")).to_have_attribute("data-state", "done")
    expect(step(page, "token")).to_contain_text(RIF)
    shoot(page, "setup_dashboard_connected")

    person.click(step(page, "rate").locator("a"))
    rates = page.locator("[name=rate_ids]")
    person.click(rates.get_by_text("Agregar una línea"))
    rate = rates.locator("[name=inverse_company_rate] input")
    expect(rate).to_have_value(re.compile(r"\d"))  # what Odoo proposes is there
    person.click(rate)
    rate.fill("40,5647")  # and leave: a tabulator would open another line
    person.click(page.locator(".breadcrumb-item a, .o_back_button").first)
    expect(step(page, "rate")).to_have_attribute("data-state", "done")
    expect(step(page, "rate")).to_contain_text("40,5647")

    person.click(step(page, "document").locator("a"))
    customer = page.locator("[name=partner_id] input")
    person.click(customer)
    customer.press_sequentially("Panadería Los Ruices, C.A.")
    person.click(page.locator(".o_m2o_dropdown_option_create_edit"))
    contact = page.locator(".modal")
    identification = contact.locator("[name=l10n_latam_identification_type_id] input")
    expect(identification).to_have_value("RIF")
    person.enter(contact.locator("[name=vat] input").first, FOREIGN)
    shoot(page, "setup_customer")
    person.click(contact.locator(".o_form_button_save"))
    expect(contact).to_have_count(0)
    person.click(page.locator("[name=invoice_line_ids]").get_by_text("Agregar una línea"))
    row = page.locator("[name=invoice_line_ids] .o_data_row").first
    row.locator("textarea, input").first.fill("Bombillo")
    person.click(row.locator("td[name=price_unit]"))
    row.locator("[name=price_unit] input").fill("250")
    page.keyboard.press("Tab")
    person.click(page.locator("button[name=action_post]:visible"))
    expect(page.locator("[name=smart_control_number]:visible").first).to_have_text("00-00000001")
    minutes = person.minutes
    shoot(page, "setup_issued")
    assert [one["total"] for one in simulator.documents()] == [290]
    record_property("said", f"set-up: {person.clicks} clicks, {minutes:.1f} minutes")
    assert person.clicks < MOST_CLICKS
    page.goto("/odoo/accounting")
    expect(step(page, "document")).to_contain_text("00-00000001")
    shoot(page, "setup_dashboard_issued")


SAVED = """
company = env["res.company"].search([("name", "like", "Ferretería")])
company.write({{
    "vat": "{rif}",
    "smart_environment": "custom", "smart_base_url": "{url}", "smart_token": "{token}",
}})
cr.commit()
"""


@pytest.fixture
def saved(database, simulator):
    """The fresh company has saved its RIF and token; returns the token."""
    token = simulator.mint(RIF)["token"]
    checked(run_script(database, SAVED.format(rif=RIF, url=simulator.url, token=token)))
    return token


def test_going_to_production_is_a_step_that_says_what_changes(saved, page, database):
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto("/odoo/accounting")
    step(page, "production").locator("a").click()
    wizard = page.locator(".modal")
    expect(wizard.locator("[name=consequences]")).to_contain_text("comienza de nuevo")
    go = wizard.locator("button[name=action_go]")
    expect(go).to_have_count(0)
    wizard.locator("[name=token] input").fill(saved)
    wizard.locator("[name=token] input").press("Tab")
    expect(wizard.locator("[name=token_holder]:visible")).to_contain_text(RIF)
    wizard.locator("[name=understood] input").check()
    shoot(page, "setup_production")
    go.click()
    expect(step(page, "production")).to_have_attribute("data-state", "done")
    environment = psql(
        "SELECT smart_environment FROM res_company WHERE name LIKE 'Ferretería%'", database
    )
    assert environment == "production"


def test_the_settings_have_the_list_and_say_what_is_wrong(saved, page, simulator):
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto("/odoo/settings#account")
    page.locator(".settings_tab .tab[data-key=account]").click()
    setup = page.locator("#smart_setup")
    expect(setup.locator("[data-key=token]")).to_have_attribute("data-state", "done")
    setup.scroll_into_view_if_needed()
    shoot(page, "setup_settings")
    setup.locator("[data-key=token] a").click()
    token = page.locator("#smart_credentials [name=smart_token] input")
    token.fill(simulator.mint(FOREIGN)["token"])
    token.press("Tab")
    wrong = page.locator("#smart_credentials .alert-danger:visible")
    expect(wrong).to_contain_text(FOREIGN)
    shoot(page, "setup_settings_foreign")
    token.fill(saved)
    token.press("Tab")
    expect(wrong).to_have_count(0)
    setup.locator("[data-key=walk_in] a").click()
    expect(page.locator("#smart_walk_in")).to_be_in_viewport()


def test_it_fits_on_a_phone(saved, page):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/odoo/accounting")
    expect(step(page, "token")).to_have_attribute("data-state", "done")
    shoot(page, "setup_dashboard_phone")
    wide = "document.documentElement.scrollWidth"
    assert page.evaluate(wide) <= 390
    for key, field in (("token", "smart_vat"), ("production", "token")):
        step(page, key).locator("a").click()
        expect(page.locator(f".modal [name={field}]").first).to_be_visible()
        shoot(page, f"setup_phone_{key}")
        assert page.evaluate(wide) <= 390
        page.locator(
            ".modal .btn-close, .modal .o_form_button_cancel, .modal .oi-arrow-left"
        ).first.click()
        expect(page.locator(".modal")).to_have_count(0)

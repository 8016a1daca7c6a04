"""From a fresh company to its first control number, by clicking only; in a real browser."""

import time

import pytest
from conftest import RIF, checked
from playwright.sync_api import expect
from servers import copied, run_script
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


@pytest.fixture
def database(prepared):
    """A fresh copy with a company that knows nothing of SMART."""
    with copied(prepared) as name:
        checked(run_script(name, FRESH, timeout=300))
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


def test_a_fresh_company_comes_to_its_first_control_number(page, simulator, capsys):
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

    person.click(step(page, "document").locator("a"))
    person.enter(page.locator("[name=partner_id] input"), "Inversiones La Trinidad, C.A.")
    shoot(page, "setup_customer_new")
    assert person.clicks < MOST_CLICKS
    with capsys.disabled():
        print(f"\nset-up: {person.clicks} clicks, {person.minutes:.1f} minutes")

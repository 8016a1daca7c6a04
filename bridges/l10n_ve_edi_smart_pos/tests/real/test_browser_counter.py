"""The counter in a real browser: who buys, in how many keys and clicks, also offline."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect
from servers import psql, wait_for
from till import WALK_IN, Till, make_shop

TYPED = Path(__file__).resolve().parents[1] / "data" / "identifications.json"

READ = """typed => {
    const path = "@l10n_ve_edi_smart_pos/app/counter/identification";
    return odoo.loader.modules.get(path).readIdentification(typed);
}"""

#: Invoices of orders: number of documents that are issued, and who they are made out to.
ISSUED = """
SELECT string_agg(document.customer_vat || ' ' || document.customer_name, ', ' ORDER BY document.id)
  FROM pos_order o JOIN smart_document document ON document.move_id = o.account_move
 WHERE document.state = 'issued'
"""


#: What a shop asks new customers for besides the number.
ASKING = """
company.smart_walk_in_phone = False
till.write({"smart_name_required": True, "smart_walk_in_partner_id": False})
"""


#: Who has a phone that is none.
PETRA = """
person("V-17654399", name="Petra Rojas", phone="no tiene")
"""


@pytest.fixture
def counter(script, request):
    """A till with one form of payment, which is there at once, and a stand-in."""
    more, width, height = getattr(request, "param", ("", 1500, 1000))
    world = make_shop(script, "Efectivo", more=f"{WALK_IN}{PETRA}{more}")
    page = request.getfixturevalue("page")  # logs in, in the user's language
    page.set_viewport_size({"width": width, "height": height})
    return Till(page, world["shop"])


def expect_issued(database, text):
    wait_for(lambda: psql(ISSUED, database) == text, what=f"issue to {text}")


def test_a_sale_to_a_new_cedula_takes_twelve_keys_and_clicks(counter, database):
    counter.choose("Camisa")
    counter.to_payment()
    expect(counter.popup).to_be_visible()
    counter.shoot("counter_popup")
    counter.name_customer("17654321")
    counter.validate()
    assert counter.hand.strokes <= 12
    counter.shoot("counter_ticket")
    expect_issued(database, "V-17654321 V-17654321")


def test_a_new_customer_is_told_as_one_and_may_give_a_name(counter, database):
    counter.choose("Camisa")
    counter.to_payment()
    counter.hand.type("J-30984512-7")
    counter.hand.press("Enter")
    expect(counter.popup).to_contain_text("no es un RIF válido")
    counter.shoot("counter_wrong")
    counter.popup.locator("[name=typed]").fill("")
    counter.hand.type("000413126")
    expect(counter.popup).to_contain_text("Cliente nuevo: J-00041312-6")
    counter.shoot("counter_new")
    counter.hand.press("Tab")
    counter.page.keyboard.type("Bodegón Altamira, C.A.")
    counter.hand.press("Enter")
    expect(counter.page.locator(".partner-button")).to_contain_text("Bodegón Altamira")
    button = counter.page.locator(".js_invoice")
    expect(button).to_be_disabled()
    expect(button.locator(".fa-check-square")).to_have_count(1)
    counter.shoot("counter_payment")
    counter.validate()
    expect_issued(database, "J-00041312-6 Bodegón Altamira, C.A.")


def test_who_is_known_is_found_and_who_gives_no_number_is_the_stand_in(counter, database):
    counter.hand.click(".set-partner")
    counter.hand.type("v 12.345")
    counter.popup.locator("[name=typed]").fill("")
    counter.hand.type("30984512-8")
    expect(counter.popup).to_contain_text("Inversiones La Trinidad")
    counter.hand.press("Enter")
    expect(counter.page.locator(".set-partner")).to_contain_text("Inversiones La Trinidad")
    counter.choose("Camisa")
    counter.to_payment()
    counter.validate()
    counter.next_order()
    counter.choose("Camisa")
    counter.to_payment()
    expect(counter.popup).to_contain_text("Consumidor final")
    counter.hand.press("Enter")
    counter.validate()
    assert counter.hand.strokes == 4
    expect_issued(database, "J-30984512-8 Inversiones La Trinidad, C.A., V-1 Consumidor final")


@pytest.mark.parametrize("counter", [(ASKING, 390, 844)], indirect=True, ids=["on a phone"])
def test_what_no_stand_in_covers_is_asked_for(counter, database):
    counter.choose("Camisa")
    counter.hand.click(".pay-button")
    expect(counter.popup).to_be_visible()
    counter.hand.press("Enter")
    expect(counter.popup.locator("[name=typed]")).to_be_focused()
    counter.hand.type("17654321")
    counter.hand.press("Enter")
    expect(counter.popup.locator("[name=name]")).to_be_focused()
    counter.page.keyboard.type("Ana")
    counter.hand.press("Enter")
    expect(counter.popup.locator("[name=phone]")).to_be_focused()
    counter.page.keyboard.type("0414-1234567")
    counter.shoot("counter_phone")
    counter.hand.press("Enter")
    counter.validate()
    expect_issued(database, "V-17654321 Ana")


def test_the_settings_of_a_shop_say_what_its_sales_become(counter):
    counter.page.goto("/odoo/action-point_of_sale.action_pos_configuration")
    section = counter.page.locator("#smart_walk_in")
    expect(section).to_contain_text("cliente genérico")
    section.scroll_into_view_if_needed()
    counter.shoot("counter_settings")


def test_the_till_reads_numbers_as_the_server_does(counter):
    cases = json.loads(TYPED.read_text("utf-8"))
    read = [counter.page.evaluate(READ, typed) for typed, _kind, _number in cases]
    assert read == [number and {"kind": kind, "number": number} for _typed, kind, number in cases]


def test_who_is_typed_twice_without_a_connection_is_one_customer(counter, database):
    counter.page.context.set_offline(True)
    for time in range(2):
        counter.choose("Camisa")
        counter.to_payment()
        counter.name_customer("17654321")
        expect(counter.page.locator(".partner-button")).to_contain_text("V-17654321")
        counter.validate()
        assert counter.hand.strokes <= 12
        counter.shoot("counter_offline")
        if not time:  # Odoo tells once that there is no connection
            counter.hand.click(".modal-content .btn-primary")
        counter.next_order()
    mine = "company_id = (SELECT company_id FROM res_users WHERE login = 'admin')"
    assert psql(f"SELECT count(*) FROM pos_order WHERE {mine}", database) == "0"
    counter.page.context.set_offline(False)
    expect_issued(database, "V-17654321 V-17654321, V-17654321 V-17654321")
    assert psql("SELECT count(*) FROM res_partner WHERE vat = 'V-17654321'", database) == "1"


def test_who_was_typed_without_a_connection_is_there_again_after_a_reload(counter, database):
    counter.page.context.set_offline(True)
    counter.choose("Camisa")
    counter.to_payment()
    counter.name_customer("17654321")
    expect(counter.page.locator(".payment-screen .paymentline")).to_have_count(1)
    kept = """async () => {
        const data = odoo.__WOWL_DEBUG__ && odoo.__WOWL_DEBUG__.root.env.services.pos_data;
        await (data || posmodel.data).synchronizeLocalDataInIndexedDB();
    }"""
    counter.page.evaluate(kept)
    counter.page.context.set_offline(False)
    counter.page.reload()
    expect(counter.page.locator(".partner-button")).to_contain_text("V-17654321")
    counter.validate()
    expect_issued(database, "V-17654321 V-17654321")


def test_a_customer_who_cannot_be_invoiced_is_mended_in_the_till(counter, database):
    counter.choose("Camisa")
    counter.to_payment()
    counter.name_customer("17654399")
    expect(counter.problems).to_contain_text("«no tiene» no es un número de teléfono válido")
    counter.shoot("counter_problem")
    counter.hand.click(".smart-mend", has_text="Editar el cliente")
    phone = counter.dialog.locator(".o_field_widget[name=phone] input")
    phone.fill("0414-1234567")
    counter.shoot("counter_mending")
    counter.dialog.locator(".o_form_button_save").click()
    expect(counter.dialog).to_have_count(0)
    counter.to_payment()
    counter.validate()
    expect_issued(database, "V-17654399 Petra Rojas")


def test_a_line_without_tax_is_told_at_once_and_mended_in_the_till(counter, database):
    counter.choose("Gorra sin impuesto")
    told = "La línea «Gorra sin impuesto» no tiene impuesto"
    expect(counter.page.locator(".o_notification")).to_contain_text(told)
    counter.shoot("counter_line")
    counter.to_payment()
    counter.name_customer("17654321")
    expect(counter.problems).to_contain_text(told)
    counter.shoot("counter_line_problem")
    counter.hand.click(".smart-mend", has_text="Editar el producto")
    taxes = counter.dialog.locator(".o_field_widget[name=taxes_id] input")
    taxes.click()
    counter.page.locator(".o-autocomplete--dropdown-item", has_text="16").first.click()
    counter.dialog.locator(".o_form_button_save").click()
    expect(counter.dialog).to_have_count(0)
    counter.to_payment()
    counter.validate()
    expect_issued(database, "V-17654321 V-17654321")


def test_what_the_server_does_not_answer_does_not_stop_a_sale(counter, database):
    counter.page.route("**/smart_check_before_payment", lambda route: route.abort())
    counter.choose("Camisa")
    counter.to_payment()
    counter.name_customer("17654321")
    counter.validate()
    expect_issued(database, "V-17654321 V-17654321")

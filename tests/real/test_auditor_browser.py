"""An auditor at the screen: finds what it looks for, and is offered nothing that changes it."""

import re
from pathlib import Path

import pytest
from conftest import LANGUAGES, checked
from openpyxl import load_workbook
from playwright.sync_api import Error, expect
from pypdf import PdfReader
from test_browser import shoot

AUDITOR = """
for price in (100.0, 250.0, 80.0):
    move = invoice(price)
    move.action_post()
    cr.commit()
group = env.ref("l10n_ve_edi_smart.group_smart_auditor")
for lang in ("en_US", "es_VE"):
    env["res.users"].create({
        "name": "SENIAT " + lang, "login": lang, "password": "auditor " + lang, "lang": lang,
        "company_id": company.id, "company_ids": [(6, 0, company.ids)],
        "group_ids": [(6, 0, group.ids)],
    })
cr.commit()
"""

#: Whatever changes something in Odoo's screens.
CHANGING = (
    ".o_list_button_add, .o_form_button_create, .o_form_button_save:visible, .o-mail-Chatter,"
    " .o_statusbar_buttons button:visible, .oe_stat_button:visible, .o_x2m_control_panel button,"
    " .o_field_x2many_list_row_add, .o_list_record_remove, .o_kanban_quick_add,"
    " .o_form_sheet button[name]:visible, .o_list_renderer button[name]:visible"
)


@pytest.fixture
def audit(start_server, script, visit):
    """Open the web client as an auditor; returns its page and what the server refused."""
    checked(script(AUDITOR))
    server = start_server()

    def open_as(login, by_form=False):
        answers = []  # read later

        def watch(page):
            page.on("response", lambda one: answers.append(one))  # no method of a list will do

        page = visit(server, login, f"auditor {login}", watch)
        if by_form:
            page.context.clear_cookies()
            log_in(page, login, f"auditor {login}")
        else:
            page.goto("/odoo")
        page.locator(".o_web_client .o_list_view").wait_for()
        return page, lambda: list(_refused(answers))

    return open_as


def log_in(page, login, password):
    """Log in as a person does."""
    page.goto("/web/login")
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", password)
    # A website has other forms on this page.
    page.click(".oe_login_form button[type=submit]")
    page.wait_for_url("**/odoo**", wait_until="commit")


def _refused(answers):
    """Yield what the server refused of what the web client asked for by itself."""
    for response in answers:
        if response.status == 200 and "json" in response.headers.get("content-type", ""):
            try:
                answer = response.json()
            except Error:  # the page went elsewhere before it had arrived
                continue
            if isinstance(answer, dict) and "error" in answer:
                message = answer["error"].get("data", {}).get("message")
                yield response.url, response.request.post_data, message


def find(page, text):
    """Type into the search bar and press Enter."""
    search = page.locator(".o_searchview_input")
    search.fill(text)
    search.press("Enter")


def test_an_auditor_finds_a_document_by_its_control_number_and_changes_nothing(audit):
    page, refused = audit("en_US", by_form=True)
    rows = page.locator(".o_list_renderer .o_data_row")
    expect(rows).to_have_count(3)
    expect(page.locator(CHANGING)).to_have_count(0)
    shoot(page, "auditor-documents")
    find(page, "0000000002")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("00-00000002")
    page.locator(".o_cp_action_menus button").first.click()
    shoot(page, "auditor-menu")
    for word in ("Import", "Delete", "Duplicate", "Archive"):
        expect(page.locator(".o-dropdown--menu", has_text=word)).to_have_count(0)
    page.keyboard.press("Escape")
    rows.first.locator("td[name=control_number]").click()
    form = page.locator(".o_form_view")
    expect(form.locator("[name=control_number]").first).to_contain_text("00-00000002")
    expect(form.locator("[name=lines_html]")).to_contain_text("Line")
    expect(form.locator("[name=legal_footer]")).to_contain_text("SENIAT")
    expect(page.locator(CHANGING)).to_have_count(0)
    shoot(page, "auditor-document")
    page.get_by_role("tab", name="Amounts").click()
    expect(form.locator("[name=exempt]")).to_contain_text("250")
    shoot(page, "auditor-amounts")
    page.get_by_role("tab", name="Exchanges").click()
    expect(form.locator("[name=exchange_ids] .o_data_row")).to_have_count(1)
    assert refused() == []


#: Menus that open a window instead of a screen: what to print.
DIALOGS = {
    "l10n_ve_edi_smart.smart_auditor_book_menu",
    "l10n_ve_edi_smart.smart_auditor_contingency_menu",
}


def test_the_auditor_prints_the_report_of_a_contingency(audit):
    page, refused = audit("es_VE")
    page.goto("/odoo/action-l10n_ve_edi_smart.smart_contingency_action")
    dialog = page.locator(".modal-dialog")
    dialog.locator("[name=cause] input").fill("la interrupción del servicio")
    with page.expect_download() as download:
        dialog.locator("button[name=action_pdf]").click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF")
    assert refused() == []


def test_every_screen_of_the_auditor_opens_and_none_has_a_changing_button(audit):
    page, refused = audit("en_US")
    expect(page.locator(".o_list_renderer .o_data_row")).to_have_count(3)
    seen = set()
    for number, path in enumerate(_screens(page)):
        page.goto(path)
        page.locator(".o_list_view, .o_pivot, .o_form_view").first.wait_for()
        expect(page.locator(".o_error_dialog, .modal")).to_have_count(0)
        expect(page.locator(CHANGING)).to_have_count(0)
        shoot(page, f"auditor-screen-{number}")
        row = page.locator(".o_list_renderer .o_data_row:not(.o_group_header)").first
        if row.count():
            row.locator("td.o_data_cell").first.click()
            page.locator(".o_form_view").wait_for()
            expect(page.locator(CHANGING)).to_have_count(0)
            expect(page.locator(".o_form_view input:visible:not([disabled])")).to_have_count(0)
            shoot(page, f"auditor-screen-{number}-form")
        seen.add(path)
    assert len(seen) >= 6
    assert refused() == []


def _screens(page):
    """Return the addresses of all menus that the auditor is shown, without those of dialogs."""
    menus = page.evaluate("() => fetch('/web/webclient/load_menus').then(r => r.json())")
    apps = [menus[str(child)]["name"] for child in menus["root"]["children"]]
    assert apps == ["SMART"], "the auditor's only app"
    assert {menu["xmlid"] for menu in menus.values()} >= DIALOGS
    return [
        f"/odoo/action-{menu['actionID']}"
        for menu in menus.values()
        if menu.get("actionID")
        and menu["actionModel"] == "ir.actions.act_window"
        and menu["xmlid"] not in DIALOGS
    ]


#: What the book's screens say, by language.
BOOK = {
    "en_US": {
        "sheets": ["Sales Book", "Ledger", "Missing Numbers"],
        "title": "Sales Book by Control Number",
        "pdf": "No control number, internal number or Odoo reference is missing.",
        "show": "Show",
    },
    "es_VE": {
        "sheets": ["Libro de ventas", "Libro mayor", "Números faltantes"],
        "title": "Libro de ventas por número de control",
        "pdf": "No falta ningún número de control, número interno ni referencia de Odoo.",
        "show": "Mostrar",
    },
}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_auditor_finds_a_document_opens_it_and_exports_the_book(audit, tmp_path, lang):
    words = BOOK[lang]
    page, refused = audit(lang)
    find(page, "0000000002")
    row = page.locator(".o_list_renderer .o_data_row")
    expect(row).to_have_count(1)
    row.locator("td[name=control_number]").click()
    form = page.locator(".o_form_view")
    expect(form.locator("[name=control_number]").first).to_contain_text("00-00000002")
    expect(page.locator(CHANGING)).to_have_count(0)

    def open_book():
        page.goto("/odoo/action-l10n_ve_edi_smart.smart_book_action")
        expect(page.locator("button[name=action_view]")).to_have_text(words["show"])

    def download(button):
        with page.expect_download() as one:
            page.locator(f"button[name={button}]").click()
        path = tmp_path / one.value.suggested_filename
        one.value.save_as(path)
        assert path.name.startswith(words["sheets"][0])
        return path

    open_book()
    offered = page.locator(".o_form_view button[name], .modal button[name]")
    names = offered.evaluate_all("buttons => buttons.map(button => button.name)")
    assert set(names) <= {"action_view", "action_pdf", "action_xlsx", "issuer_id", "company_ids"}
    expect(page.locator(CHANGING)).to_have_count(0)
    shoot(page, f"book-auditor-{lang}-wizard")

    workbook = load_workbook(download("action_xlsx"), read_only=True)
    assert workbook.sheetnames == words["sheets"]
    rows = [row for row in workbook.worksheets[0].values if isinstance(row[0], int | float)]
    assert [row[6] for row in rows] == ["00-00000001", "00-00000002", "00-00000003"]
    assert round(sum(row[18] for row in rows), 2) == 430

    open_book()
    text = " ".join(
        " ".join(sheet.extract_text() for sheet in PdfReader(download("action_pdf")).pages).split()
    )
    for said in (words["title"], words["pdf"], "00-00000001", "00-00000003", "430,00"):
        assert said in text

    open_book()
    page.locator("button[name=action_view]").click()
    shown = page.frame_locator("iframe")
    expect(shown.get_by_text(words["title"])).to_be_visible()
    expect(shown.get_by_text("00-00000003").first).to_be_visible()
    expect(page.locator(CHANGING)).to_have_count(0)
    shoot(page, f"book-auditor-{lang}-screen")
    assert refused() == []


def test_the_auditor_is_served_in_spanish(audit):
    page, refused = audit("es_VE")
    expect(page.locator(".o_list_renderer .o_data_row")).to_have_count(3)
    expect(page.locator(".o_list_renderer thead")).to_contain_text("N.º de control")
    shoot(page, "auditor-es-documents")
    page.locator(".o_data_row td[name=control_number]").first.click()
    expect(page.get_by_role("tab", name="Importes")).to_be_visible()
    expect(page.locator("[name=lines_html]")).to_contain_text(re.compile("Descripción"))
    shoot(page, "auditor-es-document")
    assert refused() == []

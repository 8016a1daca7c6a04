"""Every screen in Spanish, on a small computer and on a phone: nothing is cut, one number each."""

import re
from pathlib import Path

import pytest
from conftest import checked, connect
from playwright.sync_api import expect
from test_browser import shoot
from test_browser_people import SPANISH
from test_browser_silent import NARROW, WIDE

SIZES = {1366: WIDE, 390: NARROW}

#: An invoice with a credit and a debit note, one that SMART refused, and a draft with problems.
DOCUMENTS = (
    SPANISH
    + """
env = env(context=dict(env.context, lang="es_VE"))
customer.lang = "es_VE"
def posted(move):
    move.action_post()
    cr.commit()
    return move
for price in (1234567.89, 250.0):
    move = posted(invoice(price))
corrects = {"move_ids": [(6, 0, move.ids)], "journal_id": move.journal_id.id}
wizard = env["account.move.reversal"].create({**corrects, "reason": "Devolución"})
wizard.reverse_moves()
note = posted(wizard.new_move_ids)
charged = env["account.move"].search([("amount_total", "=", 1234567.89)])
wizard = env["account.debit.note"].create({
    "move_ids": [(6, 0, charged.ids)], "reason": "Flete", "copy_lines": True})
debit = env["account.move"].browse(wizard.create_debit()["res_id"])
debit.invoice_line_ids.price_unit = 7654321.98
posted(debit)
refused_note(charged)
nobody = env["res.partner"].create({"name": "Sin datos", "country_id": env.ref("base.ve").id})
draft = invoice(10.0)
draft.partner_id = nobody
env["smart.chain"]._cron_check()
env["res.users"].create({
    "name": customer.name, "login": "cliente", "password": "cliente", "partner_id": customer.id,
    "group_ids": [(6, 0, env.ref("base.group_portal").ids)], "lang": "es_VE",
    "company_ids": [(6, 0, company.ids)], "company_id": company.id,
})
cr.commit()
print(move.id, note.id, debit.id, draft.id, move.smart_document_id.id)
print(*(env["account.move"].search([("smart_control_number", "!=", False)]).mapped("name")))
"""
)

#: What a screen is called on its pictures, and where it is.
SCREENS = {
    "dashboard": "account.open_account_journal_dashboard_kanban",
    "invoices": "account.action_move_out_invoice",
    "credit_notes": "account.action_move_out_refund_type",
    "debit_notes": "l10n_ve_edi_smart.action_smart_debit_notes",
    "invoice": "account.action_move_out_invoice/{invoice}",
    "credit_note": "account.action_move_out_refund_type/{note}",
    "debit_note": "l10n_ve_edi_smart.action_smart_debit_notes/{debit}",
    "draft": "account.action_move_out_invoice/{draft}",
    "documents": "l10n_ve_edi_smart.smart_document_action",
    "document": "l10n_ve_edi_smart.smart_document_action/{document}",
    "emails": "l10n_ve_edi_smart.smart_email_action",
    "exchanges": "l10n_ve_edi_smart.smart_exchange_action",
    "numbering": "l10n_ve_edi_smart.smart_numbering_action",
    "lanes": "l10n_ve_edi_smart.smart_lane_action",
    "chain": "l10n_ve_edi_smart.smart_chain_action",
    "by_rate": "l10n_ve_edi_smart.smart_document_tax_report_action",
    "book": "l10n_ve_edi_smart.smart_book_action",
    "settings": "l10n_ve_edi_smart.smart_settings_window_action",
}

#: Windows that a button of a document opens: the document, and the button.
WINDOWS = {
    "annul": ("invoice", "button_request_cancel"),
    "email": ("invoice", "action_smart_email"),
    "reversal": ("invoice", "action_reverse"),
    "debit": ("invoice", "action_debit_note"),
    "send": ("invoice", "action_invoice_sent"),
    "payment": ("debit", "action_register_payment"),
    "check": ("draft", "action_smart_check"),
    "resolve": ("doubt", "action_smart_resolve"),
}

#: Press a button of a document, wherever its form keeps it.
PRESS = """async ([id, method]) => {
    const { action } = odoo.__WOWL_DEBUG__.root.env.services;
    const { user } = odoo.loader.modules.get("@web/core/user");
    await action.doActionButton({ type: "object", name: method, resModel: "account.move",
        resId: Number(id), resIds: [Number(id)], context: user.context });
}"""

#: What a screen shows once it is there.
SHOWN = (
    ".o_list_renderer, .o_kanban_renderer, .o_form_sheet, .o_form_renderer .app_settings_block, "
    ".o_pivot table, .modal .o_form_view"
)

#: What must be whole: headers, labels and buttons, numbers, amounts and states in a list.
WHOLE = (
    "th .text-truncate, th span, .o_form_label, .btn:not(.o_skip_to_content), "
    ".o_data_row td[name$=number], .o_data_row td.o_list_number, .o_data_row .badge, "
    ".o_portal_my_doc_table th, .o_portal_my_doc_table td, .o_portal_my_doc_table .badge, "
    ".table-responsive:has(.o_portal_my_doc_table)"
)

#: What is cut, and how much wider than the window the page is.
CUT = """selector => {
    const cut = [...document.querySelectorAll(selector)]
        .filter((one) => one.offsetParent && one.innerText.trim())
        .filter((one) => getComputedStyle(one).display !== "inline")
        .filter((one) => one.scrollWidth > one.clientWidth + 1)
        .map((one) => "cut: " + one.innerText.trim());
    const wider = document.documentElement.scrollWidth - window.innerWidth;
    return wider > 1 ? [...cut, `the page is ${wider} px wider than the window`] : cut;
}"""

#: What a person reads: not the chatter, which keeps what a document was called at the time.
READ = """() => {
    const kept = [...document.querySelectorAll(".o-mail-Chatter")];
    kept.forEach((one) => { one.style.display = "none"; });
    const text = document.body.innerText;
    kept.forEach((one) => { one.style.display = ""; });
    return text;
}"""


#: Whether no letter of what an element shows lies under the ribbon.
FREE = """element => {
    const [band] = [...document.querySelectorAll(".ribbon span")].filter((one) => one.offsetParent);
    const text = document.createRange();
    text.selectNodeContents(element);
    const corners = [...text.getClientRects()].flatMap((line) =>
        [line.left + 1, line.right - 1].flatMap((x) =>
            [line.top + 1, line.bottom - 1].map((y) => [x, y])));
    band.style.pointerEvents = "auto";
    const under = corners.filter(([x, y]) => document.elementsFromPoint(x, y).includes(band));
    band.style.pointerEvents = "";
    return corners.length && !under.length;
}"""


@pytest.fixture(scope="module")
def english():
    """What the addon says in English and otherwise in Spanish, when it is read as a whole line."""
    text = (Path(__file__).parents[2] / "i18n/es.po").read_text("utf-8").replace('"\n"', "")
    pairs = [
        [line.partition(" ")[2].strip('"') for line in entry.splitlines() if line[:3] == "msg"]
        for entry in text.split("\n\n")[1:]
    ]
    pairs = [pair for pair in pairs if len(pair) == 2]
    return {said for said, spanish in pairs if said.casefold() != spanish.casefold()}


def defects(page, english, names):
    """Return what is wrong with what the page shows.

    :param names: what Odoo calls the documents that have a number of their own
    """
    lines = {line.strip() for line in page.evaluate(READ).splitlines()}
    found = page.evaluate(CUT, WHOLE) + [f"English: {line}" for line in lines & english]
    return found + [
        f"two numbers: {line}"
        for line in lines
        for name in names
        if re.search(rf"\b{name}\b", line)
    ]


@pytest.fixture
def made(script, simulator, database):
    """Documents of all kinds, one of them in doubt; returns their ids and Odoo's names."""
    connect(database, simulator, enforce_numbering=False)
    *_, ids, names = checked(script(DOCUMENTS)).splitlines()
    simulator.print("*", missing=-1)
    simulator.fault("drop_after")
    doubt = checked(script("move = invoice(20.0); move.action_post(); cr.commit(); print(move.id)"))
    keys = ("invoice", "note", "debit", "draft", "document", "doubt")
    return dict(zip(keys, [*ids.split(), doubt.split()[-1]], strict=True)), names.split()


def test_every_screen_in_spanish_on_a_small_computer_and_on_a_phone(made, english, request):
    ids, names = made
    page = request.getfixturevalue("page")  # who logs in now reads Spanish
    wrong = []
    for width, size in SIZES.items():
        page.set_viewport_size(size)
        for screen, path in SCREENS.items():
            page.goto("/odoo/action-" + path.format(**ids))
            expect(page.locator(SHOWN).first).to_be_visible()
            expect(page.locator(".o_loading_indicator")).to_have_count(0)
            shoot(page, f"screen_{screen}_{width}")
            wrong += [(screen, width, one) for one in defects(page, english, names)]
            if screen == "dashboard":  # there are enough of them
                left = page.locator("[name=smart_numbers_left]").first
                expect(left).to_have_class("text-muted")
            if screen == "documents" and width == 390:
                card = page.locator(".o_kanban_record", has_text="00-00000002")
                expect(card).to_contain_text("Factura 00000002")
                expect(card.locator("[name=state]")).to_have_text("Emitida")
    assert not wrong, "\n".join(map(str, wrong))


def test_every_window_in_spanish_on_a_small_computer_and_on_a_phone(made, english, request):
    ids, names = made
    page = request.getfixturevalue("page")  # who logs in now reads Spanish
    wrong = []
    for width, size in SIZES.items():
        page.set_viewport_size(size)
        for window, (document, button) in WINDOWS.items():
            page.goto("/odoo/action-" + SCREENS["invoices"])
            expect(page.locator(SHOWN).first).to_be_visible()
            page.evaluate(PRESS, [ids[document], button])
            expect(page.locator(".modal .o_form_view")).to_be_visible()
            expect(page.locator(".o_loading_indicator")).to_have_count(0)
            shoot(page, f"window_{window}_{width}")
            wrong += [(window, width, one) for one in defects(page, english, names)]
    assert not wrong, "\n".join(map(str, wrong))


def test_the_ribbon_of_a_phone_leaves_the_numbers_free(made, request):
    ids, _names = made
    page = request.getfixturevalue("page")
    page.set_viewport_size(NARROW)
    page.goto("/odoo/action-" + SCREENS["credit_note"].format(**ids))
    expect(page.locator(".ribbon:visible")).to_have_count(1)
    shoot(page, "ribbon_390")
    for name in ("smart_legal_name", "smart_control_number"):
        shown = page.locator(f".oe_title [name={name}] span:visible").first
        assert shown.evaluate(FREE), name


def test_the_portal_in_spanish_on_a_small_computer_and_on_a_phone(
    made, english, start_server, visit
):
    ids, names = made
    page = visit(start_server(), "cliente", "cliente")
    wrong = []
    for width, size in SIZES.items():
        page.set_viewport_size(size)
        for screen, path in (("list", ""), ("invoice", ids["invoice"])):
            page.goto(f"/my/invoices/{path}")
            shoot(page, f"portal_{screen}_{width}")
            wrong += [(screen, width, one) for one in defects(page, english, names)]
            if screen == "list":
                waiting = page.locator("tr", has=page.get_by_text("En trámite"))
                expect(waiting).to_have_count(2)
                expect(waiting.filter(has_text="Emitid")).to_have_count(0)
    assert not wrong, "\n".join(map(str, wrong))

"""Every screen in Spanish, on a small computer and on a phone: nothing is cut, one number each."""

from pathlib import Path

import pytest
from conftest import checked
from playwright.sync_api import expect
from test_browser import shoot
from test_browser_people import SPANISH
from test_browser_silent import NARROW, WIDE

SIZES = {1366: WIDE, 390: NARROW}

#: An invoice with a credit note, one that SMART refused, and a draft with problems.
DOCUMENTS = (
    SPANISH
    + """
for price in (1234567.89, 250.0):
    move = invoice(price)
    move.action_post()
    cr.commit()
wizard = env["account.move.reversal"].create({
    "move_ids": [(6, 0, move.ids)], "journal_id": move.journal_id.id, "reason": "Devolución"})
wizard.reverse_moves()
wizard.new_move_ids.action_post()
cr.commit()
nobody = env["res.partner"].create({"name": "Sin datos", "country_id": env.ref("base.ve").id})
draft = invoice(10.0)
draft.partner_id = nobody
env["smart.chain"]._cron_check()
cr.commit()
print(move.id, wizard.new_move_ids.id, draft.id, move.smart_document_id.id, move.name)
"""
)

#: What a screen is called on its pictures, and where it is.
SCREENS = {
    "invoices": "account.action_move_out_invoice",
    "credit_notes": "account.action_move_out_refund_type",
    "debit_notes": "l10n_ve_edi_smart.action_smart_debit_notes",
    "invoice": "account.action_move_out_invoice/{invoice}",
    "credit_note": "account.action_move_out_refund_type/{note}",
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

#: What a screen shows once it is there.
SHOWN = ".o_list_view, .o_kanban_view, .o_form_view, .o_pivot, .modal .o_form_view"

#: Headers and columns that are cut, and how much wider than the window the page is.
CUT = """() => {
    const cut = [...document.querySelectorAll("th .text-truncate, th span, .o_form_label, .btn")]
        .filter((one) => one.offsetParent && one.innerText.trim())
        .filter((one) => getComputedStyle(one).display !== "inline")
        .filter((one) => one.scrollWidth > one.clientWidth + 1)
        .map((one) => "cut: " + one.innerText.trim());
    const wider = document.documentElement.scrollWidth - window.innerWidth;
    return wider > 1 ? [...cut, `the page is ${wider} px wider than the window`] : cut;
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


def defects(page, english, name):
    """Return what is wrong with what the page shows."""
    text = page.locator("body").inner_text()
    lines = {line.strip() for line in text.splitlines()}
    found = page.evaluate(CUT) + [f"English: {line}" for line in lines & english]
    return [*found, *(["two numbers"] if name in text else [])]


def test_every_screen_in_spanish_on_a_small_computer_and_on_a_phone(script, english, request):
    words = checked(script(DOCUMENTS)).split()[-5:]
    ids = dict(zip(("invoice", "note", "draft", "document"), words, strict=False))
    page = request.getfixturevalue("page")  # who logs in now reads Spanish
    wrong = []
    for width, size in SIZES.items():
        page.set_viewport_size(size)
        for screen, path in SCREENS.items():
            page.goto("/odoo/action-" + path.format(**ids))
            expect(page.locator(SHOWN).first).to_be_visible()
            expect(page.locator(".o_loading_indicator")).to_have_count(0)
            shoot(page, f"screen_{screen}_{width}")
            wrong += [(screen, width, one) for one in defects(page, english, words[-1])]
            if screen == "documents" and width == 390:
                card = page.locator(".o_kanban_record", has_text="00-00000002")
                expect(card).to_contain_text("Factura 00000002")
                expect(card.locator("[name=state]")).to_have_text("Emitida")
    assert not wrong, "\n".join(map(str, wrong))

"""The whole life of a document beside OCA's addons, over HTTP and on the screen."""

import os

import pytest
from conftest import checked, run_scheduled_action
from playwright.sync_api import expect
from servers import OdooError, psql, wait_for

DRAFTS = """
company.l10n_ve_edoc_provider = "l10n.ve.edoc.provider.smart"
# The fixtures set the company up by SQL, which computes nothing.
journals = env["account.journal"].search([("company_id", "=", company.id)])
env.add_to_compute(journals._fields["l10n_ve_emission_medium"], journals)
env["res.users"].search([("login", "=", "admin")]).lang = "es_VE"
moves = invoice() + invoice(20.0)
cr.commit()
print(*moves.ids)
"""
SAID = (
    "SELECT d.state, d.control_number = m.l10n_ve_control_number, m.l10n_ve_edoc_state, m.state,"
    " m.l10n_ve_fiscal_data_locked"
    " FROM account_move m JOIN smart_document d ON d.id = m.smart_document_id WHERE m.id = {}"
)
ISSUED, ANNULLED = "issued|t|assigned|posted|t", "annulled|t|cancelled|cancel|t"


@pytest.fixture
def life(script, database, start_server):
    """A server, two drafts, and a function that waits for what is known of a document."""
    drafts = [int(one) for one in checked(script(DRAFTS)).split()[-2:]]
    server = start_server()

    def see(move, said):
        wait_for(lambda: psql(SAID.format(move), database) == said, what=f"{move} is {said}")

    return server, drafts, see


def cancel(server, move):
    """Have OCA's window cancel a document."""
    values = {"move_id": move, "reason": "Emitida al cliente equivocado"}
    [window] = server.call("l10n.ve.edoc.cancel.wizard", "create", [values])
    return server.call("l10n.ve.edoc.cancel.wizard", "action_confirm", [window])


def test_issued_noted_and_annulled(life):
    server, (move, other), see = life
    server.call("account.move", "action_post", [move])
    see(move, ISSUED)
    with pytest.raises(OdooError):
        server.call("account.move", "button_draft", [move])
    with pytest.raises(OdooError):
        server.call("account.move", "write", [move], {"l10n_ve_control_number": "00-1"})
    context = {"active_model": "account.move", "active_ids": [move]}
    [read] = server.call("account.move", "read", [move], ["journal_id"])
    values = {"reason": "Devolución", "journal_id": read["journal_id"][0]}
    [window] = server.call("account.move.reversal", "create", [values], context=context)
    note = server.call("account.move.reversal", "reverse_moves", [window], context=context)[
        "res_id"
    ]
    server.call("account.move", "action_post", [note])
    see(note, ISSUED)
    # It is settled by its note.
    assert cancel(server, move)["tag"] == "display_notification"
    server.call("account.move", "action_post", [other])
    see(other, ISSUED)
    # While the queue is at work on it, OCA's window only tells so.
    wait_for(
        lambda: cancel(server, other)["type"] == "ir.actions.act_window_close", what="cancelling"
    )
    see(other, ANNULLED)


def test_what_waits_is_corrected_and_issued(life, simulator, database):
    server, (move, other), see = life
    simulator.fault("refuse", seconds=3600)
    server.call("account.move", "action_post", [move])
    see(move, "queued||to_send|posted|f")
    server.call("account.move", "action_l10n_ve_edoc_send", [move])
    see(move, "queued||sent|posted|f")
    server.call("account.move", "button_draft", [move])
    server.call("account.move", "write", [move], {"ref": "Corregida"})
    simulator.control("DELETE", "/faults")
    server.call("account.move", "action_post", [move])
    psql("UPDATE smart_lane SET paused_until = NULL", database)
    run_scheduled_action(server)
    see(move, ISSUED)
    server.call("account.move", "action_post", [other])
    see(other, ISSUED)


def test_the_form_has_one_control_number(life, visit):
    server, (move, _other), see = life
    page = visit(server)
    page.goto(f"/odoo/account.move/{move}")
    page.get_by_role("button", name="Confirmar").click()
    number = page.locator("[name=smart_control_number]:visible").first
    expect(number).to_have_text("00-00000001")
    expect(page.locator("[name=l10n_ve_control_number]:visible")).to_have_count(0)
    see(move, ISSUED)
    page.reload()
    # OCA's addon speaks no Spanish yet.
    expect(page.locator("[name=l10n_ve_edoc_state]:visible")).to_contain_text("Assigned")
    if folder := os.environ.get("SMART_SCREENSHOTS"):
        page.screenshot(path=os.path.join(folder, "beside_oca.png"))

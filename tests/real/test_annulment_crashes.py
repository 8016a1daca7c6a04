"""Annulments whose process is killed exactly between two commits."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from conftest import checked, run_scheduled_action
from servers import psql, wait_for

STATES = (
    "SELECT document.state, document.annulment_state, move.state"
    " FROM smart_document AS document JOIN account_move AS move ON move.id = document.move_id"
)

#: Confirms, and dies while annulling.
ANNUL_AND_DIE = """
from odoo.addons.l10n_ve_edi_smart.models.annulment import annuller as lane_annuller
from odoo.addons.l10n_ve_edi_smart.models.annulment import document as smart_document_annul
from odoo.addons.l10n_ve_edi_smart.models.annulment.document import SmartDocument
from odoo.addons.l10n_ve_edi_smart.smart_api import client

move = invoice()
move.action_post()
cr.commit()
env.invalidate_all()
assert move.smart_state == "issued", move.smart_last_error

def dying(function, before):
    def wrapper(*args, **kwargs):
        if not before:
            function(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)
    return wrapper

point = os.environ["POINT"]
if point == "requested":  # committed, and nothing after
    lane_annuller.Annuller.annul = dying(lane_annuller.Annuller.annul, before=True)
elif point == "rehearsed":  # cancelled in a transaction that is not committed
    lane_annuller.Annuller._rehearse = dying(lane_annuller.Annuller._rehearse, before=False)
elif point == "begin":  # written, not committed
    SmartDocument._begin_annulment = dying(SmartDocument._begin_annulment, before=False)
elif point == "begun":  # committed, not sent
    client.SmartClient.annul = dying(client.SmartClient.annul, before=True)
elif point == "answered":  # annulled at SMART, nothing of it stored
    client.SmartClient.annul = dying(client.SmartClient.annul, before=False)
elif point == "settling":  # stored, not committed
    SmartDocument._settle_annulment = dying(SmartDocument._settle_annulment, before=False)
elif point == "settled":  # committed; the invoice is still posted
    lane_annuller.Annuller._cancel = dying(lane_annuller.Annuller._cancel, before=True)
elif point == "cancelling":  # the invoice is cancelled, not committed
    SmartDocument._cancel_annulled = dying(SmartDocument._cancel_annulled, before=False)
elif point == "cancelled":  # committed, and nothing after
    lane_annuller.Annuller._cancel = dying(lane_annuller.Annuller._cancel, before=False)
wizard = env["smart.annul.wizard"].browse(move.action_smart_annul()["res_id"])
wizard.write({"reason": "Killed in the middle"})
wizard.action_annul()
cr.commit()
"""


@pytest.mark.parametrize(
    ("point", "left", "at_smart", "calls"),
    [
        ("requested", "issued|requested|posted", False, 1),
        ("rehearsed", "issued|requested|posted", False, 1),
        ("begin", "issued|requested|posted", False, 1),
        # Whether it was sent, nobody can know: annulling twice is harmless.
        ("begun", "issued|calling|posted", False, 1),
        ("answered", "issued|calling|posted", True, 2),
        ("settling", "issued|calling|posted", True, 2),
        ("settled", "annulled|cancelling|posted", True, 1),
        ("cancelling", "annulled|cancelling|posted", True, 1),
        ("cancelled", "annulled|done|cancel", True, 1),
    ],
)
def test_an_annuller_killed_at_any_point_is_succeeded(
    script, simulator, database, start_server, point, left, at_smart, calls
):
    process = script(ANNUL_AND_DIE, POINT=point)
    assert process.returncode == -9, process.stderr
    assert psql(STATES, database) == left
    assert [one["annulled"] for one in simulator.documents()] == [at_smart]
    run_scheduled_action(start_server())
    wait_for(lambda: psql(STATES, database) == "annulled|done|cancel", what="the next annuller")
    [document] = simulator.documents()
    assert (document["annulled"], document["annul_reason"]) == (True, "Killed in the middle")
    made = [call for call in simulator.calls() if call["path"] == "/anulacion"]
    assert len(made) == calls


def test_an_annulment_that_is_rolled_back_has_asked_nothing(script, simulator, database):
    checked(
        script(
            "move = invoice(); move.action_post(); cr.commit(); env.invalidate_all()\n"
            "wizard = env['smart.annul.wizard'].browse(move.action_smart_annul()['res_id'])\n"
            "wizard.reason = 'x'; wizard.action_annul()\n"
            "env.flush_all(); cr.rollback(); cr.close()"
        )
    )
    assert psql(STATES, database) == "issued||posted"
    assert [call["path"] for call in simulator.calls()] == ["/facturacion"]


def test_a_period_that_is_closed_during_the_call_leaves_a_marked_invoice(
    script, simulator, database, start_server
):
    server = start_server()
    move = int(checked(script("move = invoice(); move.action_post(); cr.commit(); print(move.id)")))
    company = int(psql("SELECT company_id FROM res_users WHERE login = 'admin'", database))
    simulator.fault("delay", seconds=4, path="/anulacion")
    action = server.call("account.move", "action_smart_annul", [move], company=company)
    wizard = action["res_id"]
    server.call("smart.annul.wizard", "write", [wizard], {"reason": "x"}, company=company)
    with ThreadPoolExecutor(1) as pool:
        annulling = pool.submit(
            server.call, "smart.annul.wizard", "action_annul", [wizard], company=company
        )
        wait_for(lambda: psql(STATES, database) == "issued|calling|posted", what="the call")
        psql("UPDATE res_company SET fiscalyear_lock_date = '2099-12-31'", database)
        annulling.result()
    wait_for(lambda: psql(STATES, database) == "annulled|uncancelled|posted", what="the answer")
    told = (
        "SELECT count(*) FROM mail_activity"
        " WHERE res_model = 'account.move' AND summary LIKE 'Annulled at SMART%' AND active"
    )
    assert psql(told, database) == "1"
    psql("UPDATE res_company SET fiscalyear_lock_date = NULL", database)
    server.call("account.move", "action_smart_cancel_annulled", [move], company=company)
    assert psql(STATES, database) == "annulled|done|cancel"
    assert psql(told, database) == "0"

"""Processes that are killed exactly between two commits, and transactions that fail."""

import pytest
from conftest import checked, connect
from servers import psql

STATES = (
    "SELECT state, internal_number, control_number, coalesce(proven_issued, false)"
    " FROM smart_document"
)

CONFIRM_AND_DIE = """
from odoo.addons.l10n_ve_edi_smart.models import lane_lock, smart_document
from odoo.addons.l10n_ve_edi_smart.smart_api import client

def dying(function, before):
    def wrapper(*args, **kwargs):
        if not before:
            function(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)
    return wrapper

point = os.environ["POINT"]
if point == "begin":  # the request is written, not committed
    smart_document.SmartDocument._begin = dying(smart_document.SmartDocument._begin, before=False)
elif point == "begun":  # committed, not sent
    client.SmartClient.issue = dying(client.SmartClient.issue, before=True)
elif point == "answered":  # the answer is there, nothing of it stored
    client.SmartClient.issue = dying(client.SmartClient.issue, before=False)
elif point == "settling":  # stored, not committed
    smart_document.SmartDocument._settle = dying(smart_document.SmartDocument._settle, before=False)
elif point == "settled":  # committed, and nothing after
    lane_lock.LaneLock.__exit__ = dying(lane_lock.LaneLock.__exit__, before=True)
invoice().action_post()
cr.commit()
"""


def run_scheduled_action(server):
    """Run it now; by itself the server would within a minute."""
    [cron] = server.call("ir.cron", "search", [["cron_name", "=", "SMART: send fiscal documents"]])
    server.call("ir.cron", "method_direct_trigger", [cron])


def test_a_transaction_that_is_rolled_back_after_confirming_has_sent_nothing(
    script, simulator, database
):
    checked(script("invoice().action_post()\nenv.flush_all(); cr.rollback(); cr.close()"))
    assert not simulator.calls()
    assert psql("SELECT count(*) FROM smart_document", database) == "0"


def test_confirming_and_committing_has_sent(script, simulator, database):
    checked(script("move = invoice(); move.action_post()\ncr.commit(); cr.close()"))
    assert psql(STATES, database) == "issued|00000001|00-00000001|f"
    assert simulator.issued() == ["00000001"]


@pytest.mark.parametrize(
    ("point", "left", "after"),
    [
        ("begin", "queued|||f", "issued|00000001|00-00000001|f"),
        # Never sent, but nobody can know: the identical repetition issues it.
        ("begun", "sending|00000001||f", "issued|00000001|00-00000001|f"),
        # Issued: the identical repetition proves it and issues nothing.
        ("answered", "sending|00000001||f", "unknown|00000001||t"),
        ("settling", "sending|00000001||f", "unknown|00000001||t"),
        ("settled", "issued|00000001|00-00000001|f", "issued|00000001|00-00000001|f"),
    ],
)
def test_a_sender_killed_at_any_point_issues_once(
    script, simulator, database, start_server, point, left, after
):
    process = script(CONFIRM_AND_DIE, POINT=point)
    assert process.returncode == -9, process.stderr
    assert psql(STATES, database) == left
    run_scheduled_action(start_server())
    assert psql(STATES, database) == after
    assert simulator.issued() == ["00000001"]


@pytest.mark.parametrize(("point", "issued"), [("begun", 0), ("answered", 1)])
def test_without_enforced_numbers_a_killed_senders_document_is_never_sent_again(
    script, simulator, database, start_server, point, issued
):
    connect(database, simulator, enforce_numbering=False)
    assert script(CONFIRM_AND_DIE, POINT=point).returncode == -9
    server = start_server()
    run_scheduled_action(server)
    assert psql(STATES, database) == "unknown|00000001||f"
    server.call("smart.lane", "action_resume", server.call("smart.lane", "search", []))
    checked(script("move = invoice(); move.action_post()\ncr.commit(); cr.close()"))
    assert psql(STATES + " ORDER BY id", database).split() == [
        "unknown|00000001||f",
        f"issued|00000002|00-0000000{issued + 1}|f",
    ]
    assert len(simulator.issued()) == issued + 1

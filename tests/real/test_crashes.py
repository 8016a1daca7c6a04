"""Processes that are killed exactly between two commits, and transactions that fail."""

import pytest
from conftest import DYING, DYING_AT_POINT, FINISH, checked, connect, run_scheduled_action
from servers import psql, wait_for

STATES = (
    "SELECT state, internal_number, control_number, coalesce(proven_issued, false)"
    " FROM smart_document"
)

CONFIRM_AND_DIE = DYING_AT_POINT + "invoice().action_post()\ncr.commit()\n"


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
    wait_for(lambda: psql(STATES, database) == after, what="what the action makes of it")
    assert simulator.issued() == ["00000001"]


@pytest.mark.parametrize(("point", "issued"), [("begun", 0), ("answered", 1)])
def test_without_enforced_numbers_a_killed_senders_document_is_never_sent_again(
    script, simulator, database, start_server, point, issued
):
    connect(database, simulator, enforce_numbering=False)
    simulator.print("*", missing=-1)  # which would tell, as soon as it is looked for
    assert script(CONFIRM_AND_DIE, POINT=point).returncode == -9
    server = start_server()
    run_scheduled_action(server)
    unknown = "unknown|00000001||f"
    wait_for(lambda: psql(STATES, database) == unknown, what="what the action makes of it")
    server.call("smart.lane", "action_resume", server.call("smart.lane", "search", []))
    checked(script("move = invoice(); move.action_post()\ncr.commit(); cr.close()"))
    assert psql(STATES + " ORDER BY id", database).split() == [
        "unknown|00000001||f",
        f"issued|00000002|00-0000000{issued + 1}|f",
    ]
    assert len(simulator.issued()) == issued + 1


# A document whose first attempt ended in doubt; the sender dies while it finds out.
REPEAT_AND_DIE = (
    DYING
    + """
from odoo.addons.l10n_ve_edi_smart.models.lane import document_sending as smart_document_sending
from odoo.addons.l10n_ve_edi_smart.models.document import numbering as smart_numbering
from odoo.addons.l10n_ve_edi_smart.smart_api import client
lane = env["smart.lane"].search([])
lane._resume()
cr.commit()
Document, Numbering = smart_document_sending.SmartDocument, smart_numbering.SmartNumbering

owner, name, before = {
    "lost": (Document, "_lose_sender", False),  # called unknown, not committed
    "begin again": (Document, "_begin_again", False),  # the repetition, not committed
    "begun again": (client.SmartClient, "issue", True),  # committed, not sent
    "answered again": (client.SmartClient, "issue", False),
    "settling again": (Document, "_settle", False),
    "asked": (client.SmartClient, "next_internal_number", False),
    "aligning": (Numbering, "_align", False),  # not committed
    "proving": (Document, "_settle_doubt", False),  # not committed
}[os.environ["POINT"]]
setattr(owner, name, dying(getattr(owner, name), before))
env["smart.lane"].search([]).issuer_id._smart_send_waiting()
"""
)


@pytest.mark.parametrize(
    ("fault", "after"),
    [
        # The first attempt never arrived: the repetition issues it, once, whoever dies when.
        ("drop_before", {"issued|00000001|00-00000001|f", "unknown|00000001||t"}),
        # It was issued: the repetition proves that, and issues nothing.
        ("drop_after", {"unknown|00000001||t"}),
    ],
)
@pytest.mark.parametrize(
    "point", ["begin again", "begun again", "answered again", "settling again"]
)
def test_a_sender_killed_while_it_repeats_issues_once(
    script, simulator, database, point, fault, after
):
    simulator.fault(fault)
    checked(script("invoice().action_post()\ncr.commit(); cr.close()"))
    assert psql(STATES, database) == "unknown|00000001||f"
    assert script(REPEAT_AND_DIE, POINT=point).returncode == -9
    assert psql(STATES, database) == "unknown|00000001||f", "in doubt, as before"
    checked(script(FINISH))
    assert psql(STATES, database) in after
    assert simulator.issued() == ["00000001"]
    number = psql("SELECT control_number FROM smart_document", database)
    assert number in ("", "00-00000001")
    # The doubtful call, the one whose sender died, and the last: a row each.
    calls = psql("SELECT count(*) FROM smart_exchange WHERE operation = 'issue'", database)
    assert calls == ("2" if point == "begin again" else "3")


def test_a_holder_killed_while_it_gives_up_a_dead_senders_document_leaves_it_to_the_next(
    script, simulator, database
):
    assert script(CONFIRM_AND_DIE, POINT="answered").returncode == -9
    assert script(REPEAT_AND_DIE, POINT="lost").returncode == -9
    assert psql(STATES, database) == "sending|00000001||f"
    checked(script(FINISH))
    assert psql(STATES, database) == "unknown|00000001||t"
    assert simulator.issued() == ["00000001"]
    interrupted = "SELECT count(*) FROM smart_exchange WHERE reason = 'interrupted'"
    assert psql(interrupted, database) == "1", "logged once"


@pytest.mark.parametrize("point", ["asked", "aligning"])
def test_a_sender_killed_while_it_aligns_the_numbering_skips_no_number(
    script, simulator, database, point
):
    checked(script("invoice().action_post()\ncr.commit(); cr.close()"))
    psql("UPDATE smart_numbering SET next_number = 9", database)
    checked(script("invoice().action_post()\ncr.postcommit.clear()\ncr.commit(); cr.close()"))
    assert script(REPEAT_AND_DIE, POINT=point).returncode == -9
    checked(script(FINISH))
    assert psql(STATES + " ORDER BY id", database).split() == [
        "issued|00000001|00-00000001|f",
        "issued|00000002|00-00000002|f",
    ]
    assert simulator.issued() == ["00000001", "00000002"]


@pytest.mark.parametrize("point", ["asked", "proving"])
def test_a_sender_killed_while_it_proves_a_refusal_comes_to_the_same_end(
    script, simulator, database, point
):
    simulator.fault("drop_before")
    checked(
        script(
            "invoice().action_post()\n"
            "document = env['smart.document'].search([])\n"
            "document._engine_write({'request_body': document.request_body"
            ".replace('\"idtipodocumento\":1', '\"idtipodocumento\":3')"
            '.replace(\'"relacionado":""\', \'"relacionado":"00-00009999"\')})\n'
            "cr.commit(); cr.close()"
        )
    )
    assert psql(STATES, database) == "unknown|00000001||f"
    assert script(REPEAT_AND_DIE, POINT=point).returncode == -9
    checked(script(FINISH))
    assert psql(STATES, database) == "refused|||f"
    assert simulator.issued() == []

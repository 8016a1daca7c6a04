"""A document that is begun ahead, over real connections: who dies, who waits, who does not."""

import pytest
from conftest import DYING, FINISH, checked
from servers import psql

STATES = "SELECT state, internal_number, control_number FROM smart_document ORDER BY queue_position"
NEXT_NUMBER = "SELECT next_number FROM smart_numbering"

# A batch that waits, and what it takes to send it here and now.
BATCH = """
import threading, time
from odoo.addons.l10n_ve_edi_smart.models.lane.ahead import Ahead
from odoo.addons.l10n_ve_edi_smart.models.lane.lock import LaneLock
from odoo.addons.l10n_ve_edi_smart.models.lane.sender import Sender
from odoo.addons.l10n_ve_edi_smart.smart_api.client import SmartClient

def drain(**options):
    lane = env["smart.lane"].search([])
    key, lane_id = lane._lock_key(), lane.id
    cr.commit()
    with LaneLock(registry, key) as lock:
        Sender(registry, 1, lane_id, lock).run(**options)

moves = env["account.move"].union(*(invoice(100 + n) for n in range(3)))
moves.action_post()
documents = moves.smart_document_id.sudo()
cr.postcommit.clear()
cr.commit()
"""


@pytest.mark.parametrize(
    ("death", "left", "next_number", "unknown"),
    [
        # The second is begun, the answer about the first not yet read.
        (
            "Ahead.begin = dying(Ahead.begin)",
            ["sending|00000001|", "queued||", "queued||"],
            2,
            1,
        ),
        # The first is settled, not committed.
        (
            "Sender._settle = dying(Sender._settle)",
            ["sending|00000001|", "queued||", "queued||"],
            2,
            1,
        ),
        # The first is committed, the second not.
        (
            "Ahead.take = dying(Ahead.take, before=True, times=2)",
            ["issued|00000001|00-00000001", "queued||", "queued||"],
            2,
            None,
        ),
        # The second is committed, but not sent.
        (
            "Ahead.take = dying(Ahead.take, times=2)",
            ["issued|00000001|00-00000001", "sending|00000002|", "queued||"],
            3,
            None,
        ),
        # The second is sent, and the third begun.
        (
            "SmartClient.issue = dying(SmartClient.issue, times=2)",
            ["issued|00000001|00-00000001", "sending|00000002|", "queued||"],
            3,
            2,
        ),
    ],
    ids=["begun", "settling", "settled", "taken", "answered"],
)
def test_a_sender_killed_with_a_document_begun_ahead_issues_each_once(
    script, simulator, database, death, left, next_number, unknown
):
    """But whoever knew the control number of one is dead: that it is issued is proven."""
    process = script(f"{DYING}\n{BATCH}\n{death}\ndrain()")
    assert process.returncode == -9, process.stdout + process.stderr
    assert psql(STATES, database).split() == left
    assert psql(NEXT_NUMBER, database) == str(next_number)
    checked(script(FINISH))
    assert psql(STATES, database).split() == [
        f"unknown|{n:08d}|" if n == unknown else f"issued|{n:08d}|00-{n:08d}" for n in (1, 2, 3)
    ]
    proven = "SELECT count(*) FROM smart_document WHERE state = 'unknown' AND proven_issued"
    assert psql(proven, database) == str(int(bool(unknown)))
    assert simulator.issued() == ["00000001", "00000002", "00000003"]


def test_a_lock_that_is_lost_during_a_call_takes_along_what_was_begun(script, simulator, database):
    checked(
        script(
            BATCH
            + """
begin = Ahead.begin
def begin_and_lose(ahead, *args):
    begin(ahead, *args)
    assert ahead.begun
    with registry.cursor() as other:
        other.execute("SELECT pg_terminate_backend(%s)", [ahead._lock._cr._cnx.get_backend_pid()])
Ahead.begin = begin_and_lose
drain()
cr.close()
"""
        )
    )
    assert psql(STATES, database).split() == [
        "issued|00000001|00-00000001", "queued||", "queued||",
    ]  # fmt: skip
    assert psql(NEXT_NUMBER, database) == "2"
    checked(script(FINISH))
    assert simulator.issued() == ["00000001", "00000002", "00000003"]


def test_an_answer_never_waits_for_who_holds_what_is_to_be_begun(script, simulator, database):
    """Somebody's transaction has the numbering; the control number is stored all the same."""
    seen = checked(
        script(
            BATCH
            + """
moves = invoice(); moves.action_post(); cr.commit()  # sends it and the batch
moves = env["account.move"].union(*(invoice(100 + n) for n in range(2)))
moves.action_post()
documents = moves.smart_document_id.sudo()
cr.postcommit.clear()
cr.commit()
begin, seen = Ahead.begin, []
holder = registry.cursor()
letting_go = threading.Timer(60, holder.rollback)

def begin_while_held(ahead, *args):
    if not seen:
        holder.execute("SELECT id FROM smart_numbering FOR UPDATE")
        letting_go.start()
    begin(ahead, *args)
    seen.append(ahead.begun)

settle = Sender._retrying
def settled(sender, cursor, step, *args, **kwargs):
    result = settle(sender, cursor, step, *args, **kwargs)
    if step.__name__ == "_settle" and not holder.closed:
        assert letting_go.is_alive(), "the numbering was waited for"
        letting_go.cancel()
        with registry.cursor() as other:
            other.execute("SELECT control_number FROM smart_document WHERE id = %s",
                          [documents[0].id])
            print(*other.fetchone())
        holder.close()
    return result
Ahead.begin, Sender._retrying = begin_while_held, settled
drain()
assert seen[0] is False
cr.close()
"""
        )
    )
    assert seen.strip() == "00-00000005"
    assert "queued" not in psql(STATES, database)
    assert simulator.issued() == [f"{number:08d}" for number in range(1, 7)]


@pytest.mark.parametrize(
    ("lost", "left"),
    [
        # What was begun is settled alone, then begun again.
        ("ahead._beside._cnx", "issued|00000002|00-00000002"),
        ("ahead._lock._cr._cnx, ahead._beside._cnx", "queued||"),
    ],
    ids=["second", "both"],
)
@pytest.mark.parametrize("moment", ["begun", "settled"])
def test_a_second_connection_that_is_lost_costs_nothing(
    script, simulator, database, lost, left, moment
):
    checked(
        script(
            BATCH
            + f"""
MOMENT = {moment!r}
begin, settle, ended = Ahead.begin, Sender._settle, []
def end_sessions(ahead):
    if not ended:
        with registry.cursor() as other:
            for connection in ({lost},):
                other.execute("SELECT pg_terminate_backend(%s)", [connection.get_backend_pid()])
        ended.append(1)
def begin_and_lose(ahead, *args):
    begin(ahead, *args)
    assert ahead.begun or ended
    if MOMENT == "begun":
        end_sessions(ahead)
def settle_and_lose(sender, *args):
    result = settle(sender, *args)
    args[0].flush_all()
    if MOMENT == "settled":
        end_sessions(sender._ahead)
    return result
Ahead.begin, Sender._settle = begin_and_lose, settle_and_lose
drain()
cr.close()
"""
        )
    )
    first, second, third = psql(STATES, database).split()
    assert (first, second) == ("issued|00000001|00-00000001", left)
    assert psql("SELECT count(*) FROM smart_exchange", database) == (
        "3" if third.startswith("issued") else "1"
    )
    checked(script(FINISH))
    assert simulator.issued() == ["00000001", "00000002", "00000003"]
    attempts = psql("SELECT string_agg(attempts::text, ',') FROM smart_document", database)
    assert attempts == "1,1,1"


def test_settling_beside_never_waits_for_what_its_own_sender_has_begun(script, simulator, database):
    """As `_restore_number` would, and whatever another addon writes with a document."""
    checked(
        script(
            BATCH
            + """
settle, tried = Sender._settle, []
def settle_and_count(sender, env, *args):
    tried.append(env.cr is not sender._lock._cr)
    env.cr.execute("UPDATE smart_numbering SET missing_numbers = 'x'")
    return settle(sender, env, *args)
Sender._settle = settle_and_count
drain()
# Beside, then alone; the last with nothing begun behind it.
assert tried == [True, False, True, False, False], tried
cr.close()
"""
        )
    )
    assert "queued" not in psql(STATES, database)
    assert simulator.issued() == ["00000001", "00000002", "00000003"]


def test_who_edits_the_numbering_while_it_is_in_use_is_told_so(script, simulator, database):
    checked(
        script(
            BATCH
            + """
from odoo import api
from odoo.exceptions import UserError
begin, told = Ahead.begin, []
def begin_and_edit(ahead, *args):
    begin(ahead, *args)
    with registry.cursor() as other:
        admin = api.Environment(other, env.ref("base.user_admin").id, {})
        try:
            admin["smart.numbering"].search([]).write({"next_number": 50})
        except UserError as error:
            told.append(str(error))
        other.rollback()
Ahead.begin = begin_and_edit
drain()
assert len(told) == 2 and "Try again when the queue is empty" in told[0], told
cr.close()
"""
        )
    )
    assert simulator.issued() == ["00000001", "00000002", "00000003"]


def test_what_is_begun_ahead_can_be_withdrawn_when_the_answer_is_slow(script, simulator, database):
    simulator.fault("delay", seconds=8)
    checked(
        script(
            BATCH
            + """
from odoo.exceptions import UserError
thread = threading.Thread(target=drain)
def is_withdrawn(move):
    try:
        move.button_draft()
        cr.commit()
        return True
    except UserError as error:
        cr.rollback()
        assert "just being processed with SMART" in str(error), error
        return False

begun, tried, begin = threading.Event(), threading.Event(), Ahead.begin
def begin_and_tell(ahead, *args):
    begin(ahead, *args)
    begun.set()
    tried.wait(60)
Ahead.begin = begin_and_tell
thread.start()
assert begun.wait(60)
assert not is_withdrawn(moves[1]), "begun: locked"
tried.set()
while not is_withdrawn(moves[1]):
    assert thread.is_alive(), "the call goes on, and nothing else is locked"
    time.sleep(0.1)
thread.join()
cr.close()
"""
        )
    )
    assert psql(STATES, database).split() == [
        "issued|00000001|00-00000001", "withdrawn||", "issued|00000002|00-00000002",
    ]  # fmt: skip
    assert simulator.issued() == ["00000001", "00000002"]


def test_what_somebody_wrote_during_the_call_is_not_overlooked_by_what_was_read_before(
    script, simulator, database
):
    """The lock was lost, and another sender settled the document: its number stays."""
    checked(
        script(
            BATCH
            + """
begin = Ahead.begin
def begin_and_write(ahead, *args):
    begin(ahead, *args)
    with registry.cursor() as other:
        other.execute("UPDATE smart_document SET state = 'issued', control_number = '00-00000001',"
                      " document_url = 'https://example.com/other' WHERE state = 'sending'")
    Ahead.begin = begin
Ahead.begin = begin_and_write
drain()
cr.close()
"""
        )
    )
    assert psql(STATES, database).split() == [
        f"issued|0000000{number}|00-0000000{number}" for number in (1, 2, 3)
    ]
    first = "SELECT document_url FROM smart_document ORDER BY queue_position LIMIT 1"
    assert psql(first, database) == "https://example.com/other"
    assert psql("SELECT count(*) FROM smart_exchange", database) == "3"
    assert simulator.issued() == ["00000001", "00000002", "00000003"]


@pytest.mark.parametrize(
    "end",
    [
        "drain(on_progress=lambda _done: False)",
        # SIGTERM between the two.
        """
from odoo.addons.l10n_ve_edi_smart.models.lane import server_stop
drain(on_progress=lambda _done: not server_stop._stopping.set())
""",
        # A defect right after the document was settled.
        """
try:
    drain(on_progress=lambda _done: 1 / 0)
except ZeroDivisionError:
    pass
""",
    ],
    ids=["out of time", "stopped", "failed"],
)
def test_a_run_that_ends_between_two_documents_rolls_back_what_was_begun(
    script, simulator, database, end
):
    seen = checked(
        script(
            BATCH
            + """
close = Ahead.close
def close_and_tell(ahead):
    print(ahead.begun, end=" ")
    close(ahead)
    print(ahead.begun)
Ahead.close = close_and_tell
"""
            + end
            + "\ncr.close()"
        )
    )
    assert seen.split() == ["True", "False"]
    assert psql(STATES, database).split() == [
        "issued|00000001|00-00000001", "queued||", "queued||",
    ]  # fmt: skip
    assert psql(NEXT_NUMBER, database) == "2"
    checked(script(FINISH))
    assert simulator.issued() == ["00000001", "00000002", "00000003"]

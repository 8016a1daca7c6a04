"""A document that is begun ahead, over real connections: who dies, who waits, who does not."""

import pytest
from conftest import checked
from servers import psql

STATES = (
    "SELECT state, internal_number, control_number FROM smart_document ORDER BY queue_position"
)
NEXT_NUMBER = "SELECT next_number FROM smart_numbering"

# A batch that waits, and what it takes to send it here and now.
BATCH = """
import threading, time
from odoo.addons.l10n_ve_edi_smart.models.lane_ahead import Ahead
from odoo.addons.l10n_ve_edi_smart.models.lane_lock import LaneLock
from odoo.addons.l10n_ve_edi_smart.models.lane_sender import Sender
from odoo.addons.l10n_ve_edi_smart.smart_api.client import SmartClient

def dying(function, before=False, times=1):
    def wrapper(*args, **kwargs):
        nonlocal times
        times -= 1
        result = None if before and not times else function(*args, **kwargs)
        if not times:
            os.kill(os.getpid(), signal.SIGKILL)
        return result
    return wrapper

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

FINISH = """
env["smart.lane"].search([])._resume()
cr.commit()
env["smart.lane"]._cron_send()
cr.commit()
cr.close()
"""


@pytest.mark.parametrize(
    ("death", "left", "next_number", "after"),
    [
        # The second is begun, the answer about the first not yet read.
        (
            "Ahead.begin = dying(Ahead.begin)",
            ["sending|00000001|", "queued||", "queued||"],
            2,
            "unknown|00000001|",
        ),
        # The first is settled, not committed.
        (
            "Sender._settle = dying(Sender._settle)",
            ["sending|00000001|", "queued||", "queued||"],
            2,
            "unknown|00000001|",
        ),
        # The first is committed, the second not.
        (
            "Ahead.take = dying(Ahead.take, before=True, times=2)",
            ["issued|00000001|00-00000001", "queued||", "queued||"],
            2,
            "issued|00000001|00-00000001",
        ),
        # The second is committed, but not sent.
        (
            "Ahead.take = dying(Ahead.take, times=2)",
            ["issued|00000001|00-00000001", "sending|00000002|", "queued||"],
            3,
            "issued|00000001|00-00000001",
        ),
        # The second is sent, and the third begun.
        (
            "SmartClient.issue = dying(SmartClient.issue, times=2)",
            ["issued|00000001|00-00000001", "sending|00000002|", "queued||"],
            3,
            "issued|00000001|00-00000001",
        ),
    ],
    ids=["begun", "settling", "settled", "taken", "answered"],
)
def test_a_sender_killed_with_a_document_begun_ahead_issues_each_once(
    script, simulator, database, death, left, next_number, after
):
    process = script(f"{BATCH}\n{death}\ndrain()")
    assert process.returncode == -9, process.stdout + process.stderr
    assert psql(STATES, database).split() == left
    assert psql(NEXT_NUMBER, database) == str(next_number)
    checked(script(FINISH))
    first, second, third = psql(STATES, database).split()
    # Issued, but whoever knew its control number is dead: what is then asked for.
    assert first == after
    assert second in ("issued|00000002|00-00000002", "unknown|00000002|")
    assert third == "issued|00000003|00-00000003"
    assert simulator.issued() == ["00000001", "00000002", "00000003"]


def test_a_lock_that_is_lost_during_a_call_takes_along_what_was_begun(
    script, simulator, database
):
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

def begin_while_held(ahead, *args):
    if not seen:
        holder.execute("SELECT id FROM smart_numbering FOR UPDATE")
    begin(ahead, *args)
    seen.append(ahead.begun)

settle = Sender._transaction
def settled(sender, cursor, step, *args, **kwargs):
    result = settle(sender, cursor, step, *args, **kwargs)
    if step.__name__ == "_settle" and not holder.closed:
        with registry.cursor() as other:
            other.execute("SELECT control_number FROM smart_document WHERE id = %s",
                          [documents[0].id])
            print(*other.fetchone())
        holder.close()
    return result
Ahead.begin, Sender._transaction = begin_while_held, settled
drain()
assert seen[0] is False
cr.close()
"""
        )
    )
    assert seen.strip() == "00-00000005"
    assert "queued" not in psql(STATES, database)
    assert simulator.issued() == [f"{number:08d}" for number in range(1, 7)]


def test_what_is_begun_ahead_can_be_withdrawn_when_the_answer_is_slow(
    script, simulator, database
):
    simulator.fault("delay", seconds=4)
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
        assert "being called for this document right now" in str(error), error
        return False

begun, begin = threading.Event(), Ahead.begin
def begin_and_tell(ahead, *args):
    begin(ahead, *args)
    begun.set()
Ahead.begin = begin_and_tell
thread.start()
assert begun.wait(20)
assert not is_withdrawn(moves[1]), "begun: locked"
time.sleep(2)
assert is_withdrawn(moves[1]), "the call goes on, and nothing else is locked"
assert thread.is_alive()
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
from odoo.addons.l10n_ve_edi_smart.models import server_stop
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

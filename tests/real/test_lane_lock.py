"""The lock of a lane over real connections: held, lost, left behind."""

import pytest
from conftest import checked
from servers import psql

TWO = """
from odoo.addons.l10n_ve_edi_smart.models.lane.lock import LaneLock, LaneLostError
from odoo.addons.l10n_ve_edi_smart.models.lane.sender import Sender
lane = env["smart.lane"].search([])
KEY = company.id

def end_session_of(lock):
    with registry.cursor() as other:
        other.execute("SELECT pg_terminate_backend(%s)", [lock._cr._cnx.get_backend_pid()])
"""

QUEUED = """
moves = env["account.move"].union(*(invoice(100 + n) for n in range(3)))
moves.action_post()
cr.postcommit.clear()
cr.commit()
"""


def run(script, code):
    return checked(script(TWO + code + "\ncr.close()"))


def test_the_lock_is_held_by_one_connection_and_free_when_its_process_is_gone(script, database):
    run(
        script,
        """
with LaneLock(registry, KEY) as first, LaneLock(registry, KEY) as second:
    assert first.held and not second.held
with LaneLock(registry, KEY) as third:
    assert third.held
    end_session_of(third)
    with registry.cursor() as other:  # as another process has
        other.execute("SELECT pg_advisory_xact_lock(%s, %s)", [third._lock_class, KEY])
with LaneLock(registry, KEY) as fifth:
    assert fifth.held, "left in the pool by whoever lost it"
""",
    )
    process = script(
        TWO + "lock = LaneLock(registry, KEY).__enter__()\nos.kill(os.getpid(), signal.SIGKILL)"
    )
    assert process.returncode == -9
    run(script, "with LaneLock(registry, KEY, patience=5) as lock: assert lock.held")


def test_without_the_lock_nothing_is_committed(script, database):
    run(
        script,
        """
with LaneLock(registry, KEY) as lock:
    try:
        with lock.transaction() as own:
            own.execute("CREATE TABLE written_without_lock ()")
            end_session_of(lock)
    except LaneLostError:
        pass
    else:
        raise AssertionError("committed without the lock")
    assert not lock.held
    try:
        with lock.transaction() as own:
            raise AssertionError("nobody knows who is sending")
    except LaneLostError:
        pass
""",
    )
    assert psql("SELECT to_regclass('written_without_lock') IS NULL", database) == "t"


def test_a_transaction_that_was_left_open_is_committed_by_nothing_but_its_commit(script, database):
    run(
        script,
        """
def left_open(lock, name):
    with lock.open() as own:
        own.execute(f"CREATE TABLE {name} ()")
    assert lock.is_open

with LaneLock(registry, KEY) as lock:
    left_open(lock, "and_another_transaction_came")
    with lock.transaction() as own:
        own.execute("CREATE TABLE another_transaction ()")
    left_open(lock, "and_committed")
    lock.commit()
    left_open(lock, "and_rolled_back")
    lock.rollback()
    assert not lock.is_open
    lock.rollback()
    try:
        with lock.open() as own:
            own.execute("CREATE TABLE and_failed ()")
            raise KeyError
    except KeyError:
        assert not lock.is_open
    left_open(lock, "and_the_lock_released")  # which itself commits
with LaneLock(registry, KEY) as lock:
    assert lock.held
    left_open(lock, "and_the_connection_lost")
    end_session_of(lock)
    try:
        lock.commit()
    except LaneLostError:
        assert not lock.held and not lock.is_open
    else:
        raise AssertionError("committed without the lock")
with LaneLock(registry, KEY) as lock:
    left_open(lock, "and_the_connection_lost_unnoticed")
    end_session_of(lock)
    lock.rollback()
    assert not lock.held
""",
    )
    created = psql(
        "SELECT relname FROM pg_class WHERE relname LIKE 'and\\_%' OR relname LIKE 'another\\_%'"
        " ORDER BY relname",
        database,
    )
    assert created.split() == ["and_committed", "another_transaction"]


def test_a_session_that_fails_while_it_locks_leaves_no_lock_behind(script, database):
    run(
        script,
        """
ask = LaneLock._ask
def failing(self, query, params):
    answer = ask(self, query, params)
    if "set_config" in query:
        raise KeyboardInterrupt
    return answer
LaneLock._ask = failing
try:
    LaneLock(registry, KEY).__enter__()
except KeyboardInterrupt:
    pass
LaneLock._ask = ask
with LaneLock(registry, KEY, patience=5) as lock:
    assert lock.held
""",
    )


def test_the_holders_session_is_not_ended_for_idling_and_noticed_when_its_host_is_gone(script):
    run(
        script,
        """
with LaneLock(registry, KEY) as lock, lock.transaction() as own:
    own.execute("SELECT name, source FROM pg_settings WHERE name IN"
                " ('tcp_keepalives_idle', 'idle_session_timeout')")
    assert {source for _name, source in own.fetchall()} == {"session"}
""",
    )


@pytest.mark.parametrize("moment", ["before begin", "during the call"])
def test_a_sender_that_lost_its_lock_begins_nothing_more(script, database, simulator, moment):
    run(
        script,
        QUEUED
        + f"""
lane = env["smart.lane"].search([])
begin, issue = Sender._begin_next, None
from odoo.addons.l10n_ve_edi_smart.smart_api.client import SmartClient
issue = SmartClient.issue
calls = []
with LaneLock(registry, KEY) as lock:
    def lost_before(self, env, called_id=None):
        document = begin(self, env, called_id)
        env.flush_all()
        end_session_of(lock)
        return document
    def lost_during(self, body, meanwhile=None):
        calls.append(body)
        end_session_of(lock)
        return issue(self, body, meanwhile)
    if {moment!r} == "before begin":
        Sender._begin_next = lost_before
    else:
        SmartClient.issue = lost_during
    Sender(registry, 1, lane.id, lock).run()
""",
    )
    states = psql("SELECT state FROM smart_document ORDER BY queue_position", database).split()
    if moment == "before begin":
        assert states == ["queued"] * 3
        assert not simulator.calls()
    else:
        # The answer is kept, whoever holds the lane by now.
        assert states == ["issued", "queued", "queued"]
        assert len(simulator.issued()) == 1


def test_what_somebody_has_in_hand_is_not_refused_for_a_request_that_can_no_longer_be_sent(
    script, database, simulator
):
    run(
        script,
        QUEUED
        + """
lane = env["smart.lane"].search([])
documents = moves.smart_document_id.sudo().sorted("queue_position")
documents[0]._engine_write(
    {"request_body": documents[0].request_body.replace('"total":', '"total":1')})
cr.commit()
set_aside, holder = Sender._set_aside, registry.cursor()
def held(self, env, error):
    holder.execute("SELECT FROM smart_document WHERE id = %s FOR UPDATE", [error.document_id])
    return set_aside(self, env, error)
Sender._set_aside = held
with LaneLock(registry, KEY) as lock:
    Sender(registry, 1, lane.id, lock).run()
holder.close()
""",
    )
    states = psql("SELECT state FROM smart_document ORDER BY queue_position", database).split()
    assert states == ["queued"] * 3, "it may be withdrawn just now; nothing passes it meanwhile"
    run(
        script,
        """
with LaneLock(registry, KEY) as lock:
    Sender(registry, 1, lane.id, lock).run()
""",
    )
    states = psql("SELECT state FROM smart_document ORDER BY queue_position", database).split()
    assert states == ["refused", "issued", "issued"]
    assert simulator.issued() == ["00000001", "00000002"]


def test_who_confirms_does_not_collide_with_a_sender_that_pauses_the_lane(script):
    run(
        script,
        QUEUED
        + """
cr.execute("SELECT 1")  # the transaction of whoever confirms has begun
with registry.cursor() as other:
    lane.with_env(env(cr=other)).search([])._pause("the line")
invoice().action_post()
cr.commit()
""",
    )


def test_the_answer_is_stored_when_the_lock_is_lost_and_the_pool_is_full(
    script, database, simulator
):
    run(
        script,
        QUEUED
        + """
from odoo.addons.l10n_ve_edi_smart.smart_api.client import SmartClient
from odoo.sql_db import PoolError
lane = env["smart.lane"].search([])
cursor, issue, failures = type(registry).cursor, SmartClient.issue, []
def full(self, *args, **kwargs):
    if len(failures) < 2:
        failures.append(1)
        raise PoolError("The Connection Pool Is Full")
    return cursor(self, *args, **kwargs)
with LaneLock(registry, KEY) as lock:
    def lost(self, body, meanwhile=None):
        end_session_of(lock)
        type(registry).cursor = full
        return issue(self, body, meanwhile)
    SmartClient.issue = lost
    Sender(registry, 1, lane.id, lock).run()
assert len(failures) == 2
""",
    )
    states = psql("SELECT state FROM smart_document ORDER BY queue_position", database).split()
    assert states == ["issued", "queued", "queued"]
    assert len(simulator.issued()) == 1

# ruff: noqa: F401, F821 - names that come from tests/real/conftest.py, or go to measure_*.py
# What the measurements have in common. Not imported: it runs, before each of them, inside a
# process with Odoo, after those tools: `env`, `cr`, `registry`, `company`, `customer`, `invoice`.
import gc
import json
import statistics
import threading
import time

import requests

from odoo.sql_db import Cursor

from odoo.addons.l10n_ve_edi_smart.models.lane.lock import LaneLock
from odoo.addons.l10n_ve_edi_smart.models.lane.sender import Sender

figures = []


def figure(name, value, unit, goal=None, spread=None):
    """Note a figure.

    :param goal: ``("<=", bound)`` or ``(">=", bound)``
    :param spread: values, of which the middle half is told
    """
    if spread:
        low, _middle, high = statistics.quantiles(spread, n=4)
        spread = [low, high]
    figures.append({"name": name, "value": value, "unit": unit, "goal": goal, "spread": spread})


def finish():
    """Hand the figures over, on the last line of the output."""
    cr.rollback()
    cr.close()
    print(json.dumps(figures))


def lane_of(issuer):
    lane = issuer.env["smart.lane"].search([("issuer_id", "=", issuer.id)])
    key = lane._lock_key()
    issuer.env.cr.commit()  # no old snapshot of this connection keeps dead rows alive
    return lane.id, key


def drain(issuer=None, on_progress=None):
    """Send what waits with the scheduled action's sender, and nothing of what is around it."""
    issuer = issuer or company
    lane_id, key = lane_of(issuer)
    with LaneLock(issuer.env.registry, key) as lock:
        Sender(issuer.env.registry, issuer.env.uid, lane_id, lock).run(on_progress=on_progress)


def queue(count, make=None):
    """Confirm and commit without sending: what waits for the lane."""
    make = make or invoice
    moves = make()
    for _n in range(count - 1):
        moves += make()
    moves.action_post()
    moves.env.cr.postcommit.clear()
    moves.env.cr.commit()
    return moves.smart_document_id


def control(path, body, url=None):
    requests.post((url or os.environ["BENCH_CONTROL"]) + path, json=body, timeout=10)


def counted(function):
    """Return how many queries and commits a call makes, on whatever cursor of this thread."""
    thread, commits, commit = threading.current_thread(), [], Cursor.commit
    thread.query_count = thread.query_time = 0

    def counting(cursor):
        commits.append(cursor)
        return commit(cursor)

    Cursor.commit = counting
    try:
        function()
    finally:
        Cursor.commit = commit
    return thread.query_count, len(commits)


def issued(documents):
    """Make sure that a measurement has measured what it was meant to."""
    documents.env.cr.rollback()
    documents.invalidate_recordset()
    assert set(documents.mapped("state")) == {"issued"}, documents.mapped("last_error")
    documents.env.cr.rollback()


def copies(cursor, table, source_id, count, **columns):
    """Copy a row by SQL, as years of work would add them.

    :param columns: SQL for those that differ, with ``n`` from 1 to ``count``
    """
    cursor.execute(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_schema = current_schema AND table_name = %s AND is_generated = 'NEVER'",
        (table,),
    )
    names = [name for (name,) in cursor.fetchall() if name != "id"]
    chosen = ", ".join(columns.get(name, f'source."{name}"') for name in names)
    into = ", ".join(f'"{name}"' for name in names)
    cursor.execute(
        f"INSERT INTO {table} ({into}) SELECT {chosen}"  # noqa: S608 - from this file alone
        f"  FROM {table} AS source, generate_series(1, %s) AS n WHERE source.id = %s",
        (count, source_id),
    )

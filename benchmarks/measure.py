# ruff: noqa: F821 - the names that the tools bring
# Runs inside a transaction of Odoo, after the tools of tests/real/conftest.py: `env`, `cr`,
# `registry`, `company` and `invoice` are there. Prints the figures as JSON on its last line.
import json
import threading
import time

import requests

from odoo.sql_db import Cursor

from odoo.addons.l10n_ve_edi_smart.models.lane_lock import LaneLock
from odoo.addons.l10n_ve_edi_smart.models.lane_sender import Sender

CONTROL = os.environ["BENCH_CONTROL"]
DOCUMENTS, BATCH = int(os.environ["BENCH_DOCUMENTS"]), int(os.environ["BENCH_BATCH"])
figures = []


def figure(name, value, unit):
    figures.append({"name": name, "value": value, "unit": unit})
    return value


def timed(function):
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def control(path, body):
    requests.post(CONTROL + path, json=body, timeout=10).raise_for_status()


def queue(count):
    """Confirm and commit without sending: what waits for the lane."""
    moves = env["account.move"].union(*(invoice() for _n in range(count)))
    moves.action_post()
    cr.postcommit.clear()
    cr.commit()
    return moves.smart_document_id


def counting_commits(function):
    """Return how often ``function`` commits, on whatever cursor of this process."""
    count = 0
    commit = Cursor.commit

    def counted(cursor):
        nonlocal count
        count += 1
        return commit(cursor)

    Cursor.commit = counted
    try:
        function()
    finally:
        Cursor.commit = commit
    return count


def drain():
    lane = env["smart.lane"].search([("issuer_id", "=", company.id)])
    with LaneLock(registry, lane._lock_key()) as lock:
        Sender(registry, env.uid, lane.id, lock).run()


def bare(bodies, kept_alive):
    """Post the same bodies as drained, by a loop that stores nothing."""
    headers = {
        "Authorization": f"Bearer {company.smart_token}",
        "Content-Type": "application/json",
    }
    session = requests.Session()
    for body in bodies:
        poster = session if kept_alive else requests
        answer = poster.post(
            company.smart_base_url + "/facturacion", data=body.encode(), headers=headers, timeout=30
        )
        assert answer.status_code in (200, 202), answer.text


for delay in (0, 50, 200):
    count = DOCUMENTS if not delay else max(DOCUMENTS // 3, 20)
    documents = queue(count)
    control("/latency", {"ms": delay})
    threading.current_thread().query_count = 0
    threading.current_thread().query_time = 0
    queries = threading.current_thread().query_count
    durations = []
    done = counting_commits(lambda: durations.append(timed(drain)))  # noqa: B023
    [seconds] = durations
    queries = threading.current_thread().query_count - queries
    cr.rollback()
    documents.invalidate_recordset()
    assert set(documents.mapped("state")) == {"issued"}, documents.mapped("last_error")
    bodies = documents.mapped("request_body")
    # Refused as already used, after the same delay: the cheapest that the wire can do.
    alive = timed(lambda: bare(bodies, True))  # noqa: B023
    anew = timed(lambda: bare(bodies, False))  # noqa: B023
    figure(f"drain, {delay} ms of delay", count / seconds, "documents/s")
    figure(f"bare loop, kept alive, {delay} ms", count / alive, "documents/s")
    figure(f"bare loop, new connections, {delay} ms", count / anew, "documents/s")
    figure(f"drain / bare loop, {delay} ms", alive / seconds, "ratio")
    figure(f"SQL queries per document, {delay} ms", queries / count, "queries")
    figure(f"commits per document, {delay} ms", done / count, "commits")

control("/latency", {"ms": 0})


def confirming(count, enabled):
    """Seconds to post ``count`` invoices together, without sending."""
    journal = company.env["account.journal"].search(
        [("company_id", "=", company.id), ("type", "=", "sale")], limit=1
    )
    journal.smart_enabled = enabled
    moves = env["account.move"].union(*(invoice() for _n in range(count)))
    env.flush_all()
    env.invalidate_all()

    def post():
        moves.action_post()
        env.flush_all()

    seconds = timed(post)
    cr.postcommit.clear()
    cr.precommit.clear()
    cr.rollback()
    return seconds


for count, rounds in ((1, 15), (BATCH, 3)):
    # Interleaved, the best of each: the machine's other work disturbs both alike.
    pairs = [(confirming(count, True), confirming(count, False)) for _n in range(rounds)]
    with_addon, without = min(p[0] for p in pairs), min(p[1] for p in pairs)
    figure(f"confirm {count} with the addon", with_addon * 1000 / count, "ms/document")
    figure(f"confirm {count} without", without * 1000 / count, "ms/document")
    figure(f"confirm {count}: with / without", with_addon / without, "ratio")

print(json.dumps(figures))
cr.close()

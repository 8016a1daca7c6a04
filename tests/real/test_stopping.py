"""Servers that are told to stop while they send, or that run into their time limits."""

import contextlib
import signal
import threading

import psutil
import pytest
import requests
from conftest import checked
from servers import OdooError, psql, wait_for

STATES = "SELECT string_agg(DISTINCT state, ',' ORDER BY state) FROM smart_document"
ISSUED = "SELECT count(*) FROM smart_document WHERE state = 'issued'"
INTERRUPTED = "SELECT count(*) FROM smart_exchange WHERE outcome = 'unknown'"

KINDS = pytest.mark.parametrize("options", [(), ("--workers=2",)], ids=["threads", "workers"])


@pytest.fixture
def drafts(script, database):
    """Make drafts; returns their ids and the company."""

    def make(count):
        made = checked(
            script(f"print([invoice().id for _n in range({count})])\ncr.commit(); cr.close()")
        )
        company = psql("SELECT company_id FROM res_users WHERE login = 'admin'", database)
        return [int(text) for text in made.strip("[]\n").split(",")], int(company)

    return make


def slow(simulator, seconds):
    simulator.control("POST", "/latency", {"ms": seconds * 1000})


def resume(server):
    """Press the button: the queue does not wait for the next minute."""
    server.call("smart.lane", "action_resume", server.call("smart.lane", "search", []))


def in_flight(database):
    return psql("SELECT count(*) FROM smart_document WHERE state = 'sending'", database) == "1"


def assert_ended_in_order(server, simulator, database):
    """The call in flight was waited for, and what came of it is stored."""
    server.process.wait(180)
    assert "sending" not in psql(STATES, database)
    assert psql(INTERRUPTED, database) == "0"
    assert psql(ISSUED, database) == str(len(simulator.issued()))


@KINDS
def test_a_server_that_stops_while_it_drains_finishes_the_document_in_flight(
    drafts, simulator, database, start_server, options
):
    ids, company = drafts(8)
    slow(simulator, 2)
    server = start_server(*options)
    server.call("account.move", "action_post", ids, company=company)
    wait_for(lambda: simulator.issued() and in_flight(database), what="sending")
    server.process.terminate()
    assert_ended_in_order(server, simulator, database)
    assert psql(STATES, database) == "issued,queued", "no further one was begun"
    slow(simulator, 0)
    resume(start_server(*options))
    wait_for(lambda: psql(STATES, database) == "issued", what="issue of the rest")
    assert simulator.issued() == [f"{number:08d}" for number in range(1, 9)]


@KINDS
def test_a_server_that_stops_while_somebody_confirms_finishes_the_document(
    drafts, simulator, database, start_server, options
):
    ids, company = drafts(1)
    slow(simulator, 3)
    server = start_server(*options, "--max-cron-threads=0")

    def confirm():
        # Whether the answer still arrives is the server's affair.
        with contextlib.suppress(requests.RequestException, OdooError, ValueError):
            server.call("account.move", "action_post", ids, company=company)

    person = threading.Thread(target=confirm)
    person.start()
    wait_for(lambda: in_flight(database), what="sending")
    server.process.terminate()
    assert_ended_in_order(server, simulator, database)
    assert psql(STATES, database) == "issued"
    person.join()


def test_a_cron_worker_that_is_told_to_stop_ends_between_two_documents(
    drafts, simulator, database, start_server
):
    ids, company = drafts(8)
    slow(simulator, 2)
    server = start_server("--workers=2")
    server.call("account.move", "action_post", ids, company=company)
    wait_for(lambda: simulator.issued() and in_flight(database), what="sending")
    # Odoo makes them nice to the others, a moment after they have started.
    [worker] = wait_for(
        lambda: [
            child for child in psutil.Process(server.process.pid).children() if child.nice() == 10
        ],
        what="the worker for scheduled actions",
    )
    worker.send_signal(signal.SIGINT)  # as its server does
    wait_for(lambda: not worker.is_running(), what="the end of the worker")
    assert psql(INTERRUPTED, database) == "0"
    # Another worker takes its place, and up where it left off.
    slow(simulator, 0)
    resume(server)
    wait_for(lambda: psql(STATES, database) == "issued", what="issue of the rest")
    assert psql(INTERRUPTED, database) == "0"


def test_the_scheduled_action_ends_before_the_time_limit_kills_its_worker(
    drafts, simulator, database, start_server
):
    ids, company = drafts(9)
    slow(simulator, 3)
    server = start_server("--workers=2", "--limit-time-real-cron=20")
    server.call("account.move", "action_post", ids, company=company)

    def all_issued():
        if psql(STATES, database) == "issued":
            return True
        with contextlib.suppress(OdooError):
            resume(server)
        return False

    wait_for(all_issued, "issue", every=2)
    assert psql(INTERRUPTED, database) == "0", "a worker was killed in the middle of a call"
    assert "timeout after" not in server.log.read_text()


def test_what_is_confirmed_over_the_evented_server_is_sent_in_the_background(
    drafts, simulator, database, start_server
):
    # That server is killed without warning when Odoo stops.
    ids, company = drafts(1)
    server = start_server("--workers=2")
    server.url = f"http://127.0.0.1:{server.gevent_port}"

    def confirm():
        with contextlib.suppress(requests.ConnectionError):
            server.call("account.move", "action_post", ids, company=company)
            return True

    wait_for(confirm, what="the evented server")
    wait_for(lambda: simulator.issued(), what="issue")
    wait_for(lambda: psql(STATES, database) == "issued", what="storing")
    who = "SELECT login FROM smart_exchange JOIN res_users ON res_users.id = user_id"
    assert psql(who, database) == "__system__"
    assert simulator.issued() == ["00000001"]


def test_lock_sender_and_client_work_in_an_evented_process(script, simulator, database):
    simulator.fault("delay", seconds=0.5)
    checked(
        script(
            """
import time
import gevent.monkey
from odoo.addons.l10n_ve_edi_smart.models.lane.lock import LaneLock
from odoo.addons.l10n_ve_edi_smart.models.lane.sender import Sender
from odoo.addons.l10n_ve_edi_smart.smart_api.client import SmartClient
from odoo.addons.l10n_ve_edi_smart.smart_api.outcomes import Unknown
assert odoo.evented and gevent.monkey.is_module_patched("threading")
moves = env["account.move"].union(*(invoice() for _n in range(3)))
moves.action_post()
cr.commit()  # sends nothing: it is a batch
lane = env["smart.lane"].search([])
ticks = []
def tick():
    while True:
        ticks.append(1)
        gevent.sleep(0.05)
ticking = gevent.spawn(tick)
with LaneLock(registry, lane._lock_key()) as lock, LaneLock(registry, lane._lock_key()) as other:
    assert lock.held and not other.held
    Sender(registry, env.uid, lane.id, lock).run()
assert len(ticks) > 5, "others went on during the calls"
# The whole call is bounded there too: an answer that drips is cut off.
token, url = company.smart_token, company.smart_base_url
import requests
requests.post(os.environ["CONTROL"] + "/faults", json={"fault": "slow_drip", "seconds": 0.2})
with SmartClient(url, token, total_timeout=2) as client:
    outcome = client.issue(moves[0].smart_document_id.request_body)
assert isinstance(outcome, Unknown) and outcome.reason.value == "read_timeout", outcome
cr.close()
os._exit(0)
""",
            evented=True,
            CONTROL=simulator.ready["control_url"],
        )
    )
    assert simulator.issued() == ["00000001", "00000002", "00000003"]
    assert psql(STATES, database) == "issued"

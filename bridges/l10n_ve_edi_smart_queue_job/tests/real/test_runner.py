"""queue_job's own runner in real servers: documents are issued by jobs, once each, in order."""

import json
import os
import signal
from concurrent.futures import ThreadPoolExecutor

import pytest
from conftest import RIF, checked
from servers import psql, wait_for

from smart_api.sealing import Seal

COMPANY, OTHER_COMPANY = "Comercial La Candelaria, C.A.", "Comercial El Silencio, C.A."
OTHER_RIF = "J-50375790-6"
RUNNER = "--load=base,web,queue_job"

ANOTHER_ISSUER = """
other = company.create({
    "name": "Comercial El Silencio, C.A.", "vat": "J-50375790-6", "street": "Av. Sucre",
    "currency_id": env.ref("base.VES").id, "country_id": env.ref("base.ve").id, "city": "Caracas",
})
env.ref("base.user_admin").company_ids += other
env["account.chart.template"].try_loading("ve", other)
env["res.currency.rate"].create({
    "currency_id": env.ref("base.USD").id, "company_id": other.id, "name": "2020-01-01",
    "inverse_company_rate": 40.5647,
})
cr.commit()
cr.close()
"""

DRAFTS = """
count = int(os.environ["COUNT"])
issuer = env["res.company"].search([("name", "=", os.environ["ISSUER"])])
env = env(context=dict(env.context, allowed_company_ids=issuer.ids))
print([issuer.id, [invoice().id for _n in range(count)]])
cr.commit()
cr.close()
"""

# As if the action did not know of jobs, time and again, until nothing waits.
SCHEDULED_ACTION = """
type(env["smart.lane"])._left_to_scheduled_action = lambda self: self
while env["smart.document"].search_count([("state", "!=", "issued")]):
    env["smart.lane"].search([]).issuer_id._smart_send_waiting()
    cr.commit()
    env.invalidate_all()
cr.close()
"""


@pytest.fixture
def jobs_only(database, monkeypatch):
    """Nobody but jobs does anything in the background; two of them may run at a time."""
    monkeypatch.setenv("ODOO_QUEUE_JOB_CHANNELS", "root:4,root.smart:2")
    psql(
        "UPDATE ir_cron SET active = false WHERE id IN (SELECT res_id FROM ir_model_data"
        " WHERE module = 'l10n_ve_edi_smart' AND name = 'ir_cron_smart_send')"
        " OR id IN (SELECT smart_sending_action_id FROM res_company)",
        database,
    )


@pytest.fixture
def drafts(script):
    """Make drafts of an issuer; returns its company's id and theirs."""

    def make(count, issuer=COMPANY):
        return json.loads(checked(script(DRAFTS, COUNT=str(count), ISSUER=issuer)))

    return make


def connect_other(database, simulator):
    """Have the second company issue through the simulator, too."""
    token = simulator.mint(OTHER_RIF)["token"]
    seal = Seal([psql("SELECT secret FROM smart_token_key", database)])
    psql(
        "UPDATE res_company SET smart_environment = 'custom', "
        f"smart_base_url = '{simulator.url}', smart_token_sealed = '{seal.seal(token)}' "
        f"WHERE name = '{OTHER_COMPANY}'",
        database,
    )


def left(database):
    """Return how many documents wait, or are being sent."""
    count = "SELECT count(*) FROM smart_document WHERE state IN ('queued', 'sending')"
    return int(psql(count, database))


def wake(database):
    """Have the runner look around now; by itself it would within a minute."""
    psql("NOTIFY queue_job, 'nothing'", database)


def rows(database, company):
    """Return number, control number, state and place in the queue of a company's documents."""
    said = psql(
        "SELECT internal_number, control_number, state, queue_position FROM smart_document"
        f" WHERE company_id = {company} ORDER BY queue_position",
        database,
    )
    return [row.split("|") for row in said.splitlines()]


def test_200_documents_of_two_issuers_are_issued_by_jobs_once_each_in_order(
    script, simulator, database, start_server, drafts, jobs_only
):
    checked(script(ANOTHER_ISSUER))
    connect_other(database, simulator)
    issuers = [(*drafts(100), RIF), (*drafts(100, OTHER_COMPANY), OTHER_RIF)]
    server = start_server(RUNNER, "--workers=4")
    clients = [server.another_client() for _issuer in issuers]

    def confirm(number):
        company, ids, _rif = issuers[number]
        size = 2  # one alone would be sent at once
        while ids:
            chunk, ids = ids[:size], ids[size:]
            clients[number].call("account.move", "action_post", chunk, company=company)
            size = 3 + size % 9

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(confirm, range(2)))
    wait_for(lambda: not left(database), "the end of the queues")
    expected = [f"{number:08d}" for number in range(1, 101)]
    for company, _ids, rif in issuers:
        mine = simulator.documents(f"?summary=1&rif={rif}")
        assert [one["internal_number"] for one in mine] == expected
        assert [row[:2] for row in rows(database, company)] == [
            [one["internal_number"], one["control_number"]] for one in mine
        ], "once each, in the order of posting"
    wait_for(
        lambda: psql("SELECT count(*) FROM queue_job WHERE state != 'done'", database) == "0",
        "the end of the jobs",
    )


def test_jobs_and_the_scheduled_action_together_send_nothing_twice(
    script, simulator, database, start_server, drafts, jobs_only
):
    company, ids = drafts(40)
    server = start_server(RUNNER, "--workers=2")
    simulator.control("POST", "/latency", {"ms": 20})

    def confirm():
        for first in range(0, len(ids), 4):
            server.call("account.move", "action_post", ids[first : first + 4], company=company)

    with ThreadPoolExecutor(2) as pool:
        confirming = pool.submit(confirm)
        acting = [pool.submit(script, SCHEDULED_ACTION)]
        confirming.result()
        acting.append(pool.submit(script, SCHEDULED_ACTION))
        for process in acting:
            checked(process.result())
    expected = [f"{number:08d}" for number in range(1, 41)]
    assert simulator.issued() == expected
    assert [row[0] for row in rows(database, company)] == expected


def test_a_service_that_is_not_there_delays_the_jobs_and_fails_none(
    simulator, database, start_server, drafts, jobs_only
):
    company, ids = drafts(4)
    server = start_server(RUNNER)  # without workers, the runner is a thread
    simulator.fault("refuse", seconds=3600)
    server.call("account.move", "action_post", ids, company=company)
    paused = "SELECT count(*) FROM smart_lane WHERE paused_until IS NOT NULL"
    wait_for(lambda: psql(paused, database) == "1", "the pause")
    simulator.control("DELETE", "/faults")
    wait_for(lambda: not left(database), "the end of the queue")
    assert simulator.issued() == [f"{number:08d}" for number in range(1, 5)]
    assert psql("SELECT count(*) FROM queue_job WHERE state = 'failed'", database) == "0"


@pytest.mark.parametrize("killed", ["the worker", "the server"])
def test_a_job_that_is_killed_leaves_nothing_twice_and_nothing_lost(
    simulator, database, start_server, drafts, jobs_only, killed
):
    company, ids = drafts(40)
    server = start_server(RUNNER, "--workers=2")
    simulator.control("POST", "/latency", {"ms": 60})
    server.call("account.move", "action_post", ids, company=company)
    wait_for(lambda: len(simulator.issued()) >= 5, "the first documents")
    simulator.control("POST", "/latency", {"ms": 5000})  # it is killed while it waits for an answer
    running = "SELECT worker_pid FROM queue_job WHERE state = 'started'"
    pid = int(wait_for(lambda: psql(running, database), "a turn of the job"))
    if killed == "the worker":
        os.kill(pid, signal.SIGKILL)
    else:
        server.kill()
        start_server(RUNNER, "--workers=2")
    assert left(database), "it was killed at work"
    simulator.control("POST", "/latency", {"ms": 0})

    def ended():
        wake(database)
        return not left(database)

    wait_for(ended, "the end of the queue")
    ledger = {one["internal_number"]: one["control_number"] for one in simulator.documents()}
    numbers = [f"{number:08d}" for number in range(1, 41)]
    assert simulator.issued() == numbers, "each once"
    found = rows(database, company)
    assert [row[0] for row in found] == numbers
    # Of what was under way there is proof that it was issued, and no number but by a person.
    doubtful = [row for row in found if row[2] != "issued"]
    assert len(doubtful) <= 1
    assert all(row[2] == "unknown" and not row[1] for row in doubtful)
    assert all(ledger[row[0]] == row[1] for row in found if row[2] == "issued")
    proven = "SELECT count(*) FROM smart_document WHERE state = 'unknown' AND NOT proven_issued"
    assert psql(proven, database) == "0"

"""Issuers side by side, and whoever confirms: nobody waits for another's network."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from conftest import checked
from servers import Server, psql, wait_for

from lab.simulator.testing import SimulatorProcess
from smart_api.sealing import Seal

OTHER, OTHER_RIF = "Comercial El Silencio, C.A.", "J-50375790-6"
#: Each call, until the faults are cleared: the client gives up, and the next one hangs as well.
HANGING = {"path": "/facturacion", "seconds": 45, "count": 50}

MADE = """
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
made = {}
for issuer in (company, other):
    env = env(context=dict(env.context, allowed_company_ids=issuer.ids))
    made[issuer.id] = [invoice().id for _n in range(6)]
print(list(made.items()))
cr.commit()
cr.close()
"""

COUNT = "SELECT count(*) FROM smart_document WHERE state = '%s' AND issuer_id = %s"


@pytest.fixture
def issuers(script, database, simulator):
    """Two issuers with drafts, each with a service of its own: pairs of company and drafts."""
    made = checked(script(MADE)).strip().splitlines()[-1]
    another = SimulatorProcess()
    token = another.mint(OTHER_RIF)["token"]
    seal = Seal([psql("SELECT secret FROM smart_token_key", database)])
    psql(
        "UPDATE res_company SET smart_environment = 'custom', "
        f"smart_base_url = '{another.url}', smart_token_sealed = '{seal.seal(token)}' "
        f"WHERE name = '{OTHER}'",
        database,
    )
    checked(script("env['res.company'].search([])._smart_make_actions_of_issuers()\ncr.commit()"))
    # Odoo's other scheduled actions, all due in a fresh database, would take the threads.
    psql(
        "UPDATE ir_cron SET active = false WHERE cron_name NOT LIKE 'SMART: %'",
        database,
    )
    yield json.loads(made.replace("(", "[").replace(")", "]"))
    another.stop()


def in_state(database, state, company):
    return int(psql(COUNT % (state, company), database))


def test_an_issuer_whose_service_hangs_delays_no_other(issuers, database, simulator, start_server):
    (first, hanging), (second, drafts) = issuers
    server = start_server("--max-cron-threads=2")
    simulator.fault("delay_before", **HANGING)
    server.call("account.move", "action_post", hanging, company=first)
    wait_for(lambda: in_state(database, "sending", first) == 1, what="the call that hangs")
    server.call("account.move", "action_post", drafts, company=second)
    wait_for(lambda: in_state(database, "issued", second) == len(drafts), what="the other's issue")
    assert in_state(database, "issued", first) == 0, "its calls still hang"


def test_who_confirms_one_is_back_before_a_slow_service_answers(
    issuers, database, simulator, start_server
):
    [[company, drafts], _other] = issuers
    psql("UPDATE res_company SET smart_wait_seconds = 1", database)
    server = start_server("--max-cron-threads=2")
    server.call("account.move", "action_post", drafts[:1], company=company)
    wait_for(lambda: in_state(database, "issued", company) == 1, what="the first issue")
    # It was slow before: then no request sends by itself, however busy the scheduler is.
    psql("UPDATE smart_exchange SET duration_ms = 20000", database)
    simulator.fault("delay_before", **HANGING)
    server.call("account.move", "action_post", drafts[1:2], company=company)
    [row] = server.call(
        "account.move", "read", drafts[1:2], ["state", "smart_state"], company=company
    )
    assert (row["state"], row["smart_state"]) in (("posted", "sending"), ("posted", "queued"))
    assert in_state(database, "issued", company) == 1, "the service had not answered yet"
    wait_for(lambda: in_state(database, "sending", company) == 1, what="the call")
    # Nor does whoever comes next wait for it.
    server.call("account.move", "action_post", drafts[2:3], company=company)
    assert in_state(database, "issued", company) == 1


def test_who_confirms_one_sees_its_number_whether_the_scheduler_runs_or_not(
    issuers, database, simulator, start_server
):
    [[company, drafts], _other] = issuers
    psql("UPDATE res_company SET smart_wait_seconds = 30", database)
    for threads in (0, 1):
        server = start_server(f"--max-cron-threads={threads}")
        draft = [drafts.pop()]
        server.call("account.move", "action_post", draft, company=company)
        [row] = server.call("account.move", "read", draft, ["smart_state"], company=company)
        assert row["smart_state"] == "issued", threads
        server.stop()


def test_who_does_not_want_to_wait_does_not(issuers, database, simulator, start_server):
    [[company, drafts], _other] = issuers
    psql("UPDATE res_company SET smart_wait_seconds = 0", database)
    server = start_server("--max-cron-threads=0")
    server.call("account.move", "action_post", drafts[:1], company=company)
    assert not simulator.calls()
    assert in_state(database, "queued", company) == 1


def test_fifty_cashiers_confirm_at_once_and_no_connection_is_missing(
    script, database, tmp_path, request
):
    """Odoo's own pool: 64 connections, of which each request has one for as long as it runs."""
    out = checked(
        script("print([invoice(100 + n).id for n in range(50)])\ncr.commit()\ncr.close()")
    )
    drafts = json.loads(out.strip().splitlines()[-1])
    psql("UPDATE res_company SET smart_wait_seconds = 60", database)
    # Not a forked one: that has the pool of its parent.
    server = Server(
        database, tmp_path / "odoo.log", "--log-level=info", "--max-cron-threads=2",
        "--db_maxconn=64",
    )  # fmt: skip
    request.addfinalizer(server.stop)
    server.login()
    clients = [server.another_client() for _draft in drafts]
    with ThreadPoolExecutor(len(drafts)) as pool:
        done = [
            pool.submit(client.call, "account.move", "action_post", [draft])
            for client, draft in zip(clients, drafts, strict=True)
        ]
        for one in done:
            one.result()
    wait_for(
        lambda: (
            psql("SELECT count(*) FROM smart_document WHERE state = 'issued'", database) == "50"
        ),
        what="all numbers",
    )
    numbers = "SELECT count(DISTINCT control_number) FROM smart_document"
    assert psql(numbers, database) == "50"
    log = server.log.read_text(encoding="utf-8")
    assert "Connection Pool Is Full" not in log


def test_fifty_who_wait_for_a_lane_need_no_fifty_connections(script, database):
    out = checked(
        script(
            """
import threading, time
from odoo.addons.l10n_ve_edi_smart.models.lane.lock import LaneLock
KEY = company.id
cr.commit()
started, got = threading.Semaphore(0), []
def wait():
    started.release()
    with LaneLock(registry, KEY, patience=100) as lock:
        got.append(lock.held)
def sessions():
    # Without PostgreSQL's own vacuum, which comes and goes.
    cr.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
               " AND backend_type = 'client backend'")
    [(count,)] = cr.fetchall()
    cr.rollback()
    return count
# Another process has it: one of the fifty waits in PostgreSQL.
with registry.cursor() as other:
    other.execute("SELECT pg_advisory_lock(%s, %s)", [LaneLock(registry, KEY)._lock_class, KEY])
    before = sessions()
    threads = [threading.Thread(target=wait) for _n in range(50)]
    for thread in threads:
        thread.start()
    for _n in range(50):
        started.acquire()
    waiting = ("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
               " AND wait_event_type = 'Lock'")
    count = 0
    while not count:
        cr.execute(waiting)
        [(count,)] = cr.fetchall()
        cr.rollback()
        time.sleep(0.05)
    print(count, sessions() - before, len(got))
    other.execute("SELECT pg_advisory_unlock_all()")
for thread in threads:
    thread.join()
print(len(got), all(got))
cr.close()
"""
        )
    )
    assert out.split() == ["1", "1", "0", "50", "True"]


def test_waiting_in_vain_leaves_the_connection_usable(script, database):
    checked(
        script(
            """
from odoo.addons.l10n_ve_edi_smart.models.lane.lock import LaneLock
KEY = company.id
with registry.cursor() as other:
    other.execute("SELECT pg_advisory_lock(%s, %s)", [LaneLock(registry, KEY)._lock_class, KEY])
    with LaneLock(registry, KEY, patience=0.3) as lock:
        assert not lock.held
    other.execute("SELECT pg_advisory_unlock_all()")
with LaneLock(registry, KEY, patience=5) as lock, lock.transaction() as own:
    own.execute("SELECT current_setting('lock_timeout')")
    assert own.fetchone() == ("0",)
cr.close()
"""
        )
    )


def test_while_a_file_is_fetched_no_transaction_is_open_and_the_lane_is_free(script, database):
    out = checked(
        script(
            """
from odoo.addons.l10n_ve_edi_smart.models.document import document_file
from odoo.addons.l10n_ve_edi_smart.models.lane.lock import LaneLock
fetch, seen = document_file.fetch_pdf, []
def looking(*args, **kwargs):
    with odoo.sql_db.db_connect("postgres").cursor() as other:
        other.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"
            " AND state LIKE 'idle in transaction%%'", [cr.dbname])
        seen.append(other.fetchone()[0])
    with LaneLock(registry, company.id) as lock:
        seen.append(lock.held)
    return fetch(*args, **kwargs)
document_file.fetch_pdf = looking
issuer = env["res.company"].browse(company.id)
move = invoice()
move.action_post()
cr.commit()
issuer._smart_do_errands()
cr.commit()
print(seen, bool(move.smart_document_id.document_file))
cr.close()
"""
        )
    )
    assert out.strip() == "[0, True] True"


def test_a_server_that_is_killed_at_a_turn_leaves_nothing_stuck(
    issuers, database, simulator, start_server
):
    [[company, drafts], _other] = issuers
    server = start_server("--max-cron-threads=2")
    simulator.fault("delay_before", **HANGING)
    server.call("account.move", "action_post", drafts, company=company)
    wait_for(lambda: in_state(database, "sending", company) == 1, what="the call that hangs")
    server.kill()
    simulator.control("DELETE", "/faults")
    start_server("--max-cron-threads=2")
    wait_for(lambda: in_state(database, "issued", company) == len(drafts), what="issue")
    assert simulator.issued() == [f"{number:08d}" for number in range(1, len(drafts) + 1)]

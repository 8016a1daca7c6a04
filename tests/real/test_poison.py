"""A document on which the service dies at every attempt, and fifty that wait behind it."""

from functools import partial

import pytest
from conftest import RIF, TOOLS, checked, connect
from preloaded import ForkedServer, run_script, shorten_quiet
from servers import copied, psql, wait_for

from lab.simulator.testing import SimulatorProcess

BEHIND = 50
STATES = "SELECT string_agg(state, ',' ORDER BY queue_position) FROM smart_document"
NUMBERS = "SELECT string_agg(control_number, ',' ORDER BY queue_position) FROM smart_document"
ATTEMPTS = "SELECT count(*) FROM smart_exchange WHERE operation = 'issue' AND outcome = 'unknown'"

CONFIRM = f"""
poison = invoice()
poison.invoice_line_ids.name = "VENENO"
moves = poison.union(*(invoice() for _n in range({BEHIND})))
moves.action_post()
cr.commit()
cr.close()
"""


@pytest.fixture
def dying_service(tmp_path):
    """A service that is started again whenever it dies."""
    running = SimulatorProcess("--respawn", "--state", str(tmp_path / "ledger.sqlite"))
    running.mint(RIF)
    yield running
    running.stop()


@pytest.fixture
def database(prepared, dying_service):
    with copied(prepared) as name:
        connect(name, dying_service)
        yield name


@pytest.fixture
def server(database, tmp_path):
    """A server that does not wait five minutes for requests that are late."""
    started = ForkedServer(database, tmp_path / "odoo.log", prepare=partial(shorten_quiet, 5))
    started.login()
    yield started
    started.stop()


@pytest.mark.parametrize(("fault", "issued"), [("die_before", False), ("die", True)])
def test_it_steps_aside_and_fifty_behind_it_are_issued_once_each_and_in_order(
    dying_service, database, server, fault, issued
):
    dying_service.poison("VENENO", fault)
    checked(run_script(database, TOOLS + CONFIRM))

    def all_settled():
        # Nobody waits for the pauses, which take minutes.
        server.call("smart.lane", "action_resume", server.call("smart.lane", "search", []))
        return psql(STATES, database).count("issued") == BEHIND

    wait_for(all_settled, "issue", every=1)
    last = BEHIND + issued
    assert dying_service.issued() == [f"{number:08d}" for number in range(1, last + 1)]
    numbers = [f"00-{number:08d}" for number in range(1 + issued, last + 1)]
    assert psql(NUMBERS, database) == ",".join(numbers)
    state = "unknown" if issued else "refused"
    assert psql(STATES, database) == ",".join([state, *["issued"] * BEHIND])
    proven = "SELECT coalesce(proven_issued, false) FROM smart_document ORDER BY id LIMIT 1"
    assert psql(proven, database) == ("t" if issued else "f")
    assert int(psql(ATTEMPTS, database)) >= (2 if issued else 3)

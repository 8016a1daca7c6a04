"""Goods leave and the sender is killed exactly between two commits: they have one document."""

import pytest
from conftest import DYING_AT_POINT, TOOLS, checked, run_scheduled_action
from deliveries import DELIVERIES
from preloaded import run_script
from servers import psql, wait_for

STATES = (
    "SELECT picking.state, document.state, document.control_number"
    " FROM stock_picking AS picking"
    " LEFT JOIN smart_document AS document ON document.picking_id = picking.id"
    # Demo data brings transfers, and the scheduler makes more.
    " WHERE picking.company_id = (SELECT company_id FROM res_users WHERE login = 'admin')"
    " ORDER BY picking.id"
)
VALIDATE = """
picking = delivery()
assert picking.button_validate() is True
cr.commit(); print(picking.id); cr.close()
"""
DIE_WHILE_VALIDATING = {
    # Validated and queued, not committed: nothing has left.
    "validated": "env.flush_all(); os.kill(os.getpid(), signal.SIGKILL)",
    # Committed, and the sender has not begun.
    "queued": "Document._begin = dying(Document._begin, before=True); cr.commit()",
}


@pytest.fixture
def world(database, simulator):
    """Runs scripts on a database whose company has issued one delivery, and tells the states."""

    def run(code, **environ):
        return run_script(database, TOOLS + DELIVERIES + code, **environ)

    run.states = lambda: psql(STATES, database).splitlines()
    checked(run(VALIDATE))
    assert run.states() == ["done|issued|00-00000001"]
    return run


@pytest.mark.parametrize(
    ("point", "left"),
    [
        ("queued", "done|queued|"),
        ("begin", "done|queued|"),
        ("begun", "done|sending|"),
        ("answered", "done|sending|"),
        ("settling", "done|sending|"),
        ("settled", "done|issued|00-00000002"),
    ],
)
def test_a_delivery_whose_sender_is_killed_has_one_document_and_gets_its_number(
    world, simulator, start_server, point, left
):
    die = "picking = delivery()\ncr.commit()\npicking.button_validate()\n"
    die += DIE_WHILE_VALIDATING.get(point, "cr.commit()")
    process = world(DYING_AT_POINT + die, POINT=point)
    assert process.returncode == -9, process.stderr
    assert world.states()[1:] == [left]
    server = start_server()
    run_scheduled_action(server)
    wait_for(lambda: "sending" not in str(world.states()), what="what the action makes of it")
    # The company goes on; what it issues next shows which number is the missing one's.
    checked(world(VALIDATE))
    number = ["done|issued|00-00000001", "done|issued|00-00000002", "done|issued|00-00000003"]
    wait_for(lambda: world.states() == number, what="the control numbers of all")
    assert simulator.issued() == ["00000001", "00000002", "00000003"]


def test_a_delivery_that_is_killed_before_its_commit_has_not_left(world, simulator):
    die = "picking = delivery()\ncr.commit()\npicking.button_validate()\n"
    process = world(DYING_AT_POINT + die + DIE_WHILE_VALIDATING["validated"], POINT="")
    assert process.returncode == -9, process.stderr
    assert world.states() == ["done|issued|00-00000001", "assigned||"]
    assert simulator.issued() == ["00000001"]

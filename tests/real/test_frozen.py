"""A sender whose host stands still: it comes back when others have taken over."""

import os
import signal
import threading
from pathlib import Path

from conftest import FINISH, checked
from servers import CLIENTS, psql, wait_for

STATES = "SELECT state, internal_number, control_number FROM smart_document ORDER BY queue_position"

FREEZE = """
from odoo.addons.l10n_ve_edi_smart.models.lane.ahead import Ahead
moves = env["account.move"].union(*(invoice(100 + n) for n in range(3)))
moves.action_post()
cr.postcommit.clear()
cr.commit()
begin = Ahead.begin
def begin_and_freeze(ahead, *args):
    begin(ahead, *args)
    assert ahead.begun
    Ahead.begin = begin
    open(os.environ["PID"], "w").write(str(os.getpid()))
    os.kill(os.getpid(), signal.SIGSTOP)
Ahead.begin = begin_and_freeze
lane = env["smart.lane"].search([])
lane._send_inline(moves[2].smart_document_id.id, registry, 1)
cr.close()
"""


def test_a_sender_that_stood_still_keeps_its_answer_and_sends_nothing_more(
    script, simulator, database, tmp_path
):
    pid = Path(tmp_path, "pid")
    ended = []
    sender = threading.Thread(target=lambda: ended.append(script(FREEZE, PID=str(pid))))
    sender.start()
    wait_for(lambda: ended or pid.exists() and pid.read_text(), what="the freezing")
    assert not ended, ended
    # PostgreSQL gives it up, as it does within a minute when a host does not answer.
    psql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        f" WHERE datname = '{database}' AND {CLIENTS}"
    )
    checked(script(FINISH))
    assert psql(STATES, database).split() == [
        "unknown|00000001|", "issued|00000002|00-00000002", "issued|00000003|00-00000003",
    ]  # fmt: skip
    os.kill(int(pid.read_text()), signal.SIGCONT)
    sender.join(60)
    assert psql(STATES, database).split() == [
        f"issued|0000000{number}|00-0000000{number}" for number in (1, 2, 3)
    ], ended
    assert simulator.issued() == ["00000001", "00000002", "00000003"]
    # The frozen call, the repetition that proved it, and the two others: nobody sent one twice.
    assert len([call for call in simulator.calls() if call["path"] == "/facturacion"]) == 4

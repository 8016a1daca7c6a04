"""The plan of ``./dev chaos``, and that its verdict finds what it is there to find."""

import json
import os
import signal
from datetime import datetime

import pytest
import requests

from lab.chaos import plan as plans
from lab.chaos.conduct import flaws, met_share
from lab.chaos.person import Person
from lab.chaos.verdict import COLUMNS, Verdict
from lab.simulator.testing import SimulatorProcess


def test_the_same_seed_draws_the_same_plan_and_another_seed_another():
    assert plans.draw(7, 200, 60) == plans.draw(7, 200, 60)
    assert plans.draw(7, 200, 60) != plans.draw(8, 200, 60)


def test_every_kind_of_fault_comes_and_exactly_as_many_as_asked_for():
    kinds = [fault.kind for fault in plans.draw(1, 100, 45).faults]
    assert len(kinds) == 45
    assert set(kinds) == {*plans.PROCESS_FAULTS, *plans.SERVICE_FAULTS}


def test_a_foreign_postgresql_is_never_restarted():
    kinds = {fault.kind for fault in plans.draw(1, 100, 300, postgres=False).faults}
    assert not kinds & set(plans.POSTGRES_FAULTS)


def test_notes_come_after_what_they_are_about_and_each_document_is_confirmed_once():
    plan = plans.draw(3, 500, 0)
    seen = set()
    for confirmation in plan.confirmations:
        for number in confirmation.documents:
            origin = plan.documents[number].origin
            assert origin is None or origin in seen
        seen.update(confirmation.documents)
    assert sorted(seen) == list(range(500))
    assert {document.kind for document in plan.documents} == {*plans.WEIGHTS, plans.POISON}


def test_where_goods_are_moved_a_share_of_the_documents_is_theirs():
    documents = plans.draw(3, 500, 0, deliveries=True).documents
    kinds = [document.kind for document in documents]
    assert set(kinds) == {*plans.WEIGHTS, *plans.DELIVERY_WEIGHTS, plans.POISON}
    assert sum(kind in plans.DELIVERY_WEIGHTS for kind in kinds) > 80
    assert all(one.origin is None for one in documents if one.kind in plans.DELIVERY_WEIGHTS)


def test_some_documents_are_poison_of_every_kind_and_no_note_is_about_one():
    for count, expected in ((10, 0), (30, 1), (100, 5), (1000, 10)):
        documents = plans.draw(1, count, 0).documents
        poisons = [one.poison for one in documents if one.kind == plans.POISON]
        assert len(poisons) == expected
        assert set(poisons) == set(plans.POISONS) if expected >= 5 else True
        assert all(documents[one.origin].poison is None for one in documents if one.origin)


def test_a_server_judges_only_after_the_longest_delay_of_the_plan():
    assert plans.draw(1, 100, 300).quiet_seconds() > 33 + 5
    assert plans.draw(1, 100, 30).quiet_seconds() < 20


class Rows:
    """The rows of some documents as the database gives them."""

    def __init__(self, documents):
        self._documents = documents

    def rows(self, _query, _ids):
        return [tuple(document[name] for name in COLUMNS) for document in self._documents]


def document(number, **values):
    return {
        "id": number,
        "owner_id": number,
        "name": f"INV/{number}",
        "owner_state": "posted",
        "state": "issued",
        "document_type": "invoice",
        "internal_number": f"{number:08d}",
        "internal_sequence": number,
        "reserved_sequence": 0,
        "control_number": f"00-{number:08d}",
        "proven_issued": False,
        "witness_id": None,
        "last_error": None,
        "request_body": json.dumps({"total": 100.0 + number}),
        "related_name": None,
        "related_state": None,
        "refusal_code": None,
        "vain_attempts": 0,
    } | values


def issued(number, **values):
    return {
        "document_type": 1,
        "internal_number": f"{number:08d}",
        "control_number": f"00-{number:08d}",
        "tracking_id": f"0.AAAA.{number}",
        "total": 100.0 + number,
    } | values


def judge(documents, ledger, enforced=True, kind="invoice"):
    owners = [("account.move", document["id"]) for document in documents]
    return Verdict(Rows(documents), owners, [kind] * len(owners), ledger, enforced)


def test_a_ledger_that_agrees_holds():
    verdict = judge([document(1), document(2)], [issued(1), issued(2)])
    assert verdict.holds
    assert verdict.states() == {"issued": 2}
    assert verdict.witnessed == 0


def test_what_a_printed_document_settled_is_counted_and_must_be_right_as_well():
    settled = document(1, witness_id=7)
    assert judge([settled, document(2)], [issued(1), issued(2)]).witnessed == 1
    assert not judge([settled | {"control_number": "00-00000002"}], [issued(1), issued(2)]).holds


UNKNOWN = {"state": "unknown", "control_number": None, "last_error": "No answer came."}


def test_a_document_that_odoo_names_as_unknown_is_left_for_a_person_and_not_lost():
    for enforced, proven in ((True, True), (False, False)):
        verdict = judge([document(1, proven_issued=proven, **UNKNOWN)], [issued(1)], enforced)
        assert verdict.holds
        assert verdict.for_a_person == {"INV/1": "unknown: No answer came."}


def test_with_enforced_numbering_a_doubt_that_nobody_found_out_is_unexplained():
    verdict = judge([document(1, **UNKNOWN), document(2, **UNKNOWN)], [issued(1)])
    assert len(verdict.unexplained) == 2
    assert not verdict.for_a_person
    assert not verdict.holds


REFUSED = {
    "state": "refused", "control_number": None, "internal_sequence": 0, "internal_number": None,
    "last_error": "SMART refused.", "refusal_code": 11,
}  # fmt: skip


@pytest.mark.parametrize("enforced", [True, False])
def test_a_refusal_is_explained_where_the_plan_drew_it_and_nowhere_else(enforced):
    assert judge([document(1, **REFUSED)], [], enforced, kind="refused").holds
    for kind in ("invoice", "credit_note", "debit_note"):
        verdict = judge([document(1, **REFUSED)], [], enforced, kind=kind)
        assert verdict.unexplained
        assert not verdict.holds


@pytest.mark.parametrize("kind", plans.POISONS)
def test_poison_ends_refused_where_its_number_can_prove_free_and_is_counted_apart(kind):
    without = document(1, **REFUSED | {"refusal_code": None})
    for enforced in (True, False):
        verdict = judge([without], [], enforced, kind)
        may = not plans.POISONS[kind]
        assert verdict.holds is may
        assert verdict.drawn == ({"INV/1": "refused: SMART refused."} if may else {})
        assert not verdict.for_a_person
        lost = judge([without], [issued(1)], enforced, kind)
        assert lost.lost
    assert judge([document(1, **UNKNOWN)], [], enforced=False, kind=kind).for_a_person


@pytest.mark.parametrize("code", [8, 9, 12, 4, None])
def test_even_a_drawn_document_may_not_end_refused_for_another_reason(code):
    verdict = judge([document(1, **REFUSED | {"refusal_code": code})], [], kind="refused")
    assert verdict.unexplained
    assert not verdict.holds


@pytest.mark.parametrize(
    ("kind", "documents", "ledger"),
    [
        (
            "duplicates",
            [document(1)],
            [issued(1), issued(2, tracking_id="9.AAAA.1")],
        ),
        (
            "duplicates",
            [document(1), document(2)],
            [issued(1), issued(2, internal_number="00000001")],
        ),
        ("lost", [document(1, state="queued", control_number=None)], [issued(1)]),
        ("lost", [document(1, state="refused", control_number=None)], [issued(1)]),
        ("wrong", [document(1)], []),
        ("wrong", [document(1)], [issued(1, total=99.0)]),
        ("wrong", [document(1)], [issued(1, document_type=3)]),
        ("wrong", [document(1, proven_issued=True, **UNKNOWN)], []),
        ("wrong", [document(1, **UNKNOWN)], [issued(1, internal_number="00000007")]),
        (
            "wrong",
            [
                document(1, control_number="00-00000002"),
                document(2, control_number="00-00000001"),
            ],
            [issued(1), issued(2)],
        ),
        ("gaps", [document(1), document(3)], [issued(1), issued(3)]),
        ("gaps", [document(1), document(2, internal_sequence=1)], [issued(1), issued(2)]),
        ("unexplained", [document(1, **UNKNOWN | {"last_error": None})], [issued(1)]),
        ("unexplained", [document(1, state="sending", control_number=None)], []),
        ("unexplained", [document(1, state=None, control_number=None)], []),
        ("unexplained", [document(1, owner_state="draft")], [issued(1)]),
        ("unexplained", [document(1, state="queued", control_number=None)], []),
    ],
)
def test_each_break_of_the_promise_is_found(kind, documents, ledger):
    verdict = judge(documents, ledger)
    assert getattr(verdict, kind)
    assert not verdict.holds


def test_a_gap_breaks_the_promise_unless_its_number_is_kept_for_what_was_refused():
    for enforced in (True, False):
        assert not judge([document(1), document(3)], [issued(1), issued(3)], enforced).holds
    kept = document(2, **REFUSED | {"reserved_sequence": 2})
    verdict = judge([document(1), kept, document(3)], [issued(1), issued(3)], False, "refused")
    assert not verdict.gaps
    assert verdict.holds


def test_deliveries_are_judged_like_invoices_by_what_they_were_made_for():
    guide = document(1, document_type="dispatch_guide", owner_state="done", name="OUT/1")
    owners = [("stock.picking", 1)]
    there = [issued(1, document_type=4)]
    assert Verdict(Rows([guide]), owners, ["dispatch_guide"], there, True).holds
    guide["owner_state"] = "assigned"
    assert Verdict(Rows([guide]), owners, ["dispatch_guide"], there, True).unexplained


def test_one_that_three_faults_met_may_be_set_aside_but_not_many():
    met = {
        "state": "refused", "control_number": None, "last_error": "SMART does not take it",
        "vain_attempts": 3,
    }  # fmt: skip
    others = [document(number) for number in range(3, 6)]
    ledger = [issued(number) for number in range(3, 6)]
    once = judge([document(1, **met), *others], ledger, enforced=False)
    assert list(once.set_aside) == ["INV/1"]
    assert not once.unexplained
    twice = judge([document(1, **met), document(2, **met), *others], ledger, enforced=False)
    assert len(twice.unexplained) == 2
    refused = document(1, **met | {"vain_attempts": 2})
    assert judge([refused, *others], ledger, enforced=False).unexplained


# -- the run itself ------------------------------------------------------------------------


def test_a_part_of_the_documents_and_one_fault_are_left_for_when_nobody_ends_pauses():
    for documents, faults in ((60, 20), (24, 8), (1000, 300)):
        plan = plans.draw(1, documents, faults)
        first, last = plan.parts()
        assert first + last == plan.confirmations
        assert sum(len(one.documents) for one in last) >= documents * plans.LAST_SHARE
        assert [fault.kind for fault in plan.faults if fault.at == plans.LAST] == ["refuse"]
        assert plan.last_fault() is plan.faults[-1]
        assert plan.last_fault().count == (2 if faults >= 100 else 1)
    assert plans.draw(1, 5, 0).last_fault() is None


def flaws_of(armed=(), met=(), blocks=(), pauses_ended=1, gave_up=(), faults=None):
    faults = plans.draw(1, 10, 5).faults if faults is None else faults
    return flaws(faults, dict(armed), dict(met), dict(blocks), pauses_ended, gave_up)


def test_a_run_whose_faults_hardly_any_call_met_proves_nothing():
    armed = {"huge": 3, "delay": 2}
    assert not flaws_of(armed, {"huge": 1, "delay": 2})
    assert flaws_of(armed, {"huge": 1, "delay": 1})
    assert flaws_of(armed)
    assert met_share(armed, {"delay": 5}) == 0.4


def test_a_run_that_gave_up_fails():
    assert flaws_of(gave_up=["3 documents do not move any more"])


def test_a_run_in_which_no_pause_ended_by_itself_fails_unless_it_had_no_faults():
    assert flaws_of(pauses_ended=0)
    assert not flaws_of(pauses_ended=0, faults=[])


USED_UP = "SMART refused: “No tiene NUMEROS DE CONTROL disponibles!” (code 12). Order more."
DENIED = "SMART refused: “Acceso denegado” (code 401). Ask an administrator."


def test_a_queue_may_be_blocked_as_often_as_calls_met_a_fault_that_does_that():
    met = {"out_of_control_numbers": 2, "unauthorized": 1}
    assert not flaws_of(met=met, blocks={USED_UP: 2, DENIED: 1})
    assert flaws_of(met=met, blocks={USED_UP: 3})
    assert flaws_of(blocks={DENIED: 1})
    assert flaws_of(met=met, blocks={"SMART expects internal number 3, but …": 1})
    assert flaws_of(met=met, blocks={"SMART refused: “…” (code 9).": 1})


def test_what_calls_met_is_counted_across_the_deaths_of_the_service(tmp_path):
    simulator = SimulatorProcess("--respawn", "--state", str(tmp_path / "ledger.sqlite"))
    try:
        simulator.fault("error_500_before", count=3)
        requests.post(simulator.url + "/facturacion", json={}, timeout=60)
        os.kill(simulator.pid(), signal.SIGKILL)
        simulator.wait_until_listening()
        requests.post(simulator.url + "/facturacion", json={}, timeout=60)
        assert simulator.control("GET", "/faults")["applied"] == {"error_500_before": 2}
    finally:
        simulator.stop()


class Queue:
    """A queue as the person at the button sees it; ``serves``: whether a server is there."""

    def __init__(self):
        self.blocked, self.reason, self.until, self.serves, self.pressed = False, "", None, True, 0

    def rows(self, _query):
        return [(1, self.blocked, self.reason, self.until, self.until is not None)]

    def call(self, _model, method, ids):
        assert (method, ids) == ("action_resume", [1])
        if not self.serves:
            raise ConnectionError
        self.pressed += 1
        self.blocked, self.until = False, None

    def block(self, reason):
        self.blocked, self.reason = True, reason


@pytest.fixture
def at_the_button():
    stopped = Queue()
    person = Person(stopped, stopped.call)
    # Without its thread: whoever looks is the test.
    person._thread.is_alive = lambda: False
    return stopped, person


def leave(person):
    person._leaving.set()
    person.look()


def test_pauses_are_ended_at_first_and_left_alone_after_one_more_press(at_the_button):
    stopped, person = at_the_button
    stopped.until = datetime(2026, 1, 1, 12, 0, 5)
    person.look()
    assert stopped.pressed == 1
    leave(person)
    assert stopped.pressed == 2
    stopped.until = datetime(2026, 1, 1, 12, 0, 9)
    person.look()
    stopped.until = datetime(2026, 1, 1, 12, 0, 20)  # failed again: a longer one
    person.look()
    person.look()
    assert (person.pauses_left, person.pauses_ended) == (2, 1)
    stopped.until = None
    person.look()
    assert (person.pauses_left, person.pauses_ended) == (2, 2)
    assert stopped.pressed == person.pressed == 2


def test_the_last_press_is_repeated_until_a_server_is_there(at_the_button):
    stopped, person = at_the_button
    stopped.serves = False
    leave(person)
    stopped.serves, stopped.until = True, datetime(2026, 1, 1)
    person.look()
    person.look()
    assert stopped.pressed == 1


def test_a_blocked_queue_is_resumed_to_the_end_and_each_block_is_counted_once(at_the_button):
    stopped, person = at_the_button
    leave(person)
    presses = stopped.pressed
    stopped.block(USED_UP)
    stopped.serves = False
    person.look()
    person.look()  # still the same block: nobody was there to press the button on
    stopped.serves = True
    person.look()
    stopped.block(USED_UP)
    person.look()
    stopped.block(DENIED)
    person.look()
    person.look()
    assert person.blocks == {USED_UP: 2, DENIED: 1}
    assert stopped.pressed == presses + 3


def test_a_pause_that_a_press_ends_did_not_end_by_itself(at_the_button):
    stopped, person = at_the_button
    leave(person)
    stopped.until = datetime(2026, 1, 1)
    person.look()
    stopped.block(DENIED)
    person.look()
    person.look()
    assert (person.pauses_left, person.pauses_ended) == (1, 0)

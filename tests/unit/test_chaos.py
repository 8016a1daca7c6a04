"""The plan of ``./dev chaos``, and that its verdict finds what it is there to find."""

import json

import pytest

from chaos import plan as plans
from chaos.verdict import COLUMNS, Verdict


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
    assert {document.kind for document in plan.documents} == set(plans.WEIGHTS)


class Rows:
    """The rows of some documents as the database gives them."""

    def __init__(self, documents):
        self._documents = documents

    def rows(self, _query, _ids):
        return [tuple(document[name] for name in COLUMNS) for document in self._documents]


def document(number, **values):
    return {
        "id": number,
        "move_id": number,
        "name": f"INV/{number}",
        "move_state": "posted",
        "state": "issued",
        "document_type": "invoice",
        "internal_number": f"{number:08d}",
        "internal_sequence": number,
        "control_number": f"00-{number:08d}",
        "proven_issued": False,
        "last_error": None,
        "request_body": json.dumps({"total": 100.0 + number}),
        "related_name": None,
        "related_state": None,
        "refusal_code": None,
    } | values


def issued(number, **values):
    return {
        "document_type": 1,
        "internal_number": f"{number:08d}",
        "control_number": f"00-{number:08d}",
        "tracking_id": f"INV/{number} #{number}",
        "total": 100.0 + number,
    } | values


def judge(documents, ledger, enforced=True, kind="invoice"):
    ids = [document["id"] for document in documents]
    return Verdict(Rows(documents), ids, [kind] * len(ids), ledger, enforced)


def test_a_ledger_that_agrees_holds():
    verdict = judge([document(1), document(2)], [issued(1), issued(2)])
    assert verdict.holds
    assert verdict.states() == {"issued": 2}


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
            [issued(1), issued(2, tracking_id="INV/1 #1")],
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
        ("unexplained", [document(1, move_state="draft")], [issued(1)]),
        ("unexplained", [document(1, state="queued", control_number=None)], []),
    ],
)
def test_each_break_of_the_promise_is_found(kind, documents, ledger):
    verdict = judge(documents, ledger)
    assert getattr(verdict, kind)
    assert not verdict.holds


def test_without_enforced_numbering_gaps_are_told_but_break_no_promise():
    verdict = judge([document(1), document(3)], [issued(1), issued(3)], enforced=False)
    assert verdict.gaps
    assert verdict.holds

"""When a request in doubt is repeated, and when its document is suspected of being poison."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smart_api.doubts import Seen, Step, next_step

#: One letter for each entry: (v)ain, (n)o evidence, (r)efused, (+) answered, (-) unanswered.
LETTERS = {
    "v": Seen.VAIN, "n": Seen.NO_EVIDENCE, "r": Seen.REFUSED,
    "+": Seen.ANSWERED, "-": Seen.UNANSWERED,
}  # fmt: skip


def step(log):
    return next_step(LETTERS[letter] for letter in log)


@pytest.mark.parametrize("log", ["", "v", "n", "nnn", "v+", "nv", "vn", "vvn", "vv+vn", "vvr"])
def test_few_attempts_in_vain_and_a_last_one_that_tells_nothing_are_repeated(log):
    assert step(log) is Step.REPEAT


@pytest.mark.parametrize("log", ["vv", "vvv", "vnv", "vv-", "vv--", "vv+v", "vv+v-", "vvv-"])
def test_before_more_is_repeated_the_service_is_asked_until_it_answers(log):
    assert step(log) is Step.ASK


@pytest.mark.parametrize("log", ["vv+", "vv-+", "vv+v-+", "vvv+", "vv+nv+"])
def test_a_line_that_works_again_has_the_document_repeated(log):
    assert step(log) is Step.REPEAT


@pytest.mark.parametrize("log", ["vv+v+", "vv-+v+", "vvnv+v+", "vv+v-+v+", "vv+v+-", "vv+v+--"])
def test_an_attempt_in_vain_between_two_answers_makes_the_document_suspect_for_good(log):
    assert step(log) is Step.JUDGE


def test_a_refusal_begins_anew():
    assert step("vv+vr") is step("vv+vrv") is Step.REPEAT
    assert step("vv+vrv+v+") is Step.REPEAT


logs = st.text(alphabet=list(LETTERS), max_size=12)


@given(logs)
def test_whoever_is_suspect_was_sent_three_times_in_vain_and_the_last_time_between_answers(log):
    if step(log) is Step.JUDGE:
        attempts = log.replace("+", "").replace("-", "")
        assert attempts.rpartition("r")[2].count("v") >= 3
        last = log.rindex("v")
        assert attempts[-1] == "v"
        assert log[last - 1] == log[last + 1] == "+"


@given(st.text(alphabet="v-", max_size=12), st.text(alphabet="vn-", max_size=12))
def test_a_line_on_which_nothing_is_answered_makes_nobody_suspect(log, more):
    assert step(log + more) is not Step.JUDGE


@given(st.text(alphabet="n+-", max_size=12))
def test_a_caller_who_dies_again_and_again_makes_nobody_suspect(log):
    assert step(log) is Step.REPEAT


@given(st.text(alphabet=list(LETTERS), max_size=5), st.text(alphabet="+-", max_size=5))
def test_questions_alone_never_have_a_suspect_repeated(before, questions):
    suspect = before + "vvv+v+"
    assert step(suspect) is Step.JUDGE
    assert step(suspect + questions) is Step.JUDGE

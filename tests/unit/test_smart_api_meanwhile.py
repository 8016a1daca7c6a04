"""What is done between a request that has left and the answer to it."""

import time

from conftest import body

from smart_api.outcomes import Accepted, NotSent, Reason, Unknown


class Meanwhile:
    """Notes what was known when it was called, and whether the answer came in time."""

    def __init__(self, seconds, look=lambda: None):
        self.seconds = seconds
        self.look = look
        self.seen = []

    def __call__(self, answered):
        self.seen.append((self.look(), answered(self.seconds)))


def test_it_is_called_once_after_the_request_has_left_and_before_the_answer_is_read(
    client, simulator
):
    def arrived():
        deadline = time.monotonic() + 60
        while not simulator.issued() and time.monotonic() < deadline:
            time.sleep(0.01)
        return simulator.issued()

    meanwhile = Meanwhile(60, arrived)
    outcome = client.issue(body(), meanwhile)
    assert isinstance(outcome, Accepted)
    assert meanwhile.seen == [(["00000001"], True)]
    # The connection is as good as before, and nothing is left of the one call for the next.
    assert isinstance(client.issue(body("00000002")), Accepted)
    assert len(meanwhile.seen) == 1


def test_it_can_tell_that_the_answer_is_not_coming_yet(client, simulator):
    simulator.fault("delay", seconds=2)
    meanwhile = Meanwhile(0.1)
    assert isinstance(client.issue(body(), meanwhile), Accepted)
    assert meanwhile.seen == [(None, False)]


def test_it_is_not_called_when_nothing_leaves(client, simulator):
    simulator.fault("refuse", seconds=30)
    meanwhile = Meanwhile(0)
    assert isinstance(client.issue(body(), meanwhile), NotSent)
    assert not meanwhile.seen


def test_what_takes_longer_than_the_call_may_does_not_cost_an_answer_that_has_come(
    connect, simulator
):
    client = connect(total_timeout=1.5)
    meanwhile = Meanwhile(0, lambda: time.sleep(2))
    outcome = client.issue(body(), meanwhile)
    assert isinstance(outcome, Accepted), outcome
    assert outcome.answer.control_number == "00-00000001"


def test_a_connection_that_breaks_meanwhile_leaves_the_outcome_unknown(client, simulator):
    simulator.fault("drop_after")
    meanwhile = Meanwhile(60)
    outcome = client.issue(body(), meanwhile)
    assert isinstance(outcome, Unknown)
    assert outcome.reason is Reason.CONNECTION_LOST
    assert meanwhile.seen == [(None, True)], "its end is readable, too"

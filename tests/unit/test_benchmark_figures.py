"""The figures of ``./dev bench``: whether a goal is reached, and how that is told."""

import statistics
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import MagicMock

import pytest

from lab import benchmarks
from lab.benchmarks.figures import lines, met


def figure(value, goal=None, **more):
    return {"name": "with / without", "value": value, "unit": "ratio", "goal": goal, **more}


@pytest.mark.parametrize(
    ("value", "goal", "expected"),
    [
        (1.0999, ("<=", 1.1), True),
        (1.1, ("<=", 1.1), True),
        (1.1001, ("<=", 1.1), False),
        (0.86, (">=", 0.85), True),
        (0.85, (">=", 0.85), True),
        (0.8499, (">=", 0.85), False),
    ],
)
def test_a_goal_is_reached_on_its_bound_and_missed_beyond(value, goal, expected):
    assert met(figure(value, goal)) is expected


def test_a_figure_without_a_goal_neither_reaches_nor_misses_one():
    assert met(figure(99)) is None
    assert met({"name": "queries", "value": 3, "unit": "queries"}) is None


def test_a_goal_that_is_no_bound_is_an_error():
    with pytest.raises(KeyError):
        met(figure(1, ("<", 1.1)))


def test_a_missed_goal_is_told_as_missed_even_where_rounding_hides_it():
    [line] = lines([figure(1.1001, ("<=", 1.1))])
    assert "1.100 ratio" in line
    assert line.endswith("goal ≤ 1.1: MISSED")


def test_a_reached_goal_is_told_with_its_sign():
    [line] = lines([figure(0.9, (">=", 0.85))])
    assert line.endswith("goal ≥ 0.85: reached")


def test_the_spread_stands_before_the_goal():
    [line] = lines([figure(1.05, ("<=", 1.1), spread=[1.01, 1.094])])
    assert line.index("[1.010 – 1.094]") < line.index("goal")


def test_a_figure_alone_is_name_value_and_unit_without_trailing_space():
    assert list(lines([figure(1234.5678)])) == ["with / without    1234.568 ratio"]


def test_values_of_names_of_different_length_stand_below_each_other():
    short, long = lines([figure(1) | {"name": "a"}, figure(22) | {"name": "a longer name"}])
    assert short.index("1.000") + len("1.000") == long.index("22.000") + len("22.000")


# -- what is measured ----------------------------------------------------------------------

BENCHMARKS = Path(benchmarks.__file__).parent


class Machine:
    """Stands for Odoo, the service and the clock of ``measure_sending.py``.

    A call takes a millisecond beside the delay, the addon 10 more for each document; the scheduled
    action takes ``periodic`` seconds for what it does beside sending, and 10 documents at once.
    """

    def __init__(self, periodic):
        self.now, self.call = 0.0, 0.001
        self.periodic = periodic
        self.queued, self.sent, self.figures = 0, [], {}

    def perf_counter(self):
        return self.now

    thread_time = perf_counter

    def control(self, _path, body):
        self.call = 0.001 + body["ms"] / 1000

    def queue(self, count):
        self.queued += count
        return Documents(count)

    def post(self, _url, **_arguments):
        self.now += self.call
        return SimpleNamespace(status_code=200)

    def send(self, count):
        for _n in range(min(count, self.queued)):
            self.queued -= 1
            self.now += self.call + 0.01
            self.sent.append(("body",))
            yield

    def drain(self, on_progress=lambda _done: True):
        for _sent in self.send(self.queued):
            on_progress(1)

    def method_direct_trigger(self):
        list(self.send(10))
        self.now += self.periodic
        return True

    def execute(self, query, parameters=None):
        self.rows = self.sent[-parameters[0][0] :] if parameters else self.sent[-1:]

    def figure(self, name, value, _unit, goal=None, spread=None):
        self.figures[name] = (round(value, 3), goal)

    def measure(self):
        """Carry the script out and return its figures: name -> (value, goal)."""
        ignored = MagicMock()
        names = {
            "os": SimpleNamespace(
                environ={"BENCH_TOKEN": "t"}
                | {f"BENCH_{n}_{ms}": "20" for n in ("DOCUMENTS", "WHOLE") for ms in (0, 50, 200)}
            ),
            "company": SimpleNamespace(
                smart_base_url="", smart_sending_action_id=self, _smart_make_actions=ignored
            ), "statistics": statistics, "time": self,
            "requests": MagicMock(post=self.post, Session=lambda: Session(self)),
            "cr": SimpleNamespace(
                execute=self.execute, fetchone=lambda: self.rows[0], fetchall=lambda: self.rows,
                rollback=ignored, commit=ignored,
            ),
            "env": Environment(self), "figure": self.figure, "queue": self.queue,
            "drain": self.drain, "issued": ignored, "control": self.control,
            "counted": lambda function: (function(), (0, 0))[1], "finish": ignored,
        }  # fmt: skip
        script = BENCHMARKS / "measure_sending.py"
        exec(compile(script.read_text("utf-8"), script, "exec"), names)
        return self.figures


class Documents:
    def __init__(self, count):
        self.ids = [count]

    def __len__(self):
        return self.ids[0]


class Session:
    def __init__(self, machine):
        self.post = machine.post

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        pass


class Environment(dict):
    def __init__(self, machine):
        super().__init__({"smart.document": self})
        self._machine = machine

    def search_count(self, _domain):
        return self._machine.queued


@pytest.mark.parametrize(("delay", "bound"), [(50, 0.85), (200, 0.95)])
def test_a_whole_run_of_the_scheduled_action_is_compared_with_all_its_periodic_costs(delay, bound):
    name = f"scheduled action / bare loop, 20 at once, {delay} ms"
    one = 0.001 + delay / 1000
    cheap = Machine(periodic=0.0).measure()
    assert cheap[name] == (round(one / (one + 0.01), 3), (">=", bound))
    dear = Machine(periodic=1.0).measure()
    # Twice ten documents: two runs, each with what it costs once.
    assert dear[name] == (round(20 * one / (20 * (one + 0.01) + 2), 3), (">=", bound))
    # The medians do not see it: that is why there is the other figure.
    median = f"drain / bare loop, {delay} ms"
    assert dear[median] == cheap[median]


def test_a_scheduled_action_that_sends_nothing_does_not_run_for_ever():
    machine = Machine(periodic=0.0)
    machine.method_direct_trigger = lambda: True
    with pytest.raises(AssertionError, match="sends nothing"):
        machine.measure()

"""The figures of ``./dev bench``: whether a goal is reached, and how that is told."""

import pytest

from benchmarks.figures import lines, met


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

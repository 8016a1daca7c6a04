"""How many rows the table of attacks has, and who attacks."""

import importlib
import math
from pathlib import Path

import pytest

#: Who tries at least so many rows.
ATTACKERS = {
    "cashier": 100, "manager": 100, "admin": 100, "access": 40, "auditor": 20, "portal": 40,
    "employee": 40, "stranger": 100, "public": 20, "reader": 10,
}  # fmt: skip


def marks_of(module):
    """Yield the parametrizations of each test of a module."""
    for name, test in vars(module).items():
        if name.startswith("test_"):
            marks = getattr(test, "pytestmark", [])
            yield [mark.args for mark in marks if mark.name == "parametrize"]


def attackers(names, values):
    """Yield who attacks in each row of a parametrization."""
    names = [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)
    if "who" in names:
        place = names.index("who")
        for value in values:
            value = getattr(value, "values", value)
            yield value if isinstance(value, str) else value[place]


@pytest.fixture(scope="module")
def modules():
    names = {path.stem for path in Path(__file__).parent.glob("test_attacks_*.py")}
    none = {Path(__file__).stem, "test_attacks_allowed"}
    return [importlib.import_module(name) for name in sorted(names - none)]


def test_there_are_at_least_a_hundred_rows_and_each_kind_of_user_attacks(modules):
    rows, by_whom = {}, dict.fromkeys(ATTACKERS, 0)
    for module in modules:
        rows[module.__name__] = 0
        for marks in marks_of(module):
            count = math.prod(len(values) for _names, values in marks)
            rows[module.__name__] += count
            for names, values in marks:
                for who in attackers(names, values):
                    if who in by_whom:
                        by_whom[who] += count // len(values)
    print(f"\n{sum(rows.values())} rows of attacks: {rows}\nby user: {by_whom}")
    assert len(rows) >= 10
    assert all(rows.values()), rows
    assert sum(rows.values()) >= 100
    few = {who: count for who, count in by_whom.items() if count < ATTACKERS[who]}
    assert few == {}

"""How the workers that run these tests share what they build, and the tests themselves."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from balance import LONG_TESTS, Balanced, rank
from sample import LARGE, sample
from sharing import shared

HERE = Path(__file__).parent


@pytest.mark.parametrize(
    ("name", "scope"),
    [
        ("test_crashes.py::test_x[a]", "test_crashes.py::test_x[a]"),
        # They share a served database.
        ("test_locks_walk.py::test_x[a]", "test_locks_walk.py"),
    ],
)
def test_a_worker_gets_one_test_or_a_file_whose_tests_share_something(name, scope):
    assert Balanced._split_scope(None, name) == scope


def test_what_takes_long_is_begun_first_and_single_tests_last():
    files = [HERE / f"test_{name}.py" for name in ("crashes", "locks_walk", "chaos")]
    assert sorted(files, key=rank) == files[::-1]
    # Those of bridges are in folders of their own.
    folders = [HERE, *HERE.parents[1].glob("bridges/*/tests/real")]
    assert all(any((one / f"{name}.py").is_file() for one in folders) for name in LONG_TESTS)


def test_what_is_shared_is_built_once_and_removed_by_the_last(tmp_path):
    built, removed = [], []

    def build():
        built.append({"name": f"database {len(built)}"})
        return built[-1]

    with shared(tmp_path / "one", build, removed.append) as one:
        with shared(tmp_path / "one", build, removed.append) as other:
            assert one == other == {"name": "database 0"}
        assert not removed
    assert removed == built == [{"name": "database 0"}]
    with shared(tmp_path / "one", build, removed.append) as again:
        assert again == {"name": "database 1"}


def test_what_could_not_be_built_is_built_by_the_next(tmp_path):
    with pytest.raises(ZeroDivisionError), shared(tmp_path / "one", lambda: 1 / 0, print):
        pass
    with shared(tmp_path / "one", lambda: "built", print) as one:
        assert one == "built"


def test_a_quick_run_tries_a_fourth_of_a_large_table_and_everything_else():
    rows = [SimpleNamespace(nodeid=f"test_a.py::test_x[{row}]") for row in range(40)]
    few = [SimpleNamespace(nodeid=f"test_a.py::test_y[{row}]") for row in range(LARGE - 1)]
    tried, left = sample(rows + few, "1")
    assert [item for item in tried if item in few] == few
    assert len(tried) == len(few) + 10
    assert sorted(map(id, tried + left)) == sorted(map(id, rows + few))
    assert sample(rows + few, "1") == (tried, left)
    assert sample(rows + few, "2") != (tried, left)

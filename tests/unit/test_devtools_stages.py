"""The stages of ``./dev test``."""

from types import SimpleNamespace

import pytest

from lab.devtools import cli
from lab.devtools import tests as stages
from lab.devtools.tests import Result


@pytest.fixture
def checkout(tmp_path):
    for name in ("tests/unit/test_a.py", "tests/real/test_b.py", "tests/test_c.py"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return tmp_path


def test_paths_choose_the_stage_and_the_rest_goes_to_pytest(checkout):
    arguments = ["tests/unit/test_a.py", "tests/test_c.py::TestC::test_x", "-x", "--maxfail", "3"]
    options, paths = stages.split_arguments(arguments, checkout)
    assert options == ["-x", "--maxfail", "3"]
    assert paths == {
        "unit": ["tests/unit/test_a.py"],
        "odoo": ["tests/test_c.py::TestC::test_x"],
    }


@pytest.mark.parametrize(("options", "told"), [(["test"], ""), (["test", "--long"], "1")])
def test_the_tests_are_told_whether_to_run_every_example(options, told, checkout):
    bench = SimpleNamespace(
        settings=SimpleNamespace(checkout=checkout), environ=lambda **more: more
    )
    parsed, _unknown = cli._parser().parse_known_args(options)
    runner = stages.Runner(bench, [], {}, parsed.long)
    assert runner.environ(None)["SMART_DEV_LONG"] == told


def test_a_quick_run_draws_its_rows_anew_unless_it_is_told_which(monkeypatch):
    monkeypatch.delenv("SMART_DEV_SAMPLE", raising=False)
    assert len({stages.seed() for _run in range(20)}) > 1
    monkeypatch.setenv("SMART_DEV_SAMPLE", "7")
    assert stages.seed() == "7"


def test_a_bridges_paths_choose_its_stage_and_leave_the_addons_tests_alone(checkout):
    for name in ("test_d.py", "real/test_e.py"):
        path = checkout / "bridges" / "b" / "tests" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    named = ["tests/test_c.py", "bridges/b/tests/test_d.py", "bridges/b/tests/real/test_e.py"]
    _options, paths = stages.split_arguments(named, checkout)
    own, of_bridges = stages.by_side(paths)
    assert own == {"odoo": named[:1]}
    assert of_bridges == {"odoo": named[1:2], "real": named[2:]}

    class Bench:
        settings = SimpleNamespace(checkout=checkout)

    runner = stages.Runner(Bench, [], {"real": named[2:]})
    assert not runner._has_own("real")
    assert runner._of_bridges("real") == named[2:]
    # Nothing is named: both sides, each file in its stage.
    runner = stages.Runner(Bench, [], {})
    assert runner._has_own("odoo")
    assert runner._of_bridges("odoo") == named[1:2]
    assert runner._of_bridges("real") == named[2:]
    assert runner._of_bridges("unit") == []
    # Only the addon's are named.
    assert stages.Runner(Bench, [], {"odoo": named[:1]})._of_bridges("odoo") == []


def test_the_real_tests_of_all_bridges_are_one_run_of_links(tmp_path):
    paths = ["bridges/a/tests/real/test_a.py", "bridges/b/tests/real/test_b.py"]
    for path in paths:
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).touch()
    folder = tmp_path / "links"
    folder.mkdir()
    (folder / "test_of_before.py").touch()
    assert stages.link_tests(paths, tmp_path, folder) == [folder]
    links = sorted(link for link in folder.rglob("*.py"))
    assert [link.resolve() for link in links] == [tmp_path / path for path in paths]
    # A test of a file.
    assert stages.link_tests([f"{paths[0]}::test_x"], tmp_path, folder) == [f"{links[0]}::test_x"]


def test_what_a_stage_came_to_is_the_sum_of_its_runs():
    result = Result("odoo", passed=3)
    result.add(Result("odoo-bridges", passed=2, failed=1, problems=["died"]))
    assert (result.passed, result.failed, result.problems, result.ok) == (5, 1, ["died"], False)


def write_counts(path, **counts):
    attributes = " ".join(f'{name}="{number}"' for name, number in counts.items())
    path.write_text(f"<testsuites><testsuite {attributes}/></testsuites>")


def test_counts_are_read_from_what_pytest_wrote(tmp_path):
    write_counts(tmp_path / "r.xml", tests=10, failures=2, errors=1, skipped=3)
    result = stages.read_counts("unit", tmp_path / "r.xml")
    assert (result.passed, result.failed, result.skipped) == (4, 3, 3)


def test_the_last_line_tells_the_totals(capsys):
    assert stages.report([Result("unit", passed=3), Result("odoo", passed=4)], 60) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "7 passed, 0 failed"


def test_a_stage_that_died_fails_the_run_although_no_test_failed(capsys):
    died = Result("odoo", problems=["pytest ended with status 3"])
    assert stages.report([Result("unit", passed=3), died], 60) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "3 passed, 1 failed"


def test_a_run_without_any_test_fails(capsys):
    assert stages.report([Result("unit")], 60) == 1
    assert "no test was executed" in capsys.readouterr().out

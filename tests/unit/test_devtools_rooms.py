"""The rooms of ``./dev test``: which tests are run for what was changed."""

import shutil
import subprocess
from pathlib import Path

import pytest

from lab.devtools import rooms, tests

ROOT = Path(__file__).resolve().parents[2]


def test_every_test_module_belongs_to_a_room():
    homeless = [
        path
        for path in rooms.test_files(ROOT)
        if not any(room.has_test(path) for room in rooms.ROOMS.values())
    ]
    assert not homeless, "name their room in lab/devtools/rooms.py"


@pytest.mark.parametrize("name", rooms.ROOMS)
def test_every_name_in_a_room_is_that_of_a_test_or_a_file(name):
    files = [path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*") if path.is_file()]
    for test in rooms.ROOMS[name].tests.split():
        one = rooms.Room(test)
        assert any(one.has_test(path) for path in rooms.test_files(ROOT)), test
    for place in rooms.ROOMS[name].places.split():
        one = rooms.Room("", place)
        assert any(one.has_place(path) for path in files), place


def test_every_package_of_models_is_a_room():
    packages = {path.parent.name for path in (ROOT / "models").glob("*/__init__.py")}
    assert packages <= rooms.ROOMS.keys()


#: A checkout in small: files by their paths.
FILES = {
    "models/terms.py": "",
    "models/lane/sender.py": "",
    "smart_api/client.py": "",
    "docs/guide.md": "",
    "tests/common.py": "",
    "tests/test_sending.py": "from .common import SmartCommon",
    "tests/test_chain.py": "from .common import SmartCommon",
    "tests/test_pauses.py": "",
    "tests/unit/test_smart_api_client.py": "",
    "tests/real/conftest.py": "",
    "tests/real/test_crashes.py": "",
    "bridges/a/models/lane.py": "",
    "bridges/a/tests/test_jobs.py": "",
    "bridges/b/tests/test_other.py": "",
}


@pytest.fixture
def checkout(tmp_path):
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


LANE = ["tests/test_pauses.py", "tests/test_sending.py", "tests/real/test_crashes.py"]


@pytest.mark.parametrize(
    ("changed", "files"),
    [
        ("models/lane/sender.py", LANE),
        ("models/lane/a_file_that_is_gone.py", LANE),
        ("smart_api/client.py", ["tests/unit/test_smart_api_client.py"]),
        ("tests/test_pauses.py", ["tests/test_pauses.py"]),
        ("tests/test_gone.py", []),
        ("bridges/a/models/lane.py", ["bridges/a/tests/test_jobs.py"]),
        ("bridges/a/tests/test_jobs.py", ["bridges/a/tests/test_jobs.py"]),
        ("tests/common.py", ["tests/test_chain.py", "tests/test_sending.py"]),
        ("tests/real/conftest.py", ["tests/real/test_crashes.py"]),
        (
            "models/terms.py",
            ["tests/test_chain.py", "tests/test_pauses.py", "tests/test_sending.py"],
        ),
    ],
)
def test_a_change_chooses_the_tests_of_its_room(checkout, changed, files):
    assert rooms.tests_for([changed], checkout) == (files, [])


def test_a_file_of_no_room_is_named(checkout):
    assert rooms.tests_for(["docs/guide.md"], checkout) == ([], ["docs/guide.md"])


def test_the_name_of_a_room_stands_for_its_tests_each_once(checkout):
    arguments = ["lane", "-x", "tests/test_pauses.py", "chain"]
    options, paths = tests.split_arguments(arguments, checkout)
    assert options == ["-x"]
    assert paths == {
        "odoo": ["tests/test_pauses.py", "tests/test_sending.py", "tests/test_chain.py"],
        "real": ["tests/real/test_crashes.py"],
    }


@pytest.fixture
def git(checkout):
    if not shutil.which("git"):
        pytest.skip("git is not installed")

    def run(*arguments):
        who = ["-c", "user.name=A", "-c", "user.email=a@example.com"]
        subprocess.run(["git", "-C", checkout, *who, *arguments], check=True, capture_output=True)

    run("init", "--initial-branch=main")
    run("add", ".")
    run("commit", "--message=All")
    return run


def test_what_differs_from_main_has_changed_be_it_committed_moved_or_new(checkout, git):
    assert rooms.changed(checkout) == []
    git("switch", "--create", "branch")
    git("mv", "docs/guide.md", "docs/guia.md")
    git("commit", "--message=Moved")
    (checkout / "models/lane/sender.py").write_text("# changed")
    (checkout / "models/lane/lock.py").touch()
    expected = ["docs/guia.md", "docs/guide.md", "models/lane/lock.py", "models/lane/sender.py"]
    assert rooms.changed(checkout) == expected
    git("switch", "main")
    (checkout / "docs/guide.md").write_text("What others did on main meanwhile.")
    git("commit", "--message=Others", "docs/guide.md")
    git("switch", "branch")
    assert rooms.changed(checkout) == expected


def test_with_changes_lint_and_what_looks_at_the_whole_tree_run_too(checkout, git, capsys):
    (checkout / "tests/unit/test_house.py").touch()
    git("add", ".")
    git("commit", "--message=House")
    (checkout / "models/lane/sender.py").write_text("# changed")
    (checkout / "docs/guide.md").write_text("changed")
    (checkout / "smart_api/client.py").write_text("# changed")
    paths = tests.changed_paths(rooms.changed(checkout), checkout)
    assert paths == {
        "lint": [],
        "unit": ["tests/unit/test_house.py", "tests/unit/test_smart_api_client.py"],
        "odoo": ["tests/test_pauses.py", "tests/test_sending.py"],
        "real": ["tests/real/test_crashes.py"],
    }
    assert "no room has docs/guide.md" in capsys.readouterr().out

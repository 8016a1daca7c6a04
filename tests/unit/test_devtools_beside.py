"""Addons of others: how they are found, and how what came of them is told."""

import zipfile

import pytest

from lab.beside import table
from lab.beside.outcome import Outcome
from lab.devtools import config, oca
from lab.devtools.cache import Cache
from lab.devtools.say import Failure
from lab.devtools.settings import NEIGHBOURS

METADATA = """\
Metadata-Version: 2.1
Name: odoo-addon-{name}
Version: 19.0.1.0.2
Requires-Dist: odoo==19.0.*
{more}"""


def wheel(folder, name, *requirements):
    """Put the wheel of an addon into a folder, as PyPI has it."""
    folder.mkdir(parents=True, exist_ok=True)
    more = "".join(f"Requires-Dist: {one}\n" for one in requirements)
    path = folder / f"odoo_addon_{name}-19.0.1.0.2-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as content:
        content.writestr(f"odoo/addons/{name}/__manifest__.py", "{}")
        content.writestr(
            f"odoo_addon_{name}-19.0.1.0.2.dist-info/METADATA",
            METADATA.format(name=name, more=more),
        )
    return path


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    """A shelf whose ``pip`` finds three wheels, and counts how often it is asked."""
    asked = []
    known = {
        "a": ("odoo-addon-b==19.0.*", "xlrd>=2"),
        "b": ("odoo-addon-c==19.0.*",),
        "c": ("xlrd>=2", 'pytest; extra == "test"'),
    }

    def pip(command, *, what, **_options):
        name = command[-1].removeprefix(oca.PREFIX).partition("==")[0]
        asked.append(name)
        if name not in known:
            raise Failure(f"{what} failed")
        wheel(command[command.index("--dest") + 1], name, *known[name])

    monkeypatch.setattr(oca.proc, "run", pip)

    class Env:
        python = "python"

    made = oca.Shelf(Cache(tmp_path), Env)
    made.asked = asked
    return made


def test_an_addon_comes_with_what_it_needs_and_is_fetched_once(shelf):
    found = shelf.closure(["a"], known=lambda name: name == "account")
    assert [one.name for one in found] == ["c", "b", "a"]
    assert found[2].version == "19.0.1.0.2"
    assert (found[2].folder / "a" / "__manifest__.py").is_file()
    assert found[2].python == ["xlrd>=2"]
    assert found[0].python == ["xlrd>=2"], "what its tests need is not needed"
    shelf.closure(["b", "a"], known=lambda _name: False)
    assert shelf.asked == ["a", "b", "c"]


def test_what_odoo_brings_is_not_fetched(shelf):
    assert shelf.closure(["sale", "c"], known=lambda name: name == "sale")[0].name == "c"
    assert shelf.asked == ["c"]


def test_an_addon_that_nobody_has_is_named(shelf):
    with pytest.raises(Failure, match="fetching nobody_s failed"):
        shelf.get("nobody_s")


def test_odoo_is_told_where_to_look_and_the_checkouts_configuration_stays(tmp_path):
    rc = tmp_path / "checkout.conf"
    rc.write_text("[options]\naddons_path = /odoo,/ours\nworkers = 0\n")
    path = config.write_for(Cache(tmp_path), rc, ["/theirs"])
    assert path.read_text().splitlines()[1:] == [
        "addons_path = /odoo,/ours,/theirs",
        "workers = 0",
    ]
    assert "theirs" not in rc.read_text()
    assert config.write_for(Cache(tmp_path), rc, ["/others"]) != path


def test_no_addon_is_known_twice():
    names = [name for some in NEIGHBOURS.values() for name in some]
    assert len(names) == len(set(names)) >= 20


BROKEN = {"step": "confirm", "why": "UserError: no", "log": "/x.log"}


def outcome(name="a", **values):
    return Outcome([name], {name: "19.0.1.0.2"}, **values)


def test_what_breaks_only_with_ours_is_ours():
    assert table.cells(outcome()) == ["a", "19.0.1.0.2", "OK", ""]
    ours = outcome(broken={"ours first": BROKEN, "theirs first": BROKEN}, without={})
    assert table.cells(ours)[2:] == [
        "broken",
        "confirm (ours first, theirs first): UserError: no",
    ]
    theirs = outcome(
        broken={"ours first": BROKEN}, without={"step": "install", "why": "KeyError: x", "log": ""}
    )
    assert table.cells(theirs)[2:] == [
        "broken without ours, too",
        "confirm (ours first): UserError: no; without ours, install: KeyError: x",
    ]
    assert (ours.ok, ours.ours, theirs.ok, theirs.ours) == (False, True, False, False)


def test_rows_take_the_place_of_older_ones_and_leave_the_others():
    text = f"# Beside\n\n{table.START}\n{table.END}\n\nThe end.\n"
    text = table.merged(text, [table.cells(outcome("b")), table.cells(outcome("a"))])
    text = table.merged(text, [["b", "19.0.2", "broken", "x | y"], ["a, b", "as above", "OK", ""]])
    rows = text.partition(table.START)[2].partition(table.END)[0].strip().splitlines()
    assert rows == [
        "| Addon | Version | Result | Remark |",
        "| --- | --- | --- | --- |",
        "| `a` | 19.0.1.0.2 | OK | |",
        "| `b` | 19.0.2 | broken | x \\| y |",
        "| `a, b` | as above | OK | |",
    ]
    assert text.startswith("# Beside\n\n")
    assert text.endswith("\n\nThe end.\n")
    # Once more: nothing changes.
    assert table.merged(text, []) == text


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Traceback:\n  x\nodoo.exceptions.UserError: Give a name.\n", "UserError: Give a name."),
        (
            "a.b.PreflightError: Nothing was confirmed:\n\nInvoice · X\n- A line has no tax.\n",
            "PreflightError: Nothing was confirmed: A line has no tax.",
        ),
        ("AssertionError: it is posted\n", "AssertionError: it is posted"),
    ],
)
def test_the_reason_is_one_line(said, told):
    assert table.why(said) == told

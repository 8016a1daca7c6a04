"""The rooms of ``models/``: what each uses lies above it, by import and by call.

Imports alone mislead in Odoo, for ``env["x"]._y()`` imports nothing: names are looked at too. A
method, or a field, that a single room defines belongs to that room; whoever names it calls there.
"""

import ast
from collections import defaultdict
from pathlib import Path

import pytest

MODELS = Path(__file__).resolve().parents[2] / "models"

#: Names that Odoo, or Python, gives things too: they say nothing of our rooms.
ODOOS_OWN = frozenset(
    {
        "create_uid",
        "currency_id",
        "display_name",
        "fields_get",
        "journal_id",
        "partner_id",
        "company_id",
    }
)
MOST_FILES = 15


def rooms():
    """Return the rooms from the ground up: the order in which they are imported."""
    tree = ast.parse((MODELS / "__init__.py").read_text(encoding="utf-8"))
    return [
        name.name for node in tree.body if isinstance(node, ast.ImportFrom) for name in node.names
    ]


def parsed():
    """Return (room, path, syntax tree) of every file in a room."""
    return [
        (room, path, ast.parse(path.read_text(encoding="utf-8")))
        for room in rooms()
        for path in sorted((MODELS / room).glob("*.py"))
    ]


def is_field(node):
    return (
        isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Call)
        and ast.unparse(node.value.func).startswith(("fields.", "SaidText"))
    )


def members(tree):
    """Return the names of methods and fields of the classes in a file."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            for one in node.body:
                if isinstance(one, ast.FunctionDef):
                    yield one.name
                elif is_field(one):
                    yield from (target.id for target in one.targets)


def homes(files):
    """Return name -> room, of the names that one room alone defines."""
    found = defaultdict(set)
    for room, _path, tree in files:
        for name in members(tree):
            # One word alone is too common: `now`, `open`, `name`.
            if "_" in name.strip("_") and not name.startswith("__") and name not in ODOOS_OWN:
                found[name].add(room)
    return {name: one.pop() for name, one in found.items() if len(one) == 1}


def imports(room, tree):
    """Return the rooms that a file imports from."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level == 2 and node.module:
            yield node.module.partition(".")[0]


def test_rooms_import_from_rooms_above_only():
    order = rooms()
    wrong = [
        f"{path.relative_to(MODELS)} imports {other}"
        for room, path, tree in parsed()
        for other in imports(room, tree)
        if other in order and order.index(other) > order.index(room)
    ]
    assert not wrong


def test_rooms_call_rooms_above_only():
    order, files = rooms(), parsed()
    home = homes(files)
    assert len(home) > 300, "hardly a name was found: what would this test find?"
    wrong = [
        f"{path.relative_to(MODELS)}:{node.lineno} uses {node.attr} of {home[node.attr]}"
        for room, path, tree in files
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in home
        if order.index(home[node.attr]) > order.index(room)
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("room", rooms())
def test_a_room_says_what_happens_in_it_and_is_not_crowded(room):
    text = (MODELS / room / "__init__.py").read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(text)), "no docstring"
    files = [path.name for path in (MODELS / room).glob("*.py") if path.name != "__init__.py"]
    assert len(files) <= MOST_FILES
    assert f"| `{room}` |" in (MODELS.parent / "docs/architecture.md").read_text(encoding="utf-8")


def test_nothing_lies_outside_of_the_rooms():
    assert {path.name for path in MODELS.glob("*.py")} == {"__init__.py", "terms.py"}
    assert {path.name for path in MODELS.iterdir() if path.is_dir()} - {"__pycache__"} == set(
        rooms()
    )


def model_of(assignment):
    """Return the model that a class extends: the last of several, before which mixins are."""
    inherited = ast.literal_eval(assignment.value)
    if isinstance(inherited, str):
        return inherited
    return next((name for name in inherited if not name.startswith("smart.")), inherited[0])


def methods(tree):
    """Return (model, name of the method, whether it calls super) of the classes in a file."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.ClassDef):
            continue
        # A model of its own is not the mixins that it is made of.
        model = next(
            (ast.literal_eval(one.value) for one in node.body
             if ast.unparse(one).startswith("_name =")),
            None,
        ) or next(
            (model_of(one) for one in node.body if ast.unparse(one).startswith("_inherit =")), None
        )  # fmt: skip
        for one in node.body:
            if model and isinstance(one, ast.FunctionDef):
                calls_super = any(
                    isinstance(call, ast.Call) and ast.unparse(call.func) == "super"
                    for call in ast.walk(one)
                )
                yield model, one.name, calls_super


def test_no_chain_of_super_hides_an_order_within_the_addon():
    """One file extends a method of a model; only other addons extend it further."""
    found = defaultdict(list)
    for _room, path, tree in parsed():
        for model, name, calls_super in methods(tree):
            if calls_super:
                found[model, name].append(str(path.relative_to(MODELS)))
    assert {key: paths for key, paths in found.items() if len(paths) > 1} == {}

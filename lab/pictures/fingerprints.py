"""Whether pictures are current, without looking at them.

Beside the pictures, ``pictures.json`` keeps for each what it was taken of: a hash of what its shot
does, of the world, and of the files that it names. What does not show (comments, layout of the
source, translations of other screens) is left out of the hash.
"""

import ast
import hashlib
import inspect
import json
import re
import textwrap
from pathlib import Path

import polib
from lxml import etree

from . import world
from .shots import SHOTS

ROOT = Path(__file__).resolve().parents[2]
NOTED = "pictures.json"
#: What Odoo's shop shows of the addon, and which pictures are among it.
SHOP = ROOT / "static" / "description"
IN_SHOP = ("draft-problems", "invoice-issued", "invoices")


def stale(folder):
    """Return the names of the pictures that show what is no more, or that are missing."""
    path = folder / NOTED
    noted = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return sorted(
        shot.name for shot in SHOTS
        if noted.get(shot.name) != of_shot(shot) or not (folder / f"{shot.name}.png").is_file()
    )  # fmt: skip


def note(folder, shots):
    """Write down what pictures were taken of; those that are no more are forgotten."""
    path = folder / NOTED
    noted = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    noted |= {shot.name: of_shot(shot) for shot in shots}
    noted = {shot.name: noted[shot.name] for shot in SHOTS if shot.name in noted}
    path.write_text(json.dumps(noted, indent=2) + "\n", encoding="utf-8")


def of_shot(shot):
    """Return the fingerprint of what a picture shows."""
    value = hashlib.sha256(f"{shot.who} {shot.width} {shot.height}".encode())
    value.update(_code(textwrap.dedent(inspect.getsource(shot.show))))
    value.update(_code(Path(world.__file__).read_text(encoding="utf-8")))
    for path in shot.files(ROOT):
        value.update(str(path.relative_to(ROOT)).encode() + b"\0" + _contents(path))
    return value.hexdigest()[:16]


def _code(text):
    """Return what Python does, without comments, docstrings and layout."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        documented = isinstance(node, (ast.Module, ast.FunctionDef, ast.ClassDef))
        if documented and ast.get_docstring(node):
            node.body = node.body[1:]
    return ast.dump(tree).encode()


def _contents(path):
    if path.suffix == ".xml":
        return _markup(path) + _spanish(path)
    if path.suffix == ".js":
        return _script(path)
    return path.read_bytes()


def _script(path):
    """Return JavaScript without what a formatter of it changes: blanks, and commas at an end."""
    text = re.sub(r"\s+", "", path.read_text(encoding="utf-8"))
    return re.sub(r",(?=[\])}])", "", text).encode()


def _markup(path):
    """Return XML without comments and layout."""
    parser = etree.XMLParser(remove_comments=True, remove_blank_text=True)
    root = etree.parse(path, parser).getroot()
    for node in root.iter():
        node.text = " ".join((node.text or "").split())
        node.tail = " ".join((node.tail or "").split())
    return etree.tostring(root, method="c14n")


def _spanish(path):
    """Return the Spanish of the views of a file."""
    addon = next(one for one in path.parents if (one / "__manifest__.py").is_file())
    ids = {
        record.get("id").rpartition(".")[2]
        for record in etree.parse(path).getroot().iter("record", "template", "menuitem")
        if record.get("id")
    }
    terms = []
    for entry in polib.pofile(str(addon / "i18n" / "es.po")):
        names = (place.rpartition(".")[2].partition(":")[0] for place, _line in entry.occurrences)
        if ids.intersection(names):
            terms.append(f"{entry.msgid}\0{entry.msgstr}")
    return "\0".join(sorted(terms)).encode()

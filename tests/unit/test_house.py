"""What holds of the tree as a whole."""

import ast
import re
from pathlib import Path

import pytest

from lab.devtools.settings import bridges, read_manifest

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = {"controllers", "migrations", "models", "report", "smart_api", "wizards"}


@pytest.mark.parametrize("addon", [ROOT, *bridges(ROOT)], ids=lambda path: path.name)
def test_odoos_own_runner_finds_every_test_inside_odoo(addon):
    tree = ast.parse((addon / "tests" / "__init__.py").read_text(encoding="utf-8"))
    imported = {
        name.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)
        for name in node.names
    }  # fmt: skip
    assert imported == {path.stem for path in (addon / "tests").glob("test_*.py")}


@pytest.mark.parametrize("bridge", bridges(ROOT), ids=lambda path: path.name)
def test_a_bridge_imports_the_addon_and_never_the_reverse(bridge):
    assert bridge.name.startswith("l10n_ve_edi_smart_")
    # The addon itself, or a bridge to it.
    assert any(name.startswith("l10n_ve_edi_smart") for name in read_manifest(bridge)["depends"])
    shipped = [path for path in ROOT.glob("*/**/*.py") if path.parts[len(ROOT.parts)] in SHIPPED]
    assert shipped
    assert not [path for path in shipped if bridge.name in path.read_text(encoding="utf-8")]


DOCUMENTS = ["README.md", *(f"docs/{path.name}" for path in sorted((ROOT / "docs").glob("*.md")))]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_document_names_files_that_are_there(document):
    text = (ROOT / document).read_text(encoding="utf-8")
    named = set(re.findall(r"`([a-z_][\w*-]*(?:/[\w.*-]+)+/?)`", text))
    # Documents name files of models/ by their room.
    missing = [
        name for name in sorted(named)
        if not any(list(place.glob(name.rstrip("/"))) for place in (ROOT, ROOT / "models"))
    ]  # fmt: skip
    assert named or document != "docs/architecture.md"
    assert not missing

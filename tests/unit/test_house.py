"""What holds of the tree as a whole."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_odoos_own_runner_finds_every_test_inside_odoo():
    tree = ast.parse((ROOT / "tests" / "__init__.py").read_text(encoding="utf-8"))
    imported = {
        name.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)
        for name in node.names
    }  # fmt: skip
    assert imported == {path.stem for path in (ROOT / "tests").glob("test_*.py")}

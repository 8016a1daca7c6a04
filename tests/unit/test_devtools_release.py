"""What is released: versions, descriptions, changelog, and the checks that others run."""

import json
import re
from pathlib import Path

import pytest

from lab.devtools import node, readme
from lab.devtools.settings import bridges, read_manifest

ROOT = Path(__file__).resolve().parents[2]
ADDONS = [ROOT, *bridges(ROOT)]


def test_all_are_released_together_and_the_changelog_says_what_came():
    versions = {read_manifest(addon)["version"] for addon in ADDONS}
    assert len(versions) == 1
    [version] = versions
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    headings = re.findall(r"^## \[(.+?)\]", text, re.MULTILINE)
    assert headings[:2] == ["Unreleased", version]
    assert readme.history(ROOT, version).startswith(f"### {version} - 20")


@pytest.mark.parametrize("addon", ADDONS, ids=lambda path: path.name)
def test_a_wheel_describes_its_addon(addon):
    text = readme.described(addon)
    assert text.startswith(f"# {read_manifest(addon)['name']}\n")
    folder = addon / "readme"
    assert {"DESCRIPTION", "CONFIGURE", "CONTRIBUTORS"} <= {path.stem for path in folder.iterdir()}
    for path in folder.iterdir():
        assert path.stem in readme.FRAGMENTS
        assert path.read_text("utf-8").strip() in text
    # It stands alone: nothing lies beside it.
    assert not re.findall(r"\]\((?!https:)", text)
    # And it is no second copy of what the repository says.
    own = (addon / "README.md").read_text("utf-8")
    own = {" ".join(one.split()) for one in own.split("\n\n") if len(one) > 60}
    assert not own & {" ".join(one.split()) for one in text.split("\n\n")}


def test_the_changelog_of_a_version_ends_where_the_next_begins(tmp_path):
    (tmp_path / "CHANGELOG.md").write_text(
        "# Changelog\n\n## [Unreleased]\n\n- Later.\n\n## [2.0] - 2026-02-01\n\n### Added\n\n"
        "- A [list](docs/a.md), see [there](https://example.com).\n\n"
        "## [1.0] - 2026-01-01\n\nOld.\n"
    )
    assert readme.history(tmp_path, "2.0") == (
        "### 2.0 - 2026-02-01\n\n#### Added\n\n- A list, see [there](https://example.com)."
    )
    assert readme.history(tmp_path, "3.0") == ""


def test_npm_packages_are_pinned_and_the_lock_names_no_registry():
    package = json.loads((ROOT / "package.json").read_text("utf-8"))
    lock = json.loads((ROOT / "package-lock.json").read_text("utf-8"))
    wanted = package["devDependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())
    assert lock["packages"][""]["devDependencies"] == wanted
    installed = [one for name, one in lock["packages"].items() if name]
    assert len(installed) > len(wanted)
    assert all(one.get("integrity") and "resolved" not in one for one in installed)
    assert "omit-lockfile-registry-resolved=true" in (ROOT / ".npmrc").read_text("utf-8")


def test_the_hooks_are_those_of_the_lint_in_the_same_versions():
    text = (ROOT / ".pre-commit-config.yaml").read_text("utf-8")
    assert re.findall(r"^ *- repo: (\S+)$", text, re.MULTILINE) == ["local"]
    assert "entry: ./dev format" in text
    [files] = re.findall(r'^ *files: "\\\\.\((.+)\)\$"$', text, re.MULTILINE)
    assert {f".{suffix}" for suffix in files.split("|")} == set(node.FORMATTED)
    required = (ROOT / "lab/devtools/requirements.txt").read_text("utf-8").splitlines()
    for name in ("ruff", "pylint-odoo"):
        [wanted] = [line for line in required if line.startswith(f"{name}~")]
        assert f'additional_dependencies: ["{wanted}"]' in text


class Settings:
    is_root = False
    checkout = ROOT


def test_where_there_is_no_node_the_lint_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(node.Failure, match="there is no node; have root run: apt-get install"):
        node.ensure(Settings, node_cache(tmp_path))


def test_a_node_that_is_too_old_is_named(tmp_path, monkeypatch):
    for name in ("node", "npm"):
        program = tmp_path / name
        program.write_text("#!/bin/sh\necho v16.20.2\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin")
    with pytest.raises(node.Failure, match=r"Node is v16.20.2; install 18.18 or newer"):
        node.ensure(Settings, node_cache(tmp_path))


def node_cache(folder):
    from lab.devtools.cache import Cache

    return Cache(folder / "cache")

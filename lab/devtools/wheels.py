"""``./dev wheels``: the addon and its bridges as wheels, built by OCA's ``whool``.

It packs the folder of an addon as a whole and takes the addon's name from it. Here the folder is
the repository: what an installation needs is put into a folder of the right name first.
"""

import shutil
import tempfile
from pathlib import Path

from . import proc, say, texts
from .readme import described
from .settings import ADDON, bridges
from .workbench import Workbench

#: What is in the repository for who works on it.
NOT_SHIPPED = {
    "bridges", "dev", "docs", "eslint.config.cjs", "lab", "package-lock.json", "package.json",
    "prettier.config.cjs", "ruff.toml", "tests",
}  # fmt: skip
PROJECT = """\
[build-system]
requires = ["whool"]
build-backend = "whool.buildapi"
"""


def run(options):
    """Build all wheels; return the exit status.

    :param options: ``folder``
    """
    bench = Workbench().set_up()
    folder = Path(options.folder).absolute()
    folder.mkdir(parents=True, exist_ok=True)
    log = bench.cache.log("wheels")
    for wheel in build(bench.settings.checkout, folder, bench.env.python, log):
        say.line(wheel.name)
    return 0


def build(checkout, folder, python, log):
    """Build the wheel of the addon and those of its bridges; return their paths.

    :param Path folder: where to put them
    :param python: a Python that has ``pip`` and ``whool``
    :param Path log: takes what they say
    """
    with tempfile.TemporaryDirectory() as place:
        stages = [
            _stage(checkout, path, Path(place, name))
            for name, path in {
                ADDON: checkout, **{path.name: path for path in bridges(checkout)}
            }.items()
        ]  # fmt: skip
        built = Path(place, "wheels")
        proc.run(
            [python, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--no-index",
             "--disable-pip-version-check", "--wheel-dir", built, *stages],
            what="building the wheels",
            log=log,
        )  # fmt: skip
        return [Path(shutil.copy(wheel, folder)) for wheel in sorted(built.glob("*.whl"))]


def _stage(checkout, addon, stage):
    """Copy what an addon ships; return the folder."""
    prefix = addon.relative_to(checkout)
    for name in texts.files(checkout):
        path = Path(name)
        if not path.is_relative_to(prefix):
            continue
        path = path.relative_to(prefix)
        if path.parts[0] in NOT_SHIPPED or path.parts[0].startswith("."):
            continue
        target = stage / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(addon / path, target)
    (stage / "README.md").write_text(described(addon, checkout), encoding="utf-8")
    (stage / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
    return stage

"""Addons of others from PyPI, unpacked where an Odoo can be told to look for them.

Not into the environment: an addon that is there is offered to every database.
"""

import re
import shutil
import zipfile
from dataclasses import dataclass, field
from email.parser import Parser
from pathlib import Path

from . import proc, say
from .cache import write_atomically
from .say import Failure
from .settings import digest

SERIES = "19.0"
PREFIX = "odoo-addon-"
REQUIREMENT = re.compile(r"^\s*([A-Za-z0-9][\w.-]*)\s*([^;]*)")


@dataclass
class Wheel:
    """An addon of somebody else, as PyPI has it."""

    name: str
    version: str
    folder: Path  # holds the addon's folder, under its name
    addons: list = field(default_factory=list)  # the addons that it needs, of PyPI
    python: list = field(default_factory=list)  # requirements of other kinds


def distribution(name):
    """Return how PyPI calls an addon.

    >>> distribution("account_reconcile_oca")
    'odoo-addon-account-reconcile-oca'
    """
    return PREFIX + name.replace("_", "-")


def requirements(metadata):
    """Return the addons and the other packages that the metadata of a wheel asks for.

    >>> requirements("Requires-Dist: odoo-addon-date_range==19.0.*\\nRequires-Dist: odoo==19.0.*")
    (['date_range'], [])
    """
    addons, python = [], []
    for line in Parser().parsestr(metadata).get_all("Requires-Dist") or []:
        if "extra ==" in line:
            continue
        name, _version = REQUIREMENT.match(line).groups()
        plain = name.lower().replace("_", "-")
        if plain.startswith(PREFIX):
            addons.append(plain.removeprefix(PREFIX).replace("-", "_"))
        elif plain != "odoo":
            python.append(line.strip())
    return addons, python


class Shelf:
    """The addons of others that are in the cache, each fetched when it is first asked for."""

    def __init__(self, cache, env):
        """Fetch with the ``pip`` of an environment."""
        self.root = cache.folder("oca")
        self.log = cache.log("oca")
        self.cache = cache
        self.env = env

    def get(self, name):
        """Return an addon, fetching its newest version for this series when there is none.

        :raises Failure: PyPI has none
        """
        folder = self.root / name
        if not (folder / "METADATA").is_file():
            self._fetch(name, folder)
        metadata = (folder / "METADATA").read_text(encoding="utf-8")
        version = Parser().parsestr(metadata)["Version"]
        return Wheel(name, version, folder / "addons", *requirements(metadata))

    def closure(self, names, known):
        """Return addons with all that they need, those first that are needed.

        :param known: tells of an addon whether Odoo brings it
        """
        found = {}

        def add(name):
            if name in found or known(name):
                return
            wheel = self.get(name)
            for needed in wheel.addons:
                add(needed)
            found[name] = wheel

        for name in names:
            add(name)
        return list(found.values())

    def _fetch(self, name, folder):
        say.step(f"{name}: fetching")
        wheels = self.cache.folder("oca", ".wheels", name)
        proc.run(
            [self.env.python, "-m", "pip", "download", "--no-deps", "--only-binary=:all:",
             "--disable-pip-version-check", "--no-input", "--dest", wheels,
             f"{distribution(name)}=={SERIES}.*"],
            what=f"fetching {name}",
            log=self.log,
            cure=f"is it an addon of Odoo, or on PyPI as {distribution(name)} for {SERIES}? "
            f"pip's words are in {self.log}",
        )  # fmt: skip
        [wheel] = sorted(wheels.glob("*.whl"))[-1:]
        unpacking = self.root / f".{name}.unpacking"
        shutil.rmtree(unpacking, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)
        with zipfile.ZipFile(wheel) as content:
            content.extractall(unpacking)
            [metadata] = [one for one in content.namelist() if one.endswith(".dist-info/METADATA")]
            text = content.read(metadata).decode()
        addons = unpacking / "odoo" / "addons"
        if not (addons / name).is_dir():
            raise Failure(f"{wheel.name} holds no addon {name}", "tell its maintainers")
        folder.mkdir()
        addons.rename(folder / "addons")
        write_atomically(folder / "METADATA", text)  # the last: then it is complete
        shutil.rmtree(unpacking)
        shutil.rmtree(wheels)

    def python_path(self, wheels):
        """Return a folder with the Python packages that addons need beyond Odoo's, or None.

        They are of the versions that the environment has, where it has them.
        """
        wanted = sorted({line for wheel in wheels for line in wheel.python})
        if not wanted:
            return None
        folder = self.root / ".python" / digest(*wanted, self.env.root.name)
        if not (folder / "READY").is_file():
            say.step(f"Python packages of these addons: {', '.join(wanted)}")
            frozen = proc.output([self.env.python, "-m", "pip", "freeze", "--exclude-editable"])
            versions = self.cache.path("oca", "versions.txt")
            lines = [line for line in (frozen or "").splitlines() if "==" in line]
            write_atomically(versions, "".join(f"{line}\n" for line in lines))
            proc.run(
                [self.env.python, "-m", "pip", "install", "--prefer-binary", "--no-input",
                 "--disable-pip-version-check", "--constraint", versions, "--target", folder,
                 "--upgrade", *wanted],
                what="installing what these addons import",
                log=self.log,
            )  # fmt: skip
            (folder / "READY").touch()
        return folder

"""Where Odoo is: Debian's package in the cache, or the user's own ``ODOO_HOME``."""

import re
from dataclasses import dataclass
from pathlib import Path

from . import debian, proc, say
from .say import Failure
from .settings import digest

CANDIDATES = (
    "",
    "usr/lib/python3/dist-packages",
    "dist-packages",
    "site-packages",
)


@dataclass(frozen=True)
class OdooTree:
    """An Odoo that can be imported.

    ``site`` goes on ``sys.path``; ``build`` changes whenever its code may have.
    """

    site: Path
    build: str
    addons: tuple

    @property
    def import_rules(self):
        """The RelaxNG rules of data files."""
        return self.site / "odoo" / "import_xml.rng"


def ensure(settings, cache):
    """Return the Odoo to use, downloading Debian's when the user names none."""
    if settings.odoo_home:
        tree = from_home(settings.odoo_home)
        say.step(f"Odoo: {tree.site} (ODOO_HOME)")
        return tree
    site, version = debian.ensure(cache)
    say.step(f"Odoo: {version}")
    return OdooTree(site, version, (site / "odoo" / "addons",))


def from_home(home):
    """Return the Odoo of a git checkout or of an installed tree."""
    if not home.is_dir():
        raise Failure(f"ODOO_HOME={home} is no folder", "name a checkout of Odoo 19, or unset it")
    for candidate in CANDIDATES:
        site = home / candidate
        release = site / "odoo" / "release.py"
        if release.is_file():
            break
    else:
        raise Failure(
            f"ODOO_HOME={home} has no importable odoo package",
            "name the folder that holds odoo-bin or the odoo package, or unset it",
        )
    match = re.search(r"^version_info = \((\d+)", release.read_text(encoding="utf-8"), re.MULTILINE)
    if not match or match[1] != "19":
        found = match[1] if match else "unknown"
        raise Failure(f"ODOO_HOME={home} is Odoo {found}, not 19", "name a checkout of Odoo 19")
    addons = tuple(
        path
        for path in (site / "odoo" / "addons", site / "addons")
        if (path / "base").is_dir() or (path / "account").is_dir()
    )
    if not any((path / "account").is_dir() for path in addons):
        raise Failure(f"ODOO_HOME={home} has no addons folder", "name a complete checkout of Odoo")
    commit = proc.output(["git", "-C", home, "rev-parse", "HEAD"]) or ""
    build = digest(home, commit.strip(), release.stat().st_mtime_ns)
    return OdooTree(site, f"home-{build}", addons)

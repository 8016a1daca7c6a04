"""Odoo as Debian packages it, unpacked in the cache without changing the system.

Debian's suite ``sid`` has it. A private ``sources.list`` on the mirror that the
machine itself uses, with private lists and caches, lets apt check the signatures
without root and without touching the machine's own configuration.
"""

import os
import re
import shutil
from pathlib import Path

from . import proc, say
from .cache import require_space, write_atomically
from .download import fetch, sha256
from .say import Failure

PACKAGE = "odoo-19"
SUITE = "sid"
# What Odoo's package links to instead of shipping, from the machine's own suite
# (the newest Font Awesome no longer has the files that Odoo asks for), or from
# ``sid`` what Debian 12 does not have.
LINKED = (
    "libjs-jquery",
    "libjs-underscore",
    "libjs-jquery-form",
    "fonts-font-awesome",
    "fonts-inconsolata",
    "fonts-roboto-unhinted",
    "fonts-ocr-b",
)
LINKED_NEW = ("fonts-montserrat",)
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
SITE = Path("usr/lib/python3/dist-packages")
OTHER_WAY = "name a folder with Odoo 19 by ODOO_HOME=…"
URI_LINE = re.compile(r"^'(?P<uri>[^']+)' (?P<file>\S+) \d+ SHA256:(?P<sha256>[0-9a-f]{64})$")
INDEX_URI = re.compile(r"^'(?P<base>[^']+?)/+dists/(?P<suite>[^']+)/InRelease'", re.MULTILINE)


def ensure(cache):
    """Return the folder to import Odoo from and the version, unpacking it when missing."""
    root = cache.root / "odoo-19"
    stamp = root / "VERSION"
    if stamp.is_file():
        return root / SITE, stamp.read_text(encoding="utf-8").strip()
    for program in ("apt-get", "dpkg-deb"):
        if not proc.found(program):
            raise Failure(f"{program} was not found, so Debian's Odoo is out of reach", OTHER_WAY)
    require_space(cache.root, 2, "unpacking Odoo")
    apt = PrivateApt(cache)
    say.step("Odoo: asking the package mirror of this machine")
    apt.update()
    packages = apt.locate(
        [f"{name}/{SUITE}" for name in (PACKAGE, *LINKED_NEW)]
        + [f"{name}/{apt.suite}" for name in LINKED]
    )
    files = [apt.fetch(*package) for package in packages]
    return _unpack(cache, root, stamp, files)


class PrivateApt:
    """apt with folders of its own and two suites: the machine's and ``sid``."""

    def __init__(self, cache):
        """Find the machine's mirror and write the private ``sources.list``."""
        self.cache = cache
        self.log = cache.log("apt")
        self.folder = cache.folder("apt")
        for name in ("lists/partial", "cache/archives/partial"):
            cache.folder("apt", name)
        self.debs = cache.folder("apt", "debs")
        self.mirror, self.suite = self._find_mirror()
        signed = f"[signed-by={KEYRING}] " if KEYRING.exists() else ""
        suites = dict.fromkeys([self.suite, SUITE])
        write_atomically(
            self.folder / "sources.list",
            "".join(f"deb {signed}{self.mirror} {suite} main\n" for suite in suites),
        )

    def _find_mirror(self):
        """Return the address and the suite of the machine's main Debian archive."""
        # Before anybody has run "apt-get update" only this way says anything.
        said = proc.output(
            ["apt-get", "-o", f"Dir::State::Lists={self.folder / 'lists'}", "update",
             "--print-uris"]
        )  # fmt: skip
        for match in INDEX_URI.finditer(said or ""):
            base, suite = match["base"], match["suite"]
            if base.rstrip("/").endswith("debian") and re.fullmatch(r"[a-z]+", suite):
                return base, suite
        raise Failure(
            "the apt configuration of this machine names no Debian archive to take Odoo from",
            OTHER_WAY,
        )

    def _command(self, *arguments):
        return [
            "apt-get",
            "-o", f"Dir::Etc::SourceList={self.folder / 'sources.list'}",
            "-o", "Dir::Etc::SourceParts=/dev/null",
            "-o", "Dir::Etc::Preferences=/dev/null",
            "-o", "Dir::Etc::PreferencesParts=/dev/null",
            "-o", f"Dir::State::Lists={self.folder / 'lists'}",
            "-o", f"Dir::Cache={self.folder / 'cache'}",
            "-o", "APT::Sandbox::User=root",
            "-o", "APT::Update::Error-Mode=any",
            "-o", "Acquire::Languages=none",
            "-o", "Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled=false",
            "-o", "Acquire::Retries=3",
            *arguments,
        ]  # fmt: skip

    def update(self):
        """Read the package lists, signatures checked."""
        proc.run(
            self._command("update"),
            what="reading the package lists",
            log=self.log,
            cure=f"check the network (apt's words are in {self.log}), or {OTHER_WAY}",
        )

    def locate(self, names):
        """Return (address, file name, SHA-256) of packages given as name/suite."""
        # Where a package lies already, apt would leave it out: ask from an empty folder.
        command = self._command("download", "--print-uris", *names)
        said = proc.output(command, cwd=self.cache.folder("apt", "empty")) or ""
        found = [match.groups() for match in map(URI_LINE.match, said.splitlines()) if match]
        if len(found) != len(names):
            raise Failure(f"the package mirror of this machine has no {PACKAGE}", OTHER_WAY)
        return found

    def fetch(self, uri, file_name, expected):
        """Return the downloaded package as a path."""
        path = self.debs / file_name
        name = file_name.split("_")[0]
        if not (path.is_file() and sha256(path) == expected):
            say.step(f"Odoo: downloading {name}")
            if uri.startswith(("http://", "https://")):
                fetch(uri, path, expected, self._proxies())
            else:
                self._fetch_with_apt(path, expected, name)
        return path

    def _fetch_with_apt(self, path, expected, name):
        """Let apt fetch from an address that only apt understands (file:, mirror+…)."""
        path.unlink(missing_ok=True)
        command = self._command("download", name)
        proc.run(command, what=f"downloading {name}", log=self.log, cwd=self.debs)
        if not path.is_file() or sha256(path) != expected:
            raise Failure(f"{path.name} was downloaded with a wrong checksum", "run this again")

    def _proxies(self):
        """Return apt's own proxies, or None for those of the environment."""
        said = proc.output(["apt-config", "dump"]) or ""
        proxies = dict(re.findall(r'^Acquire::(https?)::Proxy "([^"]+)";', said, re.MULTILINE))
        proxies = {scheme: uri for scheme, uri in proxies.items() if uri != "DIRECT"}
        return proxies or None


def _unpack(cache, root, stamp, files):
    """Unpack packages into a new folder, mend it, and put it in place as a whole."""
    version = next(file.name for file in files if file.name.startswith(PACKAGE)).split("_")[1]
    say.step(f"Odoo: unpacking {version}")
    temporary = cache.root / "odoo-19.unpacking"
    shutil.rmtree(temporary, ignore_errors=True)
    shutil.rmtree(root, ignore_errors=True)
    temporary.mkdir()
    for file in files:
        proc.run(
            ["dpkg-deb", "-x", file, temporary], what=f"unpacking {file.name}", log=cache.log("apt")
        )
    _mend(temporary)
    (temporary / "VERSION").write_text(version + "\n", encoding="utf-8")
    os.replace(temporary, root)
    # Unpacked, the packages only take room; a changed cache folder needs them anew anyway.
    shutil.rmtree(cache.root / "apt", ignore_errors=True)
    return root / SITE, stamp.read_text(encoding="utf-8").strip()


def _mend(root):
    """Close the gaps of the package that break pages."""
    # A partial copy without data, which would hide the real one.
    shutil.rmtree(root / SITE / "addons", ignore_errors=True)
    # Every back-end page loads this bundle member, which the package leaves out.
    missing = root / SITE / "odoo/addons/mail/static/lib/selfie_segmentation"
    missing.mkdir(parents=True, exist_ok=True)
    stand_in = missing / "selfie_segmentation.js"
    if not stand_in.exists():
        stand_in.write_text("window.SelfieSegmentation ||= class {};\n", encoding="utf-8")
    dangling = [
        path
        for path in (root / SITE / "odoo").rglob("*")
        if path.is_symlink() and not path.exists()
    ]
    if dangling:
        say.warn(f"Odoo lacks {len(dangling)} fonts or scripts, such as {dangling[0].name}")

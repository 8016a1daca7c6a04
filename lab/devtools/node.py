"""What checks and formats JavaScript and XML: packages of npm, as ``package-lock.json`` pins them.

They lie in the cache, not in the checkout.
"""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from . import proc, say, texts
from .browser import install
from .cache import write_atomically
from .say import Failure
from .settings import digest

FILES = ("package.json", "package-lock.json", ".npmrc")
KEPT = 2
#: What eslint needs.
OLDEST = (18, 18)
FORMATTED = (".js", ".xml")


@dataclass(frozen=True)
class Node:
    """The programs of npm packages."""

    root: Path
    checkout: Path

    def command(self, program, *arguments):
        """Return a command line of a program, to be run in the checkout."""
        return [str(self.root / "node_modules" / ".bin" / program), *arguments]

    def environ(self, environ):
        """Return an environment in which the configuration files find their plugins."""
        return {**environ, "NODE_PATH": str(self.root / "node_modules")}

    def files(self, *suffixes):
        """Return the files of the repository that have a suffix, those to come included."""
        names = texts.files(self.checkout)
        return [
            name for name in names
            if name.endswith(suffixes) and Path(self.checkout, name).is_file()
        ]  # fmt: skip


def ensure(settings, cache):
    """Return the packages, installing them, and Debian's Node for root, when missing."""
    wanted = [(settings.checkout / name).read_text(encoding="utf-8") for name in FILES]
    root = cache.root / "node" / digest(*wanted)
    stamp = root / "READY"
    with cache.lock("node", "another ./dev that is installing npm packages"):
        _ensure_programs(settings, cache)
        if not stamp.is_file():
            _install(cache, root, settings.checkout)
        stamp.touch()
    return Node(root, settings.checkout)


def _ensure_programs(settings, cache):
    missing = [name for name in ("node", "npm") if not proc.found(name)]
    if missing and settings.is_root and proc.found("apt-get"):
        with cache.lock("apt-install", "another ./dev that is installing a program"):
            packages = {"node": "nodejs", "npm": "npm"}
            for name in missing:
                if not proc.found(name):
                    install(cache, packages[name])
    elif missing:
        raise Failure(
            f"JavaScript and XML are checked by programs of Node, and there is no {missing[0]}",
            "have root run: apt-get install nodejs npm",
        )
    said = proc.output(["node", "--version"]) or ""
    version = tuple(map(int, re.findall(r"\d+", said)[:2]))
    if version < OLDEST:
        oldest = ".".join(map(str, OLDEST))
        raise Failure(f"Node is {said.strip()}", f"install {oldest} or newer")


def _install(cache, root, checkout):
    say.step("npm packages: installing")
    folder = cache.folder("node")
    others = sorted(
        (path for path in folder.iterdir() if path != root), key=lambda path: path.stat().st_mtime
    )
    for path in others[: -KEPT or None]:
        shutil.rmtree(path, ignore_errors=True)
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir()
    for name in FILES:
        write_atomically(root / name, (checkout / name).read_text(encoding="utf-8"))
    log = cache.log("npm")
    proc.run(
        ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        what="installing the npm packages",
        log=log,
        cure=f"check the network (npm's words are in {log}) and run this again",
        cwd=root,
    )

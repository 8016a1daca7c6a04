"""The virtual environment that imports Odoo, and the addons of others that bridges join."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from . import proc, say
from .cache import require_space, write_atomically
from .say import Failure
from .settings import bridges, digest

KEPT = 2
REQUIREMENTS = Path(__file__).with_name("requirements.txt")


@dataclass(frozen=True)
class PythonEnv:
    """A virtual environment in the cache."""

    root: Path

    @property
    def python(self):
        """Its interpreter."""
        return self.root / "bin" / "python"

    @property
    def bin(self):
        """The folder of its programs."""
        return self.root / "bin"

    @property
    def site(self):
        """The folder of its packages."""
        return next((self.root / "lib").glob("python3.*")) / "site-packages"


def of_bridges(checkout):
    """Return the requirement files of the bridges.

    They name addons of others, which install themselves where Odoo looks for addons, and what
    those import: all of it, for it is installed without dependencies. One of them is Odoo.
    """
    paths = (path / "requirements.txt" for path in bridges(checkout))
    return [path for path in paths if path.is_file()]


def ensure(cache, odoo_site, checkout):
    """Return the environment for these requirements, building it when missing.

    :param Cache cache: where it is kept
    :param Path odoo_site: the folder to import Odoo from
    :param Path checkout: whose bridges may require more
    """
    additional = of_bridges(checkout)
    requirements = [path.read_text(encoding="utf-8") for path in (REQUIREMENTS, *additional)]
    version = "{}.{}.{}".format(*sys.version_info[:3])
    key = digest(*requirements, version, sys.base_prefix, odoo_site)
    env = PythonEnv(cache.root / "venvs" / key)
    stamp = env.root / "READY"
    if not stamp.is_file():
        _build(cache, env, version, additional)
        write_atomically(env.site / "odoo.pth", f"{odoo_site}\n")
        stamp.write_text("complete\n", encoding="utf-8")
    stamp.touch()
    say.step(f"Python packages: ready (Python {version})")
    return env


def _build(cache, env, version, additional):
    """Create the environment; one that an interruption left is continued."""
    require_space(cache.root, 1, "installing the Python packages")
    say.step(f"Python packages: installing for Python {version}")
    log = cache.log("pip")
    _remove_old(cache.folder("venvs"), env.root)
    if not env.python.exists():
        proc.run(
            [sys.executable, "-m", "venv", "--clear", env.root],
            what="creating a virtual environment",
            log=log,
            cure="install the venv module of Python (on Debian, as root: "
            "apt-get install python3-venv)",
        )
    environ = {name: text for name, text in os.environ.items() if name != "PYTHONPATH"}
    installations = [["-r", REQUIREMENTS], *(["--no-deps", "-r", path] for path in additional)]
    try:
        for arguments in installations:
            proc.run(
                [env.python, "-m", "pip", "install", "--prefer-binary", "--no-input",
                 "--disable-pip-version-check", *arguments],
                what="installing the Python packages",
                log=log,
                cure=f"check the network (pip's words are in {log}) and run this again",
                env=environ,
            )  # fmt: skip
    except Failure:
        if _broken(env):
            shutil.rmtree(env.root, ignore_errors=True)
        raise


def _remove_old(folder, current):
    """Remove the environments of earlier requirements, but for the last used ones."""

    def last_use(root):
        stamp = root / "READY"
        return stamp.stat().st_mtime if stamp.is_file() else 0

    others = sorted((root for root in folder.iterdir() if root != current), key=last_use)
    for root in others[: -KEPT or None]:
        shutil.rmtree(root, ignore_errors=True)


def _broken(env):
    """Tell whether an interruption left an environment without a working pip."""
    return (
        subprocess.run(
            [env.python, "-m", "pip", "--version"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        ).returncode
        != 0
    )

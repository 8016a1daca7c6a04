"""Everything set up and ready, in the order in which one needs the other."""

import contextlib
import os
import signal
import subprocess
import sys

from . import config, odoo_tree, postgres, proc, python_env
from .cache import Cache, require_space
from .databases import Databases
from .settings import ADDON, Settings, bridges


class Workbench:
    """An Odoo that works: source, Python, PostgreSQL and configuration."""

    def __init__(self, settings=None):
        """Read the settings; nothing is set up yet."""
        self.settings = settings or Settings.from_environ()
        self.cache = Cache(self.settings.cache_root)

    def set_up(self, locked=False):
        """Make everything ready, downloading what is missing, and return the workbench.

        :param bool locked: whether the caller holds the lock of the set-up
        """
        self.cache.make(self.cache.root)
        lock = self.cache.lock("setup", "another ./dev that is setting up")
        with contextlib.nullcontext() if locked else lock:
            if not self.settings.odoo_home and not (self.cache.root / "odoo-19").exists():
                require_space(self.cache.root, 4, "the first set-up")
            self.tree = odoo_tree.ensure(self.settings, self.cache)
            self.env = python_env.ensure(self.cache, self.tree.site, self.settings.checkout)
            self.server = postgres.ensure(self.settings, self.cache, self.env)
            self.rc = config.write(self.cache, self.settings, self.tree, self.server)
            self.addons = config.link_addon(self.cache, self.settings)
        self.databases = Databases(self.settings, self.cache, self.tree, self.server, self.run_odoo)
        return self

    @property
    def addon(self):
        """The checkout under the addon's technical name."""
        return self.addons / ADDON

    @property
    def bridges(self):
        """The bridges, each under its technical name."""
        return [self.addons / path.name for path in bridges(self.settings.checkout)]

    def environ(self, **more):
        """Return the environment of every program that is started."""
        environ = {
            name: text
            for name, text in os.environ.items()
            # What ./dev set for itself, and what would lead Odoo astray.
            if name not in ("PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "ODOO_HOME")
        }
        environ.update(self.server.environ())
        path = [str(self.env.bin), str(self.server.bin), environ.get("PATH", os.defpath)]
        environ.update(
            PATH=os.pathsep.join(path),
            PWD=str(self.settings.checkout),
            HYPOTHESIS_STORAGE_DIRECTORY=str(self.cache.folder("hypothesis")),
            PYLINTHOME=str(self.cache.folder("pylint")),
            PYTHONNOUSERSITE="1",
            PYTHONUNBUFFERED="1",
            # Compiled files stay out of the checkout.
            PYTHONPYCACHEPREFIX=str(self.cache.folder("pycache")),
            ODOO_RC=str(self.rc),
            SMART_DEV_PYTHON=str(self.env.python),
            SMART_DEV_ODOO_RC=str(self.rc),
            SMART_DEV_CACHE=str(self.cache.root),
        )
        programs = postgres.programs(self.settings, self.cache, self.env)
        if programs:
            # For programs that need a server of their own, which they may restart.
            environ["SMART_DEV_POSTGRES"] = str(programs)
        environ.update({name: str(text) for name, text in more.items()})
        return environ

    def odoo_command(self, *arguments):
        """Return a command line of Odoo, to be run in the environment of this workbench."""
        start = [str(self.env.python), "-m", "odoo"]
        if arguments and str(arguments[0]).startswith("-"):
            start += ["-c", str(self.rc)]
        # Subcommands take that option in different places, but all know ODOO_RC.
        return [*start, *map(str, arguments)]

    def run_odoo(self, arguments, *, what, log, script=None):
        """Run Odoo to its end, its output in a log.

        :param str script: Python for the standard input of ``odoo shell``
        """
        options = {}
        if script is not None:
            path = self.cache.path("script.py")
            path.write_text(script, encoding="utf-8")
            options["stdin"] = path.open("rb")
        try:
            proc.run(
                self.odoo_command(*arguments), what=what, log=log, env=self.environ(),
                cwd=self.settings.checkout, **options,
            )  # fmt: skip
        finally:
            if script is not None:
                options["stdin"].close()

    def call(self, command, **options):
        """Run a program on the terminal and return its exit status."""
        sys.stdout.flush()
        options.setdefault("env", self.environ())
        options.setdefault("cwd", self.settings.checkout)
        return run_to_its_end(command, **options)


def run_to_its_end(command, **options):
    """Run a program until it ends by itself; return its exit status.

    Ctrl-C reaches it from the terminal, SIGTERM is handed on to it: either way it ends, with
    whatever it has started, in its own time.
    """
    process = subprocess.Popen(list(map(str, command)), **options)
    before = signal.signal(signal.SIGTERM, lambda number, _frame: process.send_signal(number))
    try:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                continue
    finally:
        signal.signal(signal.SIGTERM, before)

"""Processes of Odoo, scripts and servers, forked off one that has loaded it: in a third the time.

Each is a process of its own, as real as one that starts from nothing: it has its own connections,
its own session and log, and it can be killed.
"""

import functools
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import tempfile
import traceback
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

from servers import LAUNCHER, PATIENCE, Server, copied
from servers import run_script as run_from_nothing


def _run(database, code, environ, folder):
    """Run ``code`` as a script; in the new process."""
    for number, name in ((1, "stdout"), (2, "stderr")):
        with open(Path(folder, name), "wb") as file:
            os.dup2(file.fileno(), number)
    import preload

    import odoo

    os.environ.update(environ)
    random.seed()
    preload.configure(database)
    registry = preload.registry_of(database)
    cr = registry.cursor()
    env = odoo.api.Environment(cr, odoo.SUPERUSER_ID, {"lang": "en_US"})
    given = {"os": os, "signal": signal, "odoo": odoo, "registry": registry, "cr": cr, "env": env}
    try:
        exec(compile(code, "<script>", "exec"), {"__name__": "__main__"} | given)
    except Exception:
        traceback.print_exc()
        raise SystemExit(1) from None


def _serve(arguments, log, prepare):
    """Be the server that its command line says; in the new process."""
    os.setsid()
    with open(log, "ab") as file:
        for number in (1, 2):
            os.dup2(file.fileno(), number)
    import preload

    import odoo.cli

    random.seed()
    preload.hand_on()
    # The evented server, and what tells of the program, start from this.
    sys.argv = [LAUNCHER, *arguments]
    if prepare:
        prepare()
    odoo.cli.main()


class _Process:
    """A forked process, as :class:`subprocess.Popen` shows one."""

    def __init__(self, process):
        self._process = process
        self.pid = process.pid

    @property
    def returncode(self):
        return self.poll()

    def poll(self):
        return self._process.exitcode

    def wait(self, timeout=None):
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired("odoo", timeout)
        return self._process.exitcode

    def terminate(self):
        self._process.terminate()


class _Preloaded:
    """Forks scripts and servers."""

    def __init__(self, template):
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["preload", "preloaded"])
        # Of its own: while somebody is connected, a template cannot be copied.
        with copied(template) as name:
            # Some versions of Python look for what to preload in this path alone.
            environ = {"SMART_PRELOAD_DB": name, "PYTHONPATH": os.pathsep.join(sys.path)}
            with patch.dict(os.environ, environ):
                loaded = self._context.Process(target=_check_preloaded)
                loaded.start()
                loaded.join()
        assert loaded.exitcode == 0, "Odoo could not be preloaded"

    def run(self, database, code, timeout=PATIENCE, **environ):
        """Run a script; returns the finished process, see :func:`servers.run_script`."""
        with tempfile.TemporaryDirectory() as folder:
            process = self._context.Process(target=_run, args=(database, code, environ, folder))
            process.start()
            process.join(timeout)
            if process.exitcode is None:
                process.kill()
                process.join()
                raise subprocess.TimeoutExpired("script", timeout)
            printed = [
                Path(folder, name).read_text("utf-8", "replace") for name in ("stdout", "stderr")
            ]
        return subprocess.CompletedProcess("script", process.exitcode, *printed)

    def serve(self, arguments, log, prepare=None):
        """Start a server; returns its process."""
        # As a daemon: whoever started it does not wait in the end for one that was forgotten.
        process = self._context.Process(target=_serve, args=(arguments, log, prepare), daemon=True)
        process.start()
        return _Process(process)


@functools.cache
def _preloaded():
    return _Preloaded(os.environ["SMART_DEV_TEMPLATE_DB"])


def run_script(database, code, timeout=PATIENCE, evented=False, **environ):
    """Run a script as :func:`servers.run_script` does."""
    if evented:  # patched before anything is imported
        return run_from_nothing(database, code, timeout, evented, **environ)
    return _preloaded().run(database, code, timeout, **environ)


class ForkedServer(Server):
    """A server that is forked.

    :param prepare: called in its process before it starts; to be pickled
    """

    def __init__(self, database, log, *options, prepare=None):
        self._prepare = prepare
        super().__init__(database, log, *options)

    def _start(self, arguments):
        return _preloaded().serve(arguments, str(self.log), self._prepare)


def shorten_quiet(seconds):
    """Have a server judge sooner that no request is on its way; five minutes are long in a test."""
    from odoo.addons.l10n_ve_edi_smart.smart_api import doubts

    doubts.LATE = timedelta(seconds=seconds)


def _check_preloaded():
    sys.exit("odoo.addons.l10n_ve_edi_smart" not in sys.modules)

"""Processes that run Python in Odoo, forked off one that has loaded it: in a third of the time.

Each is a process of its own, as real as one that starts from nothing: it has its own connections,
and it can be killed.
"""

import multiprocessing
import os
import random
import signal
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path
from unittest.mock import patch

from servers import copied


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
    registry = preload.Registry(database)
    cr = registry.cursor()
    env = odoo.api.Environment(cr, odoo.SUPERUSER_ID, {"lang": "en_US"})
    given = {"os": os, "signal": signal, "odoo": odoo, "registry": registry, "cr": cr, "env": env}
    try:
        exec(compile(code, "<script>", "exec"), {"__name__": "__main__"} | given)
    except Exception:
        traceback.print_exc()
        raise SystemExit(1) from None


class Preloaded:
    """Runs scripts as :func:`servers.run_script` does."""

    def __init__(self, template):
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["preload"])
        # Of its own: while somebody is connected, a template cannot be copied.
        with copied(template) as name:
            # Some versions of Python look for what to preload in this path alone.
            environ = {"SMART_PRELOAD_DB": name, "PYTHONPATH": os.pathsep.join(sys.path)}
            with patch.dict(os.environ, environ):
                loaded = self._context.Process(target=_check_preloaded)
                loaded.start()
                loaded.join()
        assert loaded.exitcode == 0, "Odoo could not be preloaded"

    def run(self, database, code, timeout=120, **environ):
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


def _check_preloaded():
    sys.exit("odoo.addons.l10n_ve_edi_smart" not in sys.modules)

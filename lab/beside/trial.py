"""One set of addons beside ours: in both orders, and alone where something broke."""

import contextlib
import os
import re
import subprocess
import time
from pathlib import Path

import servers
from conftest import SET_UP, checked, connect
from servers import LAUNCHER, PYTHON, copied, psql, run_script

from lab.beside import DONE, STEP
from lab.beside.outcome import Outcome
from lab.beside.table import why
from lab.devtools.settings import ADDON
from lab.simulator.testing import SimulatorProcess

#: The end of the set-up without our addon: Odoo gives the company VEF when its chart is loaded.
BOLIVARES = """
company.currency_id = bolivar
cr.commit()
"""
SCRIPT = "from lab.beside import life\nlife.live(env, {gone!r})\n"
#: What goes wrong after a commit reaches nobody but the log.
LOGGED = re.compile(rf"^.* ERROR \S+ (odoo\.addons\.{ADDON}\S*: .*)$", re.MULTILINE)
ORDERS = {"ours first": True, "theirs first": False}


class BrokenError(Exception):
    """A step ended otherwise than it should."""

    def __init__(self, step, why, log):
        super().__init__(f"{step}: {why}")
        self.step = step
        self.why = why
        self.log = log


class Prepared:
    """Databases with a company that is ready to work, with our addon and without it."""

    def __init__(self, stack):
        self.with_ours, self.without = (
            stack.enter_context(copied(os.environ[name]))
            for name in ("SMART_DEV_TEMPLATE_DB", "SMART_DEV_BASE_DB")
        )
        checked(run_script(self.with_ours, SET_UP))
        checked(run_script(self.without, SET_UP + BOLIVARES))


class Trial:
    """Tries one set.

    :param dict plan: ``addons``, ``versions``, ``rc`` and ``python``, see ``./dev beside``
    :param Prepared prepared: what is copied
    :param Path logs: the folder of what the processes say
    """

    def __init__(self, plan, prepared, logs):
        self.plan = plan
        self.prepared = prepared
        self.addons = plan["addons"]
        self.log = Path(logs, f"{'+'.join(self.addons)[:100]}.log")

    def run(self):
        """Try it; return what came of it."""
        started = time.monotonic()
        self.log.write_text("", encoding="utf-8")
        outcome = Outcome(self.addons, self.plan["versions"])
        for order, first in ORDERS.items():
            try:
                self._ours_first() if first else self._theirs_first()
            except BrokenError as broken:
                outcome.broken[order] = _told(broken)
        if outcome.broken:
            try:
                self._without()
                outcome.without = {}
            except BrokenError as broken:
                outcome.without = _told(broken)
        outcome.seconds = time.monotonic() - started
        return outcome

    # -- the three ways ----------------------------------------------------------------------

    def _ours_first(self):
        """Theirs comes into a company that issues already, and is taken away again."""
        with self._database(self.prepared.with_ours, "ours first") as (name, simulator):
            self._odoo(name, "install", "-i", *self.addons)
            self._odoo(name, "upgrade", "-u", *self.addons, ADDON)
            self._live(name, simulator, self.addons)

    def _theirs_first(self):
        """Ours comes into a company that has theirs, and is taken away again."""
        with self._database(self.prepared.without, "theirs first") as (name, simulator):
            self._odoo(name, "install", "-i", *self.addons)
            self._odoo(name, "install ours", "-i", ADDON)
            self._live(name, simulator, [ADDON])

    def _without(self):
        """Theirs alone, the same steps as far as Odoo has them."""
        with self._database(self.prepared.without, "without ours") as (name, _simulator):
            self._odoo(name, "install", "-i", *self.addons)
            self._odoo(name, "upgrade", "-u", *self.addons)
            self._script(name, SCRIPT.format(gone=self.addons))

    def _live(self, name, simulator, gone):
        """Go through the life of documents, and then without some addons."""
        connect(name, simulator)
        self._script(name, SCRIPT.format(gone=gone))
        if psql("SELECT to_regclass('smart_document') IS NOT NULL", name) == "t":
            self._compare(name, simulator)

    def _compare(self, name, simulator):
        """What the service has issued is what Odoo has."""
        query = "SELECT control_number FROM smart_document WHERE control_number > '' ORDER BY 1"
        ours = psql(query, name).split()
        theirs = sorted(document["control_number"] for document in simulator.documents())
        if ours != theirs:
            raise BrokenError("compare", f"Odoo has {ours}, the service {theirs}", self.log)

    # -- processes ---------------------------------------------------------------------------

    @contextlib.contextmanager
    def _database(self, template, order):
        self._write(f"\n==== {order} ====\n")
        simulator = SimulatorProcess()
        try:
            with copied(template) as name:
                yield name, simulator
        finally:
            simulator.stop()

    def _environ(self):
        more = {"ODOO_RC": self.plan["rc"]}
        if self.plan["python"]:
            more["PYTHONPATH"] = self.plan["python"]
        return more

    def _odoo(self, name, step, option, *modules):
        """Run Odoo's command line on modules."""
        command = [
            PYTHON, LAUNCHER, "-c", self.plan["rc"], "-d", name, option, ",".join(modules),
            "--stop-after-init", "--no-http", "--max-cron-threads=0", "--log-level=warn",
        ]  # fmt: skip
        started = time.monotonic()
        done = subprocess.run(
            command, env=os.environ | self._environ(), stdin=subprocess.DEVNULL,
            capture_output=True, text=True, check=False, timeout=servers.PATIENCE,
        )  # fmt: skip
        said = done.stdout + done.stderr
        seconds = time.monotonic() - started
        self._write(f"$ {step}: {option} {','.join(modules)} ({seconds:.0f} s)\n{said}")
        if done.returncode or " CRITICAL " in said or " ERROR " in said:
            raise BrokenError(step, why(said), self.log)
        if option == "-i":
            listed = ", ".join(f"'{module}'" for module in modules)
            query = f"SELECT name FROM ir_module_module WHERE name IN ({listed})"
            missing = set(modules) - set(psql(f"{query} AND state = 'installed'", name).split())
            if missing:
                raise BrokenError(step, f"not installed: {', '.join(sorted(missing))}", self.log)

    def _script(self, name, code):
        """Run a script that names its steps."""
        started = time.monotonic()
        done = run_script(name, code, rc=self.plan["rc"], **self._environ())
        seconds = time.monotonic() - started
        self._write(f"$ {code.splitlines()[-1]} ({seconds:.0f} s)\n{done.stdout}{done.stderr}")
        lines = done.stdout.splitlines()
        steps = [line.removeprefix(STEP) for line in lines if line.startswith(STEP)]
        if done.returncode or DONE not in lines:
            step = steps[-1] if steps else "start"
            raise BrokenError(step, why(done.stderr or done.stdout), self.log)
        if logged := LOGGED.search(done.stderr):
            raise BrokenError("after the commit", logged[1].strip(), self.log)

    def _write(self, text):
        with self.log.open("a", encoding="utf-8") as log:
            log.write(text)


def _told(broken):
    return {"step": broken.step, "why": broken.why, "log": str(broken.log)}

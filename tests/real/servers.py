"""Real Odoo servers on a copied database, driven over HTTP as a browser would."""

import contextlib
import copy
import functools
import itertools
import os
import signal
import socket
import subprocess
import time
from pathlib import Path

import psycopg2
import requests
from psycopg2.extensions import make_dsn

PYTHON = os.environ["SMART_DEV_PYTHON"]
RC = os.environ["SMART_DEV_ODOO_RC"]
LAUNCHER = str(Path(__file__).with_name("launch.py"))

#: Seconds. How soon something is done is the machine's affair.
PATIENCE = 600

_serial = itertools.count(1)


class OdooError(Exception):
    """What the server answered instead of a result."""

    def __init__(self, error):
        data = error.get("data") or {}
        self.name = data.get("name")
        #: All that the client is given, traceback included.
        self.whole = error
        super().__init__(data.get("message") or error.get("message"))


#: Values as PostgreSQL writes them, whatever their type.
AS_TEXT = psycopg2.extensions.new_type(
    tuple(psycopg2.extensions.string_types), "AS_TEXT", lambda value, _cursor: value
)


#: The condition on ``pg_stat_activity`` that leaves out PostgreSQL's own vacuum, which comes and
#: goes, and is not ours to end.
CLIENTS = "backend_type = 'client backend'"


def connected_to(database):
    """Return a connection on which each statement is committed, and values are read as text.

    :param database: a name, or whatever libpq connects by
    """
    connection = psycopg2.connect(database if "=" in database else make_dsn(dbname=database))
    connection.autocommit = True
    psycopg2.extensions.register_type(AS_TEXT, connection)
    return connection


def rows_of(connection, query):
    """Run SQL on such a connection; return a line for each row, ``|`` between its columns."""
    with connection.cursor() as cursor:
        cursor.execute(query)
        rows = cursor.fetchall() if cursor.description else []
    return "\n".join("|".join(value or "" for value in row) for row in rows).strip()


def psql(query, database="postgres"):
    """Run SQL and return its rows as ``psql -At`` prints them, without a process for each."""
    try:
        with contextlib.closing(connected_to(database)) as connection:
            return rows_of(connection, query)
    except psycopg2.Error as error:
        raise AssertionError(str(error)) from error


def drop(name):
    """Drop a database, whoever is connected to it.

    PostgreSQL's own vacuum is not ours to end: where it is just at work there, wait for it.
    """
    for patience in (*[0.5] * 20, None):
        try:
            psql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            return
        except AssertionError as error:
            if patience is None or "permission denied to terminate process" not in str(error):
                raise
            time.sleep(patience)


@functools.cache
def _strategy():
    """Return how to copy a database: by its files, where PostgreSQL can be told to."""
    return " STRATEGY FILE_COPY" if int(psql("SHOW server_version_num")) >= 150000 else ""


def copy_of(template):
    """Return the name of a new copy of a database."""
    name = f"smart_real_{os.getpid()}_{next(_serial)}"
    psql(f'CREATE DATABASE "{name}" TEMPLATE "{template}"{_strategy()}')
    return name


@contextlib.contextmanager
def copied(template):
    """Give a copy of a database for as long as it is needed."""
    name = copy_of(template)
    try:
        yield name
    finally:
        drop(name)


def free_port():
    """Return a port that nobody listens on."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def run_script(database, code, timeout=PATIENCE, evented=False, rc=None, **environ):
    """Run Python with ``env`` of a real transaction in a process of its own.

    :param bool evented: patched as the evented server is
    :param rc: another configuration than that of all
    :returns: the finished process; its exit status may be that of a signal
    """
    prelude = "import sys\nsys.argv.insert(1, 'gevent')\n" if evented else ""
    prelude += (
        "import os, signal\nimport odoo, odoo.api, odoo.tools\n"
        f"options = ['-c', {rc or RC!r}, '-d', {database!r}, '--log-level=error']\n"
        "odoo.tools.config.parse_config(options)\n"
        "from odoo.modules.registry import Registry\n"
        f"registry = Registry({database!r})\n"
        "cr = registry.cursor()\n"
        "env = odoo.api.Environment(cr, odoo.SUPERUSER_ID, {'lang': 'en_US'})\n"
    )
    return subprocess.run(
        [PYTHON, "-c", prelude + code],
        env=os.environ | environ,
        capture_output=True,
        text=True,
        timeout=timeout,
    )


class Server:
    """``odoo`` serving one database, with its scheduled actions.

    :param str database: to serve
    :param options: more of its command line
    """

    def __init__(self, database, log, *options):
        self.database = database
        self.port = free_port()
        self.gevent_port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = log
        self.process = self._start([
            "-c", RC, "-d", database, f"--http-port={self.port}",
            f"--gevent-port={self.gevent_port}", "--db-filter=^" + database + "$",
            "--max-cron-threads=1", *options,
        ])  # fmt: skip
        self.session = requests.Session()
        self._wait()

    def _start(self, arguments):
        """Start Odoo with a command line, in a session of its own; return its process."""
        with open(self.log, "ab") as log:
            return subprocess.Popen(
                [PYTHON, LAUNCHER, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def _wait(self):
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            assert self.process.poll() is None, f"Odoo ended, see {self.log}"
            with contextlib.suppress(requests.RequestException):
                if self.session.get(self.url + "/web/health", timeout=PATIENCE).ok:
                    return
            time.sleep(0.1)
        raise AssertionError(f"Odoo does not answer, see {self.log}")

    def login(self, login="admin", password="admin"):
        """Authenticate the session and return the user's id."""
        return self.post(
            "/web/session/authenticate",
            {"db": self.database, "login": login, "password": password},
        )["uid"]

    def new_session(self):
        """Return the same server with a session of its own, of nobody yet."""
        client = copy.copy(self)
        client.session = requests.Session()
        return client

    def another_client(self, login="admin", password="admin"):
        """Return the same server with a session of its own, for another thread or user."""
        client = self.new_session()
        client.login(login, password)
        return client

    def post(self, path, params):
        """Call a JSON-RPC route and return its result.

        :raises OdooError: with the server's words
        """
        answer = self.session.post(
            self.url + path,
            json={"jsonrpc": "2.0", "method": "call", "params": params},
            timeout=PATIENCE,
        ).json()
        if "error" in answer:
            raise OdooError(answer["error"])
        return answer.get("result")

    def call(self, model, method, *args, **kwargs):
        """Call a model's method as the web client does."""
        company = kwargs.pop("company", None)
        context = {"lang": "en_US"} | kwargs.pop("context", {})
        if company:
            context["allowed_company_ids"] = [company]
        return self.post(
            f"/web/dataset/call_kw/{model}/{method}",
            {
                "model": model,
                "method": method,
                "args": list(args),
                "kwargs": kwargs | {"context": context},
            },
        )

    def kill(self):
        """End the server without a chance to clean up."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self):
        """End the server in order, or by force where it does not listen."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()
        self.session.close()


def wait_for(condition, what="what was expected", every=0.1):
    """Return the first true value of ``condition()``, called again every few seconds."""
    deadline = time.monotonic() + PATIENCE
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < deadline, f"{what} did not happen within {PATIENCE} s"
        time.sleep(every)

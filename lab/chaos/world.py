"""What runs: servers that somebody restarts, the service, the database, a person at the button."""

import contextlib
import os
import random
import signal
import threading
import time
from functools import partial
from pathlib import Path

import psutil
import psycopg2
import requests
from preloaded import ForkedServer, shorten_quiet
from servers import OdooError

from .person import Person

#: What a supervisor such as systemd does not notice at once.
RESTART_SECONDS = 0.5

#: How often the scheduler is made to look for work, once nobody confirms anything any more. By
#: itself it looks once a minute, or when any scheduled action is triggered: small runs would wait
#: for that, and not for this addon.
SCHEDULER_SECONDS = 3.0


class Database:
    """Reads one database, across its restarts. One for each thread."""

    def __init__(self, name):
        self._name = name
        self._connection = None

    def rows(self, query, *params):
        """Return the rows of a query; waits for a server that is down."""
        deadline = time.monotonic() + 120
        while True:
            try:
                if self._connection is None:
                    self._connection = psycopg2.connect(dbname=self._name)
                    self._connection.autocommit = True
                with self._connection.cursor() as cursor:
                    cursor.execute(query, params)
                    return cursor.fetchall()
            except psycopg2.ProgrammingError:
                raise  # waiting does not mend it
            except psycopg2.Error:
                self.close()
                if time.monotonic() > deadline:
                    raise
            time.sleep(0.1)

    def value(self, query, *params):
        return self.rows(query, *params)[0][0]

    def close(self):
        if self._connection is not None:
            with contextlib.suppress(psycopg2.Error):
                self._connection.close()
        self._connection = None


class Place:
    """Where a server runs, and is started again whenever it ended.

    :param prepare: see :class:`ForkedServer`
    """

    def __init__(self, database, log, prepare, *options):
        self.workers = any(option.startswith("--workers=") for option in options)
        self.starts = 0
        self._make = lambda: ForkedServer(
            database, log, "--log-level=info", *options, prepare=prepare
        )
        self._server = None
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._supervise, daemon=True)

    def start(self):
        self._thread.start()

    def server(self):
        """Return the server if it answers, else None."""
        server = self._server
        return server if server and server.process.poll() is None else None

    def _supervise(self):
        while not self._ending.is_set():
            server = None
            try:
                self.starts += 1
                server = self._make()
                server.login()
                self._server = server
                while server.process.poll() is None and not self._ending.wait(0.1):
                    pass
            except (AssertionError, OSError, ValueError, OdooError, KeyError, TypeError):
                pass  # killed while it started, or its database was away
            self._server = None
            if server:
                server.stop()
            self._ending.wait(RESTART_SECONDS)

    def stop(self):
        self._ending.set()
        self._thread.join()


class World:
    """Everything that a plan is carried out on.

    :param str database: to serve
    :param simulator: the service, with ``--respawn``
    :param own: the PostgreSQL that may be restarted, or None
    :param float quiet: see :func:`shorten_quiet`
    """

    def __init__(self, database, company, simulator, own, servers, logs, quiet):
        self.database = database
        self.company = company
        self.simulator = simulator
        self.own = own
        self.places = [
            Place(
                database,
                Path(logs, f"odoo-{number}.log"),
                partial(shorten_quiet, quiet),
                # The second has worker processes, and the evented server with them.
                *(["--workers=2"] if number == 1 else []),
            )
            for number in range(servers)
        ]
        self.person = Person(Database(database), self.call)
        self._woken = float("-inf")

    def __enter__(self):
        for place in self.places:
            place.start()
        self.person.start()
        return self

    def __exit__(self, *exc_info):
        self.person.stop()
        for place in self.places:
            place.stop()

    def any_server(self):
        """Return a server that runs; waits for one."""
        while True:
            running = [server for place in self.places if (server := place.server())]
            if running:
                return random.choice(running)  # noqa: S311 - any will do
            time.sleep(0.1)

    def call(self, model, method, *args, server=None, **kwargs):
        """Call a method on a server.

        :returns: the result
        :raises OdooError: the server said no
        :raises OSError: nobody knows what became of it
        """
        server = server or self.any_server()
        # A session of its own for each call: servers are called by several threads.
        with requests.Session() as session:
            session.cookies.update(server.session.cookies)
            answer = session.post(
                f"{server.url}/web/dataset/call_kw/{model}/{method}",
                json={
                    "jsonrpc": "2.0",
                    "method": "call",
                    "params": {
                        "model": model,
                        "method": method,
                        "args": list(args),
                        "kwargs": kwargs
                        | {"context": {"lang": "en_US", "allowed_company_ids": [self.company]}},
                    },
                },
                timeout=150,
            ).json()
        if "error" in answer:
            raise OdooError(answer["error"])
        return answer.get("result")

    def wake_scheduler(self):
        """Have the servers look for scheduled actions whose time has come, as any trigger does."""
        if time.monotonic() - self._woken < SCHEDULER_SECONDS:
            return
        self._woken = time.monotonic()
        with contextlib.suppress(psycopg2.Error), contextlib.closing(
            psycopg2.connect(dbname="postgres")
        ) as connection, connection.cursor() as cursor:  # fmt: skip
            cursor.execute("SELECT pg_notify('cron_trigger', %s)", (self.database,))
            connection.commit()

    # -- faults of processes ---------------------------------------------------------------

    def kill_server(self, rng):
        """End a server and all its workers without a chance to clean up."""
        server = self._one(rng, self.places)
        if server:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(server.process.pid, signal.SIGKILL)
        return bool(server)

    def stop_server(self, rng):
        """Tell a server to stop."""
        server = self._one(rng, self.places)
        if server:
            server.process.terminate()
        return bool(server)

    def kill_worker(self, rng):
        """End one process of a server with several."""
        server = self._one(rng, [place for place in self.places if place.workers])
        try:
            children = psutil.Process(server.process.pid).children() if server else []
            if children:
                rng.choice(children).kill()
        except psutil.NoSuchProcess:
            return False
        return bool(children)

    def kill_simulator(self, _rng):
        """End the service's process; its supervisor starts it again."""
        try:
            os.kill(self.simulator.pid(), signal.SIGKILL)
        except (OSError, ProcessLookupError):
            return False
        return True

    def _one(self, rng, places):
        running = [server for place in places if (server := place.server())]
        return rng.choice(running) if running else None

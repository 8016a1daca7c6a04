"""The lock of a lane: one sender per issuer over all threads, workers and hosts.

Protocol. A session-level advisory lock of PostgreSQL, on a connection of its own: it is held
across the sender's commits, and PostgreSQL itself releases it when the process dies or the
connection breaks. If the connection is gone, the lock is gone, too, and another sender may have
begun. So everything that only the holder may write is written in a
:meth:`LaneLock.transaction`, on that same connection: without the lock there is no commit.

Waiting. Threads of one process that want the same lock queue at a door of the process, without a
connection; only who is through it takes one, and waits in PostgreSQL for other processes. So fifty
who wait need one connection.
"""

import json
import logging
import threading
import time
from contextlib import contextmanager, suppress
from weakref import WeakValueDictionary

import psycopg2

from ..terms import LOCK_CLASS

_logger = logging.getLogger(__name__)


class _Door:
    """Where the threads of this process queue for one lock."""

    def __init__(self):
        self.lock = threading.Lock()


#: (database, class, key) -> door; one that nobody is at goes away by itself.
_doors = WeakValueDictionary()
_doors_guard = threading.Lock()

#: PostgreSQL must notice within a minute that the host of a sender is gone (two hours by default),
#: and must not end its session for being idle during a call, in a transaction or not.
SESSION_SETTINGS = {
    "tcp_keepalives_idle": "20",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
    "idle_session_timeout": "0",
    "idle_in_transaction_session_timeout": "0",
    "transaction_timeout": "0",
}


def settle_in(cr, **more):
    """Set a connection up for a sender; Odoo's pool resets it afterwards.

    :param more: settings in addition to those of every sender's connection
    """
    settings = SESSION_SETTINGS | more
    cr.execute(
        # Not every version of PostgreSQL knows all of them.
        "SELECT count(set_config(name, %s::jsonb ->> name, false))"
        " FROM pg_settings WHERE name = ANY(%s)",
        (json.dumps(settings), list(settings)),
    )
    # On a connection of the sender's own: no transaction of anybody else is committed.
    cr.commit()  # pylint: disable=invalid-commit


class LaneLostError(Exception):
    """The connection broke, and the lock went with it: another sender may be at work."""


class LaneLock:
    """Context manager; ``held`` tells whether the lock was got.

    :param registry: of the database
    :param int key: the issuer's id
    :param float patience: seconds to wait for another sender to finish
    :param int lock_class: first half of the lock's key, if it is not a sender's lock
    """

    def __init__(self, registry, key, patience=0.0, lock_class=LOCK_CLASS):
        self._registry = registry
        self._lock_class = lock_class
        self._key = key
        self._patience = patience
        self._door = None
        self._cr = None
        self.held = False
        #: Whether a transaction was left open, see :meth:`open`.
        self.is_open = False

    def __enter__(self):
        deadline = time.monotonic() + self._patience
        name = (self._registry.db_name, self._lock_class, self._key)
        with _doors_guard:
            door = _doors.setdefault(name, _Door())
        if not door.lock.acquire(timeout=max(self._patience, 0)):
            return self
        self._door = door
        try:
            self._cr = self._registry.cursor()
            self._enter(deadline)
        except BaseException:
            self._disconnect()
            self._leave_door()
            raise
        if not self.held:
            self._cr.close()
            self._cr = None
            self._leave_door()
        return self

    def _enter(self, deadline):
        """Take the lock, waiting for other processes until a moment of the monotonic clock."""
        key = (self._lock_class, self._key)
        if not self._ask("SELECT pg_try_advisory_lock(%s, %s)", key) and not self._wait(
            key, deadline - time.monotonic()
        ):
            return
        settle_in(self._cr)
        self.held = True

    def _wait(self, key, seconds):
        """Wait in PostgreSQL; tell whether the lock was got."""
        if seconds <= 0:
            return False
        try:
            # For this transaction only; 0 would be for ever.
            self._cr.execute("SET LOCAL lock_timeout = %s", (max(int(seconds * 1000), 1),))
            self._cr.execute("SELECT pg_advisory_lock(%s, %s)", key, log_exceptions=False)
        except (psycopg2.errors.LockNotAvailable, psycopg2.errors.QueryCanceled):
            self._cr.rollback()
            return False
        self._cr.commit()  # pylint: disable=invalid-commit
        return True

    def _lose(self):
        """Note that another sender may be at work: those at the door need not wait any longer."""
        self.held = False
        self._leave_door()

    def _leave_door(self):
        door, self._door = self._door, None
        if door:
            door.lock.release()

    def __exit__(self, *exc_info):
        if self._cr is None:
            return  # it was not got
        held, self.held = self.held, False
        try:
            self._give_up(held)
        finally:
            self._leave_door()

    def _give_up(self, held):
        try:
            self._cr.rollback()  # what was left open, because unlocking commits
            if held:
                self._ask("SELECT pg_advisory_unlock(%s, %s)", (self._lock_class, self._key))
            self._cr.close()
        except psycopg2.Error:
            _logger.info("The connection that held a lane's lock is gone", exc_info=True)
            self._disconnect()
        except BaseException:
            self._disconnect()
            raise

    @contextmanager
    def transaction(self):
        """Give the lock's own cursor; what is done with it is committed only under the lock.

        What :meth:`open` left open is rolled back first.

        :raises LaneLostError: the connection is gone; nothing was committed, or nobody can tell
        """
        with self._noticing_loss():
            self._cr.rollback()
            self.is_open = False
            yield self._cr
            self._commit()

    @contextmanager
    def open(self):
        """Give the lock's own cursor, and leave the transaction open unless something fails.

        It ends with :meth:`commit`, :meth:`rollback`, or the next :meth:`transaction`.

        :raises LaneLostError: the connection is gone; nothing will be committed
        """
        with self._noticing_loss():
            self.is_open = True
            yield self._cr
            self._cr.flush()

    def commit(self):
        """Commit what is open.

        :raises LaneLostError: the connection is gone; nothing was committed, or nobody can tell
        """
        with self._noticing_loss():
            self._commit()

    def rollback(self):
        """Roll back what is open, if anything is; with a lost connection it is gone already."""
        if not self._is_connected():
            self._lose()

    def _commit(self):
        # On a connection of its own: no transaction of anybody else is committed.
        self._cr.commit()  # pylint: disable=invalid-commit
        self.is_open = False

    @contextmanager
    def _noticing_loss(self):
        if not self.held:
            raise LaneLostError
        try:
            yield
        except BaseException as error:
            if not self._is_connected():
                self._lose()
                if isinstance(error, psycopg2.Error):
                    raise LaneLostError from error
            raise

    def _is_connected(self):
        """Roll back, and tell whether the connection still lives."""
        try:
            self._cr.rollback()
        except psycopg2.Error:
            self.is_open = False
            return False
        self.is_open = False
        return not self._cr.closed

    def _disconnect(self):
        """Close the connection itself: back in the pool it would keep the lock."""
        if not self._cr:
            return  # the pool gave none
        with suppress(psycopg2.Error):
            self._cr._cnx.close()
        with suppress(psycopg2.Error):
            self._cr.close()

    def _ask(self, query, params):
        self._cr.execute(query, params)
        answer = self._cr.fetchone()[0]
        self._cr.commit()  # pylint: disable=invalid-commit
        return answer

"""The lock of a lane: one sender per issuer over all threads, workers and hosts.

Protocol. A session-level advisory lock of PostgreSQL, on a connection of its own: it is held
across the sender's commits, and PostgreSQL itself releases it when the process dies or the
connection breaks. If the connection is gone, the lock is gone, too, and another sender may have
begun. So everything that only the holder may write is written in a
:meth:`LaneLock.transaction`, on that same connection: without the lock there is no commit.
"""

import json
import logging
import time
from contextlib import contextmanager, suppress

import psycopg2

from ..terms import LOCK_CLASS

_logger = logging.getLogger(__name__)


POLL_SECONDS = 0.05

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
        self._cr = None
        self.held = False
        #: Whether a transaction was left open, see :meth:`open`.
        self.is_open = False

    def __enter__(self):
        deadline = time.monotonic() + self._patience
        self._cr = self._registry.cursor()
        try:
            key = (self._lock_class, self._key)
            while not self._ask("SELECT pg_try_advisory_lock(%s, %s)", key):
                if time.monotonic() >= deadline:
                    return self
                time.sleep(POLL_SECONDS)
            settle_in(self._cr)
            self.held = True
        except BaseException:
            self._disconnect()
            raise
        return self

    def __exit__(self, *exc_info):
        held, self.held = self.held, False
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
            self.held = False

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
                self.held = False
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
        with suppress(psycopg2.Error):
            self._cr._cnx.close()
        with suppress(psycopg2.Error):
            self._cr.close()

    def _ask(self, query, params):
        self._cr.execute(query, params)
        answer = self._cr.fetchone()[0]
        self._cr.commit()  # pylint: disable=invalid-commit
        return answer

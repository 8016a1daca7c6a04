"""The lock of a lane: one sender per issuer over all threads, workers and hosts.

Protocol. A session-level advisory lock of PostgreSQL, on a connection that does nothing
else: it is held across the sender's commits, and PostgreSQL itself releases it when the
process dies or the connection breaks. ``still_held`` asks that connection; a sender does so
before it begins a document, because with the connection the lock is gone, and another
sender may have begun.
"""

import logging
import time
import zlib

import psycopg2

_logger = logging.getLogger(__name__)

#: First half of the lock's key (a signed int4); the second is the issuer's id.
LOCK_CLASS = zlib.crc32(b"l10n_ve_edi_smart.lane") - 2**31

POLL_SECONDS = 0.05


class LaneLock:
    """Context manager; ``held`` tells whether the lock was got.

    :param registry: of the database
    :param int key: the issuer's id
    :param float patience: seconds to wait for another sender to finish
    """

    def __init__(self, registry, key, patience=0.0):
        self._registry = registry
        self._key = key
        self._patience = patience
        self._cr = None
        self.held = False

    def __enter__(self):
        deadline = time.monotonic() + self._patience
        self._cr = self._registry.cursor()
        try:
            while not self._ask("SELECT pg_try_advisory_lock(%s, %s)"):
                if time.monotonic() >= deadline:
                    return self
                time.sleep(POLL_SECONDS)
            self.held = True
        except BaseException:
            self._cr.close()
            raise
        return self

    def __exit__(self, *exc_info):
        try:
            if self.held:
                self._ask("SELECT pg_advisory_unlock(%s, %s)")
        except psycopg2.Error:
            # With its connection the lock is gone; the pool drops the broken connection.
            _logger.info("The connection that held a lane's lock is gone", exc_info=True)
        finally:
            self.held = False
            self._cr.close()

    def still_held(self):
        """Tell whether the connection, and with it the lock, still lives."""
        try:
            return self.held and self._ask("SELECT %s IS NOT NULL AND %s IS NOT NULL")
        except psycopg2.Error:
            self.held = False
            return False

    def _ask(self, query):
        self._cr.execute(query, (LOCK_CLASS, self._key))
        answer = self._cr.fetchone()[0]
        # The lock belongs to the session, on a connection of its own: no transaction of anybody
        # else is committed, and none is kept open.
        self._cr.commit()  # pylint: disable=invalid-commit
        return answer

"""Beginning the next document while the answer about the one before is on its way.

Beginning is a third of the work that a document costs the database and this process, and both
are idle while a call waits for its answer. So the next document is begun at that time, on the
connection that holds the lane's lock, and *not committed*: nobody else sees it. First the outcome
of the call is committed, on a second connection; after it, and only if it was the expected
outcome, the begun document. For any other outcome it is rolled back first, as if it had never
been. A process that dies in between leaves the next document waiting and its number free.

Beginning locks the document (nobody withdraws it) and the numbering of its type. If the answer
does not begin to come within :data:`HOLD_SECONDS`, it is rolled back at once: there is little to
win. An answer that has come waits for the locks of others no longer than the two time-outs.
"""

import logging
from contextlib import contextmanager, suppress

import psycopg2

from .lock import LaneLostError, settle_in

_logger = logging.getLogger(__name__)

#: How long what was begun ahead may lock others out.
HOLD_SECONDS = 1.0

#: How long beginning ahead may wait for a lock (a person may be editing the numbering).
BEGIN_LOCK_TIMEOUT = "500ms"

#: How long settling beside it may wait for a lock. Then what was begun ahead is dropped: it may be
#: what holds the lock.
SETTLE_LOCK_TIMEOUT = "2s"


class Ahead:
    """The document that was begun ahead, if any, and the connection to settle beside it.

    Close it at the end of a run.

    :param registry: of the database
    :param LaneLock lock: held
    """

    def __init__(self, registry, lock):
        self._registry = registry
        self._lock = lock
        self._begun = None
        self._beside = None

    def begin(self, begin, prepare):
        """Begin the next document; never raises, because a call is under way.

        :param begin: called with a cursor; returns what :meth:`take` is to return, or nothing
        :param prepare: called with another cursor, to read what settling the call will read. The
            transaction of :meth:`beside` begins here, so it fails if any of that changes
        """
        try:
            beside = self._open_beside()
            with self._lock.open() as cr:
                cr.execute("SET LOCAL lock_timeout = %s", (BEGIN_LOCK_TIMEOUT,))
                begun = begin(cr)
            if begun:
                prepare(beside)
                self._begun = begun
                return
        except LaneLostError:
            return
        except Exception:
            # The same error will come when it is begun in its turn, and is dealt with there.
            _logger.info("The next document could not be begun ahead", exc_info=True)
        self.drop()

    @property
    def begun(self):
        """Whether a document is begun and not committed."""
        return bool(self._begun) and self._lock.is_open

    def take(self):
        """Commit what was begun, and return it; ``None`` if there is nothing.

        :raises LaneLostError: nothing was committed, or nobody can tell
        """
        if not self.begun:
            return None
        begun, self._begun = self._begun, None
        try:
            self._lock.commit()
        except psycopg2.Error as error:
            # The commit may or may not have happened. If it has, the next holder of the lane finds
            # the document in “sending”.
            raise LaneLostError from error
        return begun

    @contextmanager
    def beside(self):
        """Give a cursor on a second connection, to commit before the begun document is."""
        yield self._beside
        # On a connection of its own: no transaction of anybody else is committed.
        self._beside.commit()  # pylint: disable=invalid-commit

    def _open_beside(self):
        if not self._beside:
            self._beside = self._registry.cursor()
            try:
                settle_in(self._beside, lock_timeout=SETTLE_LOCK_TIMEOUT)
            except BaseException:
                self._give_back()
                raise
        return self._beside

    def drop(self):
        """Roll back what was begun, and what was read beside it."""
        self._begun = None
        if self._beside:
            try:
                self._beside.rollback()
            except psycopg2.Error:
                self._give_back()
        self._lock.rollback()

    def close(self):
        """Drop everything, and give the second connection back."""
        self.drop()
        self._give_back()

    def _give_back(self):
        beside, self._beside = self._beside, None
        with suppress(psycopg2.Error):  # lost: the pool forgets it by itself
            if beside:
                beside.close()

"""Beginning the next document while the answer about the one before is on its way.

Beginning costs the database and this process a third of what a document costs them; while a
call is waited for, both are idle. So the next document is begun then, on the connection that
holds the lane's lock, and *not committed*: nobody else sees anything of it. Committed it is after
the outcome of the call has been (on a second connection), and only if that was the expected one;
for any other outcome it is rolled back first, as if it had never been. Whoever dies in between
leaves the next document waiting and its number free.

What is so begun is locked: the document (nobody withdraws it) and the numbering of its type. With
an answer that does not begin to come within :data:`HOLD_SECONDS` it is rolled back at once: there
is little to win. And an answer that has come waits for somebody else's lock no longer than the two
time-outs say.
"""

import logging
from contextlib import contextmanager, suppress

import psycopg2

from .lock import LaneLostError, settle_in

_logger = logging.getLogger(__name__)

#: How long what was begun ahead may lock others out.
HOLD_SECONDS = 1.0

#: How long beginning ahead may wait for somebody's lock (of who edits the numbering).
BEGIN_LOCK_TIMEOUT = "500ms"

#: How long settling beside it may, before it does without anything that was begun ahead: what it
#: waits for may be that.
SETTLE_LOCK_TIMEOUT = "2s"


class Ahead:
    """The document that was begun ahead, if any, and the connection to settle beside it.

    To be closed at the end of a run.

    :param registry: of the database
    :param LaneLock lock: held
    """

    def __init__(self, registry, lock):
        self._registry = registry
        self._lock = lock
        self._begun = None
        self._beside = None

    def begin(self, begin, prepare):
        """Begin the next document; never raises, for a call is under way.

        :param begin: called with a cursor; returns what :meth:`take` is to return, or nothing
        :param prepare: called with another one, to read what settling the call will read: the
            transaction of :meth:`beside` begins here, so what changes since makes it fail
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
            # It will be the same when it is begun in its turn, and is dealt with there.
            _logger.info("The next document could not be begun ahead", exc_info=True)
        self.drop()

    @property
    def begun(self):
        """Whether a document is begun and not committed."""
        return bool(self._begun) and self._lock.is_open

    def take(self):
        """Commit what was begun, and return it; ``None`` when there is nothing.

        :raises LaneLostError: nothing was committed, or nobody can tell
        """
        if not self.begun:
            return None
        begun, self._begun = self._begun, None
        try:
            self._lock.commit()
        except psycopg2.Error as error:
            # Nobody can tell whether it was; the next holder of the lane looks at it.
            raise LaneLostError from error
        return begun

    @contextmanager
    def beside(self):
        """Give a cursor on a second connection, for what is committed before what was begun."""
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

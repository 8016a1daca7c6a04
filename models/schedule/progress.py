"""The progress of a batch, told to the users who look at its documents, and to the scheduler.

Its new links of the integrity chain are sealed then, too. All this is throttled, and has
transactions of its own: no document waits for it, or fails with it.
"""

import logging
import time

from odoo import SUPERUSER_ID, api

_logger = logging.getLogger(__name__)

#: At most one message of a lane in so many seconds, however fast its documents are issued.
INTERVAL_SECONDS = 2.0

#: The scheduler is told, in a transaction of its own, at most once in so many seconds.
BUDGET_SECONDS = 1.0


class Progress:
    """Context manager around a sender's run in the background.

    :param registry: of the database
    :param int lane_id: a ``smart.lane``
    """

    def __init__(self, registry, lane_id):
        self._registry = registry
        self._lane_id = lane_id
        self._told_at = time.monotonic() - INTERVAL_SECONDS
        self._news = False

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        self._tell_unless(0)

    def tick(self):
        """Note that one more document is done; tell it here only if no wait for an answer did."""
        self._news = True
        self._tell_unless(2 * INTERVAL_SECONDS)

    def tell_now_and_then(self):
        """Tell what is new, unless something was told a moment ago."""
        self._tell_unless(INTERVAL_SECONDS)

    def _tell_unless(self, seconds):
        if self._news and time.monotonic() - self._told_at >= seconds:
            self._tell()

    def _tell(self):
        self._told_at = time.monotonic()
        self._news = False
        try:
            with self._registry.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                lane = env["smart.lane"].browse(self._lane_id)
                lane._tell_progress()
                issuer_id = lane.issuer_id.id
            env["smart.chain"]._seal_all(self._registry, issuer_id)
        except Exception:
            # Documents are issued all the same; the next message says more.
            _logger.exception("The progress of SMART lane %s could not be told", self._lane_id)


class Turn:
    """The time of one turn of one lane; unlike a :class:`Budget`, no scheduler is told of it.

    :param float seconds: how long it is
    """

    def __init__(self, seconds):
        self.done = 0
        self._end = time.monotonic() + seconds

    def spend(self, done):
        """Note that so many more documents are done; returns whether there is time for more."""
        self.done += done
        return time.monotonic() < self._end


class Budget:
    """The time that the scheduler gives a run; the scheduler is told here how much is done.

    :param cron: ``ir.cron`` as the scheduled action was called with it
    """

    def __init__(self, cron):
        self._cron = cron
        self.done = self._told = 0
        self._told_at = float("-inf")
        self._end = float("inf")

    def spend(self, done):
        """Note that so many more documents are done; returns whether there is time for more."""
        self.done += done
        if time.monotonic() - self._told_at >= BUDGET_SECONDS:
            self.tell()
        return time.monotonic() < self._end

    def tell(self, **values):
        """Tell the scheduler what is done, and commit; returns the seconds that are left.

        :param values: see ``ir.cron._commit_progress``
        """
        left = self._cron._commit_progress(self.done - self._told, **values)
        self._told = self.done
        self._told_at = time.monotonic()
        self._end = self._told_at + left
        return left

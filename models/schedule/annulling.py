import logging

import psycopg2

from odoo import api, fields, models

from ..annulment.annuller import Annuller
from ..lane.lock import LaneLock
from ..terms import CALLING, CANCELLING, PENDING, REQUESTED

_logger = logging.getLogger(__name__)


class SmartLane(models.Model):
    """Annulling in the background."""

    _inherit = "smart.lane"

    @api.model
    def _annul_lanes(self):
        """Annul what waits in every lane."""
        cron = self.env["ir.cron"]
        lanes = self._lanes_with_annulments()._left_to_scheduled_action()
        keys = [(lane.id, lane._lock_key()) for lane in lanes]
        annulled = False
        for lane_id, key in keys:
            if not cron._commit_progress():
                break
            annulled |= self._annul_lane(lane_id, key, lambda done: cron._commit_progress(done) > 0)
        if not keys:
            return
        # Told in any case: to the scheduler nothing remaining means that the job is done.
        remaining = self._count_sendable()
        if cron._commit_progress(remaining=remaining) <= 0 and remaining and annulled:
            # Out of time, see the sender: the scheduler would come back up to a minute later.
            self._trigger()

    @api.model
    def _annul_lane(self, lane_id, key, on_progress):
        """Annul what waits in one lane; tell whether it was this one's turn.

        A defect there stops neither the other lanes nor the issuing.

        :param on_progress: called with 1 after each; ends the run when false
        """
        try:
            with LaneLock(self.env.registry, key) as lock:
                if lock.held:
                    Annuller(self.env.registry, self.env.uid, lane_id, lock).run(on_progress)
                return lock.held
        except (psycopg2.OperationalError, psycopg2.InterfaceError):
            raise
        except Exception:
            _logger.exception("SMART lane %s: annulling failed", lane_id)
            return False

    def _has_annulments(self):
        work = self._annulments([REQUESTED, CALLING, PENDING, CANCELLING])
        return bool(self.env["smart.document"].search_count(work, limit=1))

    @api.model
    def _lanes_with_annulments(self):
        """Return the lanes in which there is something to annul, or left by who died."""
        work = [REQUESTED, CALLING, PENDING, CANCELLING]
        groups = self.env["smart.document"]._read_group(
            [("annulment_state", "in", work)], ["lane_id"]
        )
        return self.union(*(lane for [lane] in groups))

    @api.model
    def _count_annullable(self):
        """Return how many documents could be annulled at once."""
        lanes = self.search([("blocked", "=", False)]).filtered(lambda lane: not lane._stopped())
        lanes = lanes._left_to_scheduled_action()
        return sum(
            self.env["smart.document"].search_count(
                [
                    *lane._annulments([REQUESTED, PENDING]),
                    "|",
                    ("annulment_next_attempt", "=", False),
                    ("annulment_next_attempt", "<=", fields.Datetime.now()),
                ]
            )
            for lane in lanes
            if lane._next_annulment()
        )

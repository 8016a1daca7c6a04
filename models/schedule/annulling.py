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
    def _annul_lane(self, lane_id, key, on_progress):
        """Annul what waits in one lane; a defect there does not stop the issuing.

        :param on_progress: called with 1 after each; ends the run when false
        """
        try:
            with LaneLock(self.env.registry, key) as lock:
                if lock.held:
                    Annuller(self.env.registry, self.env.uid, lane_id, lock).run(on_progress)
        except (psycopg2.OperationalError, psycopg2.InterfaceError):
            raise
        except Exception:
            _logger.exception("SMART lane %s: annulling failed", lane_id)

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

    def _count_annullable(self):
        """Return how many documents of this lane could be annulled at once."""
        self.ensure_one()
        if self._stopped() or not self._next_annulment():
            return 0
        return self.env["smart.document"].search_count(
            [
                *self._annulments([REQUESTED, PENDING]),
                "|",
                ("annulment_next_attempt", "=", False),
                ("annulment_next_attempt", "<=", fields.Datetime.now()),
            ]
        )

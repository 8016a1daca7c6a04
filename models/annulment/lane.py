import logging

import psycopg2

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL

from ..base.after_commit import after_commit
from ..lane.lane import PATIENCE_SECONDS
from ..lane.lock import LaneLock
from ..terms import CALLING, CANCELLING, PENDING, REQUESTED
from .annuller import Annuller

_logger = logging.getLogger(__name__)


class SmartLane(models.Model):
    _inherit = "smart.lane"

    def _annulments(self, states):
        """Return the domain of the lane's documents in some states of their annulment."""
        self.ensure_one()
        return [("lane_id", "=", self.id), ("annulment_state", "in", states)]

    def _next_annulment(self):
        """Return the document that is to be annulled next, or an empty recordset.

        A document waits until the notes that refer to it are annulled.
        """
        self.ensure_one()
        return self._documents_by(
            SQL(
                """
                SELECT document.id
                  FROM smart_document AS document
                 WHERE document.lane_id = %s
                   AND %s
                   AND document.state = 'issued'
                   AND document.annulment_state IN ('requested', 'pending')
                   AND (document.annulment_next_attempt IS NULL
                        OR document.annulment_next_attempt <= %s)
                   AND NOT EXISTS (
                       SELECT FROM smart_document AS note
                        WHERE note.related_document_id = document.id
                          AND note.annulment_state IN ('requested', 'calling', 'pending'))
              ORDER BY document.annulment_next_attempt NULLS FIRST, document.id
                 LIMIT 1
                """,
                self.id,
                self._is_current(),
                fields.Datetime.now(),
            )
        )

    # -- after the commit ------------------------------------------------------------------

    @api.model
    def _annul_after_commit(self, documents):
        """Annul once the running transaction has committed: one at once, several later.

        See :meth:`_send_after_commit`.
        """
        after_commit(self.env, "annulling", documents.ids, self._annul_inline, self._trigger_for)

    @api.model
    def _annul_inline(self, document_id, registry, uid):
        """Annul one document now, then do what follows from how it ended."""
        self._annul_one(document_id, registry, uid)
        self.env["smart.chain"]._seal_all(registry)

    @api.model
    def _annul_one(self, document_id, registry, uid):
        """Annul one document now, on cursors of our own."""
        with registry.cursor() as cr:
            # sudo: the wizard has checked the right to; the annuller writes what no user may
            env = api.Environment(cr, uid, {}, su=True)
            lane = env["smart.document"].browse(document_id).exists().lane_id
            if not lane or lane._stopped():
                return
            lane_id, key = lane.id, lane._lock_key()
        with LaneLock(registry, key, patience=PATIENCE_SECONDS) as lock:
            if lock.held:
                Annuller(registry, uid, lane_id, lock).annul(document_id)
                return
        with registry.cursor() as cr:  # a batch is under way: the scheduled action takes it over
            api.Environment(cr, SUPERUSER_ID, {})["smart.lane"].browse(lane_id)._trigger()

    # -- in the background -----------------------------------------------------------------

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

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
        return [
            ("issuer_id", "=", self.issuer_id.id),
            ("environment", "=", self.environment),
            ("annulment_state", "in", states),
        ]

    def _next_annulment(self):
        """Return the document that is to be annulled next, or an empty recordset.

        A document waits until the notes that refer to it are annulled.
        """
        self.ensure_one()
        self.env["smart.document"].flush_model()
        self.env["res.company"].flush_model(["smart_environment"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT document.id
                  FROM smart_document AS document
                 WHERE document.issuer_id = %s
                   AND document.environment = %s
                   AND EXISTS (
                       SELECT FROM res_company AS issuer
                        WHERE issuer.id = document.issuer_id
                          AND issuer.smart_environment = document.environment)
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
                self.issuer_id.id,
                self.environment,
                fields.Datetime.now(),
            )
        )
        return self.env["smart.document"].browse(row[0] for row in rows)

    # -- after the commit ------------------------------------------------------------------

    @api.model
    def _annul_after_commit(self, documents):
        """Annul once the running transaction has committed: one at once, several later.

        See :meth:`_send_after_commit`.
        """
        after_commit(self.env, "annulling", documents.ids, self._annul_inline, self._trigger)

    @api.model
    def _annul_inline(self, document_id, registry, uid):
        """Annul one document now, then seal the result."""
        self._annul_one(document_id, registry, uid)
        self.env["smart.chain"]._seal_all(registry)

    @api.model
    def _annul_one(self, document_id, registry, uid):
        """Annul one document now, on cursors of our own."""
        with registry.cursor() as cr:
            # sudo: the wizard has checked the right to; the annuller writes what no user may
            env = api.Environment(cr, uid, {}, su=True)
            lane = env["smart.document"].browse(document_id).exists()._lane()
            if not lane or lane._stopped():
                return
            lane_id, key = lane.id, lane._lock_key()
        with LaneLock(registry, key, patience=PATIENCE_SECONDS) as lock:
            if lock.held:
                Annuller(registry, uid, lane_id, lock).annul(document_id)
                return
        with registry.cursor() as cr:  # a batch is under way: the scheduled action takes it over
            api.Environment(cr, SUPERUSER_ID, {})["smart.lane"]._trigger()

    # -- in the background -----------------------------------------------------------------

    @api.model
    def _annul_lanes(self):
        """Annul what waits in every lane."""
        cron = self.env["ir.cron"]
        keys = [(lane.id, lane._lock_key()) for lane in self._lanes_with_annulments()]
        annulled = False
        for lane_id, key in keys:
            if not cron._commit_progress():
                break
            annulled |= self._annul_lane(lane_id, key)
        if not keys:
            return
        # Always tell the scheduler: if nothing remains, it takes the job as done.
        remaining = self._count_sendable()
        if cron._commit_progress(remaining=remaining) <= 0 and remaining and annulled:
            # Out of time, see the sender: the scheduler would come back up to a minute later.
            self._trigger()

    @api.model
    def _annul_lane(self, lane_id, key):
        """Annul what waits in one lane; tell whether its lock was free.

        A defect there stops neither the other lanes nor the issuing.
        """
        cron = self.env["ir.cron"]
        try:
            with LaneLock(self.env.registry, key) as lock:
                if lock.held:
                    Annuller(self.env.registry, self.env.uid, lane_id, lock).run(
                        on_progress=lambda done: cron._commit_progress(done) > 0
                    )
                return lock.held
        except (psycopg2.OperationalError, psycopg2.InterfaceError):
            raise
        except Exception:
            _logger.exception("SMART lane %s: annulling failed", lane_id)
            return False

    @api.model
    def _lanes_with_annulments(self):
        """Return the lanes with something to annul, or with what a dead process left."""
        work = [REQUESTED, CALLING, PENDING, CANCELLING]
        lanes = self.browse()
        for issuer, environment in self.env["smart.document"]._read_group(
            [("annulment_state", "in", work)], ["issuer_id", "environment"]
        ):
            lanes += self.search([("issuer_id", "=", issuer.id), ("environment", "=", environment)])
        return lanes

    @api.model
    def _count_annullable(self):
        """Return how many documents could be annulled at once."""
        lanes = self.search([("blocked", "=", False)]).filtered(lambda lane: not lane._stopped())
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

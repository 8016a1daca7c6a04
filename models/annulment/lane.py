import logging

from odoo import SUPERUSER_ID, api, fields, models
from odoo.http import request
from odoo.tools import SQL

from ..base.after_commit import after_commit
from ..base.bounded_wait import Stage, wait_for
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
        after_commit(documents, "annulling", self._annul_inline, self._trigger_for)

    @api.model
    def _annul_inline(self, document_id, registry, uid):
        """Annul one document now, then seal the result; see :meth:`_send_inline`."""
        annul = self._annul_while_somebody_waits if request else self._annul_one
        annul(document_id, registry, uid)
        self.env["smart.chain"]._seal_all(registry)

    @api.model
    def _annul_while_somebody_waits(self, document_id, registry, uid):
        """Have the lane's action annul a document, and wait for it as long as the settings say."""
        with registry.cursor() as cr:
            # sudo: the wizard has checked the right to
            env = api.Environment(cr, uid, {}, su=True)
            document = env["smart.document"].browse(document_id).exists()
            lane = document.lane_id
            if not lane or lane._stopped():
                return
            seconds, attempts = document.company_id.smart_wait_seconds, document.annulment_attempts
            quick = env["smart.exchange"]._was_quick(lane.issuer_id, "annul", seconds)
            lane._trigger()

        def look():
            with registry.cursor() as cr:
                now = document.with_env(document.env(cr=cr))
                if now.annulment_state in (CALLING, CANCELLING):
                    return Stage.BEGUN
                waits = now.annulment_state in (REQUESTED, PENDING)
                waits = waits and now.annulment_attempts == attempts
                return Stage.WAITS if waits and not now.lane_id._stopped() else Stage.OVER

        def do_here():
            return quick and self._annul_one(document_id, registry, uid, patience=0.0)

        if seconds:
            wait_for(seconds, look, do_here)

    @api.model
    def _annul_one(self, document_id, registry, uid, patience=PATIENCE_SECONDS):
        """Annul one document now, on cursors of our own.

        :param float patience: seconds to wait for a sender
        :returns: whether the lane was worked on here
        """
        with registry.cursor() as cr:
            # sudo: the wizard has checked the right to; the annuller writes what no user may
            env = api.Environment(cr, uid, {}, su=True)
            lane = env["smart.document"].browse(document_id).exists().lane_id
            if not lane or lane._stopped():
                return False
            lane_id, key = lane.id, lane._lock_key()
        with LaneLock(registry, key, patience) as lock:
            if lock.held:
                Annuller(registry, uid, lane_id, lock).annul(document_id)
                return True
        with registry.cursor() as cr:  # a batch is under way: the scheduled action takes it over
            api.Environment(cr, SUPERUSER_ID, {})["smart.lane"].browse(lane_id)._trigger()
        return False

import logging
import random
from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL, format_time

from ..base.after_commit import after_commit, waiting
from ..terms import ENVIRONMENTS, QUEUED, UNKNOWN
from .lock import LaneLock
from .sender import Sender

_logger = logging.getLogger(__name__)

FIRST_PAUSE_SECONDS = 5
LONGEST_PAUSE_SECONDS = 15 * 60
JITTER = 0.2

#: A user who confirms one invoice waits at most this long for the lane, and for sending to start.
PATIENCE_SECONDS = 10.0

#: The name of the work that follows the commit: see ``after_commit``.
SENDING_WORK = "sending"

#: A user who confirms waits for at most this many queued documents; for more, the background sends.
INLINE_BACKLOG = 20


class SmartLane(models.Model):
    """The queue of one issuer in one environment: one sender at a time, in order.

    A lane pauses when the line is at fault (nothing could be sent) and is blocked when the
    issuer is (token refused, no control numbers left); a document's own refusal stops only
    that document.
    """

    _name = "smart.lane"
    _inherit = ["smart.record"]
    _description = "SMART Queue"
    _rec_name = "issuer_id"
    _order = "issuer_id, environment"

    issuer_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, ondelete="cascade"
    )
    environment = fields.Selection(selection=ENVIRONMENTS, required=True, readonly=True)
    paused_until = fields.Datetime(readonly=True)
    failures = fields.Integer(
        readonly=True, help="Attempts in a row that brought no answer from SMART."
    )
    blocked = fields.Boolean(readonly=True, help="Waits for somebody to act.")
    reason = fields.Text(readonly=True)
    queued_count = fields.Integer(string="Waiting", compute="_compute_counts")
    unknown_count = fields.Integer(string="Unknown", compute="_compute_counts")

    _issuer_environment_unique = models.Constraint(
        "UNIQUE (issuer_id, environment)", "An issuer has one queue per environment."
    )

    def _compute_counts(self):
        for lane in self:
            counts = dict(
                self.env["smart.document"]._read_group(
                    lane._documents([QUEUED, UNKNOWN]), ["state"], ["__count"]
                )
            )
            lane.queued_count = counts.get(QUEUED, 0)
            lane.unknown_count = counts.get(UNKNOWN, 0)

    def _documents(self, states):
        """Return the domain of the lane's documents in some states."""
        self.ensure_one()
        return [
            ("issuer_id", "=", self.issuer_id.id),
            ("environment", "=", self.environment),
            ("state", "in", states),
        ]

    @api.model
    def _take_positions(self, wanted):
        """Return the next place in the queue for each document; make the queues that are missing.

        In the order of posting over all transactions. Ids are not in this order: a document that
        was refused and corrected goes to the end.

        :param wanted: list of (issuer's id, environment)
        :returns: as many ascending integers
        """
        # Ask first whether there is a queue: if a sender pauses it at this moment, an insertion
        # would fail to serialise, and the user who confirms would have to wait.
        rows = self.env.execute_query(
            SQL(
                "SELECT nextval('smart_document_queue_position_seq'), EXISTS ("
                " SELECT FROM smart_lane"
                " WHERE issuer_id = wanted.issuer AND environment = wanted.environment)"
                " FROM unnest(%s::int[], %s::varchar[]) AS wanted (issuer, environment)",
                [issuer for issuer, _environment in wanted],
                [environment for _issuer, environment in wanted],
            )
        )
        missing = {key for key, (_position, exists) in zip(wanted, rows, strict=True) if not exists}
        for key in missing:
            # Not by the ORM: two transactions that do so at once must not conflict.
            self.env.cr.execute(
                SQL(
                    "INSERT INTO smart_lane (issuer_id, environment, failures, blocked)"
                    " VALUES (%s, %s, 0, false) ON CONFLICT DO NOTHING",
                    *key,
                )
            )
        return [position for position, _exists in rows]

    def _next_document(self):
        """Return the document whose turn it is, or an empty recordset."""
        self.ensure_one()
        return self._documents_by(self._next_document_query(self.issuer_id.id, self.environment))

    @api.model
    def _lock_next_document(self, issuer_id, environment, called_id=None):
        """Return the next document of a lane, locked: nobody withdraws it meanwhile.

        Empty, too, if somebody is just withdrawing it; the next run finds the result.

        :param int issuer_id: with ``environment``, the lane's; not read anew for each document
        :param int called_id: a document that SMART is being called for. Return the next one as if
            it were issued; but nothing if that is a note about it, which needs its number
        """
        return self._documents_by(
            SQL(
                # The inner query chooses: if that document is locked, the one behind does not pass.
                "SELECT id FROM smart_document WHERE id = (%s)"
                " AND related_document_id IS DISTINCT FROM %s FOR NO KEY UPDATE SKIP LOCKED",
                self._next_document_query(issuer_id, environment, called_id or 0),
                called_id or 0,
            )
        )

    @api.model
    def _documents_by(self, query):
        Document = self.env["smart.document"]
        Document.flush_model()
        self.env["res.company"].flush_model(["smart_environment"])
        return Document.browse(row[0] for row in self.env.execute_query(query))

    @api.model
    def _next_document_query(self, issuer_id, environment, called_id=0):
        """Return the query for the document whose turn it is.

        In the order of posting; a note waits for the document that it refers to, and others pass
        it. In SQL, so it costs the same however many documents were issued before. The lane's
        values are given, because joins would lose the order of the index, and subqueries cost
        more to plan than to run. It runs for every document, so it also ends a run whose issuer
        is switched to another environment.

        :param int called_id: a document that counts as issued
        """
        return SQL(
            """
                SELECT document.id
                  FROM smart_document AS document
             LEFT JOIN smart_document AS related ON related.id = document.related_document_id
                 WHERE document.issuer_id = %(issuer)s
                   AND document.environment = %(environment)s
                   AND EXISTS (
                       SELECT FROM res_company
                        WHERE id = %(issuer)s AND smart_environment = %(environment)s)
                   AND document.state = 'queued'
                   AND (document.related_document_id IS NULL
                        OR related.id = %(called)s
                        OR related.state = 'issued'
                           AND coalesce(related.annulment_state, 'refused') = 'refused')
              ORDER BY document.queue_position
                 LIMIT 1
            """,
            issuer=issuer_id,
            environment=environment,
            called=called_id,
        )

    # -- pausing -------------------------------------------------------------------------

    def _pause(self, reason):
        """Stop for a while that grows with every failure in a row, and say why."""
        self.ensure_one()
        seconds = min(FIRST_PAUSE_SECONDS * 2**self.failures, LONGEST_PAUSE_SECONDS)
        # Jitter: many issuers of one host must not all come back in the same second.
        seconds *= random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311
        until = fields.Datetime.now() + timedelta(seconds=seconds)
        self._engine_write({"failures": self.failures + 1, "paused_until": until, "reason": reason})
        self._trigger(until)

    def _block(self, reason):
        """Stop until somebody acts: before that, trying again is useless."""
        self._engine_write({"blocked": True, "reason": reason})

    def _resume(self):
        """End pause and block, and have the scheduled action look at the lane at once."""
        self._engine_write(
            {"blocked": False, "paused_until": False, "failures": 0, "reason": False}
        )
        if self:
            self._trigger()

    def _stopped(self):
        """Tell whether the lane is paused or blocked now."""
        self.ensure_one()
        if self.blocked or not self.paused_until:
            return self.blocked
        left = (self.paused_until - fields.Datetime.now()).total_seconds()
        # A longer pause was not set by this clock: the host's clock was put back since.
        return 0 < left <= LONGEST_PAUSE_SECONDS * (1 + JITTER)

    def action_resume(self):
        """Button: try again now."""
        if not self.env.user.has_group("account.group_account_invoice"):
            raise AccessError(self.env._("You do not have the right to issue fiscal documents."))
        self.check_access("read")
        self.sudo()._resume()  # sudo: queues are written by their transitions alone

    def _next_attempt_words(self):
        """Return in words when the lane's documents will be tried next, or ``False``."""
        self.ensure_one()
        if self.blocked:
            return self.env._("When the cause has been dealt with")
        if self._stopped():
            local = fields.Datetime.context_timestamp(self, self.paused_until)
            return format_time(self.env, local.time(), time_format="short")
        return False

    # -- sending -------------------------------------------------------------------------

    @api.model
    def _send_after_commit(self, documents):
        """Send documents that the running transaction queues, once it has committed.

        One document is sent right after the commit, by this process, so the user who confirmed
        it sees its control number; more go to the background. A transaction that is rolled back
        sends nothing, because its hooks are dropped.
        """
        if not documents:
            return
        after_commit(self.env, SENDING_WORK, documents.ids, self._send_inline, self._trigger)
        if len(waiting(self.env, SENDING_WORK)) > 1:
            self._announce_at_commit()

    @api.model
    def _trigger(self, at=None):
        """Have the scheduled action look at the queues, at once or at a moment (UTC)."""
        # sudo: scheduled actions belong to administrators; users who confirm or annul may run this
        self.env.ref("l10n_ve_edi_smart.ir_cron_smart_send").sudo()._trigger(at=at)

    @api.model
    def _send_inline(self, document_id, registry, uid):
        """Send one document now, then tell and seal the result.

        :param int document_id: a ``smart.document``; if it is no longer queued, that is no error
        """
        lane_ids = self._send_one(document_id, registry, uid)
        # Somebody is looking at this document, and needs no activity about it.
        self._notify(registry, lane_ids, shown=document_id)
        self.env["smart.chain"]._seal_all(registry)

    @api.model
    def _send_one(self, document_id, registry, uid):
        """Send one document now, on cursors of our own; return the ids of its lane."""
        with registry.cursor() as cr:
            # sudo: the user had the right to confirm; the sender writes what no user may
            env = api.Environment(cr, uid, {}, su=True)
            document = env["smart.document"].browse(document_id).exists()
            lane = document._lane()
            ahead = document.state == QUEUED and document.search_count(
                [*lane._documents([QUEUED]), ("queue_position", "<", document.queue_position)],
                limit=INLINE_BACKLOG + 1,
            )
            if document.state not in (QUEUED, UNKNOWN) or lane._stopped():
                return lane.ids
            lane_id, key = lane.id, lane._lock_key()
            if ahead > INLINE_BACKLOG:
                env["smart.lane"]._trigger()
                return lane.ids
        with LaneLock(registry, key, patience=PATIENCE_SECONDS) as lock:
            if lock.held:
                Sender(registry, uid, lane_id, lock).run(
                    until=document_id, seconds=PATIENCE_SECONDS
                )
        with registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            lane = env["smart.lane"].browse(lane_id)
            if not lane._stopped() and env["smart.document"].search_count(
                lane._documents([QUEUED]), limit=1
            ):
                env["smart.lane"]._trigger()
        return [lane_id]

    def _lock_key(self):
        """Return what the advisory lock of this lane is taken on.

        Per issuer, not per environment: one sender per issuer.
        """
        self.ensure_one()
        return self.issuer_id.id

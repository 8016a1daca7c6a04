import logging
import math
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL, format_time

from ..base.labels import labels
from ..base.pauses import Pauses
from ..base.said import SaidText
from ..terms import ENVIRONMENTS, QUEUED, REFUSED, SENDING, UNKNOWN

_logger = logging.getLogger(__name__)

PAUSES = Pauses(first=timedelta(seconds=5), longest=timedelta(minutes=15))

#: A queue that nobody tried for so long was not down all the time since.
FORGOTTEN_HOURS = 1

#: Who asks the service something waits at most this long for the lane.
PATIENCE_SECONDS = 10.0


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
    reason = SaidText(readonly=True)
    down_since = fields.Datetime(
        readonly=True, help="When the first of the attempts failed that brought nothing since."
    )
    queued_count = fields.Integer(string="Waiting", compute="_compute_counts")
    unknown_count = fields.Integer(string="Unknown", compute="_compute_counts")
    refused_count = fields.Integer(string="Refused", compute="_compute_counts")
    next_attempt = fields.Char(compute="_compute_next_attempt")

    _issuer_environment_unique = models.Constraint(
        "UNIQUE (issuer_id, environment)", "An issuer has one queue per environment."
    )

    def _compute_counts(self):
        for lane in self:
            counts = dict(
                self.env["smart.document"]._read_group(
                    lane._documents([QUEUED, UNKNOWN, REFUSED]), ["state"], ["__count"]
                )
            )
            lane.queued_count = counts.get(QUEUED, 0)
            lane.unknown_count = counts.get(UNKNOWN, 0)
            lane.refused_count = counts.get(REFUSED, 0)

    @api.depends("blocked", "paused_until")
    def _compute_next_attempt(self):
        for lane in self:
            lane.next_attempt = lane._next_attempt_words()

    @api.depends("issuer_id", "environment")
    def _compute_display_name(self):
        # EXTENDS 'base'
        environments = labels(self, "environment")
        for lane in self:
            lane.display_name = f"{lane.issuer_id.name} · {environments[lane.environment]}"

    def _documents(self, states):
        """Return the domain of the lanes' documents in some states."""
        return [("lane_id", "in", self.ids), ("state", "in", states)]

    def _has_work(self):
        self.ensure_one()
        waiting = self.env["smart.document"].search_count(
            self._documents([QUEUED, SENDING]), limit=1
        )
        return waiting or self.env["smart.document"].search_count(
            [
                *self._documents([UNKNOWN]),
                ("repeatable", "=", True),
                ("proven_issued", "=", False),
            ],
            limit=1,
        )

    @api.model
    def _take_places(self, wanted):
        """Return the next place in the queue for each document; make the queues that are missing.

        In the order of posting over all transactions. Ids are not in this order: a document that
        was refused and corrected goes to the end.

        :param wanted: list of (issuer's id, environment)
        :returns: as many pairs of an ascending integer and the queue's id
        """
        # Whether there is a queue is asked first: beside a sender that pauses it in this very
        # moment an insertion would fail to serialise, and whoever confirms would have to wait.
        places = self.env.execute_query(
            SQL(
                "SELECT nextval('smart_document_queue_position_seq'), ("
                " SELECT id FROM smart_lane"
                " WHERE issuer_id = wanted.issuer AND environment = wanted.environment)"
                " FROM unnest(%s::int[], %s::varchar[]) AS wanted (issuer, environment)",
                [issuer for issuer, _environment in wanted],
                [environment for _issuer, environment in wanted],
            )
        )
        made = {
            key: self._make(*key)
            for key in {key for key, (_place, lane) in zip(wanted, places, strict=True) if not lane}
        }
        return [
            (place, lane or made[key]) for key, (place, lane) in zip(wanted, places, strict=True)
        ]

    @api.model
    def _make(self, issuer_id, environment):
        """Make a queue that is missing; returns its id.

        Not by the ORM: of two that do so at once one collides and is tried again; it must not
        be told that such a queue exists already.
        """
        [(lane_id,)] = self.env.execute_query(
            SQL(
                "INSERT INTO smart_lane (issuer_id, environment, failures, blocked)"
                " VALUES (%s, %s, 0, false) ON CONFLICT DO NOTHING RETURNING id",
                issuer_id,
                environment,
            )
        )
        return lane_id

    def _next_document(self):
        """Return the document whose turn it is, or an empty recordset."""
        self.ensure_one()
        return self._documents_by(self._next_document_query())

    def _lock_next_document(self, called_id=None):
        """Return the document whose turn it is, locked: nobody withdraws it meanwhile.

        Empty, too, if somebody is just withdrawing it; the next run finds the result.

        :param int called_id: a document that SMART is being called for: return the one whose turn
            it is if that is issued, but nothing if it is a note to it, which needs its number
        """
        self.ensure_one()
        return self._documents_by(
            SQL(
                # The inner query chooses: if that document is locked, the one behind does not pass.
                "SELECT id FROM smart_document WHERE id = (%s)"
                " AND related_document_id IS DISTINCT FROM %s FOR NO KEY UPDATE SKIP LOCKED",
                self._next_document_query(called_id or 0),
                called_id or 0,
            )
        )

    @api.model
    def _documents_by(self, query):
        Document = self.env["smart.document"]
        Document.flush_model()
        self.env["res.company"].flush_model(["smart_environment"])
        return Document.browse(row[0] for row in self.env.execute_query(query))

    def _next_document_query(self, called_id=0):
        """Return the query for the document whose turn it is.

        In the order of posting; a note waits for what it refers to and lets others pass.
        Written in SQL so that it costs the same however many documents were issued before, and
        with the lane's id, for which nothing of the lane is read. Asked for every document, it
        also ends a run whose issuer is switched to another environment.

        :param int called_id: a document that counts as issued
        """
        return SQL(
            """
                SELECT document.id
                  FROM smart_document AS document
             LEFT JOIN smart_document AS related ON related.id = document.related_document_id
                 WHERE document.lane_id = %(lane)s
                   AND %(current)s
                   AND document.state = 'queued'
                   AND (document.related_document_id IS NULL
                        OR related.id = %(called)s
                        OR related.state = 'issued'
                           AND coalesce(related.annulment_state, 'refused') = 'refused')
              ORDER BY document.queue_position
                 LIMIT 1
            """,
            lane=self.id,
            current=self._is_current(),
            called=called_id,
        )

    def _is_current(self):
        """Return the condition that the lane's issuer is set to its environment."""
        return SQL(
            "EXISTS (SELECT FROM smart_lane AS lane"
            " JOIN res_company AS issuer ON issuer.id = lane.issuer_id"
            " WHERE lane.id = %s AND issuer.smart_environment = lane.environment)",
            self.id,
        )

    # -- pausing -------------------------------------------------------------------------

    def _note_down(self):
        """Return what to write when nothing could be issued just now: since when, unless known."""
        self.ensure_one()
        now = fields.Datetime.now()
        # Without a pause somebody has ended it, which is when it was last written.
        tried = self.paused_until or self.write_date
        forgotten = not self.blocked and tried and now - tried > timedelta(hours=FORGOTTEN_HOURS)
        return {"down_since": now} if forgotten or not self.down_since else {}

    def _pause(self, reason, most=math.inf):
        """Stop for a while that grows with every failure in a row, and say why.

        :param most: after how many failures the pause grows no more
        """
        self.ensure_one()
        failures = self.failures + 1
        self._engine_write({"failures": failures, **self._note_down()})
        self._wait(fields.Datetime.now() + PAUSES.after(min(failures, most)), reason)

    def _wait(self, until, reason):
        """Stop until a moment, and say why."""
        self.ensure_one()
        self._engine_write({"paused_until": until, "reason": reason})
        self._trigger(until)

    def _go_on(self):
        """The service answers again: forget what stopped the lane."""
        self._engine_write(
            {"failures": 0, "paused_until": False, "reason": False, "down_since": False}
        )

    def _block(self, reason):
        """Stop until somebody acts: before that, trying again is useless."""
        self._engine_write({"blocked": True, "reason": reason, **self._note_down()})

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
        # A longer one was not set by this clock: the host's has been put back since.
        return timedelta(0) < self.paused_until - fields.Datetime.now() <= PAUSES.bound

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

    def action_open_documents(self):
        """Button: the documents of the queue in some states (``smart_states`` of the context)."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Fiscal Documents"),
            "res_model": "smart.document",
            "view_mode": "list,form",
            "domain": self._documents(self.env.context["smart_states"]),
        }

    # -- being run -----------------------------------------------------------------------

    def _trigger(self, at=None):
        """Have these queues looked at in the background, at once or at a moment (UTC).

        By the scheduled action of each issuer. Addons that have queues run by something else
        extend this, and call :meth:`_run_turn` there.
        """
        # sudo: the issuer may be a parent company that the user does not see
        self.sudo().issuer_id._smart_trigger("smart_sending_action_id", at)

    def _left_to_scheduled_action(self):
        """Return those of these lanes that scheduled actions are to run: all of them.

        Addons that have lanes run by something else leave out the others, see :meth:`_trigger`.
        """
        return self

    def _lock_key(self):
        """Return what the advisory lock of this lane is taken on.

        Per issuer, not per environment: one sender per issuer.
        """
        self.ensure_one()
        return self.issuer_id.id

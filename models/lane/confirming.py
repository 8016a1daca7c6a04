from odoo import SUPERUSER_ID, api, fields, models
from odoo.http import request

from ..base.after_commit import after_commit, waiting
from ..base.bounded_wait import Stage, wait_for
from ..base.few_at_once import aside, one_of_few
from ..terms import QUEUED, SENDING, UNKNOWN
from .lane import PATIENCE_SECONDS
from .lock import LaneLock
from .sender import Sender

#: The name of the work that follows the commit: see ``after_commit``.
SENDING_WORK = "sending"

#: A user who confirms waits for at most this many queued documents; for more, the background sends.
INLINE_BACKLOG = 20


class SmartLane(models.Model):
    """What follows when somebody confirms: sent at once, or soon, and nobody waits for long.

    In a request of the web client the lane's own action sends, and the request waits for it as
    long as the issuer's settings say. Where the scheduler does not begin at once, the request
    sends by itself, unless the service is slow. Outside of a request (a shell, another scheduled
    action) there is nobody who waits: it is sent right there.
    """

    _inherit = "smart.lane"

    @api.model
    def _send_after_commit(self, documents):
        """Send documents that the running transaction queues, once it has committed.

        One document is sent right after the commit, so the user who confirmed it sees its control
        number; more go to the background, and all do where nobody can wait for SMART (context
        ``smart_in_background``). A transaction that is rolled back sends nothing, because its
        hooks are dropped.
        """
        if not documents:
            return
        now = None if self.env.context.get("smart_in_background") else self._send_inline
        after_commit(documents, SENDING_WORK, now, self._trigger_for)
        pending = waiting(self.env, SENDING_WORK)
        if request:
            documents = documents.browse(pending)
            documents._engine_write({"watched": bool(now) and len(pending) == 1})
        if len(pending) > 1:
            self._announce_at_commit()

    @api.model
    def _trigger_for(self, document_ids):
        """Have the queues of documents looked at in the background."""
        # sudo: whoever may confirm or annul may have the queue looked at
        self.env["smart.document"].sudo().browse(document_ids).lane_id._trigger()

    @api.model
    def _send_inline(self, document_id, registry, uid):
        """Send one document now, then tell and seal the result.

        :param int document_id: a ``smart.document``; if it is no longer queued, that is no error
        """
        send = self._send_while_somebody_waits if request else self._send_one
        lane_ids, _sent = send(document_id, registry, uid)
        with one_of_few():
            # Somebody is looking at this document, and needs no activity about it.
            self._notify(registry, lane_ids, shown=document_id)
            self.env["smart.document"]._tell_owners(registry, [("id", "=", document_id)])
            self.env["smart.chain"]._seal_all(registry)

    # -- by whoever confirms -----------------------------------------------------------------

    @api.model
    def _send_one(
        self, document_id, registry, uid, patience=PATIENCE_SECONDS, seconds=PATIENCE_SECONDS
    ):
        """Send one document now, on cursors of our own.

        :param float patience: seconds to wait for another sender
        :param float seconds: begin nothing after so many
        :returns: the ids of its lane, and whether the lane was worked on here
        """
        with aside(registry) as cr:
            # sudo: the user had the right to confirm; the sender writes what no user may
            document = api.Environment(cr, uid, {}, su=True)["smart.document"].browse(document_id)
            lane = document.exists().lane_id
            if not lane or not document._is_soon():
                return lane.ids, False
            lane_id, key = lane.id, lane._lock_key()
        with LaneLock(registry, key, patience) as lock:
            held = lock.held
            if held:
                Sender(registry, uid, lane_id, lock).run(until=document_id, seconds=seconds)
        with aside(registry) as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            lane = env["smart.lane"].browse(lane_id)
            lane.issuer_id._smart_trigger_errands()
            if not lane._stopped() and env["smart.document"].search_count(
                lane._documents([QUEUED]), limit=1
            ):
                lane._trigger()
        return [lane_id], held

    # -- by the scheduled action, while somebody waits ---------------------------------------

    @api.model
    def _send_while_somebody_waits(self, document_id, registry, uid):
        """Have the lane's action send a document, and wait for it as long as the settings say.

        See :meth:`_send_one`.
        """
        with aside(registry) as cr:
            # sudo: as in `_send_one`
            document = api.Environment(cr, uid, {}, su=True)["smart.document"].browse(document_id)
            lane = document.exists().lane_id
            if not lane or not document._is_soon():
                return lane.ids, False
            lane_ids, attempts = lane.ids, document.attempts
            seconds = document.company_id.smart_wait_seconds
            quick = document.env["smart.exchange"]._was_quick(lane.issuer_id, "issue", seconds)
            lane._trigger()

        def look():
            with aside(registry) as cr:
                Document = api.Environment(cr, SUPERUSER_ID, {})["smart.document"]
                found = Document.search_fetch([("id", "=", document_id)], Document._stage_fields)
                return found._stage(attempts)

        def do_here():
            return quick and self._send_one(document_id, registry, uid, 0.0, seconds)[1]

        return lane_ids, bool(seconds) and wait_for(seconds, look, do_here)


class SmartDocument(models.Model):
    """Whether its turn comes soon, and how far it is."""

    _inherit = "smart.document"

    watched = fields.Boolean(
        string="Somebody Waited",
        readonly=True,
        copy=False,
        help="Whoever had it sent was waiting for it, and saw how that ended.",
    )

    #: What is read again and again while somebody waits.
    _stage_fields = ("state", "attempts", "repeating", "lane_id")

    def _was_seen(self):
        """Tell whether somebody has seen how its last attempt ended."""
        self.ensure_one()
        last = self.exchange_ids.sorted("id")[-1:]
        return self.watched or not last.user_id._is_superuser()

    def _is_soon(self):
        """Tell whether it is worth waiting for; a long queue has its action called instead."""
        self.ensure_one()
        lane = self.lane_id
        if self.state not in (QUEUED, UNKNOWN) or lane._stopped():
            return False
        ahead = self.state == QUEUED and self.search_count(
            [*lane._documents([QUEUED]), ("queue_position", "<", self.queue_position)],
            limit=INLINE_BACKLOG + 1,
        )
        if ahead > INLINE_BACKLOG:
            lane._trigger()
            return False
        return True

    def _stage(self, attempts):
        """Return how far sending is.

        :param int attempts: how many there were before
        :rtype: Stage
        """
        begun = self.attempts > attempts
        if self.state == SENDING or (self.state == UNKNOWN and self.repeating):
            return Stage.BEGUN
        if self.state not in (QUEUED, UNKNOWN) or self.lane_id._stopped():
            return Stage.OVER
        if self.state == UNKNOWN and begun:
            return Stage.OVER
        return Stage.BEGUN if begun else Stage.WAITS

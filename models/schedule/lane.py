import logging
from functools import partial

import psycopg2

from odoo import SUPERUSER_ID, api, fields, models

from ..lane.lock import LaneLock
from ..lane.sender import Sender
from ..terms import PENDING, QUEUED, SENDING, UNKNOWN
from .progress import Progress, Turn

_logger = logging.getLogger(__name__)

#: How long a lane is worked on at a time: with fewer threads than issuers, everyone gets on.
TURN_SECONDS = 15.0

#: When to look again at what could not be done: another sender is at work, or the server stops.
LATER_SECONDS = 10.0


class SmartLane(models.Model):
    """The turns of a lane, and the scheduled action that sees to it that each one gets them."""

    _inherit = "smart.lane"

    # -- the safety net ------------------------------------------------------------------------

    @api.model
    def _cron_send(self):
        """The entry of the scheduled action of all issuers: it sends nothing itself.

        It has the issuers' own actions run where something waits that nobody has triggered: they
        are missing or were put to sleep, a process was killed, a moment has come. Then it tells
        and seals what was missed, of which a killed sender tells nothing.
        """
        self._watch_lanes()
        self._watch_errands()
        self._notify(self.env.registry)
        self.env["smart.chain"]._seal_all(self.env.registry)

    @api.model
    def _watch_lanes(self):
        """Trigger the lanes in which there is something to do now."""
        lanes = self.search([("blocked", "=", False)]).filtered(
            lambda lane: not lane._stopped() and lane._has_work()
        )
        # Also in a lane that is stopped: what SMART has annulled is cancelled here.
        lanes |= self._lanes_with_annulments()
        lanes = lanes._left_to_scheduled_action()
        lanes.issuer_id._smart_make_actions()
        # Not `_trigger`: where it is a job that did not come, another would not come either.
        lanes.issuer_id._smart_trigger("smart_sending_action_id")

    @api.model
    def _watch_errands(self):
        """Trigger the errands of issuers for which there are some now."""
        Document, Email = self.env["smart.document"], self.env["smart.email"]
        issuers = [
            issuer
            for model, domain in (
                (Document, Document._files_due()),
                (Document, Document._owners_to_tell()),
                (Email, Email._due()),
            )
            for [issuer] in model._read_group(domain, ["issuer_id"])
        ]
        issuers = self.env["res.company"].union(*issuers)
        issuers._smart_make_actions()
        issuers._smart_trigger_errands()

    # -- one lane ------------------------------------------------------------------------------

    def _run_turn(self):
        """Do in the background what waits in this lane, for one turn.

        For addons that have lanes run by something else than scheduled actions, see
        :meth:`_trigger`. Everything is done, and committed, on cursors of its own; the caller's
        transaction sees nothing of it.

        :returns: in how many seconds there is more to do, or ``None`` until :meth:`_trigger`
        """
        self.ensure_one()
        turn = Turn(TURN_SECONDS)
        seconds = self._take_turn(self.id, self._lock_key(), turn)
        # Whoever got on may go on; who did not would only ask again and again.
        return 0.0 if seconds == LATER_SECONDS and turn.done else seconds

    @api.model
    def _take_turn(self, lane_id, key, turn):
        """Send and annul what waits in one lane, then tell and seal it.

        Nothing is read of the caller's transaction, which would stay open meanwhile.

        :param turn: a :class:`Turn` or a :class:`Budget`; it learns how much is done
        :returns: see :meth:`_seconds_to_next_turn`
        """
        registry = self.env.registry
        self._send_lane(lane_id, key, turn)
        # As everywhere, documents that wait for their control number come first.
        if turn.spend(0):
            with registry.cursor() as cr:
                annuls = self._on(cr, lane_id)._has_annulments()
            if annuls:
                self._annul_lane(lane_id, key, turn.spend)
        self._notify(registry, [lane_id])
        self.env["smart.chain"]._seal_all(registry, key)
        with registry.cursor() as cr:
            lane = self._on(cr, lane_id)
            # Owners are told, and files fetched, apart: nobody's control number waits for it.
            if turn.done:
                lane.issuer_id._smart_trigger_errands()
            return lane._seconds_to_next_turn()

    def _seconds_to_next_turn(self):
        """Return in how many seconds to look at this lane again, or ``None``."""
        now = fields.Datetime.now()
        if self._stopped():
            return None if self.blocked else (self.paused_until - now).total_seconds()
        if self._next_document() or self._next_annulment():
            return LATER_SECONDS
        later = self.env["smart.document"].search(
            [*self._annulments([PENDING]), ("annulment_next_attempt", ">", now)],
            order="annulment_next_attempt",
            limit=1,
        )
        return (later.annulment_next_attempt - now).total_seconds() if later else None

    @api.model
    def _on(self, cr, lane_id):
        """Return a lane as the superuser sees it on another cursor."""
        return api.Environment(cr, SUPERUSER_ID, {})["smart.lane"].browse(lane_id)

    @api.model
    def _send_lane(self, lane_id, key, turn):
        """Send what waits in one lane; a defect there pauses it, and is told.

        :param turn: a :class:`Turn` or a :class:`Budget`
        """
        try:
            with LaneLock(self.env.registry, key) as lock:
                if not lock.held:
                    return  # its holder sends everything
                sender = Sender(self.env.registry, self.env.uid, lane_id, lock)
                with Progress(self.env.registry, lane_id) as progress:
                    sender.run(
                        seconds=TURN_SECONDS,
                        on_progress=partial(self._on_progress, progress, turn),
                        while_waiting=progress.tell_now_and_then,
                    )
        except (psycopg2.OperationalError, psycopg2.InterfaceError):
            raise  # of the database, not of this lane
        except Exception as error:
            _logger.exception("SMART lane %s: sending failed", lane_id)
            self._stumble(lane_id, error)

    @api.model
    def _stumble(self, lane_id, error):
        """Pause a lane after a failure that nobody foresaw."""
        with self.env.registry.cursor() as cr:
            lane = self._on(cr, lane_id)
            lane = lane.with_context(lang=lane._responsible().lang)
            lane._pause(
                lane.env._(
                    "Something went wrong that was not foreseen (%s); the server's log says more.",
                    type(error).__name__,
                )
            )

    @api.model
    def _on_progress(self, progress, turn, done):
        """Tell the scheduler, and note it for the lists; returns whether there is time for more."""
        progress.tick()
        return turn.spend(done)

    # -- what remains --------------------------------------------------------------------------

    def _awaits_turn(self):
        """Tell whether there is something to do in this lane now."""
        self.ensure_one()
        return bool(self._has_annulments() or (not self._stopped() and self._has_work()))

    def _count_waiting(self):
        """Return of how many documents the scheduler is told before a run."""
        waiting = self._documents([QUEUED, SENDING, UNKNOWN])
        annullable = sum(lane._count_annullable() for lane in self)
        return self.env["smart.document"].search_count(waiting) + annullable

    def _count_sendable(self):
        """Return for how many documents SMART could be called at once: they remain."""
        return sum(lane._count_issuable() + lane._count_annullable() for lane in self)

    def _count_issuable(self):
        """Return how many documents of this lane could be issued at once."""
        self.ensure_one()
        if self._stopped() or not self._next_document():
            return 0
        return self.env["smart.document"].search_count(self._documents([QUEUED]))

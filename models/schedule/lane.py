import logging
import random
from functools import partial

import psycopg2

from odoo import SUPERUSER_ID, api, fields, models

from ..lane.lock import LaneLock
from ..lane.progress import Budget, Progress, Turn
from ..lane.sender import Sender
from ..terms import PENDING, QUEUED, SENDING, UNKNOWN

_logger = logging.getLogger(__name__)

#: How long an issuer with a long queue, or with a slow service, may hold up the others.
TURN_SECONDS = 15.0

#: When to look again at what could not be done: another sender is at work, or the server stops.
LATER_SECONDS = 10.0


class SmartLane(models.Model):
    """The scheduled action: it sends batches, and is the safety net for what is sent at once."""

    _inherit = "smart.lane"

    @api.model
    def _cron_send(self):
        """The entry of the scheduled action: everything that is done in the background, in order.

        Issuing comes first, because people wait for control numbers. Notices come after all work
        that may need one; they also tell what a killed sender did not.
        """
        self._send_lanes()
        self._annul_lanes()
        self._notify(self.env.registry)
        self.env["smart.document"]._tell_owners(self.env.registry)
        self.env["smart.chain"]._seal_all(self.env.registry)

    @api.model
    def _send_lanes(self):
        """Send what waits in every lane, in turns."""
        cron = self.env["ir.cron"]
        lanes = self.search([("blocked", "=", False)]).filtered(
            lambda lane: not lane._stopped() and lane._has_work()
        )
        lanes = lanes._left_to_scheduled_action()
        remaining = sum(
            self.env["smart.document"].search_count(lane._documents([QUEUED, SENDING, UNKNOWN]))
            for lane in lanes
        )
        turns = [(lane.id, lane._lock_key()) for lane in lanes]
        # A lane that gets no turn before the time is over comes first some other time.
        random.shuffle(turns)
        # The scheduler calls ten times, even when its time is over. Then one more document could
        # reach the limit at which the worker is killed (limit_time_real_cron).
        if not cron._commit_progress(remaining=remaining):
            return
        budget = Budget(cron)
        while turns:
            seconds = TURN_SECONDS if len(turns) > 1 else float("inf")
            turns = [turn for turn in turns if self._take_turn(*turn, budget, seconds)]
        remaining = self._count_sendable()
        if budget.tell(remaining=remaining) <= 0 and remaining:
            # Out of time: the scheduler would come back only when it looks again by itself, up
            # to a minute later.
            self._trigger()

    def _run_turn(self):
        """Do in the background what waits in this lane, for one turn.

        For addons that have lanes run by something else than the scheduled action, see
        :meth:`_trigger`. Everything is done, and committed, on cursors of its own; the caller's
        transaction sees nothing of it.

        :returns: in how many seconds there is more to do, or ``None`` until :meth:`_trigger`
        """
        self.ensure_one()
        registry, key, turn = self.env.registry, self._lock_key(), Turn(TURN_SECONDS)
        self._take_turn(self.id, key, turn, TURN_SECONDS)
        # As everywhere, documents that wait for their control number come first.
        if turn.spend(0) and self._has_annulments():
            self._annul_lane(self.id, key, turn.spend)
        self._notify(registry, self.ids)
        self.env["smart.document"]._tell_owners(registry)
        self.env["smart.chain"]._seal_all(registry)
        with registry.cursor() as cr:
            lane = self.with_env(api.Environment(cr, SUPERUSER_ID, {}))
            seconds = lane._seconds_to_next_turn()
        # Whoever got on may go on; who did not would only ask again and again.
        return 0.0 if seconds == LATER_SECONDS and turn.done else seconds

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
    def _take_turn(self, lane_id, key, budget, seconds):
        """Send what waits in one lane; a defect there stops that lane alone, and is told.

        :param budget: a :class:`Budget` or a :class:`Turn`
        :param float seconds: begin no document after so many, but for the first
        :returns: whether there is more, and time for it
        """
        try:
            with LaneLock(self.env.registry, key) as lock:
                if not lock.held:
                    return False  # its holder sends everything
                sender = Sender(self.env.registry, self.env.uid, lane_id, lock)
                with Progress(self.env.registry, lane_id) as progress:
                    sender.run(
                        seconds=seconds,
                        on_progress=partial(self._on_progress, progress, budget),
                        while_waiting=progress.tell_now_and_then,
                    )
                return sender.out_of_time
        except (psycopg2.OperationalError, psycopg2.InterfaceError):
            raise  # of the database, not of this lane
        except Exception as error:
            _logger.exception("SMART lane %s: sending failed", lane_id)
            self._stumble(lane_id, error)
            return False

    @api.model
    def _stumble(self, lane_id, error):
        """Pause a lane after a failure that nobody foresaw."""
        with self.env.registry.cursor() as cr:
            lane = api.Environment(cr, SUPERUSER_ID, {})["smart.lane"].browse(lane_id)
            lane = lane.with_context(lang=lane._responsible().lang)
            lane._pause(
                lane.env._(
                    "Something went wrong that was not foreseen (%s); the server's log says more.",
                    type(error).__name__,
                )
            )

    @api.model
    def _on_progress(self, progress, budget, done):
        """Tell the scheduler, and note it for the lists; returns whether there is time for more."""
        progress.tick()
        return budget.spend(done)

    @api.model
    def _count_sendable(self):
        """Return how many documents could be called for now; the cron is told that they remain."""
        return self._count_issuable() + self._count_annullable()

    @api.model
    def _count_issuable(self):
        """Return how many documents could be issued at once."""
        lanes = self.search([("blocked", "=", False)]).filtered(
            lambda lane: not lane._stopped() and lane._next_document()
        )
        lanes = lanes._left_to_scheduled_action()
        return sum(
            self.env["smart.document"].search_count(lane._documents([QUEUED])) for lane in lanes
        )

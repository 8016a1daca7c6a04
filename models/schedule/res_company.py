import logging
from contextlib import contextmanager
from datetime import timedelta

import psycopg2

from odoo import api, fields, models
from odoo.tools import config

from ..lane.lock import LaneLock
from ..terms import ERRANDS_LOCK_CLASS
from .progress import Budget

_logger = logging.getLogger(__name__)

#: When errands that found all places taken are looked at again.
NO_PLACE_SECONDS = 1


class ResCompany(models.Model):
    """The entries of an issuer's own scheduled actions."""

    _inherit = "res.company"

    def _smart_send_waiting(self):
        """Issue and annul what waits, for one turn, and tell of it."""
        for issuer in self:
            issuer._smart_send_for_a_turn()

    def _smart_send_for_a_turn(self):
        cron = self.env["ir.cron"]
        lanes = self.env["smart.lane"].search([("issuer_id", "=", self.id)])
        lanes = lanes._left_to_scheduled_action().filtered(lambda lane: lane._awaits_turn())
        remaining = lanes._count_waiting()
        turns = [(lane.id, lane._lock_key()) for lane in lanes]
        # The scheduler calls ten times, even when its time is over. Then one more document could
        # reach the limit at which the worker is killed (limit_time_real_cron).
        if not cron._commit_progress(remaining=remaining):
            return
        budget = Budget(cron)
        for lane_id, key in turns:
            self.env["smart.lane"]._take_turn(lane_id, key, budget)
        # Told in any case: to the scheduler nothing remaining means that the job is done.
        remaining = lanes._count_sendable()
        if budget.tell(remaining=remaining) <= 0 and remaining and budget.done:
            # Out of time: the scheduler would come back only when it looks again by itself, up to
            # a minute later.
            self._smart_trigger("smart_sending_action_id")

    def _smart_do_errands(self):
        """Tell owners, fetch printed documents and send e-mails, for as long as there is time.

        Apart from sending: control numbers wait for none of this. Nor can errands take up the
        scheduler: one of its threads is always left to those who send.
        """
        with self._smart_place_for_errands() as place:
            if not place:
                self._smart_trigger_errands(
                    fields.Datetime.now() + timedelta(seconds=NO_PLACE_SECONDS)
                )
                return
            for issuer in self:
                issuer._smart_do_each_errand()
        self.env["ir.cron"]._notifydb()  # those who found no place need not wait

    def _smart_do_each_errand(self):
        registry, mine = self.env.registry, [("issuer_id", "=", self.id)]
        budget = Budget(self.env["ir.cron"])
        document, email = self.env["smart.document"], self.env["smart.email"]
        more = False
        for errand in (
            lambda: document._tell_owners(registry, mine, budget.spend),
            lambda: document._fetch_due_files(registry, self.id, budget.spend),
            lambda: document._tell_owners(registry, mine, budget.spend),
            lambda: email._send_due(registry, self.env.uid, self.id, budget.spend),
            lambda: self.env["smart.chain"]._seal_all(registry, self.id),
        ):
            more = self._smart_do_errand(errand) or more
        if more:
            self._smart_trigger_errands()

    @api.model
    def _smart_do_errand(self, errand):
        """Do one errand; a defect in it stops no other, and the next run tries again.

        :returns: whether only the time was over
        """
        try:
            return errand()
        except (psycopg2.OperationalError, psycopg2.InterfaceError):
            raise  # of the database, not of this errand
        except Exception:
            _logger.exception("SMART: an errand of issuer %s failed", self.id)
            return False

    @contextmanager
    def _smart_place_for_errands(self):
        """Give one of the places for errands, or ``False``: one fewer than the scheduler's threads.

        The places are the database's, so a thread is left even if each host has only these.
        """
        places = max(config["max_cron_threads"] - 1, 1)
        for place in range(places):
            with LaneLock(self.env.registry, place, lock_class=ERRANDS_LOCK_CLASS) as lock:
                if lock.held:
                    yield True
                    return
        yield False

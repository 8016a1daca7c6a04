import logging
from datetime import timedelta
from functools import partial

from odoo import SUPERUSER_ID, api, fields, models

from odoo.addons.queue_job.exception import RetryableJobError
from odoo.addons.queue_job.job import ENQUEUED, PENDING

_logger = logging.getLogger(__name__)

#: The scheduled action takes over what should have been run so long ago: nobody runs jobs.
OVERDUE = timedelta(minutes=5)

#: A job that waits is not brought forward for less: its moment is about as good.
WORTH_MOVING = timedelta(seconds=3)

#: queue_job takes 0 for its own default of ten minutes.
AT_ONCE_SECONDS = 0.1

LOOKED_AT_AGAIN = "l10n_ve_edi_smart_queue_job.lanes"


class SmartLane(models.Model):
    """Each lane is run by a job of its own, one turn at a time.

    Who may send is decided by the lane's lock, not by the job: two jobs of a lane, or a job and
    the scheduled action, take turns, and what a killed one leaves is taken over by the next.
    """

    _inherit = "smart.lane"

    # -- having a lane run -----------------------------------------------------------------

    def _trigger(self, at=None):
        # EXTENDS 'l10n_ve_edi_smart': by a job of the lane, not by the issuer's scheduled action
        for lane in self:
            if lane._jobs([PENDING, ENQUEUED]):
                lane._look_again_after_commit(at)
            else:
                lane._make_job(at)
        return None

    def _make_job(self, at=None):
        """Have a job run the lane, at once or at a moment (UTC)."""
        self.ensure_one()
        # As the scheduled action does it: on behalf of nobody, not of who confirmed first. The
        # company is the job's: who manages the jobs of that one sees those of its queue.
        env = self.env(user=SUPERUSER_ID, context={"company_id": self.issuer_id.id})
        self.with_env(env).with_delay(
            eta=self._due(at),
            identity_key=self._job_key(),
            description=self.env._("SMART: send fiscal documents (%s)", self.issuer_id.name),
            max_retries=0,  # without limit: what it does is to be done in any case
        )._run_as_job()

    def _due(self, at=None):
        """Return when a job is of use that is wanted at a moment: after the pause, if there is one.

        ``None`` is at once.
        """
        return max(filter(None, [at, self._stopped() and self.paused_until]), default=None)

    def _job_key(self):
        self.ensure_one()
        return f"l10n_ve_edi_smart.lane.{self.id}"

    def _jobs(self, states):
        """Return the lanes' jobs in some states."""
        keys = [lane._job_key() for lane in self]
        # sudo: jobs are the administrators'; whoever confirms may have one run
        return (
            self.env["queue.job"]
            .sudo()
            .search([("identity_key", "in", keys), ("state", "in", states)])
        )

    # -- a job that ends before the commit ---------------------------------------------------

    def _look_again_after_commit(self, at):
        """See to it that there is a job after the commit, too, and in time.

        One that waits now may end before the running transaction commits, of which it sees nothing.
        Nor is it brought forward before: queue_job's runner would wait for the transaction, too.
        """
        callbacks = self.env.cr.postcommit
        moments = callbacks.data.setdefault(LOOKED_AT_AGAIN, {})
        if not moments:
            callbacks.add(partial(self._look_again, callbacks, self.env.registry))
        at = at or fields.Datetime.now()
        moments[self.id] = min(at, moments.get(self.id, at))

    @api.model
    def _look_again(self, callbacks, registry):
        moments = callbacks.data.pop(LOOKED_AT_AGAIN, {})
        try:
            with registry.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                for lane in env["smart.lane"].browse(moments).exists():
                    lane._have_job_by(moments[lane.id])
        except Exception:
            # What was asked for is committed; the scheduled action comes back to it.
            _logger.exception("SMART lanes %s: no job was made", sorted(moments))

    def _have_job_by(self, at):
        """Make a job if none waits, else see to it that it does not wait for longer."""
        waiting = self._jobs([PENDING, ENQUEUED])
        if not waiting:
            if self._has_work() or self._has_annulments():
                self._make_job(at)
            return
        due = self._due(at)
        for job in waiting.filtered(lambda job: job.state == PENDING and job.eta):
            if job.eta - due > WORTH_MOVING:
                job.eta = due

    # -- the job -----------------------------------------------------------------------------

    def _run_as_job(self):
        """Run the lane for one turn; the job comes back for what is left.

        Everything is done on connections of the lane's own: the transaction of the job holds the
        job's lock alone, and is rolled back where the job comes back.

        :raises RetryableJobError: to come back, which counts as no failure
        """
        if not self.exists():
            return
        seconds = self._run_turn()
        if seconds is None or self._another_comes(seconds):
            return
        raise RetryableJobError(
            self.env._("There is more to do, at once or later: this job comes back for it."),
            seconds=max(seconds, AT_ONCE_SECONDS),
            ignore_retry=True,
        )

    def _another_comes(self, seconds):
        """Tell whether another job of the lane is going to run by then."""
        by = fields.Datetime.now() + timedelta(seconds=seconds)
        # The job's own transaction knows only what was there when it began.
        with self.env.registry.cursor() as cr:
            lane = self.with_env(api.Environment(cr, SUPERUSER_ID, {}))
            others = lane._jobs([PENDING, ENQUEUED])
            return bool(others.filtered(lambda job: not job.eta or job.eta <= by))

    # -- the safety net ----------------------------------------------------------------------

    def _left_to_scheduled_action(self):
        # EXTENDS 'l10n_ve_edi_smart': lanes whose job is on its way are left to that
        overdue = fields.Datetime.now() - OVERDUE
        coming = self._jobs([PENDING, ENQUEUED]).filtered(
            lambda job: (job.eta or job.date_created) > overdue
        )
        keys = set(coming.mapped("identity_key"))
        lanes = super()._left_to_scheduled_action()
        return lanes.filtered(lambda lane: lane._job_key() not in keys)

from odoo.addons.l10n_ve_edi_smart.tests.common import SmartCommon
from odoo.addons.queue_job.job import Job
from odoo.addons.queue_job.tests.common import JobMixin

METHOD = "_run_as_job"


class JobsCommon(SmartCommon, JobMixin):
    """A company that issues by jobs; nobody runs them but the test."""

    def lane(self):
        return self.env["smart.lane"].sudo().search([("issuer_id", "=", self.company.id)])

    def jobs(self, *states):
        """Return the jobs of the company's lane, the oldest first."""
        return (
            self.env["queue.job"]
            .sudo()
            .search(
                [
                    ("method_name", "=", METHOD),
                    ("identity_key", "=", self.lane()._job_key()),
                    *([("state", "in", states)] if states else []),
                ],
                order="id",
            )
        )

    def perform(self, record):
        """Run a job as its worker would: marked as started, so that it does not count itself.

        :raises RetryableJobError: where the job comes back
        """
        job = Job.load(self.env, record.uuid)
        job.set_started()
        job.store()
        self.env.flush_all()
        job.perform()
        job.set_done()
        job.store()
        self.env.flush_all()
        self.env.invalidate_all()

    def invoices(self, count):
        return [self.make_invoice(("general", 100.0 + number)) for number in range(count)]

    def scheduled(self):
        """Return how often the scheduled action was asked for."""
        cron = self.company.smart_sending_action_id
        return self.env["ir.cron.trigger"].sudo().search_count([("cron_id", "=", cron.id)])

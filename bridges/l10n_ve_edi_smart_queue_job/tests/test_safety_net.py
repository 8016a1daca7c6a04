"""The scheduled action does what no job is going to do."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import JobsCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestSafetyNet(JobsCommon):
    def setUp(self):
        super().setUp()
        self.moves = self.confirm(*self.invoices(2))
        self.job = self.jobs("pending")

    def test_a_lane_whose_job_is_on_its_way_is_left_to_it(self):
        for state in ("pending", "enqueued"):
            self.job.state = state
            self.send_in_background()
            self.assertFalse(self.simulator.calls())
        self.assertEqual(set(self.moves.mapped("smart_state")), {"queued"})

    def test_a_lane_whose_job_should_have_run_long_ago_is_sent(self):
        self.job.eta = fields.Datetime.now() - timedelta(minutes=6)
        self.send_in_background()
        self.assertEqual(set(self.moves.mapped("smart_state")), {"issued"})
        # The job, should it run after all, finds nothing to do.
        calls = len(self.simulator.calls())
        self.perform(self.job)
        self.assertEqual(len(self.simulator.calls()), calls)

    def test_a_lane_without_a_job_is_sent(self):
        for state in ("failed", "cancelled", "done"):
            self.job.state = state
            self.assertEqual(self.lane()._left_to_scheduled_action(), self.lane())
        self.send_in_background()
        self.assertEqual(set(self.moves.mapped("smart_state")), {"issued"})

    def test_what_is_left_to_jobs_does_not_remain_for_the_scheduled_action(self):
        action = self.company.smart_sending_action_id
        triggers = self.env["ir.cron.trigger"].sudo()
        self.env["smart.lane"]._cron_send()
        self.assertFalse(triggers.search([("cron_id", "=", action.id)]))
        self.job.state = "failed"
        self.env["smart.lane"]._cron_send()
        self.assertTrue(triggers.search([("cron_id", "=", action.id)]))

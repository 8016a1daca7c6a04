"""A job comes back for what it could not do, and at the moment at which it can."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.l10n_ve_edi_smart.models.annulment.annuller import Annuller
from odoo.addons.l10n_ve_edi_smart.models.lane.sender import Sender
from odoo.addons.l10n_ve_edi_smart.models.schedule import lane as scheduled
from odoo.addons.queue_job.exception import RetryableJobError

from .common import JobsCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestJobsComingBack(JobsCommon):
    def setUp(self):
        super().setUp()
        self.moves = self.confirm(*self.invoices(3))
        self.job = self.jobs("pending")

    def seconds_until(self, moment):
        return (moment - fields.Datetime.now()).total_seconds()

    def test_while_the_lane_is_paused_the_job_waits_and_fails_nothing(self):
        self.lane()._engine_write(
            {"failures": 3, "paused_until": fields.Datetime.now() + timedelta(minutes=2)}
        )
        with self.assertRaises(RetryableJobError) as caught:
            self.perform(self.job)
        self.assertTrue(caught.exception.ignore_retry)
        self.assertAlmostEqual(caught.exception.seconds, 120, delta=30)
        self.assertFalse(self.simulator.calls())
        self.assertEqual(set(self.moves.mapped("smart_state")), {"queued"})

    def test_a_pause_that_the_job_meets_gives_a_job_for_its_end(self):
        self.simulator.fault("refuse", seconds=60)
        self.perform(self.job)
        self.assertEqual(self.job.state, "done")
        lane = self.lane()
        self.assertTrue(lane._stopped())
        later = self.jobs("pending")
        self.assertEqual(len(later), 1)
        self.assertLess(abs((later.eta - lane.paused_until).total_seconds()), 2)
        # Whoever confirms a batch meanwhile waits for that one.
        self.confirm(*self.invoices(2))
        self.assertEqual(self.jobs("pending"), later)

    def test_try_again_now_has_the_waiting_job_run_at_once(self):
        self.job.eta = fields.Datetime.now() + timedelta(minutes=10)
        self.lane()._engine_write(
            {"failures": 3, "paused_until": fields.Datetime.now() + timedelta(minutes=10)}
        )
        self.lane().action_resume()
        self.commit()
        self.assertLess(self.seconds_until(self.job.eta), 30)
        self.assertEqual(self.jobs("pending"), self.job)
        self.perform(self.job)
        self.assertEqual(set(self.moves.mapped("smart_state")), {"issued"})

    def test_a_blocked_lane_gives_its_job_nothing_to_do_until_somebody_acts(self):
        self.lane()._block("No control numbers left")
        self.perform(self.job)
        self.assertFalse(self.simulator.calls())
        self.assertFalse(self.jobs("pending"))
        self.lane().action_resume()
        self.assertEqual(len(self.jobs("pending")), 1)

    def test_at_the_end_of_its_turn_the_job_comes_back_at_once(self):
        with (
            patch.object(scheduled, "TURN_SECONDS", 0.0),
            self.assertRaises(RetryableJobError) as caught,
        ):
            self.perform(self.job)
        self.assertEqual(self.simulator.issued(), ["00000001"], "one in each turn, whatever")
        self.assertTrue(caught.exception.ignore_retry)
        self.assertLess(caught.exception.seconds, 1)
        self.assertGreater(caught.exception.seconds, 0, "0 means ten minutes")

    def test_a_job_does_not_come_back_where_another_of_its_lane_waits(self):
        self.job.state = "started"
        self.lane()._trigger()
        another = self.jobs("pending")
        with patch.object(scheduled, "TURN_SECONDS", 0.0):
            self.perform(self.job)
        self.assertEqual(self.job.state, "done")
        self.perform(another)
        self.assertEqual(set(self.moves.mapped("smart_state")), {"issued"})

    def test_while_another_sender_is_at_work_the_job_comes_back_in_a_while(self):
        with (
            patch.object(Sender, "run", lambda *_args, **_kwargs: None),
            self.assertRaises(RetryableJobError) as caught,
        ):
            self.perform(self.job)
        self.assertEqual(caught.exception.seconds, scheduled.LATER_SECONDS)

    def test_what_nobody_foresaw_pauses_the_lane_and_gives_a_job_for_later(self):
        with (
            patch.object(Sender, "run", side_effect=ValueError("a defect")),
            mute_logger("odoo.addons.l10n_ve_edi_smart.models.schedule.lane"),
        ):
            self.perform(self.job)
        self.assertTrue(self.lane()._stopped())
        self.assertEqual(len(self.jobs("pending")), 1)
        self.assertTrue(self.jobs("pending").eta)

    def test_an_annulment_without_an_answer_is_asked_for_again_by_a_job(self):
        self.perform(self.job)
        wizard = self.env["smart.annul.wizard"].browse(self.moves.action_smart_annul()["res_id"])
        wizard.reason = "Issued to the wrong customer"
        wizard.action_annul()
        self.commit()
        self.simulator.fault("drop_before", path="/anulacion")
        self.perform(self.jobs("pending"))
        pending = self.moves.filtered(lambda move: move.smart_annulment_state == "pending")
        self.assertEqual(len(pending), 1)
        later = self.jobs("pending")
        self.assertEqual(len(later), 1)
        at = pending.smart_document_id.annulment_next_attempt
        self.assertLess(abs((later.eta - at).total_seconds()), 2)

    def test_a_defect_in_annulling_does_not_make_the_job_run_without_end(self):
        self.perform(self.job)
        wizard = self.env["smart.annul.wizard"].browse(self.moves.action_smart_annul()["res_id"])
        wizard.reason = "Issued to the wrong customer"
        wizard.action_annul()
        self.commit()
        with (
            patch.object(Annuller, "run", side_effect=ValueError("a defect")),
            mute_logger("odoo.addons.l10n_ve_edi_smart.models.smart_lane_annul"),
            self.assertRaises(RetryableJobError) as caught,
        ):
            self.perform(self.jobs("pending"))
        self.assertEqual(caught.exception.seconds, scheduled.LATER_SECONDS)

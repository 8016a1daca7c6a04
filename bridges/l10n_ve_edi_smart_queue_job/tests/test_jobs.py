"""What is done in the background is done by one job of each lane."""

from odoo import SUPERUSER_ID
from odoo.exceptions import AccessError
from odoo.service.model import get_public_method
from odoo.tests import tagged

from odoo.addons.l10n_ve_edi_smart_queue_job.hooks import uninstall_hook

from .common import METHOD, JobsCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestJobs(JobsCommon):
    def test_a_batch_is_one_job_of_its_lane_and_asks_for_no_scheduled_action(self):
        before = self.scheduled()
        with self.trap_jobs() as trap:
            moves = self.confirm(*self.invoices(3))
            trap.assert_jobs_count(1)
            lane = self.lane()
            trap.assert_enqueued_job(
                getattr(lane.with_user(SUPERUSER_ID), METHOD),
                properties={
                    "identity_key": f"l10n_ve_edi_smart.lane.{lane.id}",
                    "max_retries": 0,
                    "eta": None,
                },
            )
            [job] = trap.enqueued_jobs
            self.assertEqual(job.channel, "root.smart")
            self.assertEqual(set(moves.mapped("smart_state")), {"queued"})
            trap.perform_enqueued_jobs()
        self.env.invalidate_all()
        self.assertEqual(set(moves.mapped("smart_state")), {"issued"})
        self.assertEqual(self.simulator.issued(), ["00000001", "00000002", "00000003"])
        self.assertEqual(self.scheduled(), before)

    def test_batches_one_after_the_other_wait_for_one_job(self):
        moves = self.confirm(*self.invoices(2)) + self.confirm(*self.invoices(2))
        job = self.jobs("pending")
        self.assertEqual(len(job), 1)
        self.perform(job)
        self.assertEqual(set(moves.mapped("smart_state")), {"issued"})
        self.assertEqual(job.state, "done")
        self.assertFalse(self.jobs("pending"))

    def test_what_is_confirmed_while_the_job_runs_gets_a_job_of_its_own(self):
        self.confirm(*self.invoices(2))
        self.jobs().state = "started"
        self.confirm(*self.invoices(2))
        self.assertEqual(len(self.jobs("pending")), 1)

    def test_a_job_that_ended_before_the_commit_is_followed_by_another(self):
        self.confirm(*self.invoices(2))
        first = self.jobs("pending")
        moves = self.invoices(2)[0].union(*self.invoices(1))
        moves.action_post()
        self.assertEqual(self.jobs("pending"), first, "it waits, so another would be one too many")
        # Of a transaction that is not committed it sees nothing.
        first.state = "done"
        self.commit()
        self.assertEqual(len(self.jobs("pending")), 1)

    def test_each_issuer_has_a_job(self):
        other = self.env["res.company"].create({"name": "Otra, C.A."})
        Lane = self.env["smart.lane"].sudo()
        lanes = Lane._of_issuer(self.company, "custom") + Lane._of_issuer(other, "custom")
        with self.trap_jobs() as trap:
            lanes._trigger()
            keys = {job.identity_key for job in trap.enqueued_jobs}
        self.assertEqual(keys, {lane._job_key() for lane in lanes})
        self.assertEqual(len(keys), 2)
        lanes._trigger()
        companies = [lane._jobs(["pending"]).company_id for lane in lanes]
        self.assertEqual(companies, [self.company, other], "each sees the jobs of its own queue")

    def test_one_document_is_sent_at_once_without_a_job(self):
        move = self.confirm()
        self.assertEqual(move.smart_state, "issued")
        self.assertFalse(self.jobs())

    def test_a_batch_of_annulments_is_done_by_the_job_of_the_lane(self):
        moves = self.confirm(*self.invoices(2))
        self.perform(self.jobs("pending"))
        wizard = self.env["smart.annul.wizard"].browse(moves.action_smart_annul()["res_id"])
        wizard.reason = "Issued to the wrong customer"
        wizard.action_annul()
        self.commit()
        self.assertEqual(set(moves.mapped("smart_state")), {"issued"})
        job = self.jobs("pending")
        self.assertEqual(len(job), 1)
        self.perform(job)
        self.assertEqual(set(moves.mapped("smart_state")), {"annulled"})
        self.assertEqual(set(moves.mapped("state")), {"cancel"})

    def test_documents_that_wait_for_their_number_go_before_annulments(self):
        old = self.confirm()
        wizard = self.env["smart.annul.wizard"].browse(old.action_smart_annul()["res_id"])
        wizard.reason = "Issued to the wrong customer"
        wizard.action_annul()
        self.env.cr.postcommit.clear()
        self.confirm(*self.invoices(2))
        self.perform(self.jobs("pending"))
        paths = [call["path"] for call in self.simulator.calls()]
        self.assertEqual(paths[-1], "/anulacion")
        self.assertEqual(len(self.simulator.issued()), 3)

    # -- rights ----------------------------------------------------------------------------

    def test_whoever_may_confirm_needs_no_right_on_jobs_and_gets_none(self):
        clerk = self.new_user("clerk", "account.group_account_invoice")
        moves = self.env["account.move"].union(*self.invoices(2)).with_user(clerk)
        self.confirm(*moves)
        job = self.jobs("pending")
        self.assertEqual(len(job), 1)
        self.assertEqual(job.user_id.id, SUPERUSER_ID, "nobody in particular, as without jobs")
        self.assertEqual(job.company_id, self.company)
        with self.assertRaises(AccessError):
            job.with_user(clerk).read(["state"])
        self.perform(job)
        self.assertEqual(set(moves.mapped("smart_state")), {"issued"})

    def test_nobody_calls_the_job_over_the_network(self):
        for method in (METHOD, "_run_turn", "_trigger", "_make_job"):
            with self.assertRaises(AccessError):
                get_public_method(self.lane(), method)

    def test_a_job_says_nothing_but_which_lane(self):
        self.confirm(*self.invoices(2))
        job = self.jobs("pending")
        self.assertEqual((job.args, job.kwargs), ([], {}))
        self.assertEqual(job.records, self.lane())
        self.assertIn(self.company.name, job.name)

    # -- the end ---------------------------------------------------------------------------

    def test_without_the_bridge_what_waits_is_left_to_the_scheduled_action(self):
        moves = self.confirm(*self.invoices(2))
        before = self.scheduled()
        uninstall_hook(self.env)
        self.assertEqual(self.jobs().mapped("state"), ["cancelled"])
        self.assertGreater(self.scheduled(), before)
        self.send_in_background()
        self.assertEqual(set(moves.mapped("smart_state")), {"issued"})

    def test_a_job_of_a_lane_that_is_gone_ends_quietly(self):
        other = self.env["res.company"].create({"name": "Otra, C.A."})
        lane = self.env["smart.lane"].sudo()._of_issuer(other, "test")
        lane._trigger()
        job = lane._jobs(["pending"])
        lane._engine_unlink()
        self.perform(job)
        self.assertEqual(job.state, "done")

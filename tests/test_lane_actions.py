"""The issuers' own scheduled actions: when they are made and removed, and who triggers them."""

from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..models.base import bounded_wait
from ..models.base.bounded_wait import Stage, wait_for
from ..models.lane import confirming
from ..models.schedule import res_company as entries
from .common import SmartCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestLaneActions(SmartCommon):
    def due(self, action):
        """Return how often an action was asked for."""
        return self.env["ir.cron.trigger"].search_count([("cron_id", "=", action.id)])

    def net(self):
        """Run the scheduled action of all issuers as its worker would."""
        self.env.flush_all()
        with self.registry.cursor() as cr:
            self.env(cr=cr, user=self.env.ref("base.user_root"))["smart.lane"]._cron_send()
        self.env.invalidate_all()

    def test_a_company_that_becomes_an_issuer_gets_its_two_actions_once(self):
        actions = self.company._smart_actions()
        self.assertEqual(len(actions), 2)
        self.connect()
        self.assertEqual(self.company._smart_actions(), actions)
        for action in actions:
            self.assertIn(f"({self.company.id})", action.code)
            self.assertEqual(action.user_id, self.env.ref("base.user_root"))
        self.assertFalse(self.env["res.company"].create({"name": "Sucursal"})._smart_actions())

    def test_a_company_created_with_a_token_has_them_and_a_branch_uses_its_parents(self):
        token = self.simulator.mint("J-50375790-6")["token"]
        issuer = self.env["res.company"].create(
            {
                "name": "Otra, C.A.",
                "smart_environment": "custom",
                "smart_base_url": self.simulator.url,
                "smart_token": token,
            }
        )
        self.assertEqual(len(issuer._smart_actions()), 2)
        branch = self.env["res.company"].create({"name": "Sucursal", "parent_id": issuer.id})
        self.assertFalse(branch._smart_actions())
        self.assertEqual(branch.smart_issuer_id, issuer)

    def test_no_action_is_left_of_a_company_that_is_deleted(self):
        other = self.env["res.company"].create({"name": "Otra, C.A."})
        other._smart_make_actions()
        actions = other._smart_actions()
        self.assertEqual(len(actions), 2)
        other.unlink()
        self.assertFalse(actions.exists())

    def test_the_action_of_all_issuers_sends_nothing_and_wakes_the_issuers_own(self):
        moves = self.confirm(self.make_invoice(), self.make_invoice())
        action = self.company.smart_sending_action_id
        self.env["ir.cron.trigger"].search([]).unlink()
        self.net()
        self.assertFalse(self.simulator.calls())
        self.assertEqual(self.due(action), 1)
        self.run_sending_action()
        self.assertEqual(set(moves.mapped("smart_state")), {"issued"})
        self.env["ir.cron.trigger"].search([]).unlink()
        self.net()
        self.assertFalse(self.due(action), "nothing waits")

    def test_an_action_that_is_missing_is_made_and_one_that_was_put_to_sleep_is_woken(self):
        self.company.smart_errands_action_id.unlink()
        self.company.smart_sending_action_id.active = False
        self.env["ir.cron.trigger"].search([]).unlink()
        self.confirm(self.make_invoice(), self.make_invoice())
        net = self.env.ref("l10n_ve_edi_smart.ir_cron_smart_send")
        self.assertTrue(self.due(net), "whoever looks after them is asked instead")
        self.net()
        self.assertEqual(len(self.company._smart_actions()), 2)
        self.assertTrue(self.company.smart_sending_action_id.active)
        self.assertTrue(self.due(self.company.smart_sending_action_id))

    def test_in_a_neutralized_copy_no_action_wakes(self):
        self.env["ir.config_parameter"].set_param("database.is_neutralized", "true")
        self.company.smart_sending_action_id.active = False
        self.company._smart_make_actions()
        self.assertFalse(self.company.smart_sending_action_id.active)
        self.company.smart_sending_action_id.unlink()
        self.company._smart_make_actions()
        self.assertFalse(self.company.smart_sending_action_id.active)

    def test_after_a_run_the_errands_are_triggered_and_fetch_the_file(self):
        move = self.confirm(self.make_invoice(), self.make_invoice())[0]
        self.env["ir.cron.trigger"].search([]).unlink()
        self.run_sending_action()
        self.assertTrue(self.due(self.company.smart_errands_action_id))
        self.assertFalse(move.smart_document_id.document_file)
        self.do_errands()
        self.assertTrue(move.smart_document_id.document_file)

    def test_errands_leave_a_thread_to_those_who_send(self):
        self.confirm()
        held = []

        class Taken:
            held = False

            def __init__(self, registry, place, **_options):
                held.append(place)

            def __enter__(self):
                return self

            def __exit__(self, *exc_info):
                pass

        self.env["ir.cron.trigger"].search([]).unlink()
        with (
            patch.object(entries, "LaneLock", Taken),
            patch.object(entries, "config", {"max_cron_threads": 4}),
        ):
            self.do_errands()
        self.assertEqual(held, [0, 1, 2], "one fewer than the threads")
        self.assertTrue(self.due(self.company.smart_errands_action_id), "it comes back")

    def test_how_long_one_waits_is_bounded(self):
        for seconds in (-1, 31):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.company.smart_wait_seconds = seconds
        self.company.smart_wait_seconds = 0
        self.env["res.config.settings"].create({"smart_wait_seconds": 5}).execute()
        self.assertEqual(self.company.smart_wait_seconds, 5)

    # -- in a request ------------------------------------------------------------------------

    def as_in_a_request(self, wait):
        """Have what follows the commit take place as in a request of the web client."""
        self.startPatcher(patch.object(confirming, "request", True))
        self.startPatcher(patch.object(confirming, "wait_for", wait))

    def test_who_waited_saw_a_refusal_and_nobody_else_is_told_at_once(self):
        self.as_in_a_request(lambda *_args: self.run_sending_action() or True)
        invoice = self.make_invoice()
        invoice.action_post()
        self.make_refusable(invoice.smart_document_id.sudo())
        self.commit()
        self.assertEqual(invoice.smart_state, "refused")
        lane = invoice.smart_document_id.sudo().lane_id
        self.send_in_background()
        self.assertFalse(lane.activity_ids)
        # Of a batch nobody has seen how each one ended.
        moves = self.make_invoice() + self.make_invoice()
        moves.action_post()
        self.make_refusable(moves[0].smart_document_id.sudo())
        self.commit()
        self.send_in_background()
        self.assertEqual(lane.activity_ids.summary, "SMART: refused documents (1)")

    def test_where_the_scheduler_does_not_begin_the_request_sends_unless_smart_was_slow(self):
        self.as_in_a_request(lambda _seconds, _look, do_here: do_here())
        self.assertEqual(self.confirm().smart_state, "issued")
        self.env.cr.execute("UPDATE smart_exchange SET duration_ms = 20000")
        self.env.invalidate_all()
        slow = self.confirm()
        self.assertEqual(slow.smart_state, "queued")
        self.run_sending_action()
        self.assertEqual(slow.smart_state, "issued")
        self.assertEqual(self.confirm().smart_state, "issued", "it is quick again")

    # -- waiting -----------------------------------------------------------------------------

    def waited(self, seconds, stages, do_here=lambda: False):
        """Wait on a clock of its own; return the result, the looks, and the seconds that passed."""
        clock, looks = [0.0], []

        def look():
            looks.append(clock[0])
            return stages(clock[0])

        def sleep(pause):
            clock[0] += pause

        with (
            patch.object(bounded_wait.time, "monotonic", lambda: clock[0]),
            patch.object(bounded_wait.time, "sleep", sleep),
        ):
            return wait_for(seconds, look, do_here), looks, clock[0]

    def test_who_waits_looks_ever_more_seldom_and_no_longer_than_allowed(self):
        over, looks, passed = self.waited(3, lambda _now: Stage.BEGUN)
        self.assertFalse(over)
        self.assertEqual(passed, 3)
        self.assertLess(len(looks), 25)
        over, _looks, passed = self.waited(3, lambda now: Stage.OVER if now > 1 else Stage.BEGUN)
        self.assertTrue(over)
        self.assertLess(passed, 1.3)

    def test_what_nobody_begins_is_done_here_once_after_a_moment(self):
        done = []
        over, looks, _passed = self.waited(3, lambda _now: Stage.WAITS, lambda: done.append(1) or 1)
        self.assertTrue(over)
        self.assertGreaterEqual(looks[-1], 0.5)
        self.assertEqual(done, [1])
        # Where it cannot be done here, the wait goes on.
        over, _looks, passed = self.waited(3, lambda _now: Stage.WAITS, lambda: done.append(1))
        self.assertEqual((over, passed, done), (False, 3, [1, 1]))

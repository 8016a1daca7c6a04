import json
from unittest.mock import patch

from odoo import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.mail.models.discuss import ir_websocket

from ..models.lane.lane_progress import PROGRESS, STARTED
from ..models.schedule import progress as lane_progress
from .common import SmartCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestProgress(SmartCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls.new_user("smart_clerk", "account.group_account_invoice")

    def batch(self, count):
        moves = self.env["account.move"].union(*(self.make_invoice() for _n in range(count)))
        moves.with_user(self.clerk).action_post()
        return moves

    def told(self, kind):
        """Return channel and payload of the messages of a kind, oldest first."""
        self.env.cr.precommit.run()
        self.env.flush_all()
        found = []
        for row in self.env["bus.bus"].sudo().search([], order="id"):
            message = json.loads(row.message)
            if message["type"] == kind:
                found.append((json.loads(row.channel)[1:], message["payload"]))
        return found

    def test_who_confirms_a_batch_is_told_once_that_it_goes_on_in_the_background(self):
        self.batch(2)
        self.batch(3)
        [(channel, payload)] = self.told(STARTED)
        self.assertEqual(channel, ["res.partner", self.clerk.partner_id.id])
        self.assertEqual((payload["count"], payload["waiting"]), (5, 5))
        self.assertFalse(payload["paused_until"])

    def test_one_document_needs_no_message(self):
        self.batch(1)
        self.assertFalse(self.told(STARTED))

    def test_a_batch_behind_a_paused_queue_says_until_when(self):
        self.simulator.fault("refuse", seconds=60)
        self.confirm()
        self.batch(2)
        [(_channel, payload)] = self.told(STARTED)
        self.assertTrue(payload["paused_until"])

    def test_a_run_tells_its_companies_seldom_and_at_its_end(self):
        self.batch(12)
        self.commit()
        self.send_in_background()
        messages = self.told(PROGRESS)
        self.assertLessEqual(len(messages), 4, "not one a document")
        self.assertEqual(messages[-1][0], ["res.company", self.company.id])
        self.assertEqual(messages[-1][1]["waiting"], 0)

    def test_each_message_waits_for_its_interval(self):
        clock = [100.0]
        with (
            patch.object(lane_progress.time, "monotonic", lambda: clock[0]),
            patch.object(lane_progress.Progress, "_tell", autospec=True) as tell,
        ):

            def told(progress):
                progress._told_at, progress._news = clock[0], False

            tell.side_effect = told
            with lane_progress.Progress(self.registry, 0) as progress:
                progress.tell_now_and_then()
                self.assertFalse(tell.called, "there is nothing new")
                for _document in range(2):
                    progress.tick()
                    progress.tell_now_and_then()
                self.assertEqual(tell.call_count, 1)
                clock[0] += lane_progress.INTERVAL_SECONDS
                progress.tell_now_and_then()
                progress.tell_now_and_then()
                self.assertEqual(tell.call_count, 2)
                progress.tick()
                progress.tell_now_and_then()
            self.assertEqual(tell.call_count, 3, "the end is always told")
            with lane_progress.Progress(self.registry, 0):
                pass
            self.assertEqual(tell.call_count, 3, "nothing happened, nothing is told")

    def test_a_message_that_fails_stops_no_document(self):
        moves = self.batch(3)
        self.commit()
        with (
            patch.object(type(self.env["smart.lane"]), "_tell_progress", side_effect=ValueError),
            self.assertLogs("odoo.addons.l10n_ve_edi_smart", "ERROR"),
        ):
            self.send_in_background()
        self.assertEqual(set(moves.mapped("smart_state")), {"issued"})

    def test_only_who_may_see_fiscal_documents_hears_of_them(self):
        stranger = new_test_user(
            self.env, "smart_sales", "base.group_user", company_ids=[Command.set(self.company.ids)]
        )
        # What core subscribes to is found from a web socket's request.
        with patch.object(
            ir_websocket.IrWebsocket, "_build_bus_channel_list", lambda self, channels: channels
        ):
            for user, hears in ((self.clerk, True), (stranger, False)):
                channels = self.env["ir.websocket"].with_user(user)._build_bus_channel_list([])
                self.assertEqual(self.company in channels, hears)

    def test_a_run_that_is_out_of_time_asks_to_be_called_again_at_once(self):
        moves = self.batch(3)
        # So that none is begun ahead: in a test's one transaction it cannot be rolled back alone.
        moves.smart_document_id.sudo().lane_id._engine_write({"failures": 1})
        self.commit()
        cron = self.company.smart_sending_action_id
        self.env["ir.cron.trigger"].search([]).unlink()
        with patch.object(type(cron), "_commit_progress", side_effect=[1, 0, 0]):
            self.run_sending_action()
        self.assertEqual(sorted(moves.mapped("smart_state")), ["issued", "queued", "queued"])
        self.assertTrue(self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]))
        self.env["ir.cron.trigger"].search([]).unlink()
        self.run_sending_action()
        self.assertEqual(set(moves.mapped("smart_state")), {"issued"})
        self.assertFalse(self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]))

    def test_the_scheduler_is_told_every_second_and_its_time_is_kept_between(self):
        class Scheduler:
            told = []

            def _commit_progress(self, done, **values):
                self.told.append((done, values))
                return 2.5

        clock = [100.0]
        with patch.object(lane_progress.time, "monotonic", lambda: clock[0]):
            budget = lane_progress.Budget(Scheduler())
            self.assertTrue(budget.spend(1))  # at once: how much time there is must be known
            for clock[0] in (100.3, 100.9, 101.1, 102.0):
                self.assertTrue(budget.spend(1))
            self.assertEqual(Scheduler.told, [(1, {}), (3, {})])
            with patch.object(Scheduler, "_commit_progress", return_value=0.4):
                clock[0] = 102.2
                self.assertTrue(budget.spend(1))
            clock[0] = 102.7
            self.assertFalse(budget.spend(1))
            self.assertEqual(budget.tell(remaining=7), 2.5)
        self.assertEqual(Scheduler.told[-1], (1, {"remaining": 7}))

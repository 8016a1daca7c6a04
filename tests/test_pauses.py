"""How long a queue waits for a service that is not there."""

from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.tests import TransactionCase, tagged

NOON = datetime(2026, 3, 2, 16, 0)
MINUTE = 60


def jitter(share):
    """Have the jitter draw this share of its range: 0 for the shortest pause, 1 for the longest."""
    return patch("random.uniform", lambda low, high: low + share * (high - low))


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestPauses(TransactionCase):
    def setUp(self):
        super().setUp()
        company = self.env["res.company"].create({"name": "Pausada, C.A."})
        self.lane = self.env["smart.lane"]._of_issuer(company, "test")

    def pause(self):
        """Fail once more; return how many seconds the queue waits."""
        self.lane._pause("Down")
        return (self.lane.paused_until - fields.Datetime.now()).total_seconds()

    @freeze_time(NOON)
    def test_each_failure_in_a_row_doubles_the_pause_up_to_fifteen_minutes(self):
        with jitter(0.5):
            pauses = [self.pause() for _failure in range(12)]
        self.assertEqual(pauses, [5, 10, 20, 40, 80, 160, 320, 640] + [15 * MINUTE] * 4)
        self.assertEqual(self.lane.failures, 12)
        self.lane._engine_write({"failures": 100_000})
        with jitter(0.5):
            self.assertEqual(self.pause(), 15 * MINUTE, "however long it lasts")

    @freeze_time(NOON)
    def test_a_success_ends_the_growth(self):
        for _failure in range(5):
            self.pause()
        self.lane._resume()
        with jitter(0.5):
            self.assertEqual(self.pause(), 5)

    @freeze_time(NOON)
    def test_the_jitter_is_a_fifth_to_both_sides(self):
        for failures, seconds in ((0, 5), (3, 40), (20, 15 * MINUTE)):
            for share, factor in ((0, 0.8), (1, 1.2)):
                self.lane._engine_write({"failures": failures})
                with jitter(share):
                    self.assertAlmostEqual(self.pause(), seconds * factor)

    @freeze_time(NOON)
    def test_the_jitter_is_drawn_anew_each_time_and_keeps_its_bounds(self):
        drawn = set()
        for _pause in range(100):
            self.lane._engine_write({"failures": 4})
            drawn.add(self.pause())
        self.assertGreater(len(drawn), 50)
        self.assertGreaterEqual(min(drawn), 64)
        self.assertLessEqual(max(drawn), 96)
        self.assertGreater(max(drawn) - min(drawn), 16, "over most of its range")

    def test_the_scheduled_action_comes_back_when_the_pause_ends(self):
        self.lane.issuer_id._smart_make_actions()
        cron = self.lane.issuer_id.smart_sending_action_id
        self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]).unlink()
        self.lane._pause("Down")
        trigger = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        self.assertEqual(trigger.call_at, self.lane.paused_until)

    def test_a_queue_is_stopped_until_its_pause_is_over(self):
        with freeze_time(NOON), jitter(0.5):
            self.assertFalse(self.lane._stopped())
            self.assertEqual(self.pause(), 5)
        for seconds, stopped in ((0, True), (4, True), (5, False), (60, False)):
            with self.subTest(seconds=seconds), freeze_time(NOON + timedelta(seconds=seconds)):
                self.assertEqual(self.lane._stopped(), stopped)

    def test_a_clock_that_is_put_back_does_not_stop_a_queue_for_longer_than_a_pause_lasts(self):
        self.lane._engine_write({"failures": 20})
        with freeze_time(NOON), jitter(1):
            longest = self.pause()
        self.assertEqual(longest, 18 * MINUTE)
        for back, stopped in (
            (timedelta(0), True),  # the longest pause that there is
            (timedelta(seconds=1), False),
            (timedelta(hours=1), False),
            (timedelta(days=3650), False),
        ):
            with self.subTest(back=back), freeze_time(NOON - back):
                self.assertEqual(self.lane._stopped(), stopped)
        # A short pause is a long one by such a clock, but no longer than the longest.
        self.lane._resume()
        with freeze_time(NOON), jitter(0.5):
            self.pause()
        for back, stopped in ((timedelta(minutes=10), True), (timedelta(minutes=18), False)):
            with self.subTest(back=back), freeze_time(NOON - back):
                self.assertEqual(self.lane._stopped(), stopped)

    def test_a_blocked_queue_is_stopped_whatever_the_clock_says(self):
        self.lane._block("No numbers left")
        for moment in (NOON, NOON + timedelta(days=3650), NOON - timedelta(days=3650)):
            with freeze_time(moment):
                self.assertTrue(self.lane._stopped())

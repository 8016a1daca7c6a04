"""When a step of a lane's holder is tried again, and what keeps its worker alive meanwhile."""

import logging
from contextlib import contextmanager
from unittest.mock import patch

import psycopg2

from odoo.sql_db import PoolError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ..models.lane import steps as lane_steps
from ..models.lane.lock import LaneLostError
from ..models.lane.steps import LaneSteps

STEPS = "odoo.addons.l10n_ve_edi_smart.models.lane.steps"


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestLaneSteps(TransactionCase):
    def setUp(self):
        super().setUp()
        self.errors = []
        self.signs = []
        self.patch(lane_steps, "give_sign_of_life", lambda: self.signs.append(len(self.errors)))
        self.patch(lane_steps.time, "sleep", lambda _seconds: None)

    @contextmanager
    def cursor(self):
        """Give a cursor, and the next error when its transaction is to be committed."""
        yield self.env.cr
        if self.errors:
            raise self.errors.pop()

    def run_step(self, *errors, **kwargs):
        self.errors[:] = reversed(errors)
        steps = LaneSteps(self.registry, self.env.uid, lock=None)
        return steps._retrying(self.cursor, lambda env: env.su and env.uid, **kwargs)

    def test_whoever_waits_for_the_database_gives_a_sign_of_life_each_time(self):
        with self.assertLogs(STEPS, logging.INFO) as logs:  # its name is another level's in Odoo
            done = self.run_step(
                psycopg2.OperationalError("the database system is starting up"),
                psycopg2.InterfaceError("connection already closed"),
                PoolError("The Connection Pool Is Full"),
            )
        self.assertEqual(done, self.env.uid)
        self.assertEqual(self.signs, [2, 1, 0])
        self.assertEqual(len(logs.output), 3)

    def test_a_step_that_works_needs_none(self):
        self.run_step()
        self.assertFalse(self.signs)

    def test_what_will_not_pass_is_raised_at_once(self):
        for error in (psycopg2.errors.UniqueViolation("twice"), ValueError(), LaneLostError()):
            with self.assertRaises(type(error)):
                self.run_step(error)
            self.assertFalse(self.signs)

    @mute_logger(STEPS)
    def test_patience_ends(self):
        collision = psycopg2.errors.SerializationFailure("could not serialize access")
        with self.assertRaises(psycopg2.errors.SerializationFailure):
            self.run_step(collision, patience=0)
        clock = iter(range(0, 100, 2))
        with (
            patch.object(lane_steps.time, "monotonic", lambda: next(clock)),
            self.assertRaises(psycopg2.errors.SerializationFailure),
        ):
            self.run_step(*[collision] * 9, patience=5)
        self.assertEqual(len(self.errors), 6, "tried again until five seconds had passed")

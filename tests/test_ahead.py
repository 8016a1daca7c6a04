"""The next document is begun while the answer about the one before is on its way."""

from contextlib import contextmanager
from unittest.mock import patch

import psycopg2

from odoo.sql_db import PoolError
from odoo.tests import tagged

from ..models.lane import sender as lane_sender
from ..models.lane.ahead import Ahead
from ..models.lane.lock import LaneLock
from ..models.lane.sender import Sender
from .common import SmartCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestAhead(SmartCommon):
    def setUp(self):
        super().setUp()
        self.begun, self.taken = [], []
        begin, take = Ahead.begin, Ahead.take

        def begin_and_tell(ahead, *args):
            begin(ahead, *args)
            if ahead.begun:
                self.begun.append(ahead._begun[0])

        def take_and_tell(ahead):
            taken = take(ahead)
            if taken:
                self.taken.append(taken[0])
            return taken

        self.patch(Ahead, "begin", begin_and_tell)
        self.patch(Ahead, "take", take_and_tell)

    def queue(self, count):
        """Return confirmed invoices and their fiscal documents; nothing sends them by itself."""
        moves = self.env["account.move"].union(*(self.make_invoice() for _n in range(count)))
        moves.action_post()
        self.env.cr.postcommit.clear()
        self.env.flush_all()
        return moves, moves.smart_document_id.sudo()

    def numbers_issued(self):
        return [int(number) for number in self.simulator.issued()]

    def test_each_document_of_a_batch_but_the_first_is_begun_ahead(self):
        moves, documents = self.queue(4)
        self.send_in_background()
        self.assertEqual(moves.mapped("smart_state"), ["issued"] * 4)
        self.assertEqual(self.taken, documents[1:].ids)
        self.assertEqual(documents.mapped("internal_sequence"), [1, 2, 3, 4])
        self.assertEqual(documents.mapped("attempts"), [1] * 4)
        self.assertEqual(self.numbers_issued(), [1, 2, 3, 4])

    def test_nothing_is_begun_behind_the_document_that_somebody_waits_for(self):
        moves, documents = self.queue(2)
        lane = documents.lane_id
        with LaneLock(self.registry, lane._lock_key()) as lock:
            Sender(self.registry, self.env.uid, lane.id, lock).run(until=documents[0].id)
        self.env.invalidate_all()
        self.assertEqual(moves.mapped("smart_state"), ["issued", "queued"])
        self.assertFalse(self.begun)

    def test_a_refusal_gives_its_number_to_the_next_which_is_begun_anew(self):
        moves, documents = self.queue(4)
        self.make_refusable(documents[1])
        self.send_in_background()
        self.assertEqual(moves.mapped("smart_state"), ["issued", "refused", "issued", "issued"])
        self.assertEqual(self.begun, documents[1:].ids)
        self.assertEqual(self.taken, (documents[1] + documents[3]).ids)
        self.assertEqual(documents.mapped("internal_sequence"), [1, 0, 2, 3])
        self.assertEqual(documents.mapped("attempts"), [1] * 4, "nothing is left of what was not")
        self.assertEqual(self.numbers_issued(), [1, 2, 3])

    def test_behind_an_unknown_outcome_nothing_stays_begun(self):
        moves, documents = self.queue(2)
        self.simulator.fault("drop_after")
        self.send_in_background()
        self.assertEqual(moves.mapped("smart_state"), ["unknown", "queued"])
        self.assertEqual((self.begun, self.taken), ([documents[1].id], []))
        self.assertEqual((documents[1].attempts, documents[1].internal_number), (0, False))
        numbering = self.env["smart.numbering"]._of(documents[0])
        self.assertEqual(numbering.next_number, 2)

    def test_after_a_failure_the_line_must_work_before_anything_is_begun_ahead(self):
        moves, documents = self.queue(3)
        documents.lane_id._engine_write({"failures": 1})
        self.send_in_background()
        self.assertEqual(moves.mapped("smart_state"), ["issued"] * 3)
        self.assertEqual(self.begun, documents[2].ids)

    def test_a_note_goes_right_behind_its_invoice_and_never_ahead_of_it(self):
        invoice, other = self.make_invoice(), self.make_invoice(("exempt", 7.0))
        note = self.make_invoice(("general", 50.0), debit_origin_id=invoice.id)
        for move in (invoice, note, other):
            move.action_post()
        self.env.cr.postcommit.clear()
        self.send_in_background()
        sent = [
            (document["request"]["idtipodocumento"], document["request"]["relacionado"])
            for document in self.simulator.documents("")
        ]
        self.assertEqual(sent, [(1, ""), (2, invoice.smart_control_number), (1, "")])
        self.assertEqual(self.begun, other.smart_document_id.ids, "behind the note, not before")

    def test_an_answer_that_is_slow_to_come_keeps_nothing_locked(self):
        moves, documents = self.queue(2)
        self.simulator.fault("delay", seconds=0.5)
        with patch.object(lane_sender, "HOLD_SECONDS", 0.1):
            self.send_in_background()
        self.assertEqual(moves.mapped("smart_state"), ["issued"] * 2)
        self.assertEqual((self.begun, self.taken), (documents[1].ids, []))
        self.assertEqual(documents.mapped("attempts"), [1, 1])

    def test_what_cannot_be_settled_beside_is_settled_alone(self):
        moves, documents = self.queue(3)

        @contextmanager
        def broken(ahead):
            yield ahead._beside
            raise psycopg2.InterfaceError("the connection is gone")

        with patch.object(Ahead, "beside", broken):
            self.send_in_background()
        self.assertEqual(moves.mapped("smart_state"), ["issued"] * 3)
        self.assertEqual(self.begun, documents[1:].ids)
        self.assertFalse(self.taken, "what was begun is begun again")
        self.assertEqual(self.numbers_issued(), [1, 2, 3])
        self.assertEqual(documents.mapped("attempts"), [1] * 3)
        self.assertEqual(len(documents.exchange_ids), 3)

    def test_without_a_second_connection_nothing_is_begun_ahead(self):
        moves, _documents = self.queue(3)
        with patch.object(Ahead, "_open_beside", side_effect=PoolError("The Pool Is Full")):
            self.send_in_background()
        self.assertEqual(moves.mapped("smart_state"), ["issued"] * 3)
        self.assertFalse(self.begun)
        self.assertEqual(self.numbers_issued(), [1, 2, 3])

    def test_when_its_time_is_over_a_run_sends_nothing_that_was_begun(self):
        moves, documents = self.queue(3)
        lane = documents.lane_id
        with LaneLock(self.registry, lane._lock_key()) as lock:
            sender = Sender(self.registry, self.env.uid, lane.id, lock)
            sender.run(seconds=0)
            self.assertTrue(sender.out_of_time)
        self.env.invalidate_all()
        self.assertEqual(moves.mapped("smart_state"), ["issued", "queued", "queued"])
        self.assertEqual((self.begun, self.taken), ([documents[1].id], []))
        self.send_in_background()
        self.assertEqual(self.numbers_issued(), [1, 2, 3])

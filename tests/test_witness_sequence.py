from contextlib import ExitStack
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from ..models.witness import document_sequence
from ..smart_api import doubts
from .witness_common import WitnessCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestWitnessSequence(WitnessCommon):
    """Where no number is left for a document in doubt, it was not issued."""

    def setUp(self):
        super().setUp()
        # A test takes seconds, so what follows counts as late enough, and what went before as over.
        stack = self.enterContext(ExitStack())
        before = timedelta(minutes=-1)
        stack.enter_context(patch.object(doubts, "LATE", before))
        stack.enter_context(patch.object(document_sequence, "CLOCKS_APART", before))
        self.simulator.print("*", missing=-1)

    def lost(self):
        """Return a document whose request the service never got, after one that is issued."""
        self.confirm()
        return self.unknown("drop_before")

    def test_without_a_gap_it_is_sent_again_under_its_number(self):
        invoice = self.lost()
        number = invoice.smart_internal_number
        self.confirm()
        self.look()
        self.assertEqual(invoice.smart_state, "queued")
        self.send_in_background()
        self.assertEqual((invoice.smart_state, invoice.smart_internal_number), ("issued", number))
        self.assertEqual(len(self.simulator.documents()), 3)
        document = invoice.smart_document_id.sudo()
        [entry] = document.exchange_ids.filtered(lambda one: one.operation == "resolve")
        self.assertEqual(entry.outcome, "refused")
        self.assertIn("between 00-00000001", entry.message)
        self.assertIn("between 00-00000001", invoice.message_ids.mapped("body")[0])
        self.assertFalse(self.finding())

    def test_several_in_a_row_are_all_proven(self):
        first, second = self.lost(), self.unknown("drop_before")
        self.confirm()
        self.look()
        self.assertEqual({first.smart_state, second.smart_state}, {"queued"})

    def test_a_gap_proves_nothing(self):
        self.confirm()
        issued, lost = self.unknown("drop_after"), self.unknown("drop_before")
        self.confirm()
        self.look()
        self.assertEqual({issued.smart_state, lost.smart_state}, {"unknown"}, "whose is 2?")

    def test_once_a_print_has_closed_the_gap_the_others_are_proven(self):
        self.confirm()
        issued, lost = self.unknown("drop_after"), self.unknown("drop_before")
        self.confirm()
        self.simulator.print("*", missing=0)
        self.look()
        self.assertEqual(issued.smart_state, "issued")
        self.look()
        self.assertEqual(lost.smart_state, "queued")

    def test_what_a_person_typed_closes_no_gap(self):
        self.confirm()
        issued, lost = self.unknown("drop_after"), self.unknown("drop_before")
        self.confirm()
        wizard = self.wizard(issued, control_number="00-00000002", issued_at=fields.Datetime.now())
        self.press(wizard, "action_issued")
        self.look()
        self.assertEqual((issued.smart_state, lost.smart_state), ("issued", "unknown"))

    def test_nothing_is_proven_before_it_is_late_enough_or_without_a_number_before_it(self):
        alone = self.unknown("drop_before")
        self.confirm()
        self.look()
        self.assertEqual(alone.smart_state, "unknown", "nobody knows with which number it began")
        invoice = self.lost()
        with patch.object(doubts, "LATE", timedelta(minutes=5)):
            self.confirm()
            self.look()
        self.assertEqual(invoice.smart_state, "unknown")

    def test_what_was_in_vain_three_times_is_set_aside(self):
        invoice = self.lost()
        for _attempt in range(2):
            self.confirm()
            self.look()
            self.simulator.fault("drop_before")
            self.send_in_background()
            self.assertEqual(invoice.smart_state, "unknown")
        self.confirm()
        self.look()
        self.assertEqual(invoice.smart_state, "refused")
        self.assertIn("tried 3 times", invoice.smart_last_error)
        invoice.action_smart_send()
        self.commit()
        self.assertEqual(invoice.smart_state, "issued")

    def test_with_enforced_numbering_its_number_decides(self):
        self.confirm()
        invoice = self.unknown("drop_before", enforced=True)
        self.assertFalse(invoice.smart_document_id.sudo()._closed_sequence())

    def test_the_number_of_one_that_is_refused_goes_to_the_next(self):
        invoice = self.lost()
        number = invoice.smart_internal_number
        self.confirm()
        self.look()
        self.make_refusable(invoice.smart_document_id.sudo())
        self.commit()
        self.send_in_background()
        document = invoice.smart_document_id.sudo()
        self.assertEqual((document.state, document.reserved_sequence), ("refused", int(number)))
        following, another = self.confirm(), self.confirm()
        self.assertEqual(following.smart_internal_number, number)
        self.assertEqual(int(another.smart_internal_number), int(number) + 2)
        self.assertFalse(document.reserved_sequence)
        invoice.action_smart_send()
        self.commit()
        self.assertEqual(int(invoice.smart_internal_number), int(number) + 3)
        self.assertFalse(self.finding())

    def test_where_only_a_person_says_so_its_number_stays_its_own(self):
        invoice = self.lost()
        self.confirm()
        self.look()
        self.make_refusable(invoice.smart_document_id.sudo())
        self.commit()
        self.send_in_background()
        document = invoice.smart_document_id.sudo()
        number = document.reserved_sequence
        document._engine_write({"doubted_sequence": number})
        self.assertGreater(int(self.confirm().smart_internal_number), number)
        self.assertEqual(document.reserved_sequence, number)

"""A document that SMART cannot take holds up the others for minutes, not until somebody acts."""

import json
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..models.base.pauses import JITTER
from ..models.conversion import payload_rules
from ..models.lane.lane import PAUSES
from ..models.lane.sender import DOUBTFUL_PAUSES, REPEATED_PAUSES
from ..smart_api import doubts
from ..smart_api.outcomes import Refused
from ..smart_api.schemas import MAX_BODY_BYTES
from .bad_inputs import invoice, line
from .common import SmartCommon

POISON = "VENENO"
QUESTION = "/facturacion/numerointerno"


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestPoison(SmartCommon):
    def poisonous(self, fault):
        """Return a document that ends every call in a fault, and two that wait behind it."""
        self.simulator.poison(POISON, fault)
        moves = self.confirm(invoice(self, line(self, 100.0, name=POISON)), *self.others(2))
        return moves[0], moves[1:]

    def others(self, count):
        return [self.make_invoice() for _n in range(count)]

    @property
    def lane(self):
        return self.env["smart.lane"].sudo().search([("issuer_id", "=", self.company.id)])

    def run_lane(self, times=1):
        """Run the queue, each time after its pause."""
        for _n in range(times):
            self.lane._engine_write({"paused_until": False})
            self.send_in_background()

    def calls(self, move):
        """Return the calls about a document: how each ended."""
        return [(one.operation, one.outcome) for one in move.sudo().smart_exchange_ids.sorted("id")]

    def assert_aside(self, poison, others):
        """It is refused with the evidence in words, and the others are issued without a gap."""
        self.assertEqual(poison.smart_state, "refused")
        self.assertFalse(poison.smart_internal_number)
        self.assertEqual(others.mapped("smart_state"), ["issued"] * len(others))
        self.assertEqual(
            others.mapped("smart_internal_number"), self.simulator.issued()[-len(others) :]
        )
        self.assertFalse(self.lane.failures)
        self.assertFalse(self.lane.paused_until)

    # -- a body that SMART does not read ---------------------------------------------------

    def test_nine_hundred_lines_that_come_past_the_check_are_refused_within_one_attempt(self):
        with patch.object(payload_rules, "MAX_BODY_BYTES", 10 * MAX_BODY_BYTES):
            large = invoice(self, *(line(self, 1.0, name=f"Pieza {n}") for n in range(900)))
            moves = self.confirm(large, *self.others(2))
        self.send_in_background()
        self.assert_aside(large, moves - large)
        size = len(large.smart_document_id.request_body.encode())
        self.assertEqual(self.calls(large), [("issue", "refused")])
        self.assertIn(f"({size} bytes)", large.smart_last_error)

    def test_without_enforced_numbering_it_is_refused_just_as_soon(self):
        self.connect(enforce_numbering=False)
        poison, others = self.poisonous("too_large")
        self.send_in_background()
        self.assert_aside(poison, others)

    def test_in_doubt_already_it_is_refused_only_when_its_number_is_free(self):
        for fault, state in (("drop_before", "refused"), ("drop_after", "unknown")):
            with self.subTest(fault):
                self.connect()
                self.simulator.fault(fault)
                move = self.confirm(invoice(self, line(self, 100.0, name="PESADO")))
                self.simulator.poison("PESADO", "too_large")
                self.run_lane()
                self.assertEqual(move.smart_state, state)
                self.assertEqual(move.smart_document_id.proven_issued, state == "unknown")
                outcomes = [("issue", "unknown"), ("issue", "refused"), ("next_number", "accepted")]
                self.assertEqual(self.calls(move), outcomes)
                self.simulator.reset()

    def test_an_annulment_and_an_email_that_are_too_large_are_refused_too(self):
        move = self.confirm()
        with self.company._smart_client() as client:
            text = "x" * MAX_BODY_BYTES
            body = json.dumps({"numerodocumento": move.smart_control_number, "observacion": text})
            self.assertIsInstance(client.annul(body), Refused)
            self.assertIsInstance(client.send_email(body), Refused)

    # -- enforced numbering ----------------------------------------------------------------

    def test_what_never_gets_an_answer_steps_aside_when_its_number_proves_free(self):
        poison, others = self.poisonous("text_400_before")
        document = poison.smart_document_id.sudo()
        self.send_in_background()
        self.run_lane(2)
        vain, asked = ("issue", "unknown"), ("next_number", "accepted")
        self.assertEqual(self.calls(poison), [vain, vain, asked, vain])
        self.run_lane(3)
        self.assertEqual(self.calls(poison), [vain, vain, asked, vain, asked], "not repeated")
        self.assertEqual(self.lane.paused_until, document._quiet_at())
        self.assertEqual(self.lane.failures, 3, "waiting is no failure")
        self.assertIn("3 × HTTP 400", poison.smart_last_error)
        self.assertEqual(self.lane.reason, poison.smart_last_error)
        self.assertEqual(set(others.mapped("smart_state")), {"queued"})
        self.backdate(document, minutes=6)
        self.run_lane()
        self.assert_aside(poison, others)
        decided = ("resolve", "refused")
        self.assertEqual(self.calls(poison), [vain, vain, asked, vain, asked, asked, decided])
        evidence = r"3 attempts .*\(3 × HTTP 400\).* 5 minutes .* 00000001 is free"
        self.assertRegex(poison.smart_last_error, evidence)
        entry = poison.sudo().smart_exchange_ids.sorted("id")[-1]
        self.assertEqual(entry.message, poison.smart_last_error)
        self.assertEqual(self.lane.activity_ids.summary, "SMART: refused documents (1)")
        self.assertIn("00000001 is free", self.lane.activity_ids.note)
        self.assertFalse(document.doubted_sequence)
        # It is corrected like any other refused document.
        poison.button_draft()
        poison.invoice_line_ids.name = "Sano"
        self.confirm(poison)
        self.assertEqual(poison.smart_internal_number, "00000003")

    def test_whoever_resumes_the_queue_meanwhile_has_nothing_repeated_and_nothing_decided(self):
        poison, _others = self.poisonous("text_400_before")
        self.send_in_background()
        self.run_lane(3)
        calls = self.calls(poison)
        with self.env.cr.savepoint():
            poison.action_smart_send()
            self.commit()
        self.lane.action_resume()
        self.send_in_background()
        self.assertEqual(self.calls(poison), calls)
        self.assertEqual(poison.smart_state, "unknown")
        self.assertTrue(self.lane.paused_until)
        self.assertTrue(poison.smart_waits_for)

    def test_what_is_issued_without_an_answer_is_proven_issued(self):
        poison, others = self.poisonous("drop_after")
        self.send_in_background()
        self.run_lane(2)
        asked = [("issue", "unknown")] * 2 + [("next_number", "accepted")]
        self.assertEqual(self.calls(poison), asked, "the first question settles it")
        self.assertTrue(poison.smart_document_id.proven_issued)
        self.assertEqual(poison.smart_state, "unknown")
        self.assertEqual(others.mapped("smart_state"), ["issued"] * 2)
        self.assertEqual(self.simulator.issued(), [f"0000000{n}" for n in range(1, 4)])
        self.assertFalse(self.lane.failures)

    def test_a_number_that_proves_used_in_the_end_is_issued_and_not_refused(self):
        poison, others = self.poisonous("text_400_before")
        self.send_in_background()
        self.run_lane(3)
        self.backdate(poison.smart_document_id, minutes=6)
        late = json.loads(poison.smart_document_id.request_body.replace(POISON, "tarde"))
        with self.company._smart_client() as client:
            client.issue(json.dumps(late))
        self.run_lane()
        self.assertTrue(poison.smart_document_id.proven_issued)
        self.assertEqual(self.calls(poison)[-1], ("next_number", "accepted"))
        self.assertEqual(others.mapped("smart_state"), ["issued"] * 2)

    def test_a_line_on_which_no_question_is_answered_puts_nobody_aside(self):
        moves = self.confirm(*self.others(3))
        self.simulator.fault("error_500_before", count=30)
        for _n in range(9):
            self.backdate_all(moves)
            self.run_lane()
        self.assertEqual(moves.mapped("smart_state"), ["unknown", "queued", "queued"])
        vain = [one for one in self.calls(moves[0]) if one[0] == "issue"]
        self.assertEqual(len(vain), 2, "nothing is repeated before the service answers")
        self.assertEqual(self.lane.failures, 9)
        self.simulator.control("DELETE", "/faults")
        self.run_lane()
        self.assertEqual(moves.mapped("smart_state"), ["issued"] * 3)

    def backdate_all(self, moves):
        for document in moves.smart_document_id.sudo().filtered("sent_at"):
            self.backdate(document, minutes=6)

    def test_an_attempt_after_which_no_question_was_answered_is_repeated_once_the_line_works(self):
        self.simulator.fault("error_500_before", count=3, path="/facturacion")
        moves = self.confirm(*self.others(2))
        self.send_in_background()
        self.run_lane(2)
        self.simulator.fault("error_500_before", count=2, path=QUESTION)
        for _n in range(3):
            self.assertEqual(moves.mapped("smart_state"), ["unknown", "queued"])
            self.backdate_all(moves)
            self.run_lane()
        self.assertEqual(moves.mapped("smart_state"), ["issued"] * 2)

    def test_a_question_without_an_answer_decides_nothing_and_is_asked_again(self):
        poison, others = self.poisonous("drop_before")
        self.send_in_background()
        self.run_lane(3)
        self.backdate(poison.smart_document_id, minutes=6)
        self.simulator.fault("error_500_before", path=QUESTION)
        self.run_lane()
        self.assertEqual(poison.smart_state, "unknown")
        self.assertTrue(self.lane.paused_until)
        self.assertEqual(self.calls(poison)[-1], ("next_number", "unknown"))
        self.run_lane()
        self.assert_aside(poison, others)
        self.assertIn("3 × no answer", poison.smart_last_error)

    def test_a_killed_odoo_is_no_evidence_but_the_quiet_time_counts_from_it(self):
        poison, others = self.poisonous("text_400_before")
        self.send_in_background()
        document = poison.smart_document_id.sudo()
        for _n in range(4):
            document._begin_again()
            self.run_lane()  # finds the document of a dead sender
        attempts = [one for one in self.calls(poison) if one[0] == "issue"]
        self.assertEqual(len(attempts), 9, "each time repeated once")
        self.assertEqual(poison.smart_state, "unknown")
        self.run_lane(2)
        self.backdate(document, minutes=4)
        self.run_lane()
        self.assertEqual(poison.smart_state, "unknown")
        self.backdate(document, minutes=2)
        self.run_lane()
        self.assert_aside(poison, others)

    def test_stated_not_issued_and_repeated_in_vain_again_it_steps_aside_under_its_number(self):
        poison, others = self.poisonous("text_400_before")
        document = poison.smart_document_id.sudo()
        self.send_in_background()
        self.run_lane(3)
        document._decide_not_issued("Not in the dashboard")
        self.run_lane(4)
        self.assertEqual(poison.smart_state, "unknown", "counted anew, for the new request")
        self.assertEqual(poison.smart_internal_number, "00000001")
        with self.assertRaisesRegex(UserError, "cannot be set aside yet"):
            document._decide_not_issued("Heavy", free_after=document.attempts, aside=True)
        self.backdate(document, minutes=6)
        self.run_lane()
        self.assert_aside(poison, others)
        self.assertFalse(document.doubted_sequence)

    def test_a_pause_after_a_doubt_is_short_however_long_the_line_was_down(self):
        moves = self.confirm(*self.others(2))
        self.lane._engine_write({"failures": 50})
        self.simulator.fault("error_500_before", path="/facturacion")
        self.send_in_background()
        pause = self.lane.paused_until - fields.Datetime.now()
        self.assertLess(pause.total_seconds(), 60)
        self.assertEqual(moves[0].smart_state, "unknown")

    def test_from_the_first_attempt_to_the_last_question_it_takes_less_than_ten_minutes(self):
        # Odoo looks once a minute for scheduled actions whose time has come.
        late, timeout = timedelta(minutes=1), timedelta(seconds=30)
        longest = 1 + JITTER
        pauses = [PAUSES.first * 2**n * longest for n in range(doubts.VAIN_ATTEMPTS - 1)]
        self.assertLessEqual(doubts.VAIN_ATTEMPTS, REPEATED_PAUSES)
        waiting = sum(pauses, timedelta()) + (timeout + late) * len(pauses)
        self.assertLess(waiting + doubts.LATE + late, timedelta(minutes=10))
        # Without enforced numbering the next document is tried.
        pause = PAUSES.first * 2 ** (DOUBTFUL_PAUSES - 1) * longest
        self.assertLess(pause + late, timedelta(minutes=10))

    # -- without ---------------------------------------------------------------------------

    def test_without_enforced_numbering_it_is_for_a_person_at_once_and_the_queue_goes_on(self):
        self.connect(enforce_numbering=False)
        poison, others = self.poisonous("text_400_before")
        self.send_in_background()
        self.assertEqual(poison.smart_state, "unknown")
        self.assertEqual(self.calls(poison), [("issue", "unknown")])
        self.assertEqual(others.mapped("smart_state"), ["issued"] * 2)
        self.assertEqual(self.lane.activity_ids.summary, "SMART: documents in doubt (1)")

    def test_without_enforced_numbering_many_such_documents_stop_the_queue_for_minutes(self):
        self.connect(enforce_numbering=False)
        self.simulator.poison(POISON, "text_400_before")
        poison = self.confirm(*(invoice(self, line(self, 1.0, name=POISON)) for _n in range(12)))
        self.send_in_background()
        for _n in range(9):
            self.run_lane()
            pause = self.lane.paused_until - fields.Datetime.now()
            self.assertLess(pause.total_seconds(), 8 * 60)
        self.assertEqual(poison.mapped("smart_state"), ["unknown"] * 12)

from datetime import datetime, timedelta

from odoo.tests import freeze_time, tagged

from ..models.lane.lock import LaneLock
from ..models.lane.sender import Sender
from ..models.terms import LOCK_CLASS
from .common import RIF, SmartCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestSending(SmartCommon):
    def outcomes(self, moves):
        """Return the log of a document's calls, oldest first."""
        return moves.smart_document_id.exchange_ids.sorted("id").mapped("outcome")

    def resume(self):
        self.env["smart.lane"].sudo().search([])._resume()

    # -- refused ---------------------------------------------------------------------------

    def test_a_refused_document_says_why_and_holds_up_nobody(self):
        first, second = self.make_invoice(), self.make_invoice()
        (first + second).action_post()
        self.make_refusable(first.smart_document_id.sudo())
        self.commit()
        self.send_in_background()
        self.assertEqual((first + second).mapped("smart_state"), ["refused", "issued"])
        self.assertIn("no corresponde al cliente emisor", first.smart_last_error)
        self.assertIn("code 11", first.smart_last_error)
        self.assertFalse(first.smart_internal_number, "its number is free again")
        self.assertEqual(second.smart_internal_number, "00000001")
        self.assertEqual(self.outcomes(first), ["refused"])
        self.assertEqual(first.state, "posted")
        # It is not tried again by itself, but converted anew when somebody sends it.
        self.send_in_background()
        self.assertEqual(self.outcomes(first), ["refused"])
        first.action_smart_send()
        self.commit()
        self.assertEqual(first.smart_state, "issued")
        self.assertEqual(first.smart_internal_number, "00000002")
        self.assertEqual(self.outcomes(first), ["refused", "accepted"])

    # -- the issuer ------------------------------------------------------------------------

    def test_a_refused_token_stops_the_lane_until_it_is_replaced(self):
        good = self.company.smart_token
        header, claims, _signature = good.split(".")
        self.company.smart_token = f"{header}.{claims}.{'A' * 43}"
        invoice = self.confirm()
        self.assertEqual((invoice.smart_state, invoice.state), ("queued", "posted"))
        self.assertIn("Token NO VALIDO", invoice.smart_last_error)
        self.assertIn("valid SMART token", invoice.smart_last_error)
        self.assertEqual(invoice.smart_waits_for, "When the cause has been dealt with")
        self.assertFalse(invoice.smart_internal_number)
        self.send_in_background()
        self.assertEqual(self.outcomes(invoice), ["refused"], "no use to try again")
        self.company.smart_token = good
        self.send_in_background()
        self.assertEqual(invoice.smart_state, "issued")
        self.assertFalse(invoice.smart_last_error)

    def test_the_rif_of_another_issuer_stops_the_lane(self):
        invoice = self.make_invoice()
        invoice.action_post()
        self.env.flush_all()
        token = self.simulator.mint("J-30984512-8")["token"]
        self.company.smart_token = token
        self.commit()
        self.assertEqual((invoice.smart_state, invoice.state), ("queued", "posted"))
        self.assertIn("Token NO CORRESPONDE al RIF", invoice.smart_last_error)
        self.assertIn("another RIF", invoice.smart_last_error)

    def test_a_used_up_lot_stops_the_lane(self):
        self.simulator.control("PATCH", f"/issuers/{RIF}", {"lot_to": 1})
        first, second = self.confirm(), self.confirm()
        self.assertEqual((first + second).mapped("smart_state"), ["issued", "queued"])
        self.assertIn("Order more control numbers", second.smart_last_error)
        self.simulator.control("PATCH", f"/issuers/{RIF}", {"lot_to": 9})
        second.action_smart_send()
        self.commit()
        self.assertEqual(second.smart_control_number, "00-00000002")
        self.assertEqual(second.smart_internal_number, "00000002")

    # -- the line --------------------------------------------------------------------------

    def test_a_service_that_is_down_pauses_the_lane_and_loses_nothing(self):
        self.simulator.fault("refuse", seconds=60)
        moment = datetime.now().replace(microsecond=0)
        with freeze_time(moment):
            invoice = self.confirm()
        self.assertEqual((invoice.smart_state, invoice.state), ("queued", "posted"))
        self.assertIn("does not take connections", invoice.smart_last_error)
        self.assertIn("Nothing was sent", invoice.smart_last_error)
        with freeze_time(moment):
            self.assertRegex(invoice.smart_waits_for, r"\d+:\d\d")
        self.assertEqual(self.outcomes(invoice), ["not_sent"])
        lane = invoice.smart_document_id.sudo().lane_id
        first_pause = lane.paused_until - moment
        with freeze_time(moment):
            later = self.confirm()
        self.assertEqual(self.outcomes(later), [], "confirming does not wait for a paused lane")
        moment += timedelta(hours=1)
        with freeze_time(moment):
            self.send_in_background()
        # Both ways the jitter is a fifth: even the shortest second one exceeds the longest first.
        self.assertGreater(lane.paused_until - moment, first_pause, "pauses grow")
        self.assertEqual(lane.failures, 2)
        self.simulator.control("DELETE", "/faults")
        lane._engine_write({"paused_until": "2020-01-01"})
        self.send_in_background()
        self.assertEqual((invoice + later).mapped("smart_state"), ["issued", "issued"])
        self.assertEqual(self.simulator.issued(), ["00000001", "00000002"])
        self.assertFalse(lane.failures)

    # -- unknown ---------------------------------------------------------------------------

    def test_html_instead_of_an_answer_is_unknown(self):
        self.connect(enforce_numbering=False)
        self.simulator.fault("html")
        invoice, later = self.confirm(), self.confirm()
        self.assertEqual((invoice.smart_state, invoice.state), ("unknown", "posted"))
        self.assertIn("not JSON", invoice.smart_last_error)
        self.assertIn("not known whether", invoice.smart_last_error)
        self.assertEqual(self.outcomes(invoice), ["unknown"])
        self.resume()
        self.send_in_background()
        self.assertEqual(self.outcomes(invoice), ["unknown"], "never repeated: it may be issued")
        self.assertEqual(later.smart_internal_number, "00000002", "its number is used up")

    def test_unknown_and_not_issued_is_issued_by_the_identical_repetition(self):
        self.simulator.fault("html")
        invoice = self.confirm()
        self.assertEqual(invoice.smart_state, "unknown")
        sent = invoice.smart_document_id.request_body
        self.resume()
        self.send_in_background()
        self.assertEqual(invoice.smart_state, "issued")
        self.assertEqual(self.outcomes(invoice), ["unknown", "accepted"])
        self.assertEqual(
            set(invoice.smart_exchange_ids.mapped("request_body")), {sent}, "to the letter"
        )
        self.assertEqual(self.simulator.issued(), ["00000001"])

    def test_unknown_but_issued_is_proven_and_never_issued_again(self):
        for fault in ("drop_after", "text_400", "error_500", "cut_json", "garbage_json"):
            with self.subTest(fault):
                self.simulator.fault(fault)
                issued_before = len(self.simulator.issued())
                invoice = self.confirm()
                self.assertEqual(invoice.smart_state, "unknown")
                self.resume()
                self.send_in_background()
                self.assertEqual(invoice.smart_state, "unknown")
                self.assertTrue(invoice.smart_document_id.proven_issued)
                self.assertIn("SMART has issued this document", invoice.smart_last_error)
                self.resume()
                self.send_in_background()
                self.assertEqual(self.outcomes(invoice), ["unknown", "refused"])
                self.assertEqual(len(self.simulator.issued()), issued_before + 1)

    def test_a_repetition_that_is_refused_for_another_reason_proves_nothing(self):
        self.simulator.fault("drop_after")
        invoice = self.confirm()
        self.simulator.fault("out_of_control_numbers")
        self.resume()
        self.send_in_background()
        self.assertEqual(invoice.smart_state, "unknown")
        self.assertFalse(invoice.smart_document_id.proven_issued)

    def test_unknown_and_then_refused_for_what_it_says_is_refused_and_holds_up_nobody(self):
        first, second = self.make_invoice(), self.make_invoice()
        (first + second).action_post()
        self.make_refusable(first.smart_document_id.sudo())
        self.simulator.fault("drop_before")
        self.commit()
        self.send_in_background()
        self.assertEqual((first + second).mapped("smart_state"), ["unknown", "queued"])
        self.resume()
        self.send_in_background()
        self.assertEqual((first + second).mapped("smart_state"), ["refused", "issued"])
        self.assertIn("code 11", first.smart_last_error)
        self.assertFalse(first.smart_internal_number, "its number is free again")
        self.assertEqual(second.smart_internal_number, "00000001")
        self.assertEqual(self.outcomes(first), ["unknown", "refused", "accepted"])

    def test_with_enforced_numbers_later_documents_wait_for_the_unknown_one(self):
        self.simulator.fault("drop_after")
        invoice = self.confirm()
        self.simulator.fault("drop_before")
        self.resume()
        later = self.confirm()
        self.assertEqual(invoice.smart_state, "unknown")
        self.assertEqual(later.smart_state, "queued")
        self.assertEqual(self.outcomes(later), [])

    def test_a_document_without_a_living_sender_becomes_unknown(self):
        self.connect(enforce_numbering=False)
        invoice = self.make_invoice()
        invoice.action_post()
        # As a sender leaves it that died right after.
        invoice.smart_document_id.sudo()._begin(False)
        self.env.cr.postcommit.clear()
        self.send_in_background()
        self.assertEqual(invoice.smart_state, "unknown")
        self.assertIn("interrupted", invoice.smart_last_error)
        self.assertEqual(self.outcomes(invoice), ["unknown"])
        self.assertFalse(self.simulator.calls())
        self.assertEqual(self.confirm().smart_internal_number, "00000002")

    # -- order and numbers -----------------------------------------------------------------

    def test_a_note_waits_for_the_document_that_it_refers_to(self):
        invoice, other = self.make_invoice(), self.make_invoice(("exempt", 7.0))
        note = self.make_invoice(("general", 50.0), debit_origin_id=invoice.id)
        (invoice + other).action_post()
        note.action_post()
        self.env.cr.postcommit.clear()
        invoice.smart_document_id.sudo()._engine_write({"state": "refused"})
        self.send_in_background()
        self.assertEqual((other + note).mapped("smart_state"), ["issued", "queued"])
        self.assertIn(invoice.name, note.smart_waits_for)
        invoice.smart_document_id.sudo()._engine_write({"state": "queued"})
        self.send_in_background()
        self.assertEqual(note.smart_state, "issued")
        issued = self.simulator.documents("?rif=" + RIF)
        self.assertEqual(issued[-1]["request"]["relacionado"], invoice.smart_control_number)

    def test_a_numbering_behind_the_service_follows_it_and_says_what_is_missing(self):
        self.confirm()
        self.confirm()
        numbering = self.env["smart.numbering"].search([("document_type", "=", "invoice")])
        # A database restored from a backup: it does not know of two documents.
        self.env["smart.document"].sudo().search([])._engine_write({"state": "withdrawn"})
        numbering.sudo()._engine_write({"next_number": 1})
        invoice = self.confirm()
        self.assertEqual(invoice.smart_state, "issued")
        self.assertEqual(invoice.smart_internal_number, "00000003")
        self.assertIn("numbers 1 to 2 are in use there", numbering.message_ids[0].body)

    def test_a_numbering_ahead_of_the_service_goes_back(self):
        self.confirm()
        numbering = self.env["smart.numbering"].search([("document_type", "=", "invoice")])
        numbering._engine_write({"next_number": 10})
        invoice = self.confirm()
        self.assertEqual(invoice.smart_internal_number, "00000002")
        self.assertIn("goes back to 2", numbering.message_ids[0].body)

    def test_the_numbering_is_never_set_below_what_was_used(self):
        self.confirm()
        numbering = self.env["smart.numbering"].search([("document_type", "=", "invoice")])
        with self.assertRaisesRegex(Exception, "number 1 was already used"):
            numbering.next_number = 1

    def test_a_numbering_without_numbers_left_stops_the_lane_and_says_so(self):
        self.confirm()
        numbering = self.env["smart.numbering"].search([("issuer_id", "=", self.company.id)])
        numbering._engine_write({"next_number": 999_999_999})  # a slip of whoever edits it
        waiting = self.confirm()
        lane = waiting.smart_document_id.lane_id
        self.assertEqual((waiting.smart_state, lane.blocked), ("queued", True))
        self.assertIn("999,999,999", lane.reason)
        self.assertEqual(len(self.simulator.calls()), 1)
        numbering._engine_write({"next_number": 2})
        lane.action_resume()
        self.send_in_background()
        self.assertEqual(waiting.smart_state, "issued")

    def test_a_run_ends_when_the_issuer_is_switched_off_meanwhile(self):
        """Except the one document that was begun before: see ``ahead``."""
        invoices = self.make_invoice() + self.make_invoice() + self.make_invoice()
        invoices.action_post()
        self.env.cr.postcommit.clear()
        lane = invoices[0].smart_document_id.sudo().lane_id
        self.env.flush_all()

        def switch_off(_done):
            self.company.smart_environment = "disabled"
            self.env.flush_all()
            return True

        with LaneLock(self.registry, lane._lock_key()) as lock:
            Sender(self.registry, self.env.uid, lane.id, lock).run(on_progress=switch_off)
        self.env.invalidate_all()
        self.assertEqual(invoices.mapped("smart_state"), ["issued", "issued", "queued"])
        self.assertEqual(len(self.simulator.issued()), 2)
        self.assertEqual(lane._count_sendable(), 0, "the scheduler has nothing to come back for")
        self.company.smart_environment = "custom"
        self.send_in_background()
        self.assertEqual(set(invoices.mapped("smart_state")), {"issued"})

    def test_one_sender_at_a_time_per_issuer(self):
        invoice = self.make_invoice()
        invoice.action_post()
        self.env.cr.postcommit.clear()
        lane = invoice.smart_document_id.sudo().lane_id
        self.env.flush_all()
        # A real second connection, as another worker has.
        with self.registry._db.cursor() as cr:
            cr.execute("SELECT pg_try_advisory_lock(%s, %s)", (LOCK_CLASS, lane._lock_key()))
            self.send_in_background()
            self.assertEqual(invoice.smart_state, "queued")
            self.assertFalse(self.simulator.calls())
            cr.execute("SELECT pg_advisory_unlock(%s, %s)", (LOCK_CLASS, lane._lock_key()))
        self.send_in_background()
        self.assertEqual(invoice.smart_state, "issued")

    def test_the_token_is_in_no_log_and_no_error(self):
        token = self.company.smart_token
        with self.assertLogs(level="DEBUG") as logs:
            self.confirm()
            self.simulator.fault("unauthorized")
            self.confirm()
        self.assertNotIn(token, "\n".join(logs.output))
        for exchange in self.env["smart.exchange"].search([]):
            self.assertNotIn(token, repr(exchange.read()))

    def test_an_answer_with_a_nul_is_kept_and_its_control_number_too(self):
        # No service that is known sends one; PostgreSQL cannot store it.
        from ..smart_api.answers import IssueAnswer
        from ..smart_api.outcomes import Accepted, Call

        invoice = self.make_invoice()
        invoice.action_post()
        self.env.cr.postcommit.clear()
        document = invoice.smart_document_id.sudo()
        document._begin(True)
        sent_at = document.sent_at.astimezone()
        call = Call("issue", "http://127.0.0.1/x", "{}", sent_at, 1, 200, "\x00")
        answer = IssueAnswer(numerodocumento="00-00000099", piedepagina="<script>x</script>law")
        document._settle(Accepted(call, answer), document.attempts)
        self.env.flush_all()
        self.assertEqual(document.control_number, "00-00000099")
        self.assertNotIn("script", document.legal_footer)

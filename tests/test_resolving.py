import json
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import html2plaintext

from ..models.lane.sender import Sender
from ..models.resolving import document as smart_document_resolve
from ..models.resolving import lane as smart_lane_question
from ..models.terms import LOCK_CLASS
from ..smart_api.answers import IssueAnswer
from ..smart_api.outcomes import Accepted, Call
from .resolving_common import ResolvingCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestResolving(ResolvingCommon):
    def documents(self, invoice):
        return [
            document["control_number"]
            for document in self.simulator.documents("?summary=0")
            if document["request"]["trackingid"] == self.tracking(invoice)
        ]

    def tracking(self, invoice):
        return json.loads(invoice.smart_document_id.request_body)["trackingid"]

    # -- evidence --------------------------------------------------------------------------

    def test_the_gap_between_the_neighbours_suggests_the_control_number(self):
        self.connect(enforce_numbering=False)
        before = self.confirm()
        invoice = self.unknown()
        after = self.confirm()
        self.assertEqual(after.smart_control_number, "00-00000003")
        wizard = self.wizard(invoice)
        self.assertEqual(
            wizard.neighbour_ids.mapped("move_id"), before + invoice + after, "in time"
        )
        self.assertIn("Missing between 00-00000001 and 00-00000003", wizard.missing_words)
        self.assertIn("00-00000002", wizard.missing_words)
        self.assertFalse(wizard.control_number, "nothing is entered for a person")
        self.assertEqual(wizard.proposed_number, "00-00000002")
        self.assertIn("only control number between 00-00000001 and", wizard.proposal_words)
        self.assertIn("does not prove", wizard.proposal_words)
        wizard.action_use_proposed()
        self.assertEqual(wizard.control_number, "00-00000002")
        self.assertFalse(wizard.warning)
        self.assertEqual(wizard.issued_at, wizard.first_sent_at)
        self.assertEqual(wizard.exchange_ids.mapped("outcome"), ["unknown"])
        self.assertIn("nombrecliente", wizard.request_body)
        self.assertIn("not known whether", wizard.last_error)

    def test_the_window_without_a_document_asks_for_one(self):
        wizard = self.env["smart.resolve.wizard"].with_user(self.manager).new({})
        self.assertFalse(wizard.control_number or wizard.missing_words or wizard.neighbour_ids)

    def test_no_gap_suggests_that_it_was_not_issued(self):
        self.connect(enforce_numbering=False)
        self.confirm()
        invoice = self.unknown("drop_before")
        self.confirm()
        wizard = self.wizard(invoice)
        self.assertIn("No control number is missing", wizard.missing_words)
        self.assertFalse(wizard.proposed_number or wizard.control_number)

    def test_with_two_in_doubt_nothing_is_proposed_for_either(self):
        self.connect(enforce_numbering=False)
        self.confirm()
        first, second = self.unknown(), self.unknown()
        self.confirm()
        wizard = self.wizard(first)
        self.assertIn("00-00000002, 00-00000003", wizard.missing_words)
        self.assertIn(second.name, wizard.missing_words)
        self.assertFalse(wizard.proposed_number or wizard.control_number)

    def test_the_last_of_the_sequence_and_the_first_of_all(self):
        invoice = self.unknown()
        self.assertIn("the sequence tells nothing", self.wizard(invoice).missing_words)
        self.connect(enforce_numbering=False)
        self.confirm()
        last = self.unknown()
        wizard = self.wizard(last)
        self.assertIn("nothing was issued since", wizard.missing_words)
        self.assertEqual(wizard.missing_words.count("00-00000003"), 1)

    def test_smarts_next_number_is_asked_and_explained(self):
        invoice = self.unknown()
        wizard = self.wizard(invoice)
        self.press(wizard, "action_ask")
        self.assertEqual(wizard.expected_number, 2)
        self.assertIn("it WAS issued", wizard.expected_words)
        exchange = invoice.smart_exchange_ids.sorted("id")[-1]
        self.assertEqual((exchange.operation, exchange.outcome), ("next_number", "accepted"))
        self.assertEqual(exchange.user_id, self.manager)
        not_issued = self.unknown("drop_before")
        wizard = self.wizard(not_issued)
        self.press(wizard, "action_ask")
        self.assertIn("it was NOT issued", wizard.expected_words)
        wizard.control_number = "00-00000007"
        self.assertIn("contradicts", wizard.warning)
        # Later documents move the service on: then its next number says nothing any more.
        self.confirm()
        self.press(wizard, "action_ask")
        self.assertIn("says nothing", wizard.expected_words)

    def test_when_smart_cannot_be_asked_the_screen_says_so(self):
        invoice = self.unknown()
        self.simulator.fault("refuse", seconds=60)
        wizard = self.wizard(invoice)
        self.press(wizard, "action_ask")
        self.assertFalse(wizard.asked)
        self.assertIn("could not be had", wizard.expected_words)
        self.assertIn("does not take connections", wizard.expected_words)

    # -- it was issued -----------------------------------------------------------------------

    def test_a_recorded_control_number_issues_the_document_and_names_who_and_why(self):
        before = self.confirm()
        invoice = self.unknown()
        self.confirm()
        wizard = self.wizard(invoice, control_number="00-00000002")
        self.press(wizard, "action_issued")
        document = invoice.smart_document_id
        self.assertEqual(
            (invoice.smart_state, invoice.smart_control_number), ("issued", "00-00000002")
        )
        self.assertEqual(document.issued_at, document.sent_at, "when it was sent, by proposal")
        self.assertEqual(document.resolved_by, self.manager)
        self.assertEqual(document.resolution, "Seen in the dashboard")
        self.assertTrue(document.resolved_at)
        self.assertFalse(document.last_error)
        self.assertEqual(
            html2plaintext(document.legal_footer),
            html2plaintext(before.smart_legal_footer),
            "of the same lot",
        )
        exchange = document.exchange_ids.sorted("id")[-1]
        self.assertEqual((exchange.operation, exchange.user_id), ("resolve", self.manager))
        for words in (exchange.message, invoice.message_ids[0].body):
            self.assertIn("Ana Pérez", words)
            self.assertIn("00-00000002", words)
            self.assertIn("Seen in the dashboard", words)
        self.assertEqual(invoice.message_ids[0].author_id, self.manager.partner_id)
        self.assertEqual(self.documents(invoice), ["00-00000002"])
        with self.assertRaisesRegex(UserError, "not in doubt any more"):
            wizard.action_issued()

    def test_a_control_number_must_look_like_one_and_belong_to_nobody(self):
        other = self.confirm()
        invoice = self.unknown()
        for number, words in (
            ("", "is not a control number"),
            ("123", "is not a control number"),
            ("00-0000012", "is not a control number"),
            ("00-00000001", f"belongs to {other.name}"),
        ):
            with self.subTest(number), self.assertRaisesRegex(UserError, words):
                self.press(self.wizard(invoice, control_number=number), "action_issued")
            self.assertEqual(invoice.smart_state, "unknown")

    def test_a_control_number_that_does_not_fit_is_warned_of_but_taken(self):
        self.connect(enforce_numbering=False)
        self.confirm()
        invoice = self.unknown()
        self.confirm()
        with Form(self.wizard(invoice)) as form:
            form.control_number = "00-00000009"
            self.assertIn("is not before 00-00000003", form.warning)
            form.control_number = "00-00000001"
            self.assertIn("is not after 00-00000001", form.warning)
            form.control_number = "00-00000009"
            wizard = form.save()
        self.press(wizard, "action_issued")
        self.assertEqual(invoice.smart_control_number, "00-00000009")

    def test_the_moment_of_issue_cannot_be_before_it_was_sent_nor_in_the_future(self):
        invoice = self.unknown()
        for shift in (timedelta(days=-1), timedelta(days=1)):
            wizard = self.wizard(
                invoice, control_number="00-00000001", issued_at=fields.Datetime.now() + shift
            )
            with self.assertRaisesRegex(UserError, "cannot have been issued at that moment"):
                self.press(wizard, "action_issued")

    def test_an_explanation_is_required_for_both(self):
        wizard = self.wizard(self.unknown(), explanation=" ", control_number="00-00000001")
        for button in ("action_issued", "action_not_issued"):
            with self.assertRaisesRegex(UserError, "how you found out"):
                getattr(wizard, button)()

    def test_a_proven_document_takes_its_control_number_and_the_queue_goes_on(self):
        invoice = self.unknown(enforced=True)
        later = self.confirm()
        invoice.smart_document_id.sudo().lane_id._resume()
        self.send_in_background()
        self.assertTrue(invoice.smart_document_id.proven_issued, "the repetition proved it")
        self.assertEqual(later.smart_state, "issued")
        with self.assertRaisesRegex(UserError, "proven that it was issued"):
            self.press(self.wizard(invoice), "action_not_issued")
        wizard = self.wizard(invoice)
        self.assertEqual(wizard.proposed_number, "00-00000001", "next to the one after it")
        wizard.action_use_proposed()
        self.press(wizard, "action_issued")
        self.assertEqual(invoice.smart_state, "issued")
        self.assertFalse(invoice.smart_document_id.proven_issued)

    # -- it was not issued ---------------------------------------------------------------------

    def test_stated_not_issued_it_is_sent_again_under_the_same_number(self):
        invoice = self.unknown("drop_before")
        later = self.confirm()
        self.assertEqual(later.smart_internal_number, "00000002")
        self.press(self.wizard(invoice), "action_not_issued")
        document = invoice.smart_document_id
        self.assertEqual(document.state, "queued")
        self.assertEqual(document.resolved_by, self.manager)
        self.assertIn("under the same internal number 00000001", invoice.message_ids[0].body)
        self.assertIn("Ana Pérez", invoice.message_ids[0].body)
        self.send_in_background()
        self.assertEqual(
            (invoice.smart_state, invoice.smart_internal_number), ("issued", "00000001")
        )
        self.assertEqual(
            document.exchange_ids.sorted("id").mapped("operation"),
            ["issue", "next_number", "resolve", "issue"],
        )
        self.assertEqual(self.confirm().smart_internal_number, "00000003", "no gap")

    def test_the_last_number_goes_back_to_the_numbering_and_returns(self):
        invoice = self.unknown("drop_before")
        self.press(self.wizard(invoice), "action_not_issued")
        self.assertFalse(invoice.smart_document_id.reserved_sequence)
        self.send_in_background()
        self.assertEqual(invoice.smart_internal_number, "00000001")
        self.assertEqual(self.confirm().smart_internal_number, "00000002")

    def test_a_number_of_its_own_survives_refusal_and_correction(self):
        invoice = self.unknown("drop_before")
        self.confirm()
        self.press(self.wizard(invoice), "action_not_issued")
        self.simulator.fault("out_of_control_numbers")
        self.send_in_background()
        self.assertEqual(invoice.smart_state, "queued")
        invoice.button_draft()
        invoice.invoice_line_ids.price_unit = 55
        invoice.action_post()
        invoice.smart_document_id.sudo().lane_id._resume()
        self.commit()
        self.assertEqual(
            (invoice.smart_state, invoice.smart_internal_number), ("issued", "00000001")
        )

    def test_what_smarts_next_number_proves_issued_is_not_sent_again(self):
        invoice = self.unknown("drop_after")
        with self.assertRaisesRegex(UserError, "it WAS issued"):
            self.press(self.wizard(invoice), "action_not_issued")
        self.assertEqual(invoice.smart_state, "unknown")
        self.assertEqual(len(self.simulator.issued()), 1)

    def test_a_person_who_is_wrong_issues_nothing_twice_where_numbers_are_enforced(self):
        invoice = self.unknown("drop_after", enforced=True)
        # SMART cannot be asked, and the person is mistaken.
        self.simulator.fault("error_500", path="/facturacion/numerointerno")
        self.press(self.wizard(invoice), "action_not_issued")
        self.assertEqual(invoice.smart_state, "queued")
        self.send_in_background()
        self.assertEqual(invoice.smart_state, "unknown")
        self.assertTrue(invoice.smart_document_id.proven_issued)
        self.assertEqual(invoice.smart_internal_number, "00000001")
        self.assertEqual(self.simulator.issued(), ["00000001"])
        self.assertEqual(self.confirm().smart_internal_number, "00000002")

    def test_another_document_that_meets_the_used_number_proves_the_first(self):
        invoice = self.unknown("drop_after", enforced=True)
        self.simulator.fault("error_500", path="/facturacion/numerointerno")
        self.press(self.wizard(invoice), "action_not_issued")
        # The first leaves the queue for a while, so that another takes its number.
        document = invoice.smart_document_id.sudo()
        document._engine_write({"state": "refused"})
        later = self.confirm()
        self.assertEqual((later.smart_state, later.smart_internal_number), ("issued", "00000002"))
        self.assertEqual((document.state, document.proven_issued), ("unknown", True))
        self.assertEqual(document.internal_number, "00000001")
        numbering = self.env["smart.numbering"].search([("document_type", "=", "invoice")])
        self.assertFalse(numbering.missing_numbers, "it is known whose number that is")

    # -- who and when ------------------------------------------------------------------------

    def test_only_accounting_managers_resolve_on_any_road(self):
        invoice = self.unknown()
        wizard = self.wizard(invoice)
        clerk = self.new_user("smart_clerk", "account.group_account_invoice")
        document = invoice.smart_document_id
        for attempt in (
            lambda: invoice.with_user(clerk).action_smart_resolve(),
            lambda: document.with_user(clerk).action_resolve(),
            lambda: (
                self.env["smart.resolve.wizard"]
                .with_user(clerk)
                .create({"document_id": document.id})
            ),
            lambda: wizard.with_user(clerk).action_issued(),
            lambda: wizard.with_user(clerk).action_not_issued(),
            lambda: wizard.with_user(clerk).action_ask(),
            lambda: document.with_user(clerk)._resolve("_decide_not_issued", "x"),
        ):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                attempt()
        self.assertEqual(document.state, "unknown")

    def test_the_manager_of_another_company_sees_no_evidence(self):
        invoice = self.unknown()
        other = self.setup_other_company()["company"]
        stranger = self.new_user("smart_stranger", "account.group_account_manager", company=other)
        document = invoice.smart_document_id
        Wizard = self.env["smart.resolve.wizard"].with_user(stranger)
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            Wizard.create({"document_id": document.id})
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            Wizard.new({"document_id": document.id}).missing_words  # noqa: B018

    def test_while_a_sender_works_nobody_decides(self):
        invoice = self.unknown()
        wizard = self.wizard(invoice, control_number="00-00000001")
        lane = invoice.smart_document_id.sudo().lane_id
        self.patch_patience(0.2)
        with self.registry._db.cursor() as cr:
            cr.execute("SELECT pg_try_advisory_lock(%s, %s)", (LOCK_CLASS, lane._lock_key()))
            with self.assertRaisesRegex(UserError, "being sent to SMART right now"):
                self.press(wizard, "action_issued")
            self.press(wizard, "action_ask")
            self.assertIn("Try again shortly", wizard.expected_words)
            cr.execute("SELECT pg_advisory_unlock(%s, %s)", (LOCK_CLASS, lane._lock_key()))
        self.assertEqual(invoice.smart_state, "unknown")
        self.press(wizard, "action_issued")
        self.assertEqual(invoice.smart_state, "issued")

    def patch_patience(self, seconds):
        for module in (smart_document_resolve, smart_lane_question):
            self.patch(module, "PATIENCE_SECONDS", seconds)

    def test_a_sender_that_listed_the_document_before_does_not_repeat_it(self):
        invoice = self.unknown("drop_after", enforced=True)
        document = invoice.smart_document_id.sudo()
        sender = Sender(self.registry, self.env.uid, document.lane_id.id, lock=None)
        document._engine_write({"state": "issued"})
        self.assertFalse(sender._begin_again(self.env, document.id))
        self.assertEqual(document.attempts, 1)

    # -- the answer that comes after all -----------------------------------------------------

    def late_answer(self, document, number):
        call = Call("issue", "http://127.0.0.1/x", "{}", document.sent_at.astimezone(), 1, 200, "x")
        with self.assertLogs("odoo.addons.l10n_ve_edi_smart", "CRITICAL"):
            document.sudo()._settle(
                Accepted(call, IssueAnswer(numerodocumento=number)), document.attempts
            )
        self.env.flush_all()

    def test_a_real_answer_with_another_number_is_kept_and_told(self):
        invoice = self.unknown()
        self.press(self.wizard(invoice, control_number="00-00000005"), "action_issued")
        document = invoice.smart_document_id
        self.late_answer(document, "00-00000001")
        self.assertEqual(document.control_number, "00-00000005")
        self.assertEqual(document.conflicting_number, "00-00000001")
        self.assertEqual(document.exchange_ids.sorted("id")[-1].outcome, "accepted")
        self.send_in_background()
        activity = document.sudo().lane_id.activity_ids
        self.assertIn("two control numbers", activity.summary)
        self.assertIn("00-00000005 / 00-00000001", activity.note)
        # The manager corrects it on the same screen, and the activity is closed.
        wizard = self.wizard(invoice, control_number="00-00000002")
        with self.assertRaisesRegex(UserError, "Choose one of the two"):
            self.press(wizard, "action_issued")
        wizard.control_number = "00-00000001"
        self.press(wizard, "action_issued")
        self.assertEqual(document.control_number, "00-00000001")
        self.assertFalse(document.conflicting_number)
        self.assertFalse(document.sudo().lane_id.activity_ids)

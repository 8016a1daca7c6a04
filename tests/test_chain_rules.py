"""What a link may say, and after what: against whoever can have code of the addon write links."""

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from .chain_common import ChainCommon

SENDING = "odoo.addons.l10n_ve_edi_smart.models.lane.document_sending"


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestChainRules(ChainCommon):
    def answered_twice(self):
        """Return a document to which SMART gave a second control number, and that number."""
        document = self.document()
        other = self.make_invoice()
        other.action_post()
        self.env.cr.postcommit.clear()
        waiting = other.smart_document_id.sudo()
        waiting._begin(True)
        outcome = self.company._smart_client().issue(waiting.request_body)
        self.sql("UPDATE smart_document SET state = 'withdrawn' WHERE id = %s", waiting.id)
        with mute_logger(SENDING):
            document._settle(outcome, document.attempts)
        self.assertEqual(document.conflicting_number, outcome.answer.control_number)
        return document, document.conflicting_number

    # -- issues ----------------------------------------------------------------------------

    def test_a_number_that_a_person_corrected_is_a_second_issue(self):
        document, other = self.answered_twice()
        self.assertFalse(self.finding(), "the other number is told on the document")
        document._decide_issued(other, fields.Datetime.now(), "The first was a mistake")
        self.assertFalse(self.finding())
        kinds = self.links().mapped("kind")
        self.assertEqual(kinds[-3:], ["exchange", "resolution", "issue"])
        self.assertEqual(document.control_number, other)

    def test_a_second_issue_without_a_resolution_is_found(self):
        document = self.document()
        document._chain("issue")
        self.assertRegex(self.finding(), "Link 3 .*was issued already .link 2.")

    def test_a_resolution_lets_nothing_change_but_number_moment_and_footer(self):
        document, other = self.answered_twice()
        self.sql(
            "UPDATE smart_document SET customer_name = 'Nadie', amount_total = 1 WHERE id = %s",
            document.id,
        )
        document._decide_issued(other, fields.Datetime.now(), "The first was a mistake")
        self.assertIn("nothing but control number", self.finding())

    def test_one_resolution_is_good_for_one_correction(self):
        document, other = self.answered_twice()
        document._decide_issued(other, fields.Datetime.now(), "The first was a mistake")
        self.assertFalse(self.finding())
        document._chain("issue")
        self.assertIn("the document was issued already", self.finding())

    def test_an_issue_that_no_answer_and_no_person_vouches_for_is_found(self):
        move = self.make_invoice()
        move.action_post()
        self.env.cr.postcommit.clear()
        document = move.smart_document_id.sudo()
        document._engine_write(
            {"state": "issued", "control_number": "00-00000099", "issued_at": "2026-01-01"}
        )
        document._chain("issue")
        self.assertIn("nothing before it in the chain proves it", self.finding())

    def test_an_answer_about_another_number_or_request_proves_nothing(self):
        document = self.document()
        with self.undone():
            self.sql("UPDATE smart_document SET control_number = '00-00000055'")
            self.sql("DELETE FROM smart_chain_link WHERE kind = 'issue'")
            document._chain("issue")
            self.assertIn("nothing before it in the chain proves it", self.finding())
        with self.undone():
            self.sql("UPDATE smart_document SET request_body = replace(request_body, '116', '11')")
            self.sql("DELETE FROM smart_chain_link WHERE kind = 'issue'")
            document._chain("issue")
            self.assertIn("nothing before it in the chain proves it", self.finding())
        self.assertFalse(self.finding())

    def test_a_resolved_doubt_is_proven_by_the_person(self):
        document = self.doubted()
        document._decide_issued("00-00000001", document.sent_at, "Seen in the dashboard")
        self.assertFalse(self.finding())
        self.sql(
            "DELETE FROM smart_chain_link WHERE kind = 'resolution' AND document_id = %s",
            document.id,
        )
        self.assertIn("nothing before it in the chain proves it", self.finding())

    def test_what_was_not_issued_and_is_sent_again_breaks_nothing(self):
        document = self.doubted()
        self.simulator.reset()
        self.connect(enforce_numbering=False)
        document._decide_not_issued("Not in the dashboard")
        self.send_in_background()
        self.assertEqual(document.state, "issued")
        self.assertFalse(self.finding())

    def test_a_forged_second_number_and_a_hidden_one_are_found(self):
        document, other = self.answered_twice()
        for query, words in (
            ("conflicting_number = '00-00000077'", "never answered with the other number"),
            ("conflicting_number = NULL", f"control number {other}, too, which stands nowhere"),
        ):
            with self.subTest(query), self.undone():
                self.sql(f"UPDATE smart_document SET {query} WHERE id = %s", document.id)
                self.assertIn(words, self.finding())

    # -- annulments and resolutions --------------------------------------------------------

    def test_an_annulment_that_smart_never_accepted_is_found(self):
        document = self.document()
        document._engine_write({"state": "annulled", "annulled_at": "2026-01-01"})
        document._chain("annulment")
        self.assertIn("SMART has not said that it annulled", self.finding())

    def test_an_annulment_in_the_database_alone_is_found_and_so_is_one_undone(self):
        document = self.document()
        with self.undone():
            self.sql("UPDATE smart_document SET state = 'annulled' WHERE id = %s", document.id)
            self.assertIn("was annulled from outside of Odoo", self.finding())
        self.annul(document)
        self.sql("UPDATE smart_document SET state = 'issued' WHERE id = %s", document.id)
        self.assertIn("Annulled: yes → no", self.finding())

    def test_a_request_to_annul_that_nobody_made_is_found(self):
        document = self.document()
        self.sql(
            "UPDATE smart_document SET annulment_state = 'requested', annulment_user_id = 1,"
            " annulment_requested_at = now() + interval '1 day' WHERE id = %s",
            document.id,
        )
        self.assertIn("its annulment was requested from outside of Odoo", self.finding())

    def test_a_request_to_annul_is_compared_before_and_after_it_is_recalled(self):
        document = self.document()
        document._request_annulment("Sold twice", True)
        self.env.cr.postcommit.clear()
        self.assertFalse(self.finding())
        with self.undone():
            self.sql("UPDATE smart_document SET annulment_user_id = 1")
            self.assertIn("Annulment Requested by", self.finding())
        document._recall_annulment()
        self.assertFalse(self.finding())
        self.sql("UPDATE smart_document SET annulment_state = 'requested'")
        self.assertIn("Annulment: no → yes", self.finding())

    def test_a_resolution_is_compared_and_a_forged_one_found(self):
        document = self.doubted()
        issued = self.document()
        document._decide_issued("00-00000001", document.sent_at, "Seen in the dashboard")
        self.assertFalse(self.finding())
        with self.undone():
            self.sql("UPDATE smart_document SET resolution = 'x' WHERE id = %s", document.id)
            self.assertIn("Explanation: Seen in the dashboard → x", self.finding())
        self.sql(
            "UPDATE smart_document SET resolved_by = 1, resolution = 'x',"
            " resolved_at = now() + interval '1 day' WHERE id = %s",
            issued.id,
        )
        self.assertIn(f"{issued.display_name} has no link: it was resolved", self.finding())

    # -- files -----------------------------------------------------------------------------

    def test_the_printed_document_is_the_one_that_was_fetched(self):
        document = self.document()
        content = self.fetch(document)
        self.assertTrue(content.startswith(b"%PDF"))
        self.assertFalse(self.finding())
        attachment = document._file_attachment()
        with self.undone():
            attachment.raw = content + b"\n% forged"
            self.assertIn("is not the one that was fetched from SMART", self.finding())
        with self.undone():
            self.sql("DELETE FROM ir_attachment WHERE id = %s", attachment.id)
            self.assertIn("the printed document is gone", self.finding())
        with self.undone():
            self.sql("DELETE FROM smart_chain_link WHERE kind = 'file'")
            self.sql("UPDATE smart_chain SET position = 2, hash = (SELECT hash FROM"
                     " smart_chain_link WHERE position = 2)")  # fmt: skip
            self.assertIn("its printed document was put there from outside", self.finding())
        self.fetch(document)
        self.assertEqual(self.links().mapped("kind").count("file"), 2)
        self.assertFalse(self.finding())

    # -- deleted ---------------------------------------------------------------------------

    def test_the_end_that_was_cut_off_is_found_by_what_was_sent_out(self):
        move = self.issue()[2]
        self.run_cron("smart.chain", "_cron_check")
        self.assertEqual(self.chain.announced_position, 6)
        self.sql("DELETE FROM smart_chain_link WHERE position > 4")
        self.sql("DELETE FROM smart_exchange WHERE document_id = %s", move.smart_document_id.id)
        self.sql("DELETE FROM smart_document WHERE id = %s", move.smart_document_id.id)
        self.sql(
            "UPDATE smart_chain SET position = 4, hash ="
            " (SELECT hash FROM smart_chain_link WHERE position = 4)"
        )
        self.assertIn("its end was cut off", self.finding())

    def test_many_findings_are_all_named_up_to_a_bound(self):
        documents = self.issue(3).smart_document_id
        self.sql("UPDATE smart_document SET customer_name = 'Nadie'")
        finding = self.finding()
        for document in documents:
            self.assertIn(f"Issue {document.control_number}", finding)

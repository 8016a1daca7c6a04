from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_annulment import AnnulCommon
from .witness_common import WitnessCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestWitnessContested(AnnulCommon, WitnessCommon):
    def settled(self):
        invoice = self.in_gap()
        self.look()
        self.assert_settled(invoice, "00-00000002")
        return invoice

    def contest(self, invoice, user=None, explanation="It is another customer's"):
        document = invoice.smart_document_id.with_user(user or self.manager)
        action = document.action_contest()
        Wizard = self.env["smart.resolve.wizard"].with_user(user or self.manager)
        wizard = Wizard.with_context(action["context"]).create({})
        wizard.write({"explanation": explanation})
        self.env.flush_all()
        self.env.invalidate_all()
        self.press(wizard, "action_contest")

    def test_a_contested_number_is_in_doubt_again_and_never_taken_by_itself(self):
        invoice = self.settled()
        self.contest(invoice)
        document = invoice.smart_document_id.sudo()
        self.assertEqual((invoice.smart_state, invoice.smart_control_number), ("unknown", False))
        self.assertFalse(document.document_file or document.document_url or document.issued_at)
        self.assertFalse(document.witness_id)
        exchange = document.exchange_ids.sorted("id")[-1]
        self.assertEqual((exchange.operation, exchange.user_id), ("resolve", self.manager))
        for words in (exchange.message, invoice.message_ids[0].body, document.last_error):
            self.assertIn("Ana Pérez", words)
            self.assertIn("It is another customer", words)
        self.assertEqual(self.latest(invoice).verdict, "contested")
        self.assertFalse(self.finding())
        self.look()
        self.assertEqual(invoice.smart_state, "unknown")
        wizard = self.wizard(invoice)
        self.assertFalse(wizard.proposed_number, "it is not proposed")
        wizard.control_number = "00-00000002"
        self.assertIn("has contested control number 00-00000002", wizard.warning)
        # A person finds out; even that it was right.
        self.press(self.wizard(invoice, control_number="00-00000002"), "action_issued")
        self.assert_settled(invoice, "00-00000002")
        self.assertFalse(self.finding())

    def test_a_contested_number_is_not_taken_when_it_is_looked_at_for_another_document(self):
        self.confirm()
        invoice, lost = self.unknown(), self.unknown("drop_before")
        self.confirm()
        self.look()
        self.assert_settled(invoice, "00-00000002")
        self.contest(invoice)
        self.look()
        self.assertEqual((invoice + lost).mapped("smart_state"), ["unknown", "unknown"])
        numbers = lost.smart_document_id.sudo().witness_ids.mapped("control_number")
        self.assertIn("00-00000002", numbers, "it was looked at")

    def test_a_contested_document_may_turn_out_not_to_be_issued(self):
        invoice = self.settled()
        self.contest(invoice)
        self.press(self.wizard(invoice), "action_not_issued")
        self.send_waiting()
        self.assert_settled(invoice, "00-00000004")
        self.assertFalse(self.finding())

    def test_only_a_manager_contests_with_an_explanation_and_only_what_a_print_has_settled(self):
        invoice = self.settled()
        user = self.new_user("smart_billing", "account.group_account_invoice")
        with self.assertRaises(AccessError):
            invoice.smart_document_id.with_user(user).action_contest()
        with self.assertRaisesRegex(UserError, "how you found out"):
            self.contest(invoice, explanation=" ")
        with self.assertRaisesRegex(UserError, "nothing to contest"):
            self.confirm().smart_document_id.with_user(self.manager).action_contest()
        self.assert_settled(invoice, "00-00000002")

    def test_the_evidence_is_seen_under_resolve(self):
        invoice = self.in_gap()
        self.simulator.print("00-00000002", values={"internal_number": "00000077"})
        self.look()
        wizard = self.wizard(invoice)
        self.assertEqual(wizard.witness_ids.internal_number_finding, "contradicted")
        self.assertTrue(wizard.witness_ids.file)
        self.assertTrue(wizard.witness_next_at)

    def test_evidence_is_added_by_odoo_and_never_changed(self):
        witness = self.latest(self.settled())
        for action in (
            lambda: witness.write({"verdict": "other"}),
            lambda: witness._engine_write({"verdict": "other"}),
            lambda: witness._engine_unlink(),
            lambda: witness.unlink(),
            lambda: witness.create({"control_number": "x"}),
        ):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                action()

    def test_the_check_of_the_chain_misses_evidence_that_is_gone_or_changed(self):
        witness = self.latest(self.settled())
        self.assertFalse(self.finding())
        file = (
            self.env["ir.attachment"]
            .sudo()
            .search([("res_model", "=", "smart.witness"), ("res_field", "=", "file")])
        )
        self.assertEqual(file.res_id, witness.id)
        with self.undone():
            file.raw = b"%PDF-another"
            self.assertIn("that proved it is not there", self.finding())
        with self.undone():
            file.unlink()
            self.assertIn("that proved it is not there", self.finding())

    # -- annulments ------------------------------------------------------------------------

    def pending(self, fault="text_400"):
        """Return an invoice of which nobody knows whether SMART has annulled it."""
        invoice = self.confirm()
        self.do_errands()
        self.assertTrue(invoice.smart_document_file)
        self.simulator.fault(fault)
        self.annul(invoice)
        self.assertEqual(invoice.smart_annulment_state, "pending")
        return invoice

    def test_the_watermark_proves_that_a_pending_annulment_was_stored(self):
        invoice = self.pending()
        calls = len(self.annul_calls())
        self.look()
        self.assertEqual(invoice.smart_state, "annulled")
        self.send_in_background()
        self.assertEqual((invoice.state, invoice.smart_annulment_state), ("cancel", "done"))
        self.assertEqual(len(self.annul_calls()), calls, "SMART was not asked again")
        exchange = invoice.smart_document_id.sudo().exchange_ids.sorted("id")[-1]
        self.assertEqual((exchange.operation, exchange.outcome), ("witness", "accepted"))
        self.assertEqual(self.latest(invoice).about, "annul")
        self.assertFalse(self.finding())

    def test_a_print_without_the_watermark_proves_nothing(self):
        invoice = self.pending("text_400_before")
        self.look()
        self.assertEqual(invoice.smart_annulment_state, "pending")

    def test_a_watermark_that_was_there_before_proves_nothing(self):
        invoice = self.confirm()
        number = invoice.smart_control_number
        self.simulator.print(number, values={"annulled": 1, "annul_reason": "x"})
        self.do_errands()
        self.simulator.fault("text_400_before")
        self.annul(invoice)
        self.look()
        self.assertEqual(invoice.smart_annulment_state, "pending")

    def test_without_the_copy_from_before_nothing_is_proven(self):
        invoice = self.confirm()
        self.simulator.fault("text_400")
        self.annul(invoice)
        self.look()
        self.assertEqual(invoice.smart_annulment_state, "pending")

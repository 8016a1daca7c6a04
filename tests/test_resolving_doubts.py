from odoo.exceptions import UserError
from odoo.tests import tagged

from .resolving_common import ResolvingCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestResolvingDoubts(ResolvingCommon):
    """Somebody states that a document was not issued: it may be all the same."""

    def state_not_issued(self, invoice, button="action_not_issued"):
        """Press a button of the wizard while SMART cannot be asked."""
        self.simulator.fault("error_500", path="/facturacion/numerointerno")
        self.press(self.wizard(invoice), button)

    def test_what_may_be_issued_is_not_changed_before_its_number_has_settled_that(self):
        invoice = self.unknown("drop_after", enforced=True)
        with self.assertRaisesRegex(UserError, "cannot be set aside yet: it may be issued"):
            self.state_not_issued(invoice, "action_set_aside")
        self.assertEqual(invoice.smart_state, "unknown")
        self.state_not_issued(invoice)
        self.assertEqual(invoice.smart_state, "queued")
        for change in (invoice.button_draft, invoice.button_cancel):
            with self.assertRaisesRegex(UserError, "may be issued"):
                change()
        self.send_in_background()
        self.assertEqual(invoice.smart_state, "unknown")
        self.assertTrue(invoice.smart_document_id.proven_issued)
        self.assertEqual(self.simulator.issued(), ["00000001"])

    def test_what_may_be_issued_is_never_sent_under_another_number(self):
        invoice = self.unknown("drop_after", enforced=True)
        self.state_not_issued(invoice)
        numbering = self.env["smart.numbering"].search([("document_type", "=", "invoice")])
        numbering.sudo()._engine_write({"next_number": 2})  # however that came about
        self.send_in_background()
        self.assertEqual(invoice.smart_state, "queued")
        self.assertEqual(self.simulator.issued(), ["00000001"])
        lane = invoice.smart_document_id.sudo().lane_id
        self.assertTrue(lane.blocked)
        self.assertIn("may be issued", lane.reason)

    def test_a_question_from_before_the_last_attempt_proves_nothing(self):
        invoice = self.unknown("drop_before", enforced=True)
        document = invoice.smart_document_id.sudo()
        self.backdate(document, minutes=30)
        with self.assertRaisesRegex(UserError, "cannot be set aside yet"):
            document._decide_not_issued("seen", free_after=document.attempts - 1, aside=True)
        document._decide_not_issued("seen", free_after=document.attempts, aside=True)
        self.assertEqual(document.state, "refused")

    def test_what_is_set_aside_and_free_at_smart_can_be_corrected(self):
        invoice = self.unknown("drop_before", enforced=True)
        document = invoice.smart_document_id.sudo()
        self.backdate(document, minutes=30)  # no request is under way any more
        wizard = self.wizard(invoice)
        later = self.confirm()
        self.assertEqual(later.smart_state, "queued", "held up")
        self.press(wizard, "action_set_aside")
        self.assertFalse(document.doubted_sequence, "SMART itself says that it is free")
        self.send_in_background()
        self.assertEqual((later.smart_state, later.smart_internal_number), ("issued", "00000001"))
        invoice.button_draft()
        invoice.invoice_line_ids.price_unit = 55
        self.confirm(invoice)
        self.assertEqual(
            (invoice.smart_state, invoice.smart_internal_number), ("issued", "00000002")
        )

    def test_a_doubt_is_over_when_another_document_was_issued_under_the_number(self):
        invoice = self.unknown("drop_before", enforced=True)
        self.state_not_issued(invoice)
        # It leaves the queue for a while, so that another takes its number.
        document = invoice.smart_document_id.sudo()
        document._engine_write({"state": "refused"})
        with self.assertRaisesRegex(UserError, "may be issued"):
            invoice.button_draft()
        later = self.confirm()
        self.assertEqual(later.smart_internal_number, "00000001")
        invoice.button_draft()
        self.assertEqual(invoice.smart_state, "withdrawn")

    def test_stated_not_issued_and_then_refused_its_number_is_asked_for(self):
        for fault, proven, number in (
            ("drop_before", False, "00000001"),
            ("drop_after", True, "00000003"),
        ):
            with self.subTest(fault):
                invoice = self.unknown(fault, enforced=True)
                document = invoice.smart_document_id.sudo()
                self.state_not_issued(invoice)
                # What it says is refused: that comes before its number.
                self.make_refusable(document)
                self.send_in_background()
                self.assertEqual(document.proven_issued, proven)
                self.assertEqual(document.state, "unknown" if proven else "refused")
                self.assertFalse(document.doubted_sequence)
                self.assertEqual(self.confirm().smart_internal_number, number)
                numbering = self.env["smart.numbering"]._of(document)
                self.assertFalse(numbering.missing_numbers)
                if not proven:
                    invoice.button_draft()
                    self.assertEqual(invoice.smart_state, "withdrawn")

"""Beside an addon that freezes what somebody has approved, as OCA's `base_tier_validation` does."""

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .test_annulment import AnnulCommon

#: What such an addon leaves free on a confirmed invoice.
FREE = {
    "message_follower_ids", "message_main_attachment_id", "access_token", "matched_payment_ids",
    "needed_terms_dirty", "amount_total", "payment_state", "is_manually_modified", "is_move_sent",
    "sending_data",
}  # fmt: skip


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestApprovals(AnnulCommon):
    def setUp(self):
        super().setUp()
        Move = type(self.env["account.move"])
        write = Move.write

        def guarded(moves, vals):
            past = moves.env.context.get("skip_validation_check")
            frozen = set(vals) - FREE
            if frozen and not past and "posted" in moves.mapped("state"):
                raise ValidationError(f"You may not write {sorted(frozen)} after validation.")
            return write(moves, vals)

        self.patch(Move, "write", guarded)

    def issued(self):
        invoice = self.make_invoice()
        # As that addon does it: whoever approves confirms past its guard.
        self.confirm(invoice.with_context(skip_validation_check=True))
        invoice = invoice.with_context(skip_validation_check=False)
        self.assertEqual(invoice.smart_state, "issued", invoice.smart_last_error)
        return invoice

    def test_what_follows_the_issue_is_done(self):
        invoice = self.issued()
        self.assertNotEqual(invoice.smart_document_id.sudo().owner_step, "legal")
        self.assertEqual(invoice.payment_reference, "Invoice 00000001")
        with self.assertRaisesRegex(ValidationError, "after validation"):
            invoice.ref = "somebody else's"

    def test_what_was_refused_is_mended(self):
        invoice = self.make_invoice()
        invoice.with_context(skip_validation_check=True).action_post()
        self.make_refusable(invoice.smart_document_id.sudo())
        self.commit()
        self.assertEqual(invoice.smart_state, "refused")
        invoice.button_draft()
        self.assertEqual(invoice.state, "draft")

    def test_what_is_annulled_is_cancelled(self):
        invoice = self.issued()
        self.annul(invoice)
        self.assert_annulled(invoice)

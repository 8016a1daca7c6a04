from odoo import api, models

from ..base.lock import opened
from ..terms import SHEET_ANNULLED

#: Fields that are not on the issued document, or that say when and how it is paid.
FREE_FIELDS = frozenset(
    {
        # when and how it is paid
        "invoice_date_due",
        "matched_payment_ids",
        "no_followup",
        "partner_bank_id",
        "payment_reference",
        "preferred_payment_method_line_id",
        "qr_code_method",
        # references and notes
        "narration",
        "ref",
        # who is in charge, and whether it was reviewed
        "checked",
        "invoice_user_id",
        "team_id",
        # followers, activities, files
        "activity_ids",
        "activity_summary",
        "activity_type_id",
        "attachment_ids",
        "message_follower_ids",
        "message_main_attachment_id",
        "message_partner_ids",
    }
)

#: What Odoo, or this addon, notes with `sudo`: link of the portal, that it was printed or sent,
#: how it is to be sent.
SUDO_FIELDS = frozenset({"access_token", "is_move_sent", "sending_data", "smart_sending_data"})


class AccountMove(models.Model):
    """The document itself: which fields stay free, and which only Odoo writes."""

    _inherit = "account.move"

    @api.model
    def _smart_free_fields(self):
        # EXTENDS 'smart.lock'
        return super()._smart_free_fields() | FREE_FIELDS

    @api.model
    def _smart_sudo_fields(self):
        # EXTENDS 'smart.lock'
        return super()._smart_sudo_fields() | SUDO_FIELDS

    def _smart_settled(self):
        # EXTENDS 'smart.document.owner' with what charges nothing, for a price would make it
        # fiscal, and with what is on paper
        # sudo: whoever edits invoices may be a bot without groups
        return super()._smart_settled() | self.filtered(
            lambda move: move.sudo().smart_free or move.sudo().smart_sheet_id
        )

    def _smart_confirmed_here(self):
        # EXTENDS 'smart.document.owner': fields of other addons charge nothing
        return self.sudo().smart_free or self._smart_taken_here() or super()._smart_confirmed_here()

    def _smart_why_locked(self):
        # EXTENDS 'smart.document.owner'
        sheet = self.sudo().smart_sheet_id  # sudo: for words only
        if sheet.state == SHEET_ANNULLED:
            return self.env._(
                "%s was issued on paper and annulled: it stays as it is, with its control number.",
                sheet.legal_name,
            )
        if sheet:
            return self.env._(
                "%s was issued on paper, so nothing on it can change. Correct it with a credit or "
                "debit note, or annul it.",
                sheet.legal_name,
            )
        if self.sudo().smart_free:  # sudo: likewise
            return self.env._(
                "%s was confirmed without a fiscal document, for it charges nothing. Reset it to "
                "draft to change it.",
                self.display_name,
            )
        return super()._smart_why_locked()

    # -- what Odoo writes ------------------------------------------------------------------

    def _hash_moves(self, **kwargs):
        # EXTENDS 'account' to let it secure documents that are issued
        with opened(self._name, "inalterable_hash"):
            return super()._hash_moves(**kwargs)

    def _set_next_made_sequence_gap(self, made_gap):
        # EXTENDS 'account', which notes gaps on the documents after them
        with opened(self._name, "made_sequence_gap"):
            return super()._set_next_made_sequence_gap(made_gap)

    def action_toggle_block_payment(self):
        # EXTENDS 'account': a button that blocks the payment of a document
        with opened(self._name, "payment_state"):
            return super().action_toggle_block_payment()


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    @api.model
    def _update_matching_number(self, amls):
        # EXTENDS 'account', which removes the number from lines that are no longer reconciled
        with opened("account.move.line", "matching_number"):
            return super()._update_matching_number(amls)

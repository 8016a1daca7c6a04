from odoo import models


class AccountMove(models.Model):
    """Credit notes settle the invoice that they correct, as those that Odoo's wizard makes."""

    _inherit = "account.move"

    def _smart_settle_origin(self):
        """Have Odoo know credit notes as reversals of what they correct, whoever said so.

        Odoo then reconciles both on confirming, as far as they are open, and its own reports know
        what was reversed.
        """
        for note in self:
            # sudo: a note may be about a document of a branch that the user cannot read
            origin = note.sudo().smart_note_origin_id
            if (
                note.move_type == "out_refund"
                and origin.move_type == "out_invoice"
                and origin.company_id == note.company_id
                # Of documents from before SMART the books say what Odoo has made of them.
                and not note.smart_former_number
                and note.reversed_entry_id != origin
            ):
                note.reversed_entry_id = origin

    def _smart_correct_nothing(self):
        """Forget what these drafts were to correct."""
        self.write(
            {
                "reversed_entry_id": False,
                "smart_note_origin_id": False,
                "smart_former_number": False,
            }
        )

    def _reconcile_reversed_moves(self, reverse_moves, move_reverse_cancel):
        # EXTENDS 'account', which pairs the documents of both sets by their places: if two notes
        # correct the same document, it would reconcile notes with the documents of others
        for note in reverse_moves:
            super(AccountMove, note.reversed_entry_id)._reconcile_reversed_moves(
                note, move_reverse_cancel
            )
        return reverse_moves

from odoo import models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    """Credit notes settle the invoice that they correct, once SMART has issued them.

    As those that Odoo's wizard makes do, but not before: of a note that is refused, or taken back,
    nobody has anything, and the invoice is owed as before.
    """

    _inherit = "account.move"

    def _smart_settle_origin(self):
        """Have Odoo know credit notes as reversals of what they correct, whoever said so.

        Both are then reconciled once the note is issued, as far as they are open, and Odoo's own
        reports know what was reversed.
        """
        for note in self:
            # sudo: a note may be about a document of a branch that the user cannot read
            origin = note.sudo().smart_note_origin_id
            if (
                note.move_type == "out_refund"
                and origin.move_type == "out_invoice"
                and origin.company_id == note.company_id
                # Of documents from before SMART the books say what Odoo has made of them.
                and (not note.smart_former_number or origin.smart_sheet_id)
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
        # correct the same document, it would reconcile notes with the documents of others; and
        # which does so on confirming, when nobody knows yet whether there will be a note
        for note in reverse_moves.filtered(lambda note: not note._smart_settles_later()):
            super(AccountMove, note.reversed_entry_id)._reconcile_reversed_moves(
                note, move_reverse_cancel
            )
        return reverse_moves

    def _smart_settles_later(self):
        """Tell whether this credit note settles what it corrects when it is issued, not before."""
        self.ensure_one()
        return (
            self.move_type == "out_refund"
            and self._smart_is_fiscal()
            and not self._smart_is_free()
            and not self._smart_is_numbered()
        )

    def _smart_settle_by_issued(self):
        """Reconcile credit notes that were just issued with what they correct, as far as open."""
        for note in self.filtered(lambda move: move.move_type == "out_refund"):
            origin = note.reversed_entry_id
            if {note.state, origin.state} == {"posted"}:
                # What is booked beside, such as a difference of exchange, is named for whoever
                # has confirmed it.
                user = note.smart_document_id.create_uid
                origin = origin.with_context(lang=user.lang).with_company(note.company_id)
                origin._smart_reconcile_or_say(note)

    def _smart_reconcile_or_say(self, note):
        """Reconcile a note with this document; say at the note why that cannot be.

        What stands in the way is for a bookkeeper to mend (no journal for differences of exchange,
        for example). The note is issued: its customer gets it all the same, and to try again and
        again without a word helps nobody.
        """
        try:
            with self.env.cr.savepoint():
                self._reconcile_reversed_moves(note, False)
        except UserError as error:
            note._smart_say(
                body=self.env._(
                    "Issued, but Odoo could not reconcile it with %(document)s: %(reason)s "
                    "Mend that, then reconcile the two by hand.",
                    document=self.display_name,
                    reason=error.args[0],
                )
            )

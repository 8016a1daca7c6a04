from odoo import api, models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    """The numbers of what was never issued: they leave no gap."""

    _inherit = "account.move"

    def _smart_give_up_taken_names(self):
        """Give drafts a new number if another document has got theirs meanwhile.

        A draft keeps its number, but does not reserve it. If another user began to confirm before
        this document was numbered, and reached the numbering after this one was reset, both have
        the same number. Nothing was issued under it, so the draft can give it up. Without this,
        Odoo would refuse to confirm the draft for ever.
        """
        # sudo: for its existence only
        withdrawn = self.filtered(
            lambda move: move.state == "draft" and move.name and move.smart_document_id.sudo()
        )
        for move in withdrawn:
            name = move.name
            # sudo: a number counts, even if the user may not see its document
            taken = self.sudo().search_count(
                [
                    ("journal_id", "=", move.journal_id.id),
                    ("name", "=", name),
                    ("state", "=", "posted"),
                ],
                limit=1,
            )
            if taken:
                move.name = False
                move.message_post(
                    body=self.env._(
                        "Number %s was given to another document while this one was a draft: it "
                        "takes the next.",
                        name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_smart_gap(self):
        """Odoo lets managers delete numbered drafts from the middle of a sequence."""
        # sudo: for its existence only
        numbered = self.filtered(lambda move: move.sudo().smart_document_id)
        if numbered and not self.check_move_sequence_chain():
            raise UserError(
                self.env._(
                    "Later documents have numbers after %s: deleting would leave a gap. Confirm "
                    "again, or cancel; what is cancelled keeps its number and stays in the list.",
                    ", ".join(numbered.mapped("name")),
                )
            )

from odoo import api, fields, models

from ..terms import WITHDRAWN


class SmartDocumentOwner(models.AbstractModel):
    """An owner whose document waits: for what, and how it is taken back."""

    _inherit = "smart.document.owner"

    smart_waits_for = fields.Char(
        string="Next Attempt",
        compute="_compute_smart_waits_for",
        help="When a waiting document will be tried next, or what it waits for.",
        groups="base.group_user",
    )

    @api.depends("smart_state", "smart_related_document_id")
    def _compute_smart_waits_for(self):
        for owner in self:
            # sudo: the state of the issuer's queue is shown to whoever sees the document
            owner.smart_waits_for = owner.smart_document_id.sudo()._waits_for()

    def _smart_withdraw(self):
        """Take back what waits or was refused, and say so; refuse where SMART has the document."""
        waiting = self.filtered(
            # sudo: for the state only; whoever edits owners need not read fiscal documents
            lambda owner: owner.smart_document_id.sudo().state not in (False, WITHDRAWN)
        )
        # sudo: fiscal documents are written by the transitions of their owner
        waiting.smart_document_id.sudo()._withdraw()
        for owner in waiting:
            # sudo: for its number only
            reserved = owner.smart_document_id.sudo().reserved_sequence
            if reserved:
                owner._smart_say(
                    body=self.env._(
                        "Withdrawn before it was issued: SMART gave no control number. Internal "
                        "number %(number)s stays reserved for this document, as later ones are in "
                        "use: confirm it again, or that number is never used. The number %(name)s "
                        "stays with this document, too.",
                        number=f"{reserved:08d}",
                        name=owner.name,
                    )
                )
                continue
            # Numbers are taken when a document is sent, and given back when it is refused.
            owner._smart_say(
                body=self.env._(
                    "Withdrawn before it was issued: SMART gave no control number, and the next "
                    "document takes the next internal number, so there is no gap. The number "
                    "%(name)s stays with this document: confirm it again, or cancel it.",
                    name=owner.name,
                )
            )

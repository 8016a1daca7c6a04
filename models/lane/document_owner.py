from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..base.said import SaidText
from ..terms import QUEUED, REFUSED, UNKNOWN, WITHDRAWN


class SmartDocumentOwner(models.AbstractModel):
    """An owner is sent: queued, sent again, taken back, and what it waits for."""

    _inherit = "smart.document.owner"

    smart_waits_for = fields.Char(
        string="Next Attempt",
        compute="_compute_smart_waits_for",
        help="When a waiting document will be tried next, or what it waits for.",
        groups="base.group_user",
    )

    smart_is_stopped = fields.Boolean(
        string="Sending Has Stopped",
        compute="_compute_smart_stopped",
        help="It waits in a queue that waits for somebody to act.",
        groups="base.group_user",
    )
    smart_next_step = fields.Char(
        string="What Happens Next",
        related="smart_document_id.next_step",
        groups="base.group_user",
    )
    smart_who_acts = fields.Char(
        string="Who Acts", compute="_compute_smart_stopped", groups="base.group_user"
    )
    smart_stopped_words = SaidText(
        string="Why Sending Has Stopped",
        compute="_compute_smart_stopped",
        groups="base.group_user",
    )

    @api.depends("smart_state", "smart_document_id.lane_id.blocked")
    def _compute_smart_stopped(self):
        for owner in self:
            # sudo: the state of the issuer's queue is shown to whoever sees the document
            document = owner.sudo().smart_document_id
            lane = document.lane_id
            owner.smart_is_stopped = document.state in (QUEUED, UNKNOWN) and lane.blocked
            owner.smart_stopped_words = owner.smart_is_stopped and lane.reason
            owner.smart_who_acts = (
                owner.smart_is_stopped and lane.issuer_id._smart_responsible().name
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
            lambda owner: (
                owner.smart_document_id.sudo().state not in (False, WITHDRAWN)
                and not owner._smart_stands_annulled()
            )
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
                        "use, until another document needs it. The number %(name)s stays with "
                        "this document, too.",
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

    def _smart_enqueue(self):
        """Convert what was just confirmed and queue it; sending begins after the commit.

        :raises SmartPreflightError: naming every problem of every document; to be confirmed
            in the same transaction, which goes back then
        """
        owners = self._smart_in_order()
        conversions = self.env["smart.payload"]._convert(owners)
        # sudo: users have no rights on fiscal documents; they are written by confirming
        documents = self.env["smart.document"].sudo()
        documents = documents._enqueue(owners, [documents._stated_vals(one) for one in conversions])
        self.env["smart.lane"]._send_after_commit(documents)

    def action_smart_send(self):
        """Send now: what waits, what was refused and has been corrected, what is in doubt.

        Refused documents are converted anew. One document is sent right after this call's
        transaction has committed, several in the background.
        """
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group(self._smart_group_to_send):
            raise AccessError(self.env._("You do not have the right to issue fiscal documents."))
        owners = self.filtered(lambda owner: owner.smart_state in (QUEUED, REFUSED, UNKNOWN))
        if not owners:
            raise UserError(
                self.env._("None of these documents waits for SMART: there is nothing to send.")
            )
        # sudo: queue and documents are written by sending, which the user has the right to
        documents = owners.smart_document_id.sudo()
        documents.lane_id._resume()
        owners.filtered(lambda owner: owner.smart_state == REFUSED)._smart_enqueue()
        self.env["smart.lane"]._send_after_commit(
            documents.filtered(lambda document: document.state in (QUEUED, UNKNOWN))
        )

import math

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..terms import (
    ANNULLED,
    ANNULMENT_UNDER_WAY,
    ISSUED,
    QUEUED,
    REFUSED,
    SENDING,
    UNKNOWN,
    WITHDRAWN,
)


class AccountMove(models.Model):
    """Notes: what they may correct, and at which rate of exchange."""

    _inherit = "account.move"

    smart_can_use_origin_rate = fields.Boolean(
        compute="_compute_smart_can_use_origin_rate",
        groups="base.group_user",
    )

    @api.depends(
        "state",
        "currency_id",
        "invoice_currency_rate",
        "smart_note_origin_id.currency_id",
        "smart_note_origin_id.invoice_currency_rate",
    )
    def _compute_smart_can_use_origin_rate(self):
        for move in self:
            origin = move.smart_note_origin_id
            move.smart_can_use_origin_rate = (
                move.state == "draft"
                and move._smart_has_rate_of(origin)
                and not math.isclose(move.invoice_currency_rate, origin.invoice_currency_rate)
            )

    def _smart_has_rate_of(self, origin):
        """Tell whether the rate of exchange of ``origin`` can be that of this note."""
        self.ensure_one()
        return bool(
            origin.invoice_currency_rate
            and origin.currency_id == self.currency_id != self.company_currency_id
            and origin.company_currency_id == self.company_currency_id
        )

    def action_smart_use_origin_rate(self):
        """Button: return to the rate of exchange of the document that this note corrects."""
        self.ensure_one()
        self.check_access("write")
        if not self.smart_can_use_origin_rate:
            raise UserError(
                self.env._(
                    "The rate of exchange of %s stays as it is: only the draft of a note in "
                    "foreign currency can take over that of the document which it corrects.",
                    self.display_name,
                )
            )
        self.invoice_currency_rate = self.smart_note_origin_id.invoice_currency_rate

    def _smart_check_correctable(self):
        """Allow notes only about documents that are issued, or that do not go through SMART.

        :raises UserError: naming each of the other documents, and what to do instead
        """
        problems = [why for move in self if (why := move._smart_why_no_note())]
        if problems:
            raise UserError("\n".join(problems))

    def _smart_why_no_note(self):
        """Return in words why no note can be made about this document, or ``""``."""
        self.ensure_one()
        # sudo: only for its state; users who make notes need no right to fiscal documents
        document = self.smart_document_id.sudo()
        state = document.state
        if document.annulment_state in ANNULMENT_UNDER_WAY:
            return self.env._(
                "%s is being annulled: wait until SMART has answered, then decide what is to be "
                "corrected.",
                self.display_name,
            )
        if not state or state == ISSUED:
            return ""
        name = self.display_name
        return {
            QUEUED: self.env._(
                "%s still waits for SMART, so there is nothing to correct with a note. Wait until "
                "it is issued, or reset it to draft and correct the document itself.",
                name,
            ),
            SENDING: self.env._("%s is being sent to SMART right now. Try again shortly.", name),
            UNKNOWN: self.env._(
                "%s was sent to SMART but no answer came. First find out whether it was issued; a "
                "note can only correct a document that was.",
                name,
            ),
            REFUSED: self.env._(
                "SMART refused %s: nothing was issued, so there is nothing to correct with a note. "
                "Reset it to draft and correct the document itself.",
                name,
            ),
            ANNULLED: self.env._(
                "%s was annulled at SMART, so there is nothing left to correct. Make a new invoice "
                "instead.",
                name,
            ),
            WITHDRAWN: self.env._(
                "%s was withdrawn before it was issued, so there is nothing to correct with a "
                "note. Correct the document itself.",
                name,
            ),
        }[state]

    def _smart_note_values(self, reason, keep_rate):
        """Return what a note about this document takes over from it.

        :param str reason: what the wizard was told
        :param bool keep_rate: return to this document's rate of exchange
        """
        self.ensure_one()
        values = {"smart_note_reason": reason}
        if keep_rate and self.currency_id != self.company_currency_id:
            values["invoice_currency_rate"] = self.invoice_currency_rate
        return values | self._smart_former_values()

from odoo import models
from odoo.exceptions import AccessError, UserError

from ...smart_api import amounts
from ...smart_api.rates import PARTS
from ..terms import QUEUED, REFUSED, UNKNOWN
from .payload_currency import is_bolivar


class SmartDocumentOwner(models.AbstractModel):
    """An owner is converted and sent; what few owners say besides lines."""

    _inherit = "smart.document.owner"

    # -- what few owners say ---------------------------------------------------------------

    def _smart_refer(self, conversion):
        """State the document that this one corrects, with what is wrong about that."""

    def _smart_taxes(self, conversion):
        """Return the taxes as they are booked: kind -> amount, zero for all others.

        ``None`` where none are booked: those are stated that the service computes.
        """
        return None

    def _smart_igtf(self, conversion):
        """Return base and tax of the IGTF, which is not a line of the document."""
        return amounts.ZERO, amounts.ZERO

    def _smart_settle(self, conversion, bases, taxes):
        """Count with the cents that confirming a draft will settle in the books.

        :param taxes: changed in place
        :returns: what the total will change by
        """
        return amounts.ZERO

    def _smart_bolivares(self, conversion):
        """Return what the document states, in bolívares: part by part, never negative.

        :param conversion: of this owner, without errors
        :rtype: dict[str, decimal.Decimal]
        """
        self.ensure_one()
        values = conversion.values
        rate = 1 if is_bolivar(conversion.stated.currency) else values["exchange_rate"]
        return {part: amounts.money((values.get(part) or amounts.ZERO) * rate) for part in PARTS}

    # -- sending ---------------------------------------------------------------------------

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

    def action_smart_check(self):
        """Button “Check for SMART”: list all problems of all selected drafts."""
        self.check_access("read")
        drafts = self.filtered(lambda owner: owner.state == "draft" and owner._smart_is_fiscal())
        if not drafts:
            raise UserError(
                self.env._("None of these documents is a draft that will be issued through SMART.")
            )
        return self.env["smart.preflight"]._open_on(drafts)

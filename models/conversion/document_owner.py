from odoo import models
from odoo.exceptions import UserError

from ...smart_api import amounts
from ...smart_api.rates import PARTS
from .payload_currency import is_bolivar


class SmartDocumentOwner(models.AbstractModel):
    """What few owners say besides lines, and what is wrong with what an owner says."""

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

    def _smart_settle(self, conversion, lines, taxes):
        """Count with what confirming a draft will settle in the books.

        :param lines: of the request, before discounts are worked in; changed in place, as ``taxes``
        :returns: what the total will change by
        """
        return amounts.ZERO

    def _smart_is_free(self):
        """Tell whether this draft is confirmed without a document, for it charges nothing."""
        return False

    def _smart_cure_of_zero(self):
        """Return in words what to do with one of 0.00, which SMART does not issue."""
        return self.env._("Enter a line with an amount.")

    def _smart_bolivares(self, conversion):
        """Return what the document states, in bolívares: part by part, never negative.

        :param conversion: of this owner, without errors
        :rtype: dict[str, decimal.Decimal]
        """
        self.ensure_one()
        values = conversion.values
        rate = 1 if is_bolivar(conversion.stated.currency) else values["exchange_rate"]
        return {part: amounts.money((values.get(part) or amounts.ZERO) * rate) for part in PARTS}

    def action_smart_check(self):
        """Button “Check for SMART”: list all problems of all selected drafts."""
        self.check_access("read")
        drafts = self.filtered(
            lambda owner: (
                owner._smart_is_draft() and owner._smart_is_fiscal() and not owner._smart_is_free()
            )
        )
        if not drafts:
            raise UserError(
                self.env._("None of these documents is a draft that will be issued through SMART.")
            )
        return self.env["smart.preflight"]._open_on(drafts)

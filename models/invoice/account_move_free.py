from odoo import models

from ..base.lock import opened


class AccountMove(models.Model):
    """What charges nothing is confirmed without a fiscal document, and says so."""

    _inherit = "account.move"

    def _smart_confirm_free(self):
        """Note on what was just posted that it has no fiscal document, and lock what it says.

        It could be given a price otherwise, and would never be issued.
        """
        # sudo: nobody sets that by hand
        self.sudo().smart_free = True
        self._smart_note(
            self.env._(
                "Confirmed without a fiscal document: it charges nothing, and SMART does not issue "
                "documents of 0.00."
            )
        )

    def _smart_take_back_free(self):
        """Have what goes back to draft be looked at anew when it is confirmed again."""
        # sudo: see _smart_confirm_free
        if free := self.sudo().filtered("smart_free"):
            with opened(self._name, "smart_free"):
                free.smart_free = False

    def _smart_add_alert_of_free(self, alerts):
        if not self._smart_is_fiscal():
            return
        if self._smart_is_free():
            message = self.env._(
                "This charges nothing, and SMART does not issue documents of 0.00: confirming "
                "books it without a fiscal document."
            )
        elif self.sudo().smart_free:  # sudo: alerts are computed for whoever looks at it
            message = self.env._(
                "Confirmed without a fiscal document: it charges nothing, and SMART does not issue "
                "documents of 0.00."
            )
        else:
            return
        alerts["smart_free"] = {"level": "info", "message": message}

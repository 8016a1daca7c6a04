from datetime import timedelta, timezone

from odoo import models

from odoo.addons.l10n_ve_edi_smart.models.terms import CARACAS


class PosSession(models.Model):
    """The days on which a session sold, whatever its till, or who writes the session, says."""

    _inherit = "pos.session"

    def _smart_first_day(self):
        """Return the day in Caracas on which the first of these sessions was begun."""
        begun = min(self.mapped("create_date"))
        return begun.replace(tzinfo=timezone.utc).astimezone(CARACAS).date()

    def _smart_days(self):
        """Return the days from today back to that on which this session was begun."""
        today = self.env["account.move"]._smart_today()
        count = (today - self._smart_first_day()).days
        return [today - timedelta(days=ago) for ago in range(max(count, 0) + 1)]

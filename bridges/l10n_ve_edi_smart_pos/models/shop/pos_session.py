from datetime import timedelta, timezone

from odoo import models

from odoo.addons.l10n_ve_edi_smart.models.terms import CARACAS

#: No till is open for longer without having heard a rate.
MOST_DAYS = 31


class PosSession(models.Model):
    """The days on which a session sold, whatever its till, or who writes the session, says."""

    _inherit = "pos.session"

    def _smart_first_day(self):
        """Return the day in Caracas on which the first of these sessions was begun."""
        begun = min(self.mapped("create_date"))
        return begun.replace(tzinfo=timezone.utc).astimezone(CARACAS).date()

    def _smart_days(self):
        """Return the days whose rates this session may have sold with, the last ones of very many.

        With the day before it was begun, whose rate is in force until somebody enters the new one.
        """
        today = self.env["account.move"]._smart_today()
        count = (today - self._smart_first_day()).days + 1
        return [today - timedelta(days=ago) for ago in range(min(max(count, 1), MOST_DAYS) + 1)]

from contextlib import nullcontext
from datetime import timezone

from odoo import models

from ..terms import CARACAS


class AccountMove(models.Model):
    _inherit = "account.move"

    def _smart_date(self):
        """Date what has no date yet, before Odoo does, with the exchange rate of that day.

        Invoices of orders have none. Odoo keeps a rate that differs from that of the day of
        creation, as one that somebody has set; but it takes that day in UTC, and an invoice in
        dollars that was made in the evening would keep a rate of yesterday.
        """
        today = self._smart_today()
        rate = self._fields["invoice_currency_rate"]
        for move in self:
            if not move.invoice_date:
                by_hand = move.invoice_currency_rate not in move._smart_rates_when_made()
                with self.env.protecting([rate], move) if by_hand else nullcontext():
                    move.invoice_date = today

    def _smart_rates_when_made(self):
        """Return the rates that Odoo may have filled in when the invoice was made."""
        made = self.create_date
        in_caracas = made.replace(tzinfo=timezone.utc).astimezone(CARACAS)
        days = {made.date(), in_caracas.date()}
        return {self._get_expected_currency_rate_at(day) for day in days}

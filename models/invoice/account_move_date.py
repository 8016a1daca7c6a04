from contextlib import nullcontext

from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def _smart_date(self):
        """Date what has no date yet, before Odoo does, with the exchange rate of that day.

        Invoices of orders have none. Odoo keeps a rate that differs from that of the day of
        creation, as one that somebody has set; but it takes that day in UTC, and an invoice in
        dollars that was made in the evening would keep a rate of yesterday. So would one that was
        made in the morning, before the rate of the day was entered.
        """
        today = self._smart_today()
        rate = self._fields["invoice_currency_rate"]
        for move in self:
            if not move.invoice_date:
                by_hand = not move._smart_has_rate_when_made()
                with self.env.protecting([rate], move) if by_hand else nullcontext():
                    move.invoice_date = today

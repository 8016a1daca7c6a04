"""Guide and invoice fall in one tax period, the month: who has to see to it is told in time."""

from calendar import monthrange
from datetime import timedelta

from odoo import api, models

from .stock_picking_invoicing import OPEN

ACTIVITY = "l10n_ve_edi_smart_stock.mail_activity_type_to_invoice"
#: So many days before the end of the month there is something to do.
LAST_DAYS = 3


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _smart_day(self):
        """Return the day of issue in Caracas, ``None`` as long as it has no control number."""
        self.ensure_one()
        document = self.sudo().smart_document_id  # sudo: for its date only
        return document.issue_date or None

    @api.model
    def _cron_smart_to_invoice(self):
        """Scheduled action, daily: activities on guides whose month ends; close what is settled."""
        to_invoice = self.search([("smart_invoicing", "in", OPEN)])
        self._smart_activities()._smart_close_to_invoice()
        today = self._smart_today()
        # From here on there is something to do about this month's; about earlier ones always.
        limit = today + timedelta(days=LAST_DAYS)
        if limit.month == today.month:
            limit = today.replace(day=1)
        due = to_invoice.filtered(lambda guide: (guide._smart_day() or today) < limit)
        due._smart_tell_to_invoice()

    @api.model
    def _smart_activities(self):
        """Return the transfers on which there is such an activity."""
        found = self.env["mail.activity"].search(
            [
                ("activity_type_id", "=", self.env.ref(ACTIVITY).id),
                ("res_model", "=", self._name),
            ]
        )
        return self.browse(found.mapped("res_id")).exists()

    def _smart_tell_to_invoice(self):
        """Give the responsible person one activity for each guide that has none."""
        for guide in self - self._smart_activities():
            # sudo: whoever sets a lock date need not see the company's users
            guide = guide.sudo()
            company = guide.company_id
            responsible = company._smart_issuer_or_self()._smart_responsible()
            guide = guide.with_context(lang=responsible.lang)
            day = guide._smart_day() or guide._smart_today()
            guide.activity_schedule(
                ACTIVITY,
                date_deadline=day.replace(day=monthrange(day.year, day.month)[1]),
                summary=guide.env._("Guide not invoiced"),
                note=guide.env._(
                    "The goods of %s left with a guide and are not wholly invoiced. The invoice "
                    "falls in the same month as its guide: make it, or record the return of the "
                    "goods.",
                    guide.smart_control_number,
                ),
                user_id=responsible.id,
            )

    def _smart_close_to_invoice(self):
        """Close the activities of those of which nothing is to be invoiced any more."""
        # sudo: whoever confirms invoices may not see what others have to do
        guides = self.sudo()
        guides.invalidate_recordset(["smart_invoicing"])
        settled = guides.filtered(lambda guide: guide.smart_invoicing not in OPEN)
        settled.activity_feedback(
            [ACTIVITY], feedback=self.env._("Nothing of this guide is left to invoice.")
        )

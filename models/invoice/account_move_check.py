from contextlib import contextmanager

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ..conversion.problem import SmartPreflightError
from ..terms import ISSUED, OTHER_CHANNEL, QUEUED, REFUSED


class AccountMove(models.Model):
    """The pre-flight: what SMART would say, said before anything is confirmed."""

    _inherit = "account.move"

    _smart_list_action = "l10n_ve_edi_smart.action_smart_check"

    @contextmanager
    def _smart_saying_everything(self):
        """If Odoo itself refuses a document, say at once what SMART would say, too."""
        try:
            yield
        except (SmartPreflightError, AccessError):
            raise
        except UserError as error:
            drafts = self.filtered(lambda move: move.state == "draft" and move._smart_is_fiscal())
            payload = self.env["smart.payload"]
            payload._refuse_broken(payload._check(drafts), also=str(error))
            raise

    @api.depends(
        "amount_total",
        "currency_id",
        "invoice_currency_rate",
        "invoice_date",
        "journal_id.smart_channel",
        "smart_free",
        "smart_sheet_control",
        "smart_sheet_number",
        "smart_state",
        "state",
    )
    def _compute_alerts(self):
        # EXTENDS 'account' to add dependencies
        return super()._compute_alerts()

    def _get_alerts(self):
        # EXTENDS 'account'
        alerts = super()._get_alerts()
        today = self._smart_today()
        if (
            self.state == "draft"
            and self.invoice_date
            and self.invoice_date != today
            and self._smart_is_fiscal()
            and not self._smart_is_free()
        ):
            alerts["smart_date"] = {
                "level": "warning",
                "message": self.env._(
                    "SMART issues documents with the date of today in Caracas, %(today)s, whatever "
                    "date they have here.",
                    today=format_date(self.env, today),
                ),
            }
        self._smart_add_alert_of_period(alerts, today)
        self._smart_add_alert_of_free(alerts)
        self._smart_add_alert_of_journal(alerts)
        self._smart_add_alert_of_rate(alerts)
        self._smart_add_alert_of_paper(alerts)
        return alerts

    def _smart_add_alert_of_rate(self, alerts):
        """Tell of a draft whose rate is not that of its day, before it is confirmed."""
        conversion = not self._smart_is_free() and self._smart_check_rate()
        if conversion and conversion.problems:
            alerts["smart_rate"] = {
                "level": "danger" if conversion.errors else "warning",
                "message": " ".join(f"{one.what} {one.cure}" for one in conversion.problems),
            }

    def _smart_add_alert_of_journal(self, alerts):
        """Tell that a draft would not be issued, where the company has journals that issue."""
        journal = self.journal_id
        # sudo: the issuer may be a parent company that the user cannot read
        issuer = self.company_id.sudo().smart_issuer_id
        if (
            self.state == "draft"
            and self.move_type in ("out_invoice", "out_refund")
            and journal.smart_channel == OTHER_CHANNEL
            and issuer.smart_holder_rif
        ):
            alerts["smart_journal"] = {
                "level": "warning",
                "message": self.env._(
                    "The journal %s does not issue through SMART: confirmed here, this is no "
                    "fiscal document. Choose another journal if it is to be one.",
                    journal.display_name,
                ),
            }

    def _smart_add_alert_of_period(self, alerts, today):
        """Tell of a document that is booked on another day than it is, or will be, issued on."""
        # sudo: for state and date only; whoever sees invoices need not read fiscal documents
        document = self.smart_document_id.sudo()
        if not self.invoice_date or self.state != "posted":
            return
        dates = {
            "booked": format_date(self.env, self.invoice_date),
            "issued": format_date(self.env, document.issue_date or today),
        }
        if document.state == ISSUED and document.issue_date not in (False, self.invoice_date):
            level, message = (
                "info",
                self.env._(
                    "Issued on %(issued)s, booked on %(booked)s, with the exchange rate of that "
                    "day. The control-number book has it on the day of issue; if that is another "
                    "period, it names it among the differences from the ledger.",
                    **dates,
                ),
            )
        elif document.state in (QUEUED, REFUSED) and self.invoice_date != today:
            level, message = (
                "warning",
                self.env._(
                    "Confirmed on %(booked)s, but SMART issues it with the date of today in "
                    "Caracas, %(issued)s: the books keep date and exchange rate, the "
                    "control-number book has it on the day of issue. If that is another "
                    "period, reset it to draft, set the date to today and confirm it again.",
                    **dates,
                ),
            )
        else:
            return
        alerts["smart_period"] = {"level": level, "message": message}

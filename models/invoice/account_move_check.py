from contextlib import contextmanager

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ..conversion.problem import SmartPreflightError


class AccountMove(models.Model):
    """The pre-flight: what SMART would say, said before anything is confirmed."""

    _inherit = "account.move"

    _smart_list_action = "l10n_ve_edi_smart.action_smart_check"

    @contextmanager
    def _smart_saying_everything(self):
        """Say everything at once where Odoo itself refuses a document."""
        try:
            yield
        except (SmartPreflightError, AccessError):
            raise
        except UserError as error:
            drafts = self.filtered(lambda move: move.state == "draft" and move._smart_is_fiscal())
            payload = self.env["smart.payload"]
            payload._refuse_broken(payload._check(drafts), also=str(error))
            raise

    @api.depends("invoice_date", "state", "journal_id")
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
        ):
            alerts["smart_date"] = {
                "level": "warning",
                "message": self.env._(
                    "SMART issues documents with the date of today in Caracas, %(today)s, whatever "
                    "date they have here.",
                    today=format_date(self.env, today),
                ),
            }
        return alerts

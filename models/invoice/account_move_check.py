from contextlib import contextmanager

from odoo import api, models
from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.tools import format_date

from ..conversion.problem import SmartPreflightError


class AccountMove(models.Model):
    """The pre-flight: what SMART would say, said before anything is confirmed."""

    _inherit = "account.move"

    def action_smart_check(self):
        """Button “Check for SMART”: list all problems of all selected drafts."""
        self.check_access("read")
        drafts = self.filtered(lambda move: move.state == "draft" and move._smart_is_fiscal())
        if not drafts:
            raise UserError(
                self.env._("None of these documents is a draft that will be issued through SMART.")
            )
        return self.env["smart.preflight"]._open_on(drafts)

    def action_post(self):
        # EXTENDS 'account'
        with self._smart_offer_list():
            return super().action_post()

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

    @contextmanager
    def _smart_offer_list(self):
        """Let the user who confirms on the screen open the list of problems from the message."""
        try:
            yield
        except SmartPreflightError as error:
            raise RedirectWarning(
                str(error),
                self.env.ref("l10n_ve_edi_smart.action_smart_check").id,
                self.env._("Show what to mend"),
                {"active_model": "account.move", "active_ids": error.moves.ids},
            ) from error

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

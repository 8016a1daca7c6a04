"""Annulment of issued documents.

An annulment has states of its own besides the document's: until SMART has said yes, the
document *is* issued. Two things hold, whatever else happens. Nothing is cancelled in Odoo
before SMART has annulled it. When SMART has annulled a document, it is ``annulled`` here, and
that is committed before anything else is tried. If Odoo then fails to cancel the invoice, the
invoice is marked, and a person is told.
"""

from datetime import timedelta

from markupsafe import Markup
from pydantic import ValidationError

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from ...smart_api.outcomes import Accepted, NotSent, Refused
from ...smart_api.refusals import Why
from ...smart_api.schemas import AnnulRequest
from ..base.pauses import Pauses
from ..base.said import SaidText, telling
from ..terms import (
    ANNULLED,
    ANNULMENT,
    ANNULMENT_REFUSED,
    ANNULMENT_REQUEST,
    CALLING,
    CANCELLING,
    DONE,
    ISSUED,
    PENDING,
    REQUESTED,
    UNCANCELLED,
)

#: What the service stores of a reason (SMART manual v4.1, "observacion").
REASON_LENGTH = 200

PAUSES = Pauses(first=timedelta(seconds=10), longest=timedelta(minutes=15))


class SmartDocument(models.Model):
    _inherit = "smart.document"

    annulment_reason = fields.Char(
        size=REASON_LENGTH, string="Reason of the Annulment", readonly=True, copy=False
    )
    annulment_user_id = fields.Many2one(
        comodel_name="res.users",
        string="Annulment Requested by",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    annulment_requested_at = fields.Datetime(readonly=True, copy=False)
    annulment_unreconcile = fields.Boolean(
        string="Annulment Removes Reconciliation", readonly=True, copy=False
    )
    annulment_attempts = fields.Integer(readonly=True, copy=False)
    annulment_sent_at = fields.Datetime(string="Last Attempt to Annul", readonly=True, copy=False)
    annulment_next_attempt = fields.Datetime(readonly=True, copy=False)
    annulment_in_doubt = fields.Boolean(
        readonly=True,
        copy=False,
        help="SMART was asked at least once without an answer: it may have annulled the document.",
    )
    annulment_error = SaidText(string="Annulment: What Went Wrong", readonly=True, copy=False)
    annulled_at = fields.Datetime(readonly=True, copy=False)

    _annulment_index = models.Index(
        "(lane_id, annulment_next_attempt)"
        " WHERE annulment_state IN ('requested', 'calling', 'pending', 'cancelling')"
    )

    # -- transitions made by people --------------------------------------------------------

    def _request_annulment(self, reason, unreconcile):
        """Have the documents annulled once the running transaction has committed.

        :param str reason: at most ``REASON_LENGTH`` characters
        :param bool unreconcile: cancelling may remove the reconciliation with payments
        :raises UserError: when one is in use by somebody else
        """
        self._lock_unless_called()
        self._engine_write(
            {
                "annulment_state": REQUESTED,
                "annulment_reason": reason,
                "annulment_user_id": self.env.uid,
                "annulment_requested_at": fields.Datetime.now(),
                "annulment_unreconcile": unreconcile,
                "annulment_attempts": 0,
                "annulment_sent_at": False,
                "annulment_next_attempt": False,
                "annulment_in_doubt": False,
                "annulment_error": False,
            }
        )
        self._chain(ANNULMENT_REQUEST)
        self.env["smart.lane"]._annul_after_commit(self)

    def _recall_annulment(self):
        """Take requests back, if SMART was not asked yet."""
        self._lock_unless_called()
        for document in self:
            if document.annulment_state != REQUESTED:
                raise UserError(
                    self.env._(
                        "SMART was already asked to annul %s; that cannot be taken back.",
                        document.display_name,
                    )
                )
        self._engine_write({"annulment_state": False, "annulment_error": False})
        self._chain(ANNULMENT_REQUEST)
        for document in self:
            document._owner()._smart_say(
                self.env._("The annulment was taken back before SMART was asked.")
            )

    # -- transitions made by the annuller that holds the lane ------------------------------

    def _annul_request(self):
        """Return the body of the call that annuls the document.

        :raises pydantic.ValidationError: when it breaks a rule of the manual
        """
        self.ensure_one()
        return AnnulRequest(
            control_number=self.control_number,
            reason=self.annulment_reason,
            rif=self.issuer_id.smart_holder_rif,
        ).to_json()

    def _begin_annulment(self):
        """Commit to asking SMART; returns the body of the request.

        :raises pydantic.ValidationError: when it breaks a rule of the manual
        """
        self.ensure_one()
        body = self._annul_request()
        self._engine_write(
            {
                "annulment_state": CALLING,
                "annulment_attempts": self.annulment_attempts + 1,
                "annulment_sent_at": fields.Datetime.now(),
            }
        )
        return body

    def _settle_annulment(self, outcome, attempt):
        """Record how a call ended.

        :param outcome: one of :mod:`smart_api.outcomes`
        :param int attempt: the value of ``annulment_attempts`` that the call was made with
        """
        self.ensure_one()
        self.env["smart.exchange"]._log(self, outcome)
        if isinstance(outcome, Accepted):
            if self.state == ISSUED:
                self._record_annulled()
        elif self.annulment_state == CALLING and self.annulment_attempts == attempt:
            message = self.env["smart.exchange"]._words(outcome)
            if isinstance(outcome, NotSent) or self._token_was_refused(outcome):
                self._wait_to_annul(message)
            elif isinstance(outcome, Refused):
                self._refuse_annulment(message)
            else:
                self._repeat_annulment(message)

    def _record_annulled(self):
        """SMART has annulled the document; Odoo is to cancel what it was issued for."""
        self._engine_write(
            {
                "state": ANNULLED,
                "annulment_state": CANCELLING,
                "annulled_at": fields.Datetime.now(),
                "annulment_next_attempt": False,
                "annulment_error": False,
            }
        )
        self._chain(ANNULMENT)

    @api.model
    def _token_was_refused(self, outcome):
        return isinstance(outcome, Refused) and outcome.why is Why.TOKEN

    def _wait_to_annul(self, message):
        """Go back to where it was: this attempt changed nothing at SMART."""
        state = PENDING if self.annulment_in_doubt else REQUESTED
        self._engine_write({"annulment_state": state, "annulment_error": message})

    def _refuse_annulment(self, message):
        """The document stays issued; another annulment starts anew."""
        if self.annulment_in_doubt:
            message = telling(self.env)._(
                "%s An earlier attempt was never answered: look in SMART's dashboard whether that "
                "one annulled it.",
                message,
            )
        self._engine_write({"annulment_state": ANNULMENT_REFUSED, "annulment_error": message})
        # Where everybody looks who deals with the invoice.
        self._owner()._smart_say(
            self.env._("The annulment failed, the document is still issued: %s", message)
        )

    def _repeat_annulment(self, message):
        """No answer: ask again, after a pause that grows with every attempt."""
        at = fields.Datetime.now() + PAUSES.after(self.annulment_attempts)
        self._engine_write(
            {
                "annulment_state": PENDING,
                "annulment_in_doubt": True,
                "annulment_error": message,
                "annulment_next_attempt": at,
            }
        )
        self.lane_id._trigger(at)
        self._look_at_prints_soon()

    def _lose_annuller(self):
        """An annuller died between request and answer."""
        message = telling(self.env)._(
            "Odoo was interrupted while SMART was being called: the answer is not known."
        )
        for document in self:
            try:
                body = document._annul_request()
            except ValidationError:  # the token, and so the RIF, has changed since
                body = False
            self.env["smart.exchange"]._log_interrupted(
                document,
                message,
                operation="annul",
                request_body=body,
                started_at=document.annulment_sent_at,
            )
        self._engine_write(
            {
                "annulment_state": PENDING,
                "annulment_in_doubt": True,
                "annulment_error": message,
                "annulment_next_attempt": False,
            }
        )

    # -- cancelling in Odoo ----------------------------------------------------------------

    def _cancel_annulled(self):
        """Cancel the owner in Odoo and say in its chatter what happened."""
        self.ensure_one()
        owner = self._owner()
        freed = owner._smart_cancel_annulled()
        self._engine_write({"annulment_state": DONE, "annulment_error": False})
        said = [
            self.env._(
                "Annulled at SMART: control number %(number)s, requested by %(user)s. "
                "Reason: %(reason)s",
                number=self.control_number,
                user=self.annulment_user_id.name,
                reason=self.annulment_reason,
            ),
            owner._smart_undone_words(),
        ]
        if freed:
            said.append(
                self.env._("No longer reconciled, and outstanding again: %s", ", ".join(freed))
            )
        owner._smart_say(Markup("<br/>").join(said))
        owner.activity_feedback(["mail.mail_activity_data_warning"])

    def _fail_to_cancel(self, message):
        """Mark an owner that is annulled at SMART and in force in Odoo; tell a person."""
        self.ensure_one()
        self._engine_write({"annulment_state": UNCANCELLED, "annulment_error": message})
        responsible = self.company_id._smart_responsible()
        reader = self.with_context(lang=responsible.lang)
        for owner in reader._owner():
            owner.activity_schedule(
                "mail.mail_activity_data_warning",
                user_id=responsible.id,
                summary=reader.env._("Annulled at SMART, still posted in Odoo"),
                note=reader.env._(
                    "SMART has annulled %(document)s, but Odoo could not cancel it: %(error)s "
                    "Remove the cause, then press “Cancel in Odoo” on it.",
                    document=reader.display_name,
                    error=reader.annulment_error,
                ),
            )

    # -- words -----------------------------------------------------------------------------

    def _annulment_waits_for(self):
        """Return in words when SMART is asked next to annul it, or ``False``."""
        if not self or self.annulment_state not in (REQUESTED, PENDING):
            return False
        if self.issuer_id.smart_environment != self.environment:
            return self.env._("When the company is set to the same SMART environment again")
        at = self.annulment_next_attempt
        stopped = self.lane_id._next_attempt_words()
        if stopped or not at or at <= fields.Datetime.now():
            return stopped
        return format_datetime(self.env, at, dt_format="short")

    def _notify_annulled(self, user):
        """Tell the user who asked, on the screen, how the documents of a batch ended."""
        annulled = self.filtered(lambda document: document.annulment_state == DONE)
        message = self.env._(
            "%(done)s of %(all)s documents are annulled.", done=len(annulled), all=len(self)
        )
        user.partner_id._bus_send(
            "account_notification",
            {
                "type": "success" if annulled == self else "warning",
                "title": self.env._("Annulment at SMART"),
                "message": message,
                "sticky": annulled != self,
                "action_button": {
                    "name": self.env._("Open"),
                    "action_name": self.env._("Annulled Documents"),
                    "model": self._name,
                    "res_ids": self.ids,
                },
            },
        )

from datetime import timezone

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..smart_api.outcomes import Accepted, NotSent, Reason, Refused
from .chain_content import digest
from .res_company import ENVIRONMENTS

OUTCOMES = [
    ("accepted", "Accepted"),
    ("refused", "Refused"),
    ("not_sent", "Not sent"),
    ("unknown", "Unknown"),
]

OPERATIONS = [
    ("issue", "Issue"),
    ("annul", "Annul"),
    ("email", "E-mail"),
    ("next_number", "Next internal number"),
    ("resolve", "Resolved by a person"),
]


class SmartExchange(models.Model):
    """One row per call to the service: what was sent, what came back, how it ended.

    Append-only for everyone. Headers, and with them the token, never get here.
    """

    _name = "smart.exchange"
    _description = "SMART Exchange"
    _order = "id desc"
    _rec_name = "operation"

    document_id = fields.Many2one(
        comodel_name="smart.document", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    issuer_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    # The document's company: what record rules go by. Calls without a document are the issuer's.
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    environment = fields.Selection(selection=ENVIRONMENTS, required=True, readonly=True)
    operation = fields.Selection(selection=OPERATIONS, required=True, readonly=True)
    outcome = fields.Selection(selection=OUTCOMES, required=True, readonly=True)
    code = fields.Integer(string="Service Code", readonly=True)
    reason = fields.Char(string="Technical Reason", readonly=True)
    message = fields.Text(readonly=True, help="What happened, in words.")
    url = fields.Char(string="Address", readonly=True)
    http_status = fields.Integer(string="HTTP Status", readonly=True)
    request_body = fields.Text(string="Request", readonly=True)
    answer_body = fields.Text(string="Answer", readonly=True)
    request_hash = fields.Char(
        string="Request: SHA-256", readonly=True, help="Of the whole request, as it was sent."
    )
    answer_hash = fields.Char(
        string="Answer: SHA-256", readonly=True, help="Of the whole answer, as it came."
    )
    started_at = fields.Datetime(required=True, readonly=True)
    duration_ms = fields.Integer(string="Duration (ms)", readonly=True)
    user_id = fields.Many2one(
        comodel_name="res.users",
        readonly=True,
        ondelete="restrict",
        default=lambda self: self.env.uid,
        help="Who confirmed or sent; OdooBot for the scheduled action.",
    )

    def write(self, vals):
        # EXTENDS 'base'; pylint: disable=method-required-super
        raise UserError(self.env._("The log of exchanges with SMART cannot be changed."))

    @api.ondelete(at_uninstall=True)
    def _unlink_never(self):
        raise UserError(self.env._("The log of exchanges with SMART cannot be deleted."))

    # -- writing the log ---------------------------------------------------------------

    @api.model
    def _append(self, vals):
        """Append one row, and its link to the integrity chain.

        :param dict vals: of the row
        """
        exchange = self.create(
            {
                **vals,
                "request_hash": digest(vals.get("request_body")),
                "answer_hash": digest(vals.get("answer_body")),
            }
        )
        exchange._chain()
        return exchange

    @api.model
    def _log(self, document, outcome, issuer=None):
        """Append one call.

        :param document: the fiscal document that it was about, or an empty recordset
        :param outcome: one of :mod:`smart_api.outcomes`
        :param issuer: the issuer, for a call that is not about one document
        """
        call = outcome.call
        issuer = issuer or document.issuer_id
        refused = isinstance(outcome, Refused)
        accepted = isinstance(outcome, Accepted)
        self._append(
            {
                "document_id": document.id,
                "issuer_id": issuer.id,
                "company_id": (document.company_id or issuer).id,
                "environment": document.environment or issuer.smart_environment,
                "operation": call.operation,
                "outcome": self._outcome_name(outcome),
                "code": refused and outcome.code,
                "reason": not (refused or accepted) and f"{outcome.reason.value}: {outcome.detail}",
                "message": not accepted and self._words(outcome),
                "url": call.url,
                "http_status": call.status,
                "request_body": _storable(call.request_body),
                "answer_body": _storable(call.answer_body),
                "started_at": call.started_at.astimezone(timezone.utc).replace(tzinfo=None),
                "duration_ms": call.duration_ms,
            }
        )

    @api.model
    def _log_interrupted(self, document, message, operation="issue", **values):
        """Append the call of a sender that did not live to log it.

        :param values: of the row, where they differ from those of issuing the document
        """
        self._append(
            {
                "document_id": document.id,
                "issuer_id": document.issuer_id.id,
                "company_id": document.company_id.id,
                "environment": document.environment,
                "operation": operation,
                "outcome": "unknown",
                "reason": "interrupted",
                "message": message,
                "request_body": document.request_body,
                "started_at": document.sent_at or fields.Datetime.now(),
                **values,
            }
        )

    @api.model
    def _log_resolution(self, document, outcome, message):
        """Append what a person states about a document in doubt.

        :param str outcome: ``accepted``: it was issued; ``refused``: it was not
        :param str message: who states what, and why
        """
        self._append(
            {
                "document_id": document.id,
                "issuer_id": document.issuer_id.id,
                "company_id": document.company_id.id,
                "environment": document.environment,
                "operation": "resolve",
                "outcome": outcome,
                "message": message,
                "started_at": fields.Datetime.now(),
            }
        )

    @api.model
    def _outcome_name(self, outcome):
        if isinstance(outcome, Accepted):
            return "accepted"
        if isinstance(outcome, Refused):
            return "refused"
        return "not_sent" if isinstance(outcome, NotSent) else "unknown"

    @api.model
    def _words(self, outcome):
        """Return for a bookkeeper what went wrong and what to do.

        :param outcome: any of :mod:`smart_api.outcomes` but an accepted one
        """
        if isinstance(outcome, Refused):
            return self._words_refused(outcome)
        what = self._words_reason(outcome)
        if isinstance(outcome, NotSent):
            return self.env._("%s Nothing was sent; it will be tried again by itself.", what)
        return self.env._("%s It is not known whether SMART did what it was asked.", what)

    @api.model
    def _words_plain(self, outcome):
        """Return what went wrong, for a call that changes nothing at the service."""
        if isinstance(outcome, Refused):
            return self._words_refused(outcome)
        return self._words_reason(outcome)

    @api.model
    def _words_refused(self, outcome):
        code = "401" if outcome.unauthorized else outcome.code
        if code is None:
            return self.env._(
                "SMART refused: “%(message)s”. %(cure)s",
                message=outcome.message,
                cure=self._cure_of_refusal(outcome),
            )
        return self.env._(
            "SMART refused: “%(message)s” (code %(code)s). %(cure)s",
            message=outcome.message,
            code=code,
            cure=self._cure_of_refusal(outcome),
        )

    @api.model
    def _cure_of_refusal(self, outcome):
        """Return what to do about a refusal; what its code means depends on the operation."""
        if outcome.unauthorized or outcome.code == 1:
            return self.env._("Ask an administrator to enter a valid SMART token in the settings.")
        if outcome.code == 3:
            return self.env._(
                "The SMART token belongs to another RIF than the company's. Ask an administrator "
                "to correct the token, or the RIF of the company."
            )
        if outcome.code == 12:
            return self.env._("Order more control numbers from SMART, then send again.")
        return self.env._("Nothing was issued. Correct it, then send it again.")

    @api.model
    def _words_reason(self, outcome):
        host = outcome.call.url.split("/")[2]
        return {
            Reason.CONFIGURATION: self.env._("The request to %s could not be prepared.", host),
            Reason.NAME_NOT_RESOLVED: self.env._(
                "The name %s was not found: check this server's connection to the Internet.", host
            ),
            Reason.CONNECTION_REFUSED: self.env._("SMART (%s) does not take connections.", host),
            Reason.CONNECT_TIMEOUT: self.env._("SMART (%s) could not be reached in time.", host),
            Reason.TLS_FAILED: self.env._("The identity of %s could not be verified (TLS).", host),
            Reason.NOT_CONNECTED: self.env._("SMART (%s) could not be reached.", host),
            Reason.READ_TIMEOUT: self.env._("SMART (%s) did not answer in time.", host),
            Reason.CONNECTION_LOST: self.env._("The connection to %s broke off.", host),
            Reason.HTTP_STATUS: self.env._(
                "SMART (%(host)s) answered with an error (HTTP %(status)s).",
                host=host,
                status=outcome.call.status,
            ),
            Reason.REDIRECTED: self.env._(
                "%s sent the request on to another address, which is not followed.", host
            ),
            Reason.TOO_LARGE: self.env._("%s answered with far more than an answer holds.", host),
            Reason.NOT_JSON: self.env._(
                "%s answered with something that is not JSON (a web page, or cut off).", host
            ),
            Reason.NOT_UNDERSTOOD: self.env._("The answer of %s was not understood.", host),
        }[outcome.reason]


def _storable(text):
    """Return text as PostgreSQL takes it: without NUL."""
    return text and text.replace("\x00", "\N{REPLACEMENT CHARACTER}")

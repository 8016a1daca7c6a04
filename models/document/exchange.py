from datetime import timezone

from odoo import api, fields, models

from ...smart_api.doubts import Seen
from ...smart_api.outcomes import Accepted, NotSent, Refused
from ..base.said import SaidText
from ..chain.content import digest
from ..terms import ENVIRONMENTS, OPERATIONS, OUTCOMES

#: The reason of a call whose caller died before it could log it.
INTERRUPTED = "interrupted"


class SmartExchange(models.Model):
    """One row per call to the service: what was sent, what came back, how it ended.

    Append-only for everyone. Headers, and with them the token, never get here.
    """

    _name = "smart.exchange"
    _description = "SMART Exchange"
    _order = "id desc"
    _inherit = ["smart.record"]
    _rec_name = "operation"
    _smart_append_only = True

    document_id = fields.Many2one(
        comodel_name="smart.document", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    issuer_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    # The document's company, for record rules; the issuer's, for calls without a document.
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    environment = fields.Selection(selection=ENVIRONMENTS, required=True, readonly=True)
    operation = fields.Selection(selection=OPERATIONS, required=True, readonly=True)
    outcome = fields.Selection(selection=OUTCOMES, required=True, readonly=True)
    code = fields.Integer(string="Service Code", readonly=True)
    reason = fields.Char(string="Technical Reason", readonly=True)
    message = SaidText(readonly=True, help="What happened, in words.")
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
        help="Who confirmed or sent; OdooBot for the scheduled action.",
    )

    @api.model
    def _was_quick(self, issuer, operation, seconds):
        """Tell whether the service last answered sooner than that, for an issuer's operation."""
        last = self.search([("issuer_id", "=", issuer.id), ("operation", "=", operation)], limit=1)
        return last.duration_ms < seconds * 1000

    # -- writing the log ---------------------------------------------------------------

    @api.model
    def _log(self, document, outcome, issuer=None, doubtful=False):
        """Append one call.

        :param document: the fiscal document that it was about, or an empty recordset
        :param outcome: one of :mod:`smart_api.outcomes`
        :param issuer: the issuer, for a call that is not about one document
        :param bool doubtful: an earlier attempt may have done what this one was to do
        """
        call = outcome.call
        refused = isinstance(outcome, Refused)
        accepted = isinstance(outcome, Accepted)
        self._append(
            document,
            call.operation,
            self._outcome_name(outcome),
            issuer=issuer,
            code=refused and outcome.code,
            reason=not (refused or accepted) and f"{outcome.reason.value}: {outcome.detail}",
            message=not accepted and self._words(outcome, doubtful),
            url=call.url,
            http_status=call.status,
            request_body=_storable(call.request_body),
            answer_body=_storable(call.answer_body),
            started_at=call.started_at.astimezone(timezone.utc).replace(tzinfo=None),
            duration_ms=call.duration_ms,
        )

    @api.model
    def _log_interrupted(self, document, message, operation="issue", **values):
        """Append the call of a sender that died before it could log it.

        :param values: of the row, if they differ from those of issuing the document
        """
        self._append(
            document,
            operation,
            "unknown",
            **{
                "reason": INTERRUPTED,
                "message": message,
                "request_body": document.request_body,
                "started_at": document.sent_at or fields.Datetime.now(),
                **values,
            },
        )

    @api.model
    def _log_resolution(self, document, outcome, message, operation="resolve"):
        """Append what settled the doubt about a document: a person, or evidence.

        :param str outcome: ``accepted``: it was issued; ``refused``: it was not
        :param str message: who states what, and why; or the evidence
        """
        self._append(
            document, operation, outcome, message=message, started_at=fields.Datetime.now()
        )

    @api.model
    def _append(self, document, operation, outcome, issuer=None, **values):
        """Append a row, on behalf of the user of the environment, and its link to the chain.

        :param document: the fiscal document that it is about, or an empty recordset
        :param issuer: the issuer, if it is about no document
        :param values: of the row
        """
        issuer = issuer or document.issuer_id
        row = {
            "document_id": document.id,
            "issuer_id": issuer.id,
            "company_id": (document.company_id or issuer).id,
            "environment": document.environment or issuer.smart_environment,
            "operation": operation,
            "outcome": outcome,
            "user_id": self.env.uid,
            **values,
        }
        row["request_hash"] = digest(row.get("request_body"))
        row["answer_hash"] = digest(row.get("answer_body"))
        exchange = self._engine_create([row])
        exchange._chain()
        return exchange

    @api.model
    def _log_renumbering(self, numbering, message):
        """Append that a numbering continues with a number that is not the next by counting.

        :param numbering: ``smart.numbering``
        :param str message: which, from what to what, and why
        """
        self._append(
            self.env["smart.document"],
            "renumber",
            "accepted",
            issuer=numbering.issuer_id,
            environment=numbering.environment,
            message=message,
            started_at=fields.Datetime.now(),
        )

    def _seen(self):
        """Return the :class:`doubts.Seen` of a call to issue or to ask; None if it says nothing."""
        self.ensure_one()
        if self.operation == "next_number":
            if self.outcome == "not_sent":
                return None  # nobody was asked
            return Seen.ANSWERED if self.outcome == "accepted" else Seen.UNANSWERED
        if self.outcome == "unknown" and self.reason != INTERRUPTED:
            return Seen.VAIN
        return Seen.REFUSED if self.outcome == "refused" else Seen.NO_EVIDENCE

    @api.model
    def _outcome_name(self, outcome):
        if isinstance(outcome, Accepted):
            return "accepted"
        if isinstance(outcome, Refused):
            return "refused"
        return "not_sent" if isinstance(outcome, NotSent) else "unknown"


def _storable(text):
    """Return text as PostgreSQL takes it: without NUL."""
    return text and text.replace("\x00", "\N{REPLACEMENT CHARACTER}")

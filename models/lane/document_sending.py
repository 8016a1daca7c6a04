import logging
from collections import Counter
from datetime import timezone

from pydantic import ValidationError

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...smart_api import doubts
from ...smart_api.doubts import Seen
from ...smart_api.outcomes import Accepted, NotSent, Refused
from ...smart_api.refusals import ABOUT_THE_ISSUER, Why
from ...smart_api.schemas import IssueRequest
from ..base.said import telling
from ..chain.anchor import tracking_id
from ..chain.content import digest
from ..chain.facts import columns
from ..terms import ISSUE, ISSUED, LEGAL, QUEUED, REFUSED, SENDING, UNKNOWN

_logger = logging.getLogger(__name__)

#: Defects of Odoo that one document may meet before the others go on without it.
MOST_STUMBLES = 3

#: What is read of every document that is begun, and of every one that is settled: a fraction of
#: all its columns, in one query.
READ_TO_BEGIN = (
    "issuer_id",
    "environment",
    "document_type",
    "attempts",
    "request_body",
    "related_document_id",
    "reserved_sequence",
    "doubted_sequence",
)
READ_TO_SETTLE = (
    "issuer_id",
    "company_id",
    "environment",
    "state",
    "attempts",
    "sent_at",
    "internal_number",
    "control_number",
    "repeating",
)


class UnusableRequestError(Exception):
    """A stored request now breaks a rule; its ``__cause__`` is pydantic's error.

    Either an upgrade has changed the rules, or the document that it refers to got a number of
    another form.
    """

    def __init__(self, document_id):
        super().__init__(f"fiscal document {document_id}")
        self.document_id = document_id


class SmartDocument(models.Model):
    """The transitions that the sender makes while it holds the issuer's lane."""

    _inherit = "smart.document"

    stumbles = fields.Integer(
        readonly=True, copy=False, help="Defects of Odoo that it met before it was sent."
    )

    def _begin(self, repeatable):
        """Give the document its internal number and its exact request: ``sending``.

        :param bool repeatable: whether the token enforces the numbering
        :raises UnusableRequestError: the request can no longer be sent
        :raises UserError: it may be issued under another number than the next one
        """
        self.ensure_one()
        self.fetch(READ_TO_BEGIN)
        number, head = self._take_number(enforced=repeatable)
        if self.doubted_sequence not in (0, number) and self._is_doubt_open():
            raise UserError(self._why_doubted())
        internal_number = f"{number:08d}"
        try:
            request = IssueRequest.from_json(self.request_body).completed(
                internal_number,
                self.related_document_id.control_number or "",
                tracking_id(*head, self.id),
            )
        except ValidationError as error:
            raise UnusableRequestError(self.id) from error
        self._engine_write(
            {
                "state": SENDING,
                "internal_number": internal_number,
                "internal_sequence": number,
                "request_body": request.to_json(),
                "attempts": self.attempts + 1,
                "sent_at": fields.Datetime.now(),
                "repeatable": repeatable,
                "last_error": False,
            }
        )

    def _stumble(self, error):
        """Count a defect before it was sent; refuse it after several. Tell whether it is refused.

        :param Exception error: that nobody foresaw
        """
        if not self or self._is_doubt_open():
            return False  # somebody is just withdrawing it, or no later one may pass
        self._engine_write({"stumbles": self.stumbles + 1})
        if self.stumbles < MOST_STUMBLES:
            return False
        words = telling(self.env)._(
            "Odoo failed %(times)s times to prepare this document (%(defect)s). It was not sent; "
            "the others go on without it. Show it to an administrator, as the server's log says "
            "more, then send it again.",
            times=self.stumbles,
            defect=type(error).__name__,
        )
        self._engine_write({"state": REFUSED, "last_error": words})
        return True

    def _begin_again(self):
        """Prepare to repeat the identical request of an unknown document."""
        self.ensure_one()
        self._engine_write(
            {
                "repeating": True,
                "attempts": self.attempts + 1,
                "sent_at": fields.Datetime.now(),
            }
        )

    @api.model
    def _fields_to_settle(self):
        """Return what settling an accepted call reads of the document."""
        return (*READ_TO_SETTLE, *columns(ISSUE), *self._owner_fields())

    def _settle(self, outcome, attempt):
        """Record how a call ended.

        :param outcome: one of :mod:`smart_api.outcomes`
        :param int attempt: the value of ``attempts`` that the call was made with
        """
        self.ensure_one()
        doubtful = isinstance(outcome, Refused) and self._may_be_issued()
        self.env["smart.exchange"]._log(self, outcome, doubtful=doubtful)
        if self.repeating:
            self._engine_write({"repeating": False})
        if isinstance(outcome, Accepted):
            if not (self.internal_number or self.control_number):
                # A person who thought that it was not issued gave the number back.
                self._restore_number(outcome.call.request_body)
            self._settle_accepted(outcome.answer)
        elif self.state == SENDING and self.attempts == attempt:
            self._settle_first(outcome, doubtful)
        elif self.state == UNKNOWN:
            self._settle_repeated(outcome, doubtful)

    def _may_be_issued(self):
        """Tell whether an earlier attempt may have issued it."""
        return self.state == UNKNOWN or self._is_doubt_open()

    def _settle_accepted(self, answer):
        """Keep the control number, even if a person has decided otherwise meanwhile."""
        if self.control_number:
            if self.control_number != answer.control_number:
                _logger.critical(
                    "Fiscal document %s (%s) has control number %s; SMART now says %s",
                    self.id, self.name, self.control_number, answer.control_number,
                )  # fmt: skip
                self._engine_write({"conflicting_number": answer.control_number})
            return
        issued_at = answer.issued_at and answer.issued_at.astimezone(timezone.utc)
        self._engine_write(
            {
                "state": ISSUED,
                "control_number": answer.control_number,
                "issued_at": (issued_at and issued_at.replace(tzinfo=None)) or self.sent_at,
                "legal_footer": answer.legal_footer,
                "document_url": answer.document_url,
                "file_next_at": bool(answer.document_url) and fields.Datetime.now(),
                "owner_step": LEGAL,
                "last_error": False,
            }
        )
        self._chain(ISSUE)

    def _settle_first(self, outcome, doubtful):
        message = self.env["smart.exchange"]._words(outcome, doubtful)
        if isinstance(outcome, NotSent):
            self._requeue(message)
        elif isinstance(outcome, Refused):
            if self._proves_issued(outcome):
                self._settle_proven()
            elif self._refused_for_its_number(outcome):
                self._requeue(message, keep_number=False)
            elif outcome.why in ABOUT_THE_ISSUER:
                self._requeue(message)
            elif doubtful:
                # The service checks the content before the number, so this refusal proves nothing
                # about the earlier attempt, whose answer never came.
                self._engine_write({"state": UNKNOWN, "last_error": message})
            else:
                self._give_number_back()
                self._engine_write({"state": REFUSED, "last_error": message})
        else:
            self._engine_write({"state": UNKNOWN, "last_error": message})
            self._look_at_prints_soon()

    def _settle_repeated(self, outcome, doubtful):
        """An unknown document stays unknown unless the service proves the contrary.

        The service checks everything else before the number, so only the refusal "already
        used" says anything about the first attempt.
        """
        words = self.env["smart.exchange"]._words(outcome, doubtful)
        self._engine_write({"last_error": words})
        if isinstance(outcome, Refused) and outcome.why is Why.NUMBER_USED:
            self._settle_proven()

    def _settle_doubt(self, expected):
        """Settle a doubt whose repetition was refused for its content, by the next number.

        The refusal alone proves nothing. But the request would never be accepted, and all later
        documents wait. The service would have refused the first attempt for the same reason; if
        its number was not used, that is what happened.

        :param int expected: the service's next number, asked for after the repetition
        """
        self.ensure_one()
        if self.state != UNKNOWN:
            return  # a person found out meanwhile
        if expected > self.internal_sequence:
            self._settle_proven()
        else:
            words = telling(self.env)._(
                "%(before)s SMART said then that internal number %(number)s is free: nothing was "
                "issued. Correct it, then send it again.",
                before=self.last_error or "",
                number=self.internal_number,
            )
            self._give_number_back()
            self._engine_write({"state": REFUSED, "doubted_sequence": 0, "last_error": words})

    # -- repeated in vain ------------------------------------------------------------------

    def _log_of_doubt(self):
        """Return the attempts with the present request, and the questions about its number."""
        self.ensure_one()
        request_hash = digest(self.request_body)
        return self.env["smart.exchange"].search(
            [
                ("document_id", "=", self.id),
                "|",
                ("operation", "=", "next_number"),
                "&",
                ("operation", "=", "issue"),
                ("request_hash", "=", request_hash),
            ],
            order="id",
        )

    def _step_in_doubt(self):
        """Return the next :class:`doubts.Step` for a document in doubt that may be repeated.

        By the log, which outlives whoever writes it.
        """
        return doubts.next_step(filter(None, (one._seen() for one in self._log_of_doubt())))

    def _quiet_at(self):
        """Return from when on no request about the document can be on its way any more."""
        self.ensure_one()
        return self.sent_at + doubts.LATE

    def _is_quiet(self):
        return fields.Datetime.now() >= self._quiet_at()

    def _settle_suspect(self, expected):
        """Settle a doubt that repeating does not settle.

        :param int expected: the service's next number, asked for when all was quiet
        """
        words = self._words_poison()
        self._settle_doubt(expected)
        if self.state == REFUSED:
            self.env["smart.exchange"]._log_resolution(self, "refused", words)
            self._engine_write({"last_error": words})

    def _words_suspect(self):
        self.ensure_one()
        return telling(self.env)._(
            "SMART takes other calls, but %(attempts)s attempts at %(name)s brought no answer "
            "(%(ends)s). It is not sent again. %(minutes)s minutes after the last attempt SMART is "
            "asked for its next number: if this document's is free, it was not issued, and is set "
            "aside as refused. The documents behind it wait until then.",
            **self._evidence(),
        )

    def _words_poison(self):
        self.ensure_one()
        return telling(self.env)._(
            "SMART does not take this document, and has not issued it. Evidence: %(attempts)s "
            "attempts brought no answer (%(ends)s), while SMART took other calls; %(minutes)s "
            "minutes after the last one, or later, SMART said that internal number %(number)s is "
            "free. %(how)s Simplify it (unusual characters, long texts, many lines), and confirm "
            "it again. If that does not help, ask SMART.",
            number=self.internal_number,
            how=self._owner()._smart_how_to_change(),
            **self._evidence(),
        )

    def _evidence(self):
        tell = telling(self.env)
        vain = self._log_of_doubt().filtered(lambda one: one._seen() is Seen.VAIN)
        ends = Counter(
            f"HTTP {one.http_status}" if one.http_status else tell._("no answer") for one in vain
        )
        return {
            "name": self._title(),
            "attempts": len(vain),
            "ends": tell.join(
                ", ", [tell.join(" × ", [count, end]) for end, count in ends.items()]
            ),
            "minutes": round(doubts.LATE.total_seconds() / 60),
        }

    # -- lost numbers and senders ----------------------------------------------------------

    def _refused_for_its_number(self, outcome):
        return self.repeatable and outcome.why in (Why.NUMBER_USED, Why.NUMBER_NOT_NEXT)

    def _requeue(self, message, keep_number=True):
        """Put the document back to its place: nothing was sent, or nothing about it was wrong."""
        self._give_number_back(keep=keep_number)
        self._engine_write({"state": QUEUED, "last_error": message})

    def _lose_sender(self):
        """A sender died, or was cut off, between request and answer: ``unknown``."""
        message = telling(self.env)._(
            "Odoo was interrupted while SMART was being called: the answer is not known."
        )
        for document in self:
            self.env["smart.exchange"]._log_interrupted(document, message)
        self._engine_write({"state": UNKNOWN, "last_error": message, "repeating": False})
        if self:
            self._look_at_prints_soon()

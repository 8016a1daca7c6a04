import logging
import re
from datetime import timedelta

import psycopg2

from odoo import api, fields, models
from odoo.tools import email_normalize, single_email_re

from ...smart_api.outcomes import Accepted, NotSent, Refused
from ...smart_api.schemas import EmailRequest, IssueRequest
from ..base.after_commit import after_commit
from .email_sender import EmailSender, email_lock

_logger = logging.getLogger(__name__)

QUEUED = "queued"
SENDING = "sending"
SENT = "sent"
REFUSED = "refused"
UNKNOWN = "unknown"
NOT_SENT = "not_sent"

STATES = [
    (QUEUED, "Waiting"),
    (SENDING, "Being sent"),
    (SENT, "Sent"),
    (REFUSED, "Refused"),
    (UNKNOWN, "May have been sent"),
    (NOT_SENT, "Not sent"),
]

FIRST_PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(minutes=15)
#: An invoice that arrives days later surprises everybody; rather ask again.
GIVE_UP_AFTER = timedelta(days=1)

#: Who asks for one e-mail waits at most this long for another sender of the issuer.
PATIENCE_SECONDS = 10.0


def split_addresses(text):
    """Read e-mail addresses that people have typed, in any of the usual ways.

    :returns: the addresses, normalised and each once, and what is none
    """
    good, bad = [], []
    for piece in re.split(r"[,;|\n]+", text or ""):
        # “Name <address>” is one; without a name, blanks separate.
        for part in [piece.strip()] if "<" in piece else piece.split():
            address = email_normalize(part)
            if address and single_email_re.match(address):
                good.append(address)
            else:
                bad.append(part)
    return list(dict.fromkeys(good)), bad


class SmartEmail(models.Model):
    """One e-mail that somebody wants SMART to send: one click, one call.

    The call is made after the commit, by :class:`email_sender.EmailSender`. It is repeated
    by itself only while nothing has left; where SMART may have sent it, a person decides.
    """

    _name = "smart.email"
    _inherit = ["smart.record"]
    _description = "E-mail by SMART"
    _order = "id desc"
    _rec_name = "document_id"

    document_id = fields.Many2one(
        comodel_name="smart.document",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="document_id.company_id", store=True, index=True)
    issuer_id = fields.Many2one(related="document_id.issuer_id", store=True)
    partner_id = fields.Many2one(related="document_id.partner_id")
    addresses = fields.Char(required=True, readonly=True)
    state = fields.Selection(
        selection=STATES,
        required=True,
        readonly=True,
        default=QUEUED,
        help="May have been sent: SMART was asked, but the answer never came. Send it again if it "
        "did not arrive.\n"
        "Not sent: SMART was never asked. Send it again.",
    )
    message = fields.Text(string="Result", readonly=True)
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Sent by",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    attempts = fields.Integer(readonly=True)
    next_attempt = fields.Datetime(readonly=True)
    sent_at = fields.Datetime(string="Last Attempt", readonly=True)

    _waiting_index = models.Index("(issuer_id, id) WHERE state IN ('queued', 'sending')")

    # -- asking for e-mails ----------------------------------------------------------------

    @api.model
    def _ask(self, addresses_by_document):
        """Have documents e-mailed once the running transaction has committed.

        :param addresses_by_document: list of addresses of each ``smart.document``; they and
            the right to do so have been checked
        """
        # sudo: users have no rights on e-mails; they are written by asking for them
        emails = self.sudo()._engine_create(
            [
                {
                    "document_id": document.id,
                    "addresses": ", ".join(addresses),
                    "user_id": self.env.uid,
                }
                for document, addresses in addresses_by_document.items()
            ]
        )
        emails._send_after_commit()
        return emails.sudo(False)

    def _send_after_commit(self):
        """Send one e-mail right after the commit, more in the background."""
        after_commit(self.env, "e-mailing", self.ids, self._send_inline, self._trigger)

    @api.model
    def _trigger(self, at=None):
        # sudo: whoever may e-mail may have the scheduled action look at it
        self.env.ref("l10n_ve_edi_smart.ir_cron_smart_email").sudo()._trigger(at=at)

    @api.model
    def _send_inline(self, email_id, registry, uid):
        """Send one e-mail now; what prevents it leaves it to the scheduled action.

        :param int email_id: a ``smart.email``
        """
        with registry.cursor() as cr:
            # sudo: who asked had the right to; the sender writes what no user may
            email = api.Environment(cr, uid, {}, su=True)["smart.email"].browse(email_id)
            issuer_id = email.issuer_id.id
        with email_lock(registry, issuer_id, PATIENCE_SECONDS) as lock:
            if lock.held:
                EmailSender(registry, uid, issuer_id, lock).run(email_id)
                return
        with registry.cursor() as cr:
            # sudo: scheduled actions are administrators'; who queued had the right to
            api.Environment(cr, uid, {}, su=True)["smart.email"]._trigger()

    @api.model
    def _cron_send(self):
        """Send what waits; the entry of the scheduled action."""
        cron = self.env["ir.cron"]
        issuers = self.search(self._due()).issuer_id
        cron._commit_progress(remaining=self.search_count(self._due()))
        for issuer_id in issuers.ids:
            self._send_of_issuer(issuer_id, cron)
        cron._commit_progress(remaining=self.search_count(self._due()))

    @api.model
    def _send_of_issuer(self, issuer_id, cron):
        """Send what waits of one issuer; a defect there stops that one alone."""
        try:
            with email_lock(self.env.registry, issuer_id) as lock:
                if lock.held:
                    EmailSender(self.env.registry, self.env.uid, issuer_id, lock).run(
                        on_progress=lambda: cron._commit_progress(1) > 0
                    )
        except (psycopg2.OperationalError, psycopg2.InterfaceError):
            raise  # of the database, not of this issuer
        except Exception:
            _logger.exception("SMART: e-mailing for issuer %s failed", issuer_id)

    @api.model
    def _due(self):
        """Return the domain of what can be tried now."""
        return [
            ("state", "in", (QUEUED, SENDING)),
            "|",
            ("next_attempt", "=", False),
            ("next_attempt", "<=", fields.Datetime.now()),
        ]

    # -- transitions made by the sender ----------------------------------------------------

    def _begin(self):
        """Return the request to send, or ``None`` when the document can no longer be mailed."""
        self.ensure_one()
        problem = self.document_id._why_no_email()
        if problem:
            self._finish(NOT_SENT, problem)
            return None
        self._engine_write(
            {
                "state": SENDING,
                "attempts": self.attempts + 1,
                "sent_at": fields.Datetime.now(),
                "next_attempt": False,
            }
        )
        return self._request().to_json()

    def _request(self):
        document = self.document_id
        return EmailRequest(
            control_number=document.control_number,
            # That of the document: the company's may have changed since.
            rif=IssueRequest.from_json(document.request_body).rif,
            email="|".join(self.addresses.split(", ")),
        )

    def _settle(self, outcome):
        """Record how the call ended.

        :returns: whether others can be sent now
        """
        self.env["smart.exchange"]._log(self.document_id, outcome)
        if isinstance(outcome, Accepted):
            self._finish(SENT, self.env._("SMART has e-mailed it to %s.", self.addresses))
            return True
        words = self.env["smart.exchange"]._words(outcome)
        if isinstance(outcome, NotSent):
            self._postpone(words)
            return False
        if isinstance(outcome, Refused):
            self._finish(REFUSED, words)
            if self.env["smart.exchange"]._refuses_issuer(outcome):
                # None of the others can fare better: say so instead of asking for each.
                for other in self.search([("issuer_id", "=", self.issuer_id.id), *self._due()]):
                    other._finish(REFUSED, words)
                return False
            return True
        self._finish(UNKNOWN, words)
        return True

    def _postpone(self, words):
        """Nothing has left: try again later, for a day."""
        now = fields.Datetime.now()
        if now - self.create_date >= GIVE_UP_AFTER:
            self._finish(NOT_SENT, self.env._("%s It was given up; send it again.", words))
            return
        if self.attempts == 1:
            self._tell(words)
        pause = min(FIRST_PAUSE * 2 ** min(self.attempts - 1, 20), LONGEST_PAUSE)
        self._engine_write({"state": QUEUED, "message": words, "next_attempt": now + pause})
        self._trigger(now + pause)

    def _lose_sender(self):
        """A sender died between request and answer."""
        for email in self:
            email = email._in_language_of_user()
            words = self.env["smart.exchange"]._words_may_have_been_sent(
                email.env._("Odoo was interrupted while SMART was being called.")
            )
            email.env["smart.exchange"]._log_interrupted(
                email.document_id,
                words,
                operation="email",
                request_body=email._request().to_json(),
                started_at=email.sent_at,
            )
            email._finish(UNKNOWN, words)

    def _finish(self, state, message):
        self._engine_write({"state": state, "message": message, "next_attempt": False})
        self._tell(message)

    def _tell(self, message):
        """Write the result where people look for it: beside the owner."""
        body = message
        if self.state != SENT:  # success says itself to whom
            body = self.env._(
                "E-mail by SMART to %(addresses)s: %(result)s",
                addresses=self.addresses,
                result=message,
            )
        self.document_id._owner()._smart_note(body, author_id=self.user_id.partner_id.id)

    def _in_language_of_user(self):
        """Return the e-mail as it is told, and logged, on behalf of who asked for it."""
        self.ensure_one()
        # sudo: users have no rights on e-mails; they are written by their transitions
        return self.with_user(self.user_id).sudo().with_context(lang=self.user_id.lang)

    def _notify(self):
        """Tell those who asked, wherever they are now, how their e-mails ended."""
        for user, mine in self.grouped("user_id").items():
            mine = mine.with_context(lang=user.lang)
            done = mine.filtered(lambda email: email.state == SENT)
            user.partner_id._bus_send(
                "account_notification",
                {
                    "type": "success" if done == mine else "warning",
                    "title": mine.env._("E-mails by SMART"),
                    "message": mine.message
                    if len(mine) == 1
                    else mine.env._(
                        "%(sent)s of %(all)s were sent.", sent=len(done), all=len(mine)
                    ),
                    "action_button": {
                        "name": mine.env._("Show"),
                        "action_name": mine.env._("E-mails by SMART"),
                        "model": "smart.email",
                        "res_ids": mine.ids,
                    },
                },
            )

    def action_open_owner(self):
        self.ensure_one()
        return self.document_id.action_open_owner()

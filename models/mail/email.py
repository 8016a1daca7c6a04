import re
from datetime import timedelta

from odoo import api, fields, models
from odoo.http import request
from odoo.tools import email_normalize, single_email_re

from ...smart_api.outcomes import Accepted, NotSent, Refused
from ...smart_api.refusals import ABOUT_THE_ISSUER
from ...smart_api.schemas import EmailRequest, stated
from ..base.after_commit import after_commit
from ..base.bounded_wait import Stage, wait_for
from ..base.said import SaidText, telling
from ..lane.work import Next
from ..terms import EMAIL_STATES, MAILED, MAILING, NOT_MAILED, PERHAPS_MAILED, TO_MAIL
from .email_sender import EmailSender, email_lock

#: What has not left by then is given up: an invoice that arrives late surprises everybody.
GIVE_UP_AFTER = timedelta(hours=1)

#: Where the line was at fault, it is tried again so much later.
RETRY_AFTER = timedelta(minutes=10)

#: What is not yet sent, or was left by a sender that died.
WAITING = [("state", "in", (TO_MAIL, MAILING))]

#: Outside of a request, who asks for one e-mail waits this long for another sender of the issuer.
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

    The call is made after the commit, by :class:`email_sender.EmailSender`. Where nothing has
    left, it is tried again ten minutes later; where SMART may have sent it, a person
    decides.
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
        selection=EMAIL_STATES,
        required=True,
        readonly=True,
        default=TO_MAIL,
        help="May have been sent: SMART was asked, but the answer never came. Send it again if it "
        "did not arrive.\n"
        "Not sent: the result says why. Send it again once that is settled.",
    )
    message = SaidText(string="Result", readonly=True)
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Sent by",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    sent_at = fields.Datetime(string="Last Attempt", readonly=True)

    _waiting_index = models.Index("(issuer_id, id) WHERE state IN ('to_mail', 'mailing')")

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
        after_commit(emails, "e-mailing", self._send_inline, self._send_later)
        return emails.sudo(False)

    @api.model
    def _send_later(self, email_ids):
        """Have e-mails sent in the background."""
        # sudo: users have no rights on e-mails, and the issuer may be a company they do not see
        self.sudo().browse(email_ids).issuer_id._smart_trigger_errands()

    @api.model
    def _send_inline(self, email_id, registry, uid):
        """Send one e-mail now; what prevents it leaves it to the scheduled action.

        In a request of the web client it is the action that sends, as for documents, and the
        request waits as long as the settings say; see ``SmartLane._send_inline``.

        :param int email_id: a ``smart.email``
        """
        with registry.cursor() as cr:
            # sudo: who asked had the right to; the sender writes what no user may
            email = api.Environment(cr, uid, {}, su=True)[self._name].browse(email_id)
            issuer = email.issuer_id
            issuer_id, seconds = issuer.id, email.company_id.smart_wait_seconds
            if request:
                quick = email.env["smart.exchange"]._was_quick(issuer, "email", seconds)
                issuer._smart_trigger_errands()
        if not request:
            if not self._send_one(email_id, registry, uid, issuer_id, PATIENCE_SECONDS):
                with registry.cursor() as cr:
                    email.with_env(email.env(cr=cr))._send_later([email_id])
            return

        def look():
            with registry.cursor() as cr:
                state = email.with_env(email.env(cr=cr)).state
            return {TO_MAIL: Stage.WAITS, MAILING: Stage.BEGUN}.get(state, Stage.OVER)

        def do_here():
            return quick and self._send_one(email_id, registry, uid, issuer_id)

        if seconds:
            wait_for(seconds, look, do_here)

    @api.model
    def _send_one(self, email_id, registry, uid, issuer_id, patience=0.0):
        """Send one e-mail here; tell whether no other sender of the issuer was at work."""
        with email_lock(registry, issuer_id, patience) as lock:
            if lock.held:
                EmailSender(registry, uid, issuer_id, lock).run(email_id)
            return lock.held

    @api.model
    def _due(self):
        """Return the domain of the e-mails that are to be sent, or tried again, now."""
        before = fields.Datetime.now() - RETRY_AFTER
        return [
            *WAITING,
            "|",
            ("sent_at", "=", False),
            "|",
            ("sent_at", "<=", before),
            ("state", "=", MAILING),
        ]

    @api.model
    def _send_due(self, registry, uid, issuer_id, goes_on):
        """Send what waits of one issuer, if anything is due.

        :param goes_on: called with 1 after each; ends the run when false
        :returns: whether only the time was over
        """
        with registry.cursor() as cr:
            # su: e-mails are read by their sender, which runs for nobody
            Email = api.Environment(cr, uid, {}, su=True)[self._name]
            if not Email.search_count([*Email._due(), ("issuer_id", "=", issuer_id)], limit=1):
                return False
        with email_lock(registry, issuer_id) as lock:
            if not lock.held:
                return False  # whoever holds it sends everything
            sender = EmailSender(registry, uid, issuer_id, lock)
            sender.run(on_progress=goes_on)
            return sender.out_of_time

    # -- transitions made by the sender ----------------------------------------------------

    def _begin(self):
        """Return the request to send, or ``None`` when the document can no longer be mailed."""
        self.ensure_one()
        problem = self.document_id._why_no_email()
        if problem:
            self._finish(NOT_MAILED, problem)
            return None
        self._engine_write({"state": MAILING, "sent_at": fields.Datetime.now()})
        return self._request().to_json()

    def _request(self):
        document = self.document_id
        return EmailRequest(
            control_number=document.control_number,
            # That of the document: the company's may have changed since.
            rif=stated(document.request_body)["rif"],
            email="|".join(self.addresses.split(", ")),
        )

    def _settle(self, outcome):
        """Record how the call ended; returns how it goes on with others of the issuer."""
        Exchange = self.env["smart.exchange"]
        Exchange._log(self.document_id, outcome)
        if isinstance(outcome, Accepted):
            self._finish(
                MAILED, telling(self.env)._("SMART has e-mailed it to %s.", self.addresses)
            )
            return Next.GO_ON
        words = Exchange._words(outcome)
        if isinstance(outcome, NotSent):
            if fields.Datetime.now() - self.create_date < GIVE_UP_AFTER:
                self._postpone(words)
            else:
                why = Exchange._words_plain(outcome)
                self._finish(
                    NOT_MAILED, telling(self.env)._("%s It was given up; send it again.", why)
                )
            return Next.STOP
        if not isinstance(outcome, Refused):
            self._finish(PERHAPS_MAILED, words)
            return Next.GO_ON
        self._finish(NOT_MAILED, words)
        if outcome.why not in ABOUT_THE_ISSUER:
            return Next.GO_ON
        # None of the others can fare better: say so instead of asking for each.
        for other in self.search([("issuer_id", "=", self.issuer_id.id), *WAITING]):
            told = other._in_language_of_user()
            told._finish(NOT_MAILED, told.env["smart.exchange"]._words(outcome))
        return Next.STOP

    def _postpone(self, words):
        """Nothing has left: it goes on waiting, which is told once."""
        if not self.message:
            self._tell(words)
        self._engine_write({"state": TO_MAIL, "message": words})

    def _lose_sender(self):
        """A sender died between request and answer."""
        for email in self:
            email = email._in_language_of_user()
            words = email.env["smart.exchange"]._words_may_have_been_sent(
                telling(email.env)._("Odoo was interrupted while SMART was being called.")
            )
            email.env["smart.exchange"]._log_interrupted(
                email.document_id,
                words,
                operation="email",
                request_body=email._request().to_json(),
                started_at=email.sent_at,
            )
            email._finish(PERHAPS_MAILED, words)

    def _finish(self, state, message):
        self._engine_write({"state": state, "message": message})
        self._tell(message)

    def _tell(self, message):
        """Write the result where people look for it: beside the owner."""
        body = message
        if self.state != MAILED:  # success says itself to whom
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
        """Show who asked, wherever they are now, what became of it."""
        if self.message:
            self.user_id.partner_id._bus_send(
                "account_notification",
                {
                    "type": "success" if self.state == MAILED else "warning",
                    "title": self.env._("E-mails by SMART"),
                    "message": str(self.message),
                    "action_button": {
                        "name": self.env._("Show"),
                        "action_name": self.env._("E-mails by SMART"),
                        "model": self._name,
                        "res_ids": self.ids,
                    },
                },
            )

    def action_open_owner(self):
        self.ensure_one()
        return self.document_id.action_open_owner()

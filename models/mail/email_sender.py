"""Sending e-mails through SMART, in the steps of the sender of documents.

1. *begin*: the e-mail is ``sending``; committed while the lock is held.
2. the call, outside of any transaction.
3. *settle*: how it ended, in the log and beside the invoice; committed.

Whoever dies between 1 and 3 leaves it ``sending``: the next holder of the lock says that it
may have been sent. Nothing is repeated that may have left; an e-mail sent twice is no
disaster, but it is a person who decides it.
"""

import logging

from odoo.exceptions import UserError

from ..lane.lock import LaneLock, LaneLostError
from ..lane.server_stop import is_stopping, sending
from ..lane.steps import LaneSteps
from ..terms import EMAIL_LOCK_CLASS

_logger = logging.getLogger(__name__)


def email_lock(registry, issuer_id, patience=0.0):
    """Return the lock of whoever sends the e-mails of an issuer."""
    return LaneLock(registry, issuer_id, patience, EMAIL_LOCK_CLASS)


class EmailSender(LaneSteps):
    """Sends the waiting e-mails of one issuer. To be used by who holds their lock."""

    def __init__(self, registry, uid, issuer_id, lock):
        super().__init__(registry, uid, lock)
        self._issuer_id = issuer_id
        self._client = None

    def run(self, only=None, on_progress=None):
        """Send until nothing waits, or the line is at fault.

        :param int only: the one ``smart.email`` to send
        :param on_progress: called after each; ends the run when false
        """
        try:
            with sending():
                self._run_emails(only, on_progress)
        except LaneLostError:
            _logger.info("E-mails of issuer %s: lock lost; others go on", self._issuer_id)

    def _run_emails(self, only, on_progress):
        ids = not is_stopping() and self._under_lock(self._open, only)
        if not ids:
            return
        with self._client:
            for email_id in ids:
                if is_stopping() or not self._send_email(email_id):
                    break
                if on_progress and not on_progress():
                    break
        self._even_without_lock(self._notify, ids)

    def _open(self, env, only):
        """Return what to send, after giving up on what a dead sender left."""
        Email = env["smart.email"]
        of_issuer = [("issuer_id", "=", self._issuer_id)]
        Email.search([*of_issuer, ("state", "=", "sending")])._lose_sender()
        domain = [*of_issuer, *Email._due(), *([("id", "=", only)] if only else [])]
        waiting = Email.search(domain, order="id")
        try:
            self._client = env["res.company"].browse(self._issuer_id)._smart_client()
        except UserError as error:
            for email in waiting:
                email._in_language_of_user()._finish("not_sent", str(error))
            waiting._notify()
            return []
        return waiting.ids

    def _send_email(self, email_id):
        """Send one; False when the others have to wait."""
        body = self._under_lock(self._begin_email, email_id)
        if not body:
            return True
        outcome = self._client.send_email(body)
        return self._even_without_lock(self._settle_email, email_id, outcome)

    def _email(self, env, email_id):
        return env["smart.email"].browse(email_id)._in_language_of_user()

    def _begin_email(self, env, email_id):
        email = self._email(env, email_id)
        return email._begin() if email.state == "queued" else None

    def _settle_email(self, env, email_id, outcome):
        return self._email(env, email_id)._settle(outcome)

    def _notify(self, env, ids):
        ended = env["smart.email"].browse(ids)
        ended.filtered(lambda email: email.state not in ("queued", "sending"))._notify()

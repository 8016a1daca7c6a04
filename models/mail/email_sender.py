"""Sending e-mails through SMART, in the steps of the sender of documents.

1. *begin*: the e-mail is ``mailing``; committed while the lock is held.
2. the call, outside of any transaction.
3. *settle*: how it ended, in the log and beside the invoice; committed.

Whoever dies between 1 and 3 leaves it ``mailing``: the next holder of the lock says that it
may have been sent. Nothing is repeated that may have left; an e-mail sent twice is no
disaster, but it is a person who decides it.
"""

from odoo.exceptions import UserError

from ..lane.lock import LaneLock
from ..lane.server_stop import is_stopping
from ..lane.work import Begun, Next, Work
from ..terms import EMAIL_LOCK_CLASS, MAILING, NOT_MAILED, TO_MAIL


def email_lock(registry, issuer_id, patience=0.0):
    """Return the lock of whoever sends the e-mails of an issuer."""
    return LaneLock(registry, issuer_id, patience, EMAIL_LOCK_CLASS)


class EmailSender(Work):
    """Sends the waiting e-mails of one issuer. To be used by who holds their lock."""

    def __init__(self, registry, uid, issuer_id, lock):
        super().__init__(registry, uid, lock)
        self._issuer_id = issuer_id
        self._only = None
        self._ids = []
        #: Whether the run ended for its time, or the server's stop, alone.
        self.out_of_time = False

    def __str__(self):
        return f"E-mails of issuer {self._issuer_id}"

    def run(self, only=None, on_progress=None):
        """Send until nothing waits, or the line is at fault.

        :param int only: the one ``smart.email`` to send, whose result somebody waits for
        :param on_progress: called with 1 after each; ends the run when false
        """
        self._only = only
        self._work(self._send_all, on_progress)
        if only:
            self._even_without_lock(lambda env: self._email(env, only)._notify())

    def _send_all(self, on_progress):
        for email_id in self._ids:
            if self._do(self._begin_email, email_id) is Next.STOP:
                return
            if is_stopping() or (on_progress and not on_progress(1)):
                self.out_of_time = True
                return

    # -- steps -----------------------------------------------------------------------------

    def _open(self, env):
        """Prepare the client, and give up on what a dead sender left. False: cannot send."""
        Email = env["smart.email"]
        of_issuer = [("issuer_id", "=", self._issuer_id)]
        Email.search([*of_issuer, ("state", "=", MAILING)])._lose_sender()
        only = [("id", "=", self._only)] if self._only else []
        waiting = Email.search([*of_issuer, ("state", "=", TO_MAIL), *only], order="id")
        try:
            self._client = env["res.company"].browse(self._issuer_id)._smart_client()
        except UserError as error:
            for email in waiting:
                email._in_language_of_user()._finish(NOT_MAILED, str(error))
            return False
        self._ids = waiting.ids
        return True

    def _email(self, env, email_id):
        return env["smart.email"].browse(email_id)._in_language_of_user()

    def _begin_email(self, env, email_id):
        email = self._email(env, email_id)
        body = email._begin() if email.state == TO_MAIL else None
        return Begun(email_id, body) if body else Next.GO_ON

    def _call(self, begun):
        return self._client.send_email(begun.body)

    def _settle(self, env, begun, outcome):
        return self._email(env, begun.record_id)._settle(outcome)

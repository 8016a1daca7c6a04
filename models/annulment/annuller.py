"""Annulling a lane's documents, in the steps of the sender and by its rules.

0. *rehearse*: cancel the invoice in a transaction that is rolled back. What would prevent
   Odoo from cancelling is found before SMART is asked, not after.
1. *begin*: ``calling`` is committed.
2. the call, outside of any transaction.
3. *settle*: the outcome; if SMART has annulled it, that is committed before anything else.
4. *cancel*: the invoice, in a transaction of its own, on behalf of the user who asked for it.

A process that dies between 1 and 3 leaves ``calling``: the next holder of the lane's lock asks
SMART again, because annulling twice is harmless. Dying between 3 and 4 leaves ``cancelling``.
"""

import logging

import psycopg2
from pydantic import ValidationError

from odoo import api
from odoo.exceptions import UserError
from odoo.sql_db import PoolError

from ...smart_api.outcomes import Accepted, NotSent, Unknown
from ...smart_api.rules import explain
from ..base.said import telling
from ..lane.sender import Sender
from ..lane.server_stop import is_stopping
from ..lane.steps import is_passing
from ..lane.work import DOUBTFUL_IN_A_ROW, Begun, LaneWork, Next
from ..terms import CALLING, CANCELLING, ISSUED, PENDING, REQUESTED

_logger = logging.getLogger(__name__)

#: How long cancelling waits for people who work on the same invoice.
CANCEL_PATIENCE_SECONDS = 30.0


class _RolledBackError(Exception):
    """Ends a rehearsal; carries what it found."""


class Annuller(LaneWork):
    """Annuls what was asked for in one lane."""

    def __init__(self, registry, uid, lane_id, lock):
        super().__init__(registry, uid, lane_id, lock)
        self._doubtful = 0

    def annul(self, document_id):
        """Annul one document that somebody waits for."""
        self._work(self._annul, document_id)

    def run(self, on_progress=None):
        """Annul until there is nothing left, or the lane stops.

        :param on_progress: called with 1 after each document; ends the run when false
        """
        annulled = []
        try:
            self._work(self._annul_all, annulled, on_progress)
        finally:
            if annulled:
                self._even_without_lock(self._notify, annulled)

    def _annul_all(self, annulled, on_progress):
        """Annul one after the other.

        :param list annulled: filled with the ids of the documents, however it ended
        """
        sender = Sender(self._registry, self._uid, self._lane_id, self._lock)
        sender.share(self)
        while self._doubtful < DOUBTFUL_IN_A_ROW and not is_stopping():
            # Issued first is what was confirmed meanwhile: somebody waits for its control number.
            if not sender.send_waiting():
                return
            document_id = self._under_lock(lambda env: self._lane(env)._next_annulment().id)
            if not document_id:
                return
            go_on = self._annul(document_id)
            annulled.append(document_id)
            if go_on is Next.STOP or (on_progress and not on_progress(1)):
                return

    # -- steps -----------------------------------------------------------------------------

    def _recover(self):
        """Take over what a dead annuller left, also in a lane that is stopped."""

        def lost(env):
            documents = env["smart.document"].search(self._lane(env)._annulments([CALLING]))
            documents._lose_annuller()
            return env["smart.document"].search(self._lane(env)._annulments([CANCELLING])).ids

        for document_id in self._under_lock(lost):
            self._cancel(document_id)

    def _annul(self, document_id):
        return self._do(self._begin_annulment, document_id, self._rehearse(document_id))

    def _rehearse(self, document_id):
        """Return in words what would prevent Odoo from cancelling the invoice, or ``""``."""

        def rehearse(env):
            document = self._on_behalf(env, document_id)
            owner = document._owner()
            words = owner._smart_annulment_words(document.annulment_unreconcile)
            if not words:
                try:
                    owner._smart_cancel_annulled()
                    document.env.flush_all()
                except Exception as error:
                    if isinstance(error, (psycopg2.Error, PoolError)) and is_passing(error):
                        raise  # a collision: tried again
                    words = self._in_words(error)
            raise _RolledBackError(words)

        try:
            self._retrying(self._registry.cursor, rehearse, patience=CANCEL_PATIENCE_SECONDS)
        except _RolledBackError as rehearsed:
            return rehearsed.args[0]

    def _begin_annulment(self, env, document_id, obstacle):
        document = self._on_behalf(env, document_id).try_lock_for_update(allow_referencing=True)
        if not document:
            return Next.STOP  # somebody is just taking the request back; the next run knows better
        if document.annulment_state not in (REQUESTED, PENDING) or document.state != ISSUED:
            return Next.GO_ON
        if obstacle:
            document._refuse_annulment(telling(document.env)._("SMART was not asked. %s", obstacle))
            return Next.GO_ON
        try:
            return Begun(document_id, document._begin_annulment(), document.annulment_attempts)
        except ValidationError as error:
            rules = document.env["smart.payload"]._list_rules(explain(error))
            document._refuse_annulment(telling(document.env)._("SMART was not asked. %s", rules))
            return Next.GO_ON

    def _call(self, begun):
        return self._client.annul(begun.body)

    def _keep(self, begun, outcome):
        # EXTENDS Work
        if isinstance(outcome, Accepted):
            _logger.info("Fiscal document %s: annulled at SMART", begun.record_id)
        go_on = super()._keep(begun, outcome)
        if isinstance(outcome, Accepted):
            self._cancel(begun.record_id)
        self._doubtful = self._doubtful + 1 if isinstance(outcome, Unknown) else 0
        return go_on

    def _settle(self, env, begun, outcome):
        document = self._on_behalf(env, begun.record_id)
        lane = self._lane(env)
        document._settle_annulment(outcome, begun.attempt)
        if isinstance(outcome, Accepted) and (lane.failures or lane.reason or lane.down_since):
            lane._go_on()
        if isinstance(outcome, NotSent):
            lane._pause(document.annulment_error)
            return Next.STOP
        if document._token_was_refused(outcome):
            lane._block(document.annulment_error)
            return Next.STOP
        return Next.GO_ON

    def _cancel(self, document_id):
        """Cancel the invoice of an annulled document; if that fails, mark it."""
        try:
            self._retrying(
                self._registry.cursor,
                lambda env: self._on_behalf(env, document_id)._cancel_annulled(),
                patience=CANCEL_PATIENCE_SECONDS,
            )
        except Exception as error:
            # Any error: SMART has annulled the document, so a person must be told.
            level = logging.INFO if isinstance(error, UserError) else logging.ERROR
            _logger.log(level, "Fiscal document %s not cancelled", document_id, exc_info=True)
            words = self._in_words(error)
            self._even_without_lock(
                lambda env: self._on_behalf(env, document_id)._fail_to_cancel(words)
            )

    def _notify(self, env, document_ids):
        """Tell the users who asked for several annulments how they ended."""
        documents = env["smart.document"].browse(document_ids).exists()
        for user, mine in documents.grouped("annulment_user_id").items():
            if user:
                mine.with_context(lang=user.lang)._notify_annulled(user)

    # -- helpers ---------------------------------------------------------------------------

    def _on_behalf(self, env, document_id):
        """Return the document as the user who asked for its annulment sees it.

        Exceptions to lock dates are personal, and so is the language.
        """
        document = env["smart.document"].browse(document_id)
        user = document.annulment_user_id or env.user
        context = {
            "lang": user.lang,
            "tz": user.tz,
            "allowed_company_ids": document.company_id.ids,
        }
        # sudo: the wizard has checked the right when the annulment was requested
        return document.with_env(api.Environment(env.cr, user.id, context, su=True))

    @staticmethod
    def _in_words(error):
        if isinstance(error, UserError):
            return error.args[0]
        return f"{type(error).__name__}: {error}"

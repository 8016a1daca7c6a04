"""Sending a lane's documents: where nothing may be issued twice and no number lost.

Every step is a transaction of its own:

1. *begin*: the next document gets its internal number and its exact request; committed on the
   connection that holds the lane's lock, hence only while it is held.
2. the call, outside of any transaction.
3. *settle*: the outcome, the control number first of all; committed before anything else, on
   the same connection or, when that broke and the lock was lost meanwhile, on any other.

Whoever dies between 1 and 3 leaves a document ``sending``; as the lane's lock went with
the process, the next holder knows that nobody is sending it, and calls it ``unknown``.
"""

import logging
import time

import psycopg2

from odoo import api
from odoo.exceptions import UserError
from odoo.sql_db import PoolError
from odoo.tools import get_lang

from ..smart_api.outcomes import Accepted, NotSent, Refused, Unknown
from ..smart_api.schemas import NextNumberRequest
from .lane_lock import LaneLostError
from .server_stop import give_sign_of_life, is_stopping, sending
from .smart_document import (
    ISSUED,
    ISSUER_REFUSALS,
    QUEUED,
    SENDING,
    UNKNOWN,
)
from .smart_numbering import WIRE_DOCUMENT_TYPES

_logger = logging.getLogger(__name__)

#: How long a step is tried again that collides with somebody's transaction.
PATIENCE_SECONDS = 5.0

#: How long an outcome that could not be stored is tried again (a database that restarts).
SETTLE_PATIENCE_SECONDS = 300.0


class Sender:
    """Drains one lane. To be used by whoever holds its lock, and by no other.

    :param registry: of the database
    :param int uid: on whose behalf, for the log
    :param int lane_id: a ``smart.lane``
    :param LaneLock lock: held
    """

    def __init__(self, registry, uid, lane_id, lock):
        self._registry = registry
        self._uid = uid
        self._lane_id = lane_id
        self._lock = lock
        self._client = self._issuer_id = self._environment = None
        self._context = {}
        self._repeatable = False
        self._troubled = False
        self._aligned_for = None
        self._settled_id = None
        self.done = 0

    def run(self, until=None, seconds=float("inf"), on_progress=None):
        """Send until the queue is empty or the lane stops.

        :param int until: end once this document is no longer in the queue
        :param float seconds: begin no document after so many
        :param on_progress: called with 1 after each document; ends the run when false
        """
        try:
            with sending():
                self._run(until, time.monotonic() + seconds, on_progress)
        except LaneLostError:
            _logger.info("SMART lane %s: lost; its next holder goes on", self._lane_id)

    def _run(self, until, deadline, on_progress):
        if is_stopping() or not self._holding(self._open):
            return
        with self._client:
            for document_id in self._holding(self._unknown_ids):
                if is_stopping() or self._send(self._begin_again, document_id) is False:
                    return
                if document_id == until:
                    return
            while time.monotonic() < deadline and not is_stopping():
                if not self._send(self._begin_next):
                    return
                self.done += 1
                if on_progress and not on_progress(1):
                    return
                if until and self._settled_id == until:
                    return

    # -- transactions ----------------------------------------------------------------------

    def _holding(self, step, *args):
        """Run ``step(env, *args)`` in a transaction that commits only while the lane is held.

        :raises LaneLostError: when it is no longer
        """
        return self._transaction(self._lock.transaction, step, *args)

    def _storing(self, step, *args):
        """Run ``step(env, *args)``, which must be committed whatever becomes of the lane."""
        try:
            return self._holding(step, *args)
        except (LaneLostError, psycopg2.Error, PoolError) as error:
            _logger.info("SMART lane %s: %r; storing on another connection", self._lane_id, error)
        return self._transaction(
            self._registry.cursor, step, *args, patience=SETTLE_PATIENCE_SECONDS
        )

    def _transaction(self, cursor, step, *args, patience=PATIENCE_SECONDS):
        """Run ``step(env, *args)`` in a transaction of its own, again if it collides.

        :param cursor: gives one, as a context manager that commits
        :param float patience: seconds during which a lost or colliding transaction is retried
        """
        deadline = time.monotonic() + patience
        pause = 0.05
        while True:
            try:
                with cursor() as cr:
                    # sudo: the sender acts for the lane and writes what no user may
                    return step(api.Environment(cr, self._uid, self._context, su=True), *args)
            except (psycopg2.Error, PoolError) as error:
                if not is_passing(error) or time.monotonic() >= deadline:
                    raise
                _logger.info("SMART lane %s: %s; trying again", self._lane_id, error)
            time.sleep(pause)
            pause = min(pause * 2, 2.0)

    def _lane(self, env):
        return env["smart.lane"].browse(self._lane_id)

    def _open(self, env):
        """Prepare the client, and give up on what a dead sender left. False: cannot send."""
        lane = self._lane(env)
        issuer = lane.issuer_id
        # What is stored in words is for who confirmed, else for the issuer's people.
        reader = issuer.partner_id if env.user._is_superuser() else env.user
        self._context = {
            # Of branches, too, documents are issued in the name of this company.
            "allowed_company_ids": issuer.ids,
            "lang": get_lang(env, reader.lang).code,
        }
        env = env(context=self._context)
        env["smart.document"].search(lane._documents([SENDING]))._lose_sender()
        if lane._stopped() or issuer.smart_environment != lane.environment:
            return False
        self._issuer_id, self._environment = issuer.id, lane.environment
        self._repeatable = issuer.smart_enforces_numbering
        self._troubled = bool(lane.failures or lane.reason)
        try:
            self._client = issuer._smart_client()
        except UserError as error:
            lane._block(str(error))
            return False
        return True

    def _unknown_ids(self, env):
        """Return what may be found out by repeating: safe where the token enforces numbers."""
        if not self._repeatable:
            return []
        domain = [
            *self._lane(env)._documents([UNKNOWN]),
            ("repeatable", "=", True),
            ("proven_issued", "=", False),
        ]
        return env["smart.document"].search(domain, order="queue_position").ids

    def _begin_next(self, env):
        """Take the next document of the queue; returns it, or an empty recordset."""
        document = env["smart.lane"]._lock_next_document(self._issuer_id, self._environment)
        if document:
            document._begin(self._repeatable)
        return document

    def _begin_again(self, env, document_id):
        document = env["smart.document"].browse(document_id)
        # Somebody may have resolved it since the list was made.
        if document.state != UNKNOWN or document.proven_issued:
            return env["smart.document"]
        document._begin_again()
        return document

    def _send(self, begin, *args):
        """Send one document; False when the lane stops, ``None`` when there is none to send."""

        def begin_and_read(env):
            document = begin(env, *args)
            return document and (document.id, document.request_body, document.attempts)

        give_sign_of_life()
        try:
            begun = self._holding(begin_and_read)
        except UserError as error:
            # Nothing was sent, and it would be the same at every attempt until somebody acts.
            words = str(error)
            self._holding(lambda env: self._lane(env)._block(words))
            return False
        if not begun:
            return None
        document_id, body, attempt = begun
        outcome = self._client.issue(body)
        if isinstance(outcome, Accepted):
            _logger.info(
                "Fiscal document %s: control number %s", document_id, outcome.answer.control_number
            )
        try:
            go_on = self._storing(self._settle, document_id, attempt, outcome)
        except Exception:
            if not isinstance(outcome, Accepted):
                raise
            _logger.exception("Fiscal document %s: only its number is kept", document_id)
            go_on = self._storing(self._settle_bare, document_id, outcome)
        if isinstance(outcome, Accepted):
            self._troubled = False
        if go_on == "align":
            return self._align(document_id)
        if go_on == "prove":
            return self._prove(document_id)
        return go_on

    def _settle_bare(self, env, document_id, outcome):
        document = env["smart.document"].browse(document_id)
        document._settle_bare(outcome)
        self._settled_id = document_id
        return True

    def _settle(self, env, document_id, attempt, outcome):
        """Store how the call ended.

        :returns: whether the lane goes on, or ``"align"`` or ``"prove"``: after that
        """
        document = env["smart.document"].browse(document_id)
        document.fetch(document._fields_to_settle())
        lane = self._lane(env)
        repeated = document.state == UNKNOWN
        document._settle(outcome, attempt)
        self._settled_id = document.state != QUEUED and document_id
        if isinstance(outcome, Accepted):
            # Only who holds the lane counts its failures: no need to read them each time.
            if self._troubled:
                lane.write({"failures": 0, "paused_until": False, "reason": False})
            return True
        if document.state == ISSUED:
            return True  # by another sender, while the lock was lost during the call
        if isinstance(outcome, NotSent):
            lane._pause(document.last_error)
            return False
        if isinstance(outcome, Unknown):
            # With enforced numbers the later ones cannot pass before this one is resolved.
            if document.repeatable:
                lane._pause(document.last_error)
            return not document.repeatable
        return self._after_refusal(lane, document, outcome, repeated)

    def _after_refusal(self, lane, document, outcome, repeated):
        assert isinstance(outcome, Refused)
        if outcome.code in ISSUER_REFUSALS:
            lane._block(document.last_error)
            return False
        if repeated:
            if document.proven_issued:
                return True
            return "prove"
        if document.state == QUEUED:  # refused for its number alone
            if self._aligned_for == document.id:
                lane._block(document.last_error)
                return False
            return "align"
        return True

    def _align(self, document_id):
        """Ask the service which number it expects, and continue with that."""
        self._aligned_for = document_id

        def align(document, lane, expected):
            env = document.env
            if env["smart.numbering"]._of(document)._align(expected):
                return True
            lane._block(
                env._(
                    "SMART expects internal number %(expected)s, but higher numbers were used "
                    "here. Compare the documents with SMART's dashboard before sending more.",
                    expected=expected,
                )
            )
            return False

        return self._ask_next_number(document_id, align)

    def _prove(self, document_id):
        """Ask the service whether the number of a document in doubt was used."""

        def prove(document, lane, expected):
            document._settle_doubt(expected)
            return True

        return self._ask_next_number(document_id, prove)

    def _ask_next_number(self, document_id, then):
        """Ask which number the service expects for a document's type.

        :param then: called with the document, the lane and the number, in a transaction;
            returns whether the lane goes on
        """

        def request(env):
            document = env["smart.document"].browse(document_id)
            return NextNumberRequest(
                rif=document.issuer_id.smart_holder_rif,
                document_type=WIRE_DOCUMENT_TYPES[document.document_type],
            ).to_json()

        outcome = self._client.next_internal_number(self._holding(request))

        def settle(env):
            document = env["smart.document"].browse(document_id)
            env["smart.exchange"]._log(document, outcome)
            lane = self._lane(env)
            if not isinstance(outcome, Accepted):
                lane._pause(env["smart.exchange"]._words(outcome))
                return False
            return then(document, lane, int(outcome.answer.internal_number))

        return self._holding(settle)


def is_passing(error):
    """Tell whether the same transaction may succeed later.

    Serialisation failures, lock time-outs, a database that restarts, a pool that is full. A
    bare ``DatabaseError`` is how psycopg2 reports some broken connections.
    """
    return type(error) is psycopg2.DatabaseError or isinstance(
        error, (psycopg2.OperationalError, psycopg2.InterfaceError, PoolError)
    )

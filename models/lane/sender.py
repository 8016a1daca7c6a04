"""Sending a lane's documents: where nothing may be issued twice and no number lost.

Every step is a transaction of its own:

1. *begin*: the next document gets its internal number and its exact request; committed on the
   connection that holds the lane's lock, hence only while it is held.
2. the call, outside of any transaction of that document. While its answer is on its way, the
   document after it is begun, but not committed: see ``ahead``.
3. *settle*: the outcome, the control number first of all; committed before anything else: on
   the same connection, on a second one if another document was begun, or, when those broke and
   the lock was lost meanwhile, on any other.

A process that dies between 1 and 3 leaves a document ``sending``. The lane's lock is gone with
the process, so the next holder knows that nobody is sending it, and makes it ``unknown``.
"""

import logging
import time
from contextlib import closing
from functools import partial

import psycopg2

from odoo.exceptions import UserError
from odoo.sql_db import PoolError

from ...smart_api.doubts import Step
from ...smart_api.outcomes import Accepted, NotSent, Refused, Unknown
from ...smart_api.refusals import ABOUT_THE_ISSUER
from ...smart_api.rules import explain
from ..terms import ISSUED, QUEUED, REFUSED, UNKNOWN
from .ahead import HOLD_SECONDS, Ahead
from .document_sending import UnusableRequestError
from .lock import LaneLostError
from .server_stop import give_sign_of_life, is_stopping
from .work import DOUBTFUL_IN_A_ROW, Begun, LaneWork, Next

_logger = logging.getLogger(__name__)

#: After how many failures the pause after a doubt grows no more: some twenty seconds if the same
#: document is repeated, some five minutes if the next one is tried. So no queue stands still for
#: longer than ten minutes because of what documents say.
REPEATED_PAUSES = 3
DOUBTFUL_PAUSES = 7


class Sender(LaneWork):
    """Drains one lane."""

    def __init__(self, registry, uid, lane_id, lock):
        super().__init__(registry, uid, lane_id, lock)
        self._ahead = Ahead(registry, lock)
        #: Whether a document may be begun while another one's answer is on its way.
        self._hurries = False
        self._aligned_for = None
        self._settled_id = self._until = self._while_waiting = None
        self._deadline = float("inf")
        self.done = 0
        #: Whether the last run ended only because its time was over.
        self.out_of_time = False

    def run(self, until=None, seconds=float("inf"), on_progress=None, while_waiting=None):
        """Send until the queue is empty or the lane stops.

        :param int until: end once this document is no longer in the queue
        :param float seconds: begin no document after so many, except the first
        :param on_progress: called with 1 after each document; ends the run if it returns false
        :param while_waiting: called while an answer is on its way, for work that no document
            needs; it must neither raise nor wait for anybody
        """
        self._until, self._deadline = until, time.monotonic() + seconds
        self._while_waiting = while_waiting
        self._work(self._drain, on_progress)

    def _drain(self, on_progress):
        self._hurries = False
        with closing(self._ahead):
            for document_id in self._under_lock(self._unknown_ids):
                if self._find_out(document_id) is Next.STOP:
                    return
                if document_id == self._until:
                    return
            self._hurries = True
            while not is_stopping():
                if self.done and self._is_over():
                    self.out_of_time = True
                    return
                if self._do(self._begin_next) is not Next.GO_ON:
                    return
                self.done += 1
                if on_progress and not on_progress(1):
                    return
                if self._until and self._settled_id == self._until:
                    return

    def send_waiting(self):
        """Send what waits, in a lane that it shares; tell whether other work goes on."""
        while self._under_lock(lambda env: bool(self._lane(env)._next_document())):
            if is_stopping() or self._do(self._begin_next) is not Next.GO_ON:
                return False
        return True

    def _is_over(self):
        return time.monotonic() >= self._deadline

    def _find_out(self, document_id):
        """Repeat the request of a document in doubt, or ask SMART about its number."""
        while not isinstance(step := self._under_lock(self._step_in_doubt, document_id), Next):
            if is_stopping():
                return Next.STOP
            if step is Step.REPEAT:
                return self._do(self._begin_again, document_id)
            give_sign_of_life()
            if self._ask_next_number(document_id, partial(self._judge, step)) is Next.STOP:
                return Next.STOP
        return step

    # -- steps -----------------------------------------------------------------------------

    def _unknown_ids(self, env):
        """Return the documents in doubt to repeat: this is safe if the token enforces numbers."""
        if not self._repeatable:
            return []
        domain = [
            *self._lane(env)._documents([UNKNOWN]),
            ("repeatable", "=", True),
            ("proven_issued", "=", False),
        ]
        return env["smart.document"].search(domain, order="queue_position").ids

    def _step_in_doubt(self, env, document_id):
        """Return the next :class:`Step` to settle a doubt, or how it goes on without one."""
        document = env["smart.document"].browse(document_id)
        if document.state != UNKNOWN or document.proven_issued:
            return Next.GO_ON  # settled, or somebody has resolved it since the list was made
        step = document._step_in_doubt()
        if step is Step.JUDGE and not document._is_quiet():
            words = document._words_suspect()
            document._engine_write({"last_error": words})
            self._lane(env)._wait(document._quiet_at(), words)
            return Next.STOP
        return step

    def _judge(self, step, document, lane, expected):
        """Settle a doubt by the service's next number, if that says enough; see ``doubts``."""
        if step is Step.JUDGE:
            document._settle_suspect(expected)
        elif expected > document.internal_sequence:
            document._settle_doubt(expected)
        else:
            return Next.GO_ON
        lane._go_on()
        self._troubled = False
        return Next.GO_ON

    def _begin_next(self, env, called_id=None):
        """Take the next document of the queue; returns it, or an empty recordset.

        :param int called_id: the document that SMART is being called for, if this is begun ahead
        """
        document = self._lane(env)._lock_next_document(called_id)
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

    def _begin(self, begin, *args):
        """Begin what ``begin(env, *args)`` returns, unless it is begun already.

        :param begin: returns a document, or an empty recordset
        """
        try:
            begun = self._ahead.take() or self._under_lock(self._begin_and_read, begin, *args)
        except UserError as error:
            # Nothing was sent, and it would be the same at every attempt until somebody acts.
            words = error.args[0]
            self._under_lock(lambda env: self._lane(env)._block(words))
            return Next.STOP
        except UnusableRequestError as error:
            self._under_lock(self._set_aside, error)
            return Next.GO_ON
        except (psycopg2.Error, PoolError, LaneLostError):
            raise
        except Exception as error:
            if begin != self._begin_next or not self._under_lock(self._stumble, error):
                raise
            _logger.exception("SMART lane %s: a document is set aside", self._lane_id)
            return Next.GO_ON
        return begun or Next.NOTHING

    @staticmethod
    def _begin_and_read(env, begin, *args):
        document = begin(env, *args)
        return document and Begun(document.id, document.request_body, document.attempts)

    def _call(self, begun):
        # One at a time until the line is known to work, and if nobody waits for more.
        ahead = self._hurries and not self._troubled and begun.record_id != self._until
        return self._client.issue(begun.body, partial(self._wait, ahead and begun.record_id))

    def _keep(self, begun, outcome):
        document_id = begun.record_id
        if isinstance(outcome, Accepted):
            _logger.info(
                "Fiscal document %s: control number %s", document_id, outcome.answer.control_number
            )
        try:
            go_on = self._commit_outcome(begun, outcome)
        except Exception:
            if not isinstance(outcome, Accepted):
                raise
            _logger.exception("Fiscal document %s: only its number is kept", document_id)
            go_on = self._even_without_lock(self._settle_bare, document_id, outcome)
        if isinstance(outcome, (Accepted, Refused)):
            self._troubled = False
        if go_on is Next.ALIGN:
            return self._align(document_id, outcome)
        if go_on is Next.PROVE:
            return self._prove(document_id)
        return go_on

    def _wait(self, called_id, answered):
        """Do what can be done while the answer about a document is on its way.

        :param called_id: the document, or ``False`` if no other may be begun
        :param answered: see :meth:`SmartClient.issue`
        """
        if not answered:
            return  # nobody could tell how long a document begun ahead would stay locked
        try:
            if called_id:
                self._begin_ahead(called_id)
            if self._while_waiting and not answered(0):
                self._while_waiting()
            if self._ahead.begun and not answered(HOLD_SECONDS):
                self._ahead.drop()
        except Exception:
            # This failure must not replace the outcome of the call.
            _logger.exception("SMART lane %s: while an answer was on its way", self._lane_id)

    def _begin_ahead(self, called_id):
        """Begin the document after the one that SMART is being called for."""

        def begin(cr):
            return self._begin_and_read(self._env(cr), self._begin_next, called_id)

        def prepare(cr):
            cr.now()
            self._read_to_settle(self._env(cr), called_id)

        self._ahead.begin(begin, prepare)

    def _commit_outcome(self, begun, outcome):
        """Have the call settled, beside what was begun ahead or alone; see :meth:`_settle`.

        Any outcome but the expected one may stop the lane, or give numbers back: what was begun
        ahead is rolled back before.
        """
        expected = isinstance(outcome, Accepted) and not (is_stopping() or self._is_over())
        if expected and self._ahead.begun:
            try:
                return self._retrying(self._ahead.beside, self._settle, begun, outcome, patience=0)
            except Exception:
                # It is tried again below, alone; a defect is dealt with there.
                _logger.info(
                    "Fiscal document %s: not settled beside", begun.record_id, exc_info=True
                )
        self._ahead.drop()
        return self._even_without_lock(self._settle, begun, outcome)

    def _set_aside(self, env, error):
        """Refuse a document whose request can no longer be sent; the others go on."""
        document = env["smart.document"].browse(error.document_id).exists()
        document = document.try_lock_for_update(allow_referencing=True)
        if document.state != QUEUED:
            return  # withdrawn just now
        problems = explain(error.__cause__)
        _logger.warning("%s: %s", error, "; ".join(problem.words for problem in problems))
        words = env["smart.payload"]._words_unusable(document._owner(), problems)
        document._engine_write({"state": REFUSED, "last_error": words})
        self._settled_id = document.id

    def _stumble(self, env, error):
        """Count a defect that the next document met; tell whether the others go on without it."""
        document = self._lane(env)._lock_next_document()
        if document._stumble(error):
            self._settled_id = document.id
            return True
        return False

    def _settle_bare(self, env, document_id, outcome):
        document = env["smart.document"].browse(document_id)
        document._settle_bare(outcome)
        self._settled_id = document_id
        return Next.GO_ON

    @staticmethod
    def _read_to_settle(env, document_id):
        document = env["smart.document"].browse(document_id)
        document.fetch(document._fields_to_settle())
        return document

    def _settle(self, env, begun, outcome):
        """Store how the call ended; returns how it goes on after that."""
        document = self._read_to_settle(env, begun.record_id)
        lane = self._lane(env)
        repeated = document.state == UNKNOWN
        document._settle(outcome, begun.attempt)
        self._settled_id = document.state != QUEUED and document.id
        # Only who holds the lane counts its failures: no need to read them each time.
        if self._troubled and isinstance(outcome, (Accepted, Refused)):
            lane._go_on()
        if isinstance(outcome, Accepted):
            return Next.GO_ON
        if document.state == ISSUED:
            return Next.GO_ON  # by another sender, while the lock was lost during the call
        if isinstance(outcome, NotSent):
            lane._pause(document.last_error)
            return Next.STOP
        if isinstance(outcome, Unknown):
            return self._after_doubt(lane, document)
        return self._after_refusal(lane, document, outcome, repeated)

    def _after_doubt(self, lane, document):
        # With enforced numbers the later ones cannot pass before this one is resolved.
        if document.repeatable or lane.failures + 1 >= DOUBTFUL_IN_A_ROW:
            most = REPEATED_PAUSES if document.repeatable else DOUBTFUL_PAUSES
            lane._pause(document.last_error, most)
            return Next.STOP
        # Without, each later one that meets the same fault would be one more for a person.
        lane._engine_write({"failures": lane.failures + 1, "reason": document.last_error})
        self._troubled = True
        return Next.GO_ON

    def _after_refusal(self, lane, document, outcome, repeated):
        assert isinstance(outcome, Refused)
        if outcome.why in ABOUT_THE_ISSUER:
            lane._block(document.last_error)
            return Next.STOP
        if repeated:
            return Next.GO_ON if document.proven_issued else Next.PROVE
        if document.state == QUEUED:  # refused for its number alone
            if self._aligned_for == document.id:
                lane._block(document.last_error)
                return Next.STOP
            return Next.ALIGN
        return Next.PROVE if document.state == UNKNOWN else Next.GO_ON

    def _align(self, document_id, refusal):
        """Ask the service which number it expects, and continue with that.

        :param refusal: the outcome that makes it necessary; it may tell the number itself
        """
        self._aligned_for = document_id

        def align(document, lane, expected):
            numbering = document.env["smart.numbering"]._of(document)
            missing = numbering.missing_numbers
            if not numbering._align(expected):
                lane._block(numbering._words_not_aligned(expected))
                return Next.STOP
            if document.doubted_sequence >= expected:
                # The service has not reached that number yet.
                document._engine_write({"doubted_sequence": 0})
            if numbering.missing_numbers != missing and document._waited_long():
                lane._block(numbering._words_perhaps_issued())
                return Next.STOP
            return Next.GO_ON

        last = refusal.last_accepted
        return self._ask_next_number(document_id, align, None if last is None else last + 1)

    def _prove(self, document_id):
        """Ask the service whether the number of a document in doubt was used."""

        def prove(document, lane, expected):
            document._settle_doubt(expected)
            return Next.GO_ON

        return self._ask_next_number(document_id, prove)

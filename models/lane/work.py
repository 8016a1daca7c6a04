"""One thing after the other by whoever holds a lock: recover, open; then begin, call, settle.

What is begun is committed under the lock before the service is called, outside of any
transaction; what came of the call is committed before anything else is begun.
"""

import logging
from enum import Enum, auto
from typing import NamedTuple

from odoo.exceptions import UserError
from odoo.tools import get_lang

from ...smart_api.outcomes import Accepted
from ...smart_api.schemas import NextNumberRequest
from ..terms import SENDING, UNKNOWN
from .lock import LaneLostError
from .server_stop import give_sign_of_life, is_stopping, sending
from .steps import LaneSteps

_logger = logging.getLogger(__name__)

#: So many calls in a row without an answer are the line's fault, not the documents'.
DOUBTFUL_IN_A_ROW = 3


class Next(Enum):
    """How it goes on."""

    GO_ON = auto()  #: with the next one
    NOTHING = auto()  #: there is no next one
    STOP = auto()  #: the others have to wait
    ALIGN = auto()  #: once the service has said which number it expects
    PROVE = auto()  #: once the service has said whether the number in doubt was used


class Begun(NamedTuple):
    """What the service is to be called for."""

    record_id: int
    body: str
    attempt: int = 1


class Work(LaneSteps):
    """What sending documents, annulling them and sending e-mails have in common.

    Each of them says how it differs, by

    * ``_open(env)``, which prepares ``_client`` and tells whether the service can be called;
    * ``_call(begun)``, which calls it and returns one of :mod:`smart_api.outcomes`;
    * ``_settle(env, begun, outcome)``, which stores that and returns a :class:`Next`.
    """

    def __init__(self, registry, uid, lock):
        super().__init__(registry, uid, lock)
        self._client = None

    def _work(self, go_through, *args):
        """Recover, open, and go through what waits; not in a server that stops."""
        try:
            with sending():
                self._recover()
                if not is_stopping() and self._under_lock(self._open):
                    with self._client:
                        go_through(*args)
        except LaneLostError:
            _logger.info("%s: the lock was lost; its next holder goes on", self)

    def _do(self, begin, *args):
        """Begin, call and settle one.

        :param begin: a step, ``begin(env, *args)``, for a :class:`Begun`, else how it goes on
        :rtype: Next
        """
        give_sign_of_life()
        begun = self._begin(begin, *args)
        if isinstance(begun, Next):
            return begun
        return self._keep(begun, self._call(begun))

    def _recover(self):
        """Take over what a dead holder of the lock left, where that needs no network."""

    def _begin(self, begin, *args):
        return self._under_lock(begin, *args)

    def _keep(self, begun, outcome):
        return self._even_without_lock(self._settle, begun, outcome)


class LaneWork(Work):
    """Work in one lane. To be done by whoever holds its lock, and by no other.

    :param registry: of the database
    :param int uid: on whose behalf, for the log
    :param int lane_id: a ``smart.lane``
    :param LaneLock lock: held
    """

    def __init__(self, registry, uid, lane_id, lock):
        super().__init__(registry, uid, lock)
        self._lane_id = lane_id
        #: Whether the token enforces the numbering.
        self._repeatable = False
        #: Whether the last call failed.
        self._troubled = False

    def __str__(self):
        return f"SMART lane {self._lane_id}"

    def _lane(self, env):
        return env["smart.lane"].browse(self._lane_id)

    def _open(self, env):
        """Prepare the client, and give up on what a dead sender left. False: cannot send."""
        issuer = self._lane(env).issuer_id
        # What is written beside the owner is for who confirmed, else for the issuer's people.
        reader = issuer.partner_id if env.user._is_superuser() else env.user
        self._context = {
            # Of branches, too, documents are issued in the name of this company.
            "allowed_company_ids": issuer.ids,
            "lang": get_lang(env, reader.lang).code,
        }
        env = self._env(env.cr)
        lane, Document = self._lane(env), env["smart.document"]
        issuer = lane.issuer_id
        lost = Document.search(lane._documents([SENDING]))
        lost |= Document.search([*lane._documents([UNKNOWN]), ("repeating", "=", True)])
        lost._lose_sender()
        if lane._stopped() or issuer.smart_environment != lane.environment:
            return False
        self._repeatable = issuer.smart_enforces_numbering
        self._troubled = bool(lane.failures or lane.reason or lane.down_since)
        try:
            self._client = issuer._smart_client()
        except UserError as error:
            lane._block(error.args[0])
            return False
        return True

    def share(self, other):
        """Go on with the lane as other work under the same lock has opened it."""
        self._client, self._context = other._client, other._context
        self._repeatable, self._troubled = other._repeatable, other._troubled

    def _ask_next_number(self, document_id, then, told=None):
        """Ask which number the service expects for a document's type.

        :param then: called with the document, the lane and the number, in a transaction;
            returns how it goes on
        :param int told: the number, if it was told already: for a service that is not asked
        """

        def request(env):
            document = env["smart.document"].browse(document_id)
            return NextNumberRequest(
                rif=document.issuer_id.smart_holder_rif,
                document_type=document.issuer_id._smart_wire_type(document.document_type),
            ).to_json()

        outcome = self._client.next_internal_number(self._under_lock(request))

        def log(env):
            env["smart.exchange"]._log(env["smart.document"].browse(document_id), outcome)

        def settle(env):
            lane = self._lane(env)
            expected = told
            if isinstance(outcome, Accepted):
                expected = int(outcome.answer.internal_number)
            if not expected:
                lane._pause(env["smart.exchange"]._words(outcome))
                return Next.STOP
            return then(env["smart.document"].browse(document_id), lane, expected)

        self._even_without_lock(log)
        return self._under_lock(settle)

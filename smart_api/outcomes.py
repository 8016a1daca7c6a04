"""How a call to the service can end: exactly one of four ways.

============ ======================================= ==========================
outcome      what happened                           was it done at SMART?
============ ======================================= ==========================
``Accepted`` HTTP 200 and the answer that we need    yes
``Refused``  HTTP 202 with an error, 401, 413, 415   no
``NotSent``  not one byte of the request has left    no
``Unknown``  anything else                           may or may not have been
============ ======================================= ==========================
"""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Generic, TypeVar

from . import refusals

Answer = TypeVar("Answer")


class Reason(str, Enum):
    """Why a call ended without a usable answer."""

    CONFIGURATION = "configuration"
    NAME_NOT_RESOLVED = "name_not_resolved"
    CONNECTION_REFUSED = "connection_refused"
    CONNECT_TIMEOUT = "connect_timeout"
    TLS_FAILED = "tls_failed"
    NOT_CONNECTED = "not_connected"
    READ_TIMEOUT = "read_timeout"
    CONNECTION_LOST = "connection_lost"
    HTTP_STATUS = "http_status"
    REDIRECTED = "redirected"
    TOO_LARGE = "too_large"
    NOT_JSON = "not_json"
    NOT_UNDERSTOOD = "not_understood"


@dataclass(frozen=True)
class Call:
    """What went over the wire, for the log. Headers, hence the token, are not part of it.

    ``status`` and ``answer_body`` are ``None`` when no answer came; ``answer_body`` holds
    at most what the client reads (1 MiB). ``service_time`` is the clock of its web server, to the
    second; ``None`` when it tells none.
    """

    operation: str
    url: str
    request_body: str
    started_at: datetime
    duration_ms: int
    status: int | None = None
    answer_body: str | None = None
    service_time: datetime | None = None


@dataclass(frozen=True)
class Accepted(Generic[Answer]):
    """The service did what was asked and said so."""

    call: Call
    answer: Answer


@dataclass(frozen=True)
class Refused:
    """The service said no; nothing was done.

    ``code`` is the service's own; ``None`` where it gave none that can be read, as with HTTP 401,
    413 and 415.
    """

    call: Call
    code: int | None
    message: str

    @property
    def http_status(self) -> int | None:
        """The status of HTTP that refused whatever was asked; ``None`` if an operation did."""
        return self.call.status if self.call.status in refusals.REFUSING_STATUSES else None

    @property
    def why(self) -> refusals.Why:
        """What the refusal means."""
        call = self.call
        return refusals.meaning(call.operation, call.status, self.code, self.message)

    @property
    def last_accepted(self) -> int | None:
        """The last internal number that the service accepted, if that is what it tells."""
        return refusals.last_accepted(self.why, self.message)


@dataclass(frozen=True)
class NotSent:
    """Nothing left this machine: trying again is always safe."""

    call: Call
    reason: Reason
    detail: str


@dataclass(frozen=True)
class Unknown:
    """The request left, and no answer says what became of it."""

    call: Call
    reason: Reason
    detail: str


Outcome = Accepted[Answer] | Refused | NotSent | Unknown

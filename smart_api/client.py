"""One HTTP session to the service, and one typed outcome per call."""

import json
import re
import socket
import ssl
import sys
import time
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime

import requests
import urllib3.exceptions
from pydantic import ValidationError

from .addresses import ConfigurationError, ConfigurationFault, read_address
from .answers import Done, Envelope, IssueAnswer, NextNumberAnswer, readable
from .credentials import normalize_token
from .masking import TokenMask, masked
from .outcomes import Accepted, Call, NotSent, Outcome, Reason, Refused, Unknown
from .refusals import REFUSING_STATUSES
from .transport import Session, Wire

MAX_ANSWER_BYTES = 1024 * 1024

#: An idle connection is not reused after this: servers of the service's kind close theirs
#: after five seconds, and a request sent into a closing connection has an unknown outcome.
MAX_IDLE_SECONDS = 4.0

#: Of every request, beside those of the session.
HEADERS = {"Content-Type": "application/json; charset=utf-8"}

PRODUCTION_URL = "https://bck.factura-smart.com"
TEST_URL = "https://bck-test.factura-smart.com"


_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")  # RFC 6750


class SmartClient:
    """Calls for one issuer over one kept-alive connection. Not for use by two threads at once.

    :param base_url: see :func:`addresses.read_address`
    :param token: the issuer's; white space is ignored
    :param connect_timeout: seconds to reach the service
    :param read_timeout: seconds without a byte of the answer
    :param total_timeout: seconds for the whole call, however slowly its answer drips
    :raises ConfigurationError: address or token cannot be used
    """

    def __init__(self, base_url, token, *, connect_timeout=5, read_timeout=30, total_timeout=60):
        address = read_address(base_url)
        self.base_url = address.base_url
        token = normalize_token(token)
        if not _TOKEN.fullmatch(token):
            raise ConfigurationError(ConfigurationFault.UNUSABLE)
        self._timeout = (connect_timeout, read_timeout)
        self._total_timeout = total_timeout
        self._last_used = 0.0
        self._idle_limit = MAX_IDLE_SECONDS
        self._wire = Wire(read_timeout)
        # No proxy of the environment stands between this machine and itself.
        self._session = Session(self._wire, token, trust_env=not address.is_loopback)
        self._mask = TokenMask(token)

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        self.close()

    def close(self):
        """Close the connection."""
        self._session.close()

    def issue(self, body: str, meanwhile=None) -> Outcome[IssueAnswer]:
        """Send a document; ``body`` is :meth:`IssueRequest.to_json`'s, sent to the letter.

        :param meanwhile: called once the request has left, for work until the answer comes. Its
            argument is a function of seconds, which waits at most so long and tells whether the
            answer has begun to come; or ``None`` if nobody can tell. If it takes longer than the
            answer, that time counts as the call's. It must not raise: that would be taken for a
            fault of the line.
        """
        return self._call("issue", "/facturacion", body, IssueAnswer, meanwhile)

    def annul(self, body: str) -> Outcome[Done]:
        """Annul a document; ``body`` is :meth:`AnnulRequest.to_json`'s."""
        return self._call("annul", "/anulacion", body, Done)

    def send_email(self, body: str) -> Outcome[Done]:
        """E-mail an issued document; never one that is not known to be issued."""
        return self._call("email", "/email", body, Done)

    def next_internal_number(self, body: str) -> Outcome[NextNumberAnswer]:
        """Ask which internal number the service expects next; changes nothing there."""
        return self._call("next_number", "/facturacion/numerointerno", body, NextNumberAnswer)

    # -- one call ----------------------------------------------------------------------

    def _call(self, operation, path, body, answer_class, meanwhile=None):
        outcome = self._exchange(operation, path, body, answer_class, meanwhile)
        return masked(outcome, self._mask)

    def _exchange(self, operation, path, body, answer_class, meanwhile):
        url = self.base_url + path
        started_at, start = datetime.now(timezone.utc), time.monotonic()
        if start - self._last_used > min(MAX_IDLE_SECONDS, self._idle_limit):
            self._session.close()
        received, reason, detail = _Received(), None, None
        handled = sys.exc_info()[1]  # by the caller: it is no cause of errors here
        self._wire.sent = False
        try:
            with self._wire.call(self._total_timeout, meanwhile):
                self._post(url, body, received)
        except Exception as error:  # whatever it is, one fact decides: has a byte left?
            causes = tuple(_causes(error, handled))
            reason, detail = _reason(causes, self._wire.sent), _detail(causes)
        if not reason and len(received.content) > MAX_ANSWER_BYTES:
            reason, detail = Reason.TOO_LARGE, f"more than {MAX_ANSWER_BYTES} bytes"
        if reason:
            self._session.close()  # what is left in that connection belongs to no later call
        self._last_used = time.monotonic()
        duration = round((self._last_used - start) * 1000)
        call = Call(
            operation, url, body, started_at, duration,
            received.status, received.text(), received.service_time,
        )  # fmt: skip
        if reason and not self._wire.sent:
            return NotSent(call, reason, detail)
        outcome = Unknown(call, reason, detail) if reason else _outcome(call, answer_class)
        if isinstance(outcome, Unknown) and self._wire.expired:
            return Unknown(call, Reason.READ_TIMEOUT, f"no end within {self._total_timeout} s")
        return outcome

    def _post(self, url, body, received):
        """Fill ``received``, with at most one byte more than the bound of the answer."""
        with self._session.post(
            url,
            data=body.encode(),
            headers=HEADERS,
            timeout=self._timeout,
            allow_redirects=False,
            stream=True,
        ) as response:
            received.status = response.status_code
            received.service_time = _moment(response.headers.get("Date"))
            announced = re.search(r"timeout=(\d{1,6})", response.headers.get("Keep-Alive", ""))
            self._idle_limit = int(announced[1]) - 1 if announced else MAX_IDLE_SECONDS
            # What arrives is kept at once: half an answer may hold the control number. (An
            # urllib3 before 2.1 cannot, and waits for whole chunks.)
            read = getattr(response.raw, "read1", response.raw.read)
            while len(received.content) <= MAX_ANSWER_BYTES:
                chunk = read(8 * 1024, decode_content=True)
                if not chunk:
                    break
                received.content += chunk


class _Received:
    """The part of an answer that has come so far."""

    def __init__(self):
        self.status = self.service_time = None
        self.content = bytearray()

    def text(self):
        """Return it as text that any database takes; ``None`` when there is no answer."""
        if self.status is None:
            return None
        content = bytes(self.content[:MAX_ANSWER_BYTES])
        return content.decode("utf-8-sig", errors="replace").replace("\0", "\ufffd")


def _moment(text):
    """Return what a header says of the time; ``None`` if it cannot be read."""
    try:
        moment = parsedate_to_datetime(text or "")
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _causes(error, handled):
    """Yield an exception, what it wraps and what caused it, outermost first."""
    seen = {id(handled)}
    queue = [error]
    while queue:
        current = queue.pop(0)
        if not isinstance(current, BaseException) or id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        queue += [getattr(current, "reason", None), current.__cause__, current.__context__]
        queue += [arg for arg in current.args if isinstance(arg, BaseException)]


def _reason(causes, sent):
    def caused_by(*kinds):
        return any(isinstance(cause, kinds) for cause in causes)

    timed_out = caused_by(requests.Timeout, urllib3.exceptions.ReadTimeoutError, TimeoutError)
    if sent:
        return Reason.READ_TIMEOUT if timed_out else Reason.CONNECTION_LOST
    if caused_by(socket.gaierror):
        return Reason.NAME_NOT_RESOLVED
    if caused_by(ConnectionRefusedError):
        return Reason.CONNECTION_REFUSED
    if caused_by(ssl.SSLError, requests.exceptions.SSLError):
        return Reason.TLS_FAILED
    if timed_out:
        return Reason.CONNECT_TIMEOUT
    if caused_by(requests.ConnectionError):
        return Reason.NOT_CONNECTED
    return Reason.CONFIGURATION


def _detail(causes):
    """Return the innermost cause in words; it names hosts and errors, never headers."""
    return f"{type(causes[-1]).__name__}: {causes[-1]}"[:500]


def _outcome(call, answer_class):
    """Sort a complete answer into accepted, refused or unknown (observed statuses)."""
    if call.status in REFUSING_STATUSES:
        return Refused(call, None, _json_string(call.answer_body, f"HTTP {call.status}"))
    if 300 <= call.status < 400:
        return Unknown(call, Reason.REDIRECTED, f"HTTP {call.status}")
    if call.status not in (200, 202):
        return Unknown(call, Reason.HTTP_STATUS, f"HTTP {call.status}")
    try:
        envelope = Envelope.model_validate(json.loads(call.answer_body))
    except ValidationError:
        return Unknown(call, Reason.NOT_UNDERSTOOD, "JSON of another shape")
    except (ValueError, RecursionError):
        return Unknown(call, Reason.NOT_JSON, "the answer is not JSON")
    if call.status == 202:
        if envelope.success is not True and envelope.error and not envelope.data:
            return Refused(call, envelope.error.code, envelope.error.message)
        return Unknown(call, Reason.NOT_UNDERSTOOD, "HTTP 202 without an error")
    # An answer with the value that was asked for needs no `success`; `Done` has no such value.
    if envelope.success is False or (envelope.success is None and answer_class is Done):
        return Unknown(call, Reason.NOT_UNDERSTOOD, "HTTP 200 without success")
    try:
        return Accepted(call, answer_class.model_validate(envelope.data or {}))
    except ValidationError:
        return Unknown(call, Reason.NOT_UNDERSTOOD, "an answer without what was asked for")


def _json_string(text, otherwise):
    """Return the words of an answer that is nothing else; a web page has none."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = "" if text.lstrip().startswith("<") else text
    return readable(value)[:500] or otherwise

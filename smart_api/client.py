"""One HTTP session to the service, and one typed outcome per call.

Whether a failed call may be repeated depends on one fact: did any byte of the request
leave? ``requests`` does not tell reliably (a TLS error may come before or long after), so
the connection itself notes the moment at which the first byte is handed to the socket.
"""

import ipaddress
import json
import threading
import time
from contextlib import contextmanager
from datetime import datetime, timezone
from urllib.parse import urlsplit

import requests
from pydantic import ValidationError
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

from .answers import Done, Envelope, IssueAnswer, NextNumberAnswer
from .credentials import normalize_token
from .outcomes import Accepted, Call, NotSent, Outcome, Reason, Refused, Unknown

MAX_ANSWER_BYTES = 1024 * 1024

#: An idle connection is not reused after this: servers of the service's kind close theirs
#: after five seconds, and a request sent into a closing connection has an unknown outcome.
MAX_IDLE_SECONDS = 4.0

PRODUCTION_URL = "https://bck.factura-smart.com"
TEST_URL = "https://bck-test.factura-smart.com"


class ConfigurationError(ValueError):
    """The address or the token cannot be used; in words fit for a person."""


class _Wire:
    """What the connection notes about the call under way."""

    def __init__(self):
        self.sent = False
        self.sock = None


def _watched(connection_class, wire):
    """Return ``connection_class`` noting in ``wire`` when a request begins to leave."""

    class Watched(connection_class):
        def send(self, data):
            if self.sock is None:
                self.connect()  # raises while nothing has been sent
            wire.sock = self.sock
            wire.sent = True
            super().send(data)

    return Watched


class _WatchedAdapter(HTTPAdapter):
    """Transport that never retries and reports to a :class:`_Wire`."""

    def __init__(self, wire):
        self._wire = wire
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)

    def init_poolmanager(self, *args, **kwargs):
        super().init_poolmanager(*args, **kwargs)
        http, https = _watched(HTTPConnection, self._wire), _watched(HTTPSConnection, self._wire)
        # Classes of our own, so that no other user of urllib3 in the process is touched.
        self.poolmanager.pool_classes_by_scheme = {
            "http": type("WatchedPool", (HTTPConnectionPool,), {"ConnectionCls": http}),
            "https": type("WatchedPool", (HTTPSConnectionPool,), {"ConnectionCls": https}),
        }


class _Bearer(AuthBase):
    # Given as `auth`, so that a .netrc of the host can never replace it.
    def __init__(self, token):
        self._token = token

    def __call__(self, request):
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def check_base_url(url: str) -> str:
    """Return the service's address without a trailing slash.

    :raises ConfigurationError: unless it is https, or http to this machine itself
    """
    parts = urlsplit((url or "").strip())
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ConfigurationError("it must begin with https:// and name a host")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ConfigurationError("it must not carry a user, a query or a fragment")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise ConfigurationError("http is allowed to this machine itself only: use https://")
    return parts.geturl().rstrip("/")


def is_loopback(host: str) -> bool:
    """Tell whether ``host`` is this machine: ``localhost`` or an address of 127.0.0.0/8, ::1."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class SmartClient:
    """Calls for one issuer over one kept-alive connection. Not for use by two threads at once.

    :param base_url: see :func:`check_base_url`
    :param token: the issuer's; white space is ignored
    :param connect_timeout: seconds to reach the service
    :param read_timeout: seconds without a byte of the answer
    :param total_timeout: seconds for the whole answer, however slowly it drips
    :raises ConfigurationError: address or token cannot be used
    """

    def __init__(self, base_url, token, *, connect_timeout=5, read_timeout=30, total_timeout=60):
        self.base_url = check_base_url(base_url)
        token = normalize_token(token)
        if not token or not token.isascii():
            raise ConfigurationError("the token is empty or holds characters that no token has")
        self._timeout = (connect_timeout, read_timeout)
        self._total_timeout = total_timeout
        self._wire = _Wire()
        self._last_used = 0.0
        self._session = requests.Session()
        self._session.auth = _Bearer(token)
        self._session.headers["Accept"] = "application/json"
        # No proxy of the environment stands between this machine and itself.
        self._session.trust_env = not is_loopback(urlsplit(self.base_url).hostname)
        adapter = _WatchedAdapter(self._wire)
        self._session.mount("https://", adapter)
        self._session.mount("http://", adapter)

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        self.close()

    def close(self):
        """Close the connection."""
        self._session.close()

    def issue(self, body: str) -> Outcome[IssueAnswer]:
        """Send a document; ``body`` is :meth:`IssueRequest.to_json`'s, sent to the letter."""
        return self._call("issue", "/facturacion", body, IssueAnswer)

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

    def _call(self, operation, path, body, answer_class):
        url = self.base_url + path
        started_at, start = datetime.now(timezone.utc), time.monotonic()
        if start - self._last_used > MAX_IDLE_SECONDS:
            self._session.close()
        self._wire.sent, self._wire.sock = False, None
        status = text = reason = detail = None
        try:
            with self._deadline():
                status, content = self._post(url, body)
        except requests.RequestException as error:
            reason, detail = _reason(error, self._wire.sent), _detail(error)
        except OSError as error:  # the deadline pulls the socket from under the library
            reason, detail = Reason.CONNECTION_LOST, _detail(error)
        else:
            text = content[:MAX_ANSWER_BYTES].decode("utf-8", errors="replace")
            if len(content) > MAX_ANSWER_BYTES:
                reason, detail = Reason.TOO_LARGE, f"more than {MAX_ANSWER_BYTES} bytes"
        if reason:
            self._session.close()  # what is left in that connection belongs to no later call
        self._last_used = time.monotonic()
        duration = round((self._last_used - start) * 1000)
        if reason and self._wire.sent and self._last_used - start >= self._total_timeout:
            reason = Reason.READ_TIMEOUT
        call = Call(operation, url, body, started_at, duration, status, text)
        if reason:
            return (Unknown if self._wire.sent else NotSent)(call, reason, detail)
        return _outcome(call, answer_class)

    def _post(self, url, body):
        """Return the status and at most one byte more than the bound of the answer."""
        with self._session.post(
            url,
            data=body.encode(),
            headers={"Content-Type": "application/json; charset=utf-8"},
            timeout=self._timeout,
            allow_redirects=False,
            stream=True,
        ) as response:
            content = bytearray()
            for chunk in response.iter_content(64 * 1024):
                content += chunk
                if len(content) > MAX_ANSWER_BYTES:
                    break
            return response.status_code, bytes(content)

    @contextmanager
    def _deadline(self):
        """Bound the whole exchange: a read timeout alone never ends a dripping answer."""

        def hang_up():
            sock = self._wire.sock
            if sock is not None:
                try:
                    sock.shutdown(2)
                except OSError:
                    pass  # it ended by itself in the same moment

        timer = threading.Timer(self._total_timeout, hang_up)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()


def _causes(error):
    """Yield an exception, what it wraps and what caused it, outermost first."""
    seen = set()
    queue = [error]
    while queue:
        current = queue.pop(0)
        if not isinstance(current, BaseException) or id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        queue += [getattr(current, "reason", None), current.__cause__, current.__context__]
        queue += [arg for arg in current.args if isinstance(arg, BaseException)]


def _reason(error, sent):
    causes = tuple(_causes(error))

    def caused_by(*kinds):
        return any(isinstance(cause, kinds) for cause in causes)

    if sent:
        if caused_by(requests.Timeout, TimeoutError):
            return Reason.READ_TIMEOUT
        return Reason.CONNECTION_LOST
    if caused_by(NameResolutionError):
        return Reason.NAME_NOT_RESOLVED
    if caused_by(ConnectionRefusedError):
        return Reason.CONNECTION_REFUSED
    if caused_by(requests.exceptions.SSLError):
        return Reason.TLS_FAILED
    if caused_by(ConnectTimeoutError) and not caused_by(NewConnectionError):
        return Reason.CONNECT_TIMEOUT
    if caused_by(requests.ConnectionError):
        return Reason.NOT_CONNECTED
    return Reason.CONFIGURATION


def _detail(error):
    """Return the innermost cause in words; it names hosts and errors, never headers."""
    *_outer, innermost = _causes(error)
    return f"{type(innermost).__name__}: {innermost}"[:500]


def _outcome(call, answer_class):
    """Sort a complete answer into accepted, refused or unknown (observed statuses)."""
    if call.status == 401:
        return Refused(call, None, _json_string(call.answer_body))
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
        if not envelope.success and envelope.error:
            return Refused(call, envelope.error.code, envelope.error.message)
        return Unknown(call, Reason.NOT_UNDERSTOOD, "HTTP 202 without an error")
    if not envelope.success:
        return Unknown(call, Reason.NOT_UNDERSTOOD, "HTTP 200 without success")
    try:
        return Accepted(call, answer_class.model_validate(envelope.data or {}))
    except ValidationError:
        return Unknown(call, Reason.NOT_UNDERSTOOD, "an answer without what was asked for")


def _json_string(text):
    try:
        value = json.loads(text)
    except ValueError:
        value = text
    return value[:500] if isinstance(value, str) else "HTTP 401"

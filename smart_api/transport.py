"""The road to the service: a session of ``requests`` that notes what has left.

Whether a failed call may be repeated depends on one fact: did any byte of the request
leave? ``requests`` does not tell reliably (a TLS error may come before or long after), so
the connection itself notes the moment at which the first byte is handed to the socket.
"""

import socket
import threading
from contextlib import contextmanager, suppress
from functools import partial

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from urllib3.util.wait import wait_for_read


class Wire:
    """What the connection notes about the call under way, and how that call is cut short.

    ``sent``: a byte of the request may have left. ``expired``: its time was up.
    """

    def __init__(self, read_timeout):
        self.sent = self.expired = False
        self._read_timeout = read_timeout
        self._sock = self._meanwhile = None
        self._lock = threading.Lock()

    @contextmanager
    def call(self, seconds, meanwhile=None):
        """Bound a whole call: a read timeout alone never ends an answer that comes in drops.

        :param meanwhile: see :meth:`SmartClient.issue`
        """
        self.sent = self.expired = False
        self._sock, self._meanwhile = None, meanwhile
        timer = threading.Timer(seconds, self._hang_up)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()  # or it might hang up on the next call over the same connection

    def leave(self, sock):
        """Note that bytes of the request are about to go into ``sock``."""
        with self._lock:
            if self.expired and not self.sent:
                raise TimeoutError("connecting took all the time that the call may take")
            self.sent = True
            self._sock = sock
        sock.settimeout(self._read_timeout)  # so far it was the one for connecting

    def wait(self, sock, is_new):
        """Do what is to be done while the answer is on its way through ``sock``.

        :param bool is_new: whether the connection was made for this call: over TLS 1.3 it then
            brings session tickets, which look like the beginning of an answer
        """
        meanwhile, self._meanwhile = self._meanwhile, None
        if meanwhile:
            unclear = is_new and type(sock) is not socket.socket
            meanwhile(None if unclear else partial(wait_for_read, sock))

    def _hang_up(self):
        with self._lock:
            self.expired = True
            sock = self._sock
            # TLS inside TLS, and the TLS of pyOpenSSL, keep the real socket here.
            while sock is not None and not isinstance(sock, socket.socket):
                sock = getattr(sock, "socket", None)
            if sock is not None:
                with suppress(OSError):  # it may have ended by itself in this moment
                    # Not sock.shutdown(): over TLS it removes the cipher that the reader uses.
                    socket.socket.shutdown(sock, socket.SHUT_RDWR)


def _watched(connection_class, wire):
    """Return ``connection_class`` telling ``wire`` when a request begins to leave."""

    class Watched(connection_class):
        connecting = False
        is_new = False

        def connect(self):
            self.connecting = self.is_new = True
            try:
                return super().connect()  # what it sends is for a proxy
            finally:
                self.connecting = False

        def send(self, data):
            if not self.connecting:
                if self.sock is None:
                    self.connect()  # raises while nothing has been sent
                wire.leave(self.sock)
            return super().send(data)

        def getresponse(self):
            is_new, self.is_new = self.is_new, False
            wire.wait(self.sock, is_new)
            return super().getresponse()

    return Watched


class _WatchedAdapter(HTTPAdapter):
    """Transport that never retries and reports to a :class:`Wire`."""

    def __init__(self, wire):
        self._wire = wire
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)

    def init_poolmanager(self, *args, **kwargs):
        result = super().init_poolmanager(*args, **kwargs)
        self._watch(self.poolmanager)
        return result

    def proxy_manager_for(self, proxy, **kwargs):
        known = proxy in self.proxy_manager
        manager = super().proxy_manager_for(proxy, **kwargs)
        if not known:
            self._watch(manager)
        return manager

    def _watch(self, manager):
        # Classes of our own, so that no other user of urllib3 in the process is touched.
        manager.pool_classes_by_scheme = {
            scheme: type(
                pool.__name__, (pool,), {"ConnectionCls": _watched(pool.ConnectionCls, self._wire)}
            )
            for scheme, pool in manager.pool_classes_by_scheme.items()
        }


class _Bearer(AuthBase):
    # Given as `auth`, so that a .netrc of the host can never replace it.
    def __init__(self, token):
        self._token = token

    def __call__(self, request):
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class Session(requests.Session):
    """A session for one token over watched connections.

    :param trust_env: whether the host's proxies and certificates apply
    """

    def __init__(self, wire, token, *, trust_env):
        super().__init__()
        self.auth = _Bearer(token)
        self.trust_env = trust_env
        # Uncompressed: a compressed answer of a few bytes may be a large one.
        self.headers.update({"Accept": "application/json", "Accept-Encoding": "identity"})
        adapter = _WatchedAdapter(wire)
        self.mount("https://", adapter)
        self.mount("http://", adapter)

    def get_redirect_target(self, resp):
        # Even when told not to follow, requests reads all of a redirect's body.
        return None

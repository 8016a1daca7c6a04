"""TLS is verified, and a failure of it is told apart by whether the request had left.

The hosts are names that nothing resolves: a proxy on loopback answers for them.
"""

import datetime
import socket
import ssl
import threading
import time

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from test_smart_api_connections import ISSUED, TOKEN, Server, answer, drip, read_request

from smart_api.client import SmartClient
from smart_api.outcomes import Accepted, NotSent, Reason, Unknown

HOST = "smart.invalid"


@pytest.fixture(scope="module")
def make_certificate(tmp_path_factory):
    """Write a self-signed certificate for a host; return the file of it and its key."""

    def make(host):
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
        now = datetime.datetime.now(datetime.timezone.utc)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(hours=1))
            .not_valid_after(now + datetime.timedelta(hours=1))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(key, hashes.SHA256())
        )
        path = tmp_path_factory.mktemp("tls") / "certificate.pem"
        path.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            + certificate.public_bytes(serialization.Encoding.PEM)
        )
        return path

    return make


@pytest.fixture(scope="module")
def certificate(make_certificate):
    return make_certificate(HOST)


class TlsServer(Server):
    """A TLS server that is also the proxy through which it is reached.

    ``seen`` holds what the proxy and then the service were asked.
    """

    def __init__(self, handle, certificate, refuse=None):
        self.seen = []
        self.refuse = refuse
        self.handle_inside = handle
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate)
        super().__init__(self._tunnel)

    def _tunnel(self, connection):
        if connection.recv(3, socket.MSG_PEEK) == b"CON":
            self.seen.append(read_request(connection))
            connection.sendall(self.refuse or b"HTTP/1.1 200 Connection established\r\n\r\n")
            if self.refuse:
                return
        with self.context.wrap_socket(connection, server_side=True) as inside:
            self.handle_inside(inside)

    def answer_all(self, inside):
        while request := read_request(inside):
            self.seen.append(request)
            inside.sendall(answer())


@pytest.fixture
def serve(certificate, monkeypatch):
    """Start a server that is reached as https://HOST through the environment's proxy."""
    servers = []

    def start(handle=None, trusted=certificate, own=certificate, **options):
        server = TlsServer(handle, own, **options)
        server.handle_inside = handle or server.answer_all
        servers.append(server)
        for name in ("no_proxy", "NO_PROXY", "all_proxy", "ALL_PROXY", "CURL_CA_BUNDLE"):
            monkeypatch.delenv(name, raising=False)
        for name in ("https_proxy", "HTTPS_PROXY"):
            monkeypatch.setenv(name, server.url)
        if trusted:
            monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(trusted))
        else:
            monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
        return server

    yield start
    for server in servers:
        server.stop()


def call(**options):
    with SmartClient(f"https://{HOST}", TOKEN, **options) as client:
        return client.issue("{}")


# -- nothing was sent ----------------------------------------------------------------------


def test_a_certificate_that_nobody_vouches_for(serve):
    server = serve(trusted=None)
    outcome = call()
    assert isinstance(outcome, NotSent)
    assert outcome.reason is Reason.TLS_FAILED
    assert len(server.seen) == 1  # CONNECT, and no request


def test_a_certificate_of_another_host(serve, make_certificate):
    other = make_certificate("other.invalid")
    serve(trusted=other, own=other)
    outcome = call()
    assert isinstance(outcome, NotSent)
    assert outcome.reason is Reason.TLS_FAILED


def test_a_self_signed_certificate_without_a_proxy(serve):
    server = serve()
    with SmartClient(f"https://localhost:{server.port}", TOKEN) as client:
        outcome = client.issue("{}")
    assert isinstance(outcome, NotSent)
    assert outcome.reason is Reason.TLS_FAILED
    assert server.seen == []


@pytest.mark.parametrize(
    ("reply", "reason", "connect_timeout"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", Reason.TLS_FAILED, 60),  # no TLS at all
        (None, Reason.CONNECT_TIMEOUT, 0.3),  # accepts, and says nothing
    ],
)
def test_a_server_that_does_not_answer_the_handshake(reply, reason, connect_timeout):
    def handle(connection):
        connection.recv(100)
        if reply:
            connection.sendall(reply)
        server.over.wait(60)

    server = Server(handle)
    url = f"https://127.0.0.1:{server.port}"
    with SmartClient(url, TOKEN, connect_timeout=connect_timeout, read_timeout=60) as client:
        outcome = client.issue("{}")
    server.stop()
    assert isinstance(outcome, NotSent)
    assert outcome.reason is reason


def test_connecting_that_takes_all_the_time_sends_nothing(serve):
    server = serve()
    wrap = server.context.wrap_socket

    class Slow:
        def wrap_socket(self, *args, **kwargs):
            time.sleep(0.3)
            return wrap(*args, **kwargs)

    server.context = Slow()
    outcome = call(total_timeout=0.1)
    assert isinstance(outcome, NotSent)
    assert outcome.reason is Reason.CONNECT_TIMEOUT
    assert len(server.seen) == 1


def test_certificates_that_the_environment_names_but_lacks(serve, monkeypatch):
    serve()
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere/certificates.pem")
    outcome = call()
    assert isinstance(outcome, NotSent)
    assert outcome.reason is Reason.CONFIGURATION


@pytest.mark.parametrize("status", ["403 Forbidden", "407 Proxy Authentication Required"])
def test_a_proxy_that_refuses(serve, status):
    serve(refuse=f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode())
    outcome = call()
    assert isinstance(outcome, NotSent)
    assert outcome.reason is Reason.NOT_CONNECTED
    assert status[:3] in outcome.detail


def test_a_proxy_that_is_not_there(serve):
    serve().stop()
    outcome = call()
    assert isinstance(outcome, NotSent)
    assert outcome.reason is Reason.CONNECTION_REFUSED


# -- something was sent --------------------------------------------------------------------


def test_calls_through_a_proxy_share_a_connection_and_hide_the_token_from_it(serve):
    server = serve()
    with SmartClient(f"https://{HOST}", TOKEN) as client:
        assert isinstance(client.issue("{}"), Accepted)
        assert isinstance(client.issue("{}"), Accepted)
    assert server.connections == 1
    tunnel, *requests = server.seen
    assert tunnel.startswith(b"CONNECT smart.invalid:443")
    assert TOKEN.encode() not in tunnel
    assert [TOKEN.encode() in request for request in requests] == [True, True]


def test_no_answer_through_a_proxy_is_unknown(serve):
    server = serve(lambda inside: (read_request(inside), server.over.wait(60)))
    outcome = call(read_timeout=0.2)
    assert isinstance(outcome, Unknown)
    assert outcome.reason is Reason.READ_TIMEOUT


def test_a_connection_lost_through_a_proxy_is_unknown(serve):
    serve(read_request)
    outcome = call()
    assert isinstance(outcome, Unknown)
    assert outcome.reason is Reason.CONNECTION_LOST


def test_tls_that_fails_in_the_middle_of_an_answer_is_unknown(serve):
    def handle(inside):
        read_request(inside)
        inside.sendall(answer()[:-10])
        socket.socket.sendall(inside, b"not a record of TLS")
        time.sleep(0.2)

    serve(handle)
    outcome = call()
    assert isinstance(outcome, Unknown)
    assert outcome.reason is Reason.CONNECTION_LOST
    assert outcome.call.answer_body == ISSUED[:-10].decode()


def test_an_answer_that_drips_through_tls_ends_at_the_total_timeout(serve):
    def handle(inside):
        read_request(inside)
        drip(inside, answer(ISSUED * 9))

    serve(handle)
    outcome = call(read_timeout=5, total_timeout=0.4)
    assert isinstance(outcome, Unknown)
    assert outcome.reason is Reason.READ_TIMEOUT
    assert outcome.call.duration_ms >= 400


def test_whether_the_answer_comes_is_not_told_of_a_connection_just_made(serve):
    """The session tickets of TLS 1.3 lie there unread and look like an answer."""

    asked = threading.Event()

    def slow(inside):
        while read_request(inside):
            asked.wait(60)
            asked.clear()
            inside.sendall(answer())

    serve(slow)
    told = []

    def meanwhile(answered):
        before = answered and answered(0.01)
        asked.set()
        told.append(answered and (before, answered(60)))

    with SmartClient(f"https://{HOST}", TOKEN) as client:
        for _call in range(3):
            assert isinstance(client.issue("{}", meanwhile), Accepted)
        client.close()
        assert isinstance(client.issue("{}", meanwhile), Accepted)
    assert told == [None, (False, True), (False, True), None]

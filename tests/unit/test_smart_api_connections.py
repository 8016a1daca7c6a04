"""What the simulator cannot do to a connection, done by servers of a few lines."""

import contextlib
import gzip
import json
import socket
import struct
import threading
import time

import pytest

from smart_api.client import SmartClient
from smart_api.outcomes import Accepted, NotSent, Reason, Refused, Unknown

TOKEN = "aaaa.bbbb.cccc"
ISSUED = json.dumps({"success": True, "data": {"numerodocumento": "00-00000001"}}).encode()


def answer(content=ISSUED, *headers, status="200 OK"):
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(content)}", *headers, "", ""]
    return "\r\n".join(head).encode() + content


def read_request(connection):
    """Return a whole request, or ``b""`` when the client has closed."""
    received = b""
    while b"\r\n\r\n" not in received:
        block = connection.recv(65536)
        if not block:
            return b""
        received += block
    head, _, content = received.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0] or 0)
    content = bytearray(content)  # to grow without being copied
    while len(content) < length:
        content += connection.recv(1024 * 1024)
    return head + b"\r\n\r\n" + content


def reset(connection):
    """Close a connection with RST instead of FIN."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


class Server:
    """A listener on loopback that hands each connection to ``handle`` in a thread."""

    def __init__(self, handle):
        self.handle = handle
        self.connections = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.closed = threading.Event()  # the last connection is
        self.over = threading.Event()  # the test is
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _address = self.listener.accept()
                self.connections += 1
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        # A client that hangs up in the middle is what many tests are about.
        with contextlib.suppress(OSError), connection:
            self.handle(connection)
        self.closed.set()

    def stop(self):
        self.over.set()
        with contextlib.suppress(OSError):  # stopped before
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


@pytest.fixture
def serve():
    servers = []

    def start(handle):
        servers.append(Server(handle))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


@pytest.fixture
def call(serve):
    """Send one document to a server that handles its connections so; return the outcome."""

    def send(handle, body="{}", **options):
        with SmartClient(serve(handle).url, TOKEN, **options) as client:
            return client.issue(body)

    return send


def replying(*replies):
    """Handle each request with the next reply, on one connection as long as it lasts."""
    left = iter(replies)

    def handle(connection):
        while read_request(connection):
            connection.sendall(next(left))

    return handle


# -- nothing was sent ----------------------------------------------------------------------


def test_a_name_that_is_not_resolved(monkeypatch):
    def getaddrinfo(*_args, **_kwargs):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    outcome = SmartClient("https://smart.invalid", TOKEN).issue("{}")
    assert isinstance(outcome, NotSent)
    assert outcome.reason is Reason.NAME_NOT_RESOLVED
    assert outcome.call.request_body == "{}"


def test_a_port_where_nobody_listens():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    outcome = SmartClient(f"http://127.0.0.1:{port}", TOKEN).issue("{}")
    assert isinstance(outcome, NotSent)
    assert outcome.reason is Reason.CONNECTION_REFUSED


def test_a_host_that_does_not_accept_in_time():
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(4):  # its queue is full then, and the kernel answers nobody else
            filler = stack.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(listener.getsockname())
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        outcome = SmartClient(url, TOKEN, connect_timeout=0.2, read_timeout=5).issue("{}")
    assert isinstance(outcome, NotSent)
    assert outcome.reason is Reason.CONNECT_TIMEOUT
    assert outcome.call.duration_ms >= 200


def test_a_host_that_cannot_be_reached(monkeypatch):
    def connect(*_args, **_kwargs):
        raise OSError(101, "Network is unreachable")

    monkeypatch.setattr(socket.socket, "connect", connect)
    outcome = SmartClient("http://127.0.0.1:1", TOKEN).issue("{}")
    assert isinstance(outcome, NotSent)
    assert outcome.reason is Reason.NOT_CONNECTED


def test_a_body_that_cannot_be_sent(serve):
    server = serve(replying(answer()))
    outcome = SmartClient(server.url, TOKEN).issue("\ud800")
    assert isinstance(outcome, NotSent)
    assert outcome.reason is Reason.CONFIGURATION
    assert server.connections == 0


def test_a_machine_without_a_thread_to_spare(call, monkeypatch):
    def start(_timer):
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(threading.Timer, "start", start)
        outcome = call(replying(answer()))
    assert isinstance(outcome, NotSent)
    assert "can't start new thread" in outcome.detail


def test_what_the_caller_is_handling_is_no_cause():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    try:
        raise socket.gaierror("an earlier failure")
    except OSError:
        outcome = SmartClient(f"http://127.0.0.1:{port}", TOKEN).issue("{}")
    assert outcome.reason is Reason.CONNECTION_REFUSED
    assert "earlier" not in outcome.detail


# -- something was sent --------------------------------------------------------------------


def test_a_reset_while_a_big_body_is_being_sent(call):
    def handle(connection):
        connection.recv(100)
        reset(connection)

    outcome = call(handle, body="x" * 20_000_000)
    assert isinstance(outcome, Unknown)
    assert outcome.reason is Reason.CONNECTION_LOST


def test_a_server_that_stops_reading_is_given_the_read_timeout(call):
    given_up = threading.Event()

    def never(connection):
        given_up.wait(60)

    def later(connection):
        time.sleep(0.4)
        read_request(connection)
        connection.sendall(answer())

    big = "x" * 20_000_000
    outcome = call(never, body=big, connect_timeout=0.1, read_timeout=0.2)
    given_up.set()
    assert isinstance(outcome, Unknown)
    assert outcome.reason is Reason.READ_TIMEOUT
    # Longer than connecting may take.
    assert isinstance(call(later, body=big, connect_timeout=0.2, read_timeout=60), Accepted)


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        b"HTTP/1.1 2",
        b"SSH-2.0-OpenSSH_9.9\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: y\r\n" % n for n in range(200)) + b"\r\n",
    ],
)
def test_an_answer_that_is_no_answer(call, reply):
    outcome = call(lambda connection: (read_request(connection), connection.sendall(reply)))
    assert isinstance(outcome, Unknown)
    assert (outcome.reason, outcome.call.status) == (Reason.CONNECTION_LOST, None)


@pytest.mark.parametrize("status", ["200 OK", "202 Accepted"])
def test_a_head_that_is_cut_says_nothing(call, status):
    reply = f"HTTP/1.1 {status}\r\nContent-Le".encode()
    outcome = call(lambda connection: (read_request(connection), connection.sendall(reply)))
    assert isinstance(outcome, Unknown)
    assert outcome.reason is Reason.NOT_JSON


def drip(connection, content):
    for byte in content:
        connection.sendall(bytes([byte]))
        time.sleep(0.02)


@pytest.mark.parametrize(
    "reply", [b"HTTP/1.1 200 OK\r\nX-Long: ", b"HTTP/1.1 100 Continue\r\n\r\n"]
)
def test_a_head_without_end_is_cut_at_the_total_timeout(call, reply):
    def handle(connection):
        read_request(connection)
        drip(connection, reply * 50)

    outcome = call(handle, read_timeout=5, total_timeout=0.3)
    assert isinstance(outcome, Unknown)
    assert outcome.reason is Reason.READ_TIMEOUT
    assert outcome.call.duration_ms >= 300


def test_the_deadline_of_one_call_does_not_fall_on_the_next(serve):
    server = serve(replying(*[answer()] * 30))
    with SmartClient(server.url, TOKEN, total_timeout=0.4) as client:
        outcomes = []
        for _ in range(30):
            outcomes.append(client.issue("{}"))
            time.sleep(0.02)
    assert all(isinstance(outcome, Accepted) for outcome in outcomes)
    assert server.connections == 1


# -- kept-alive connections ----------------------------------------------------------------


@pytest.mark.parametrize("close", [socket.socket.close, reset], ids=["FIN", "RST"])
def test_a_connection_closed_between_two_calls_loses_neither(serve, close):
    def handle(connection):
        read_request(connection)
        connection.sendall(answer())
        time.sleep(0.05)
        close(connection)

    server = serve(handle)
    with SmartClient(server.url, TOKEN) as client:
        for number in range(1, 4):
            server.closed.clear()
            assert isinstance(client.issue("{}"), Accepted)
            assert server.closed.wait(60)
            assert server.connections == number


@pytest.mark.parametrize(
    ("header", "connections"),
    [
        ("X-Nothing: said", 1),
        ("Keep-Alive: timeout=5, max=100", 1),
        ("Keep-Alive: timeout=1", 2),
        ("Connection: close", 2),
    ],
)
def test_a_connection_is_kept_no_longer_than_the_server_says(serve, header, connections):
    server = serve(replying(*[answer(ISSUED, header)] * 2))
    with SmartClient(server.url, TOKEN) as client:
        assert isinstance(client.issue("{}"), Accepted)
        assert isinstance(client.issue("{}"), Accepted)
    assert server.connections == connections


def test_more_than_was_announced_is_not_taken_for_the_next_answer(serve):
    smuggled = answer(ISSUED.replace(b"01", b"66"))
    replies = iter([answer() + smuggled, answer(ISSUED.replace(b"01", b"02"))])

    def handle(connection):
        while read_request(connection):
            connection.sendall(next(replies))

    with SmartClient(serve(handle).url, TOKEN) as client:
        assert client.issue("{}").answer.control_number == "00-00000001"
        assert client.issue("{}").answer.control_number == "00-00000002"


# -- how answers are read ------------------------------------------------------------------


def test_a_body_in_chunks(call):
    half = len(ISSUED) // 2
    chunks = b"".join(
        b"%x\r\n%s\r\n" % (len(part), part) for part in (ISSUED[:half], ISSUED[half:])
    )
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert isinstance(call(replying(head + chunks + b"0\r\n\r\n")), Accepted)

    def cut(connection):
        read_request(connection)
        connection.sendall(head + chunks)

    outcome = call(cut)
    assert isinstance(outcome, Unknown)
    assert outcome.reason is Reason.CONNECTION_LOST
    assert outcome.call.answer_body == ISSUED.decode()


def test_a_body_that_ends_with_the_connection(call):
    def handle(connection):
        read_request(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n" + ISSUED)

    assert isinstance(call(handle), Accepted)


def test_answers_are_asked_for_uncompressed_and_read_all_the_same(serve):
    requests = []

    def handle(connection):
        requests.append(read_request(connection))
        connection.sendall(answer(gzip.compress(ISSUED), "Content-Encoding: gzip"))

    with SmartClient(serve(handle).url, TOKEN) as client:
        assert isinstance(client.issue("{}"), Accepted)
    assert b"accept-encoding: identity" in requests[0].lower()


def test_a_compressed_answer_is_bounded_by_what_it_becomes(call):
    bomb = gzip.compress(b" " * 50_000_000)
    outcome = call(replying(answer(bomb, "Content-Encoding: gzip")))
    assert isinstance(outcome, Unknown)
    assert outcome.reason is Reason.TOO_LARGE
    assert len(outcome.call.answer_body) == 1024 * 1024


@pytest.mark.parametrize(
    "target", ["http://127.0.0.1:1/x", "http://[", "", "//", "\x00", "gopher:x"]
)
def test_a_redirect_is_not_followed_wherever_it_leads(call, target):
    big = b"x" * 5_000_000
    for status in ("302 Found", "307 Temporary Redirect", "308 Permanent Redirect"):
        outcome = call(replying(answer(b"x", f"Location: {target}", status=status)))
        assert isinstance(outcome, Unknown)
        assert outcome.reason is Reason.REDIRECTED
    outcome = call(replying(answer(big, f"Location: {target}", status="302 Found")))
    assert outcome.reason is Reason.TOO_LARGE


def test_an_answer_is_text_that_a_database_takes(call):
    outcome = call(replying(answer(b"\xef\xbb\xbf" + ISSUED)))
    assert isinstance(outcome, Accepted)
    outcome = call(replying(answer(b"\x00\xff{}")))
    assert (outcome.reason, outcome.call.answer_body) == (Reason.NOT_JSON, "\ufffd\ufffd{}")


@pytest.mark.parametrize(
    ("content", "message"),
    [(b'"No"', "No"), (b"No\0", "No\ufffd"), (b"", "HTTP 401"), (b"{}", "HTTP 401")],
)
def test_http_401_is_refused_whatever_its_body(call, content, message):
    outcome = call(replying(answer(content, status="401 Unauthorized")))
    assert (type(outcome), outcome.code, outcome.message) == (Refused, None, message)
    assert isinstance(call(replying(answer(b"[" * 99_999, status="401 No"))), Refused)

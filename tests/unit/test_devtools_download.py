"""Downloads that go on where they stopped."""

import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from lab.devtools import download
from lab.devtools.say import Failure

CONTENT = bytes(range(256)) * 5000
SHA256 = hashlib.sha256(CONTENT).hexdigest()


class Mirror(ThreadingHTTPServer):
    """Serves one file, as badly as it is told to."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.ranges = []
        self.knows_ranges = True
        self.cut_after = None
        self.content = CONTENT

    @property
    def uri(self):
        return f"http://127.0.0.1:{self.server_port}/file.deb"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        asked = self.headers.get("Range")
        self.server.ranges.append(asked)
        start = int(asked[6:-1]) if asked and self.server.knows_ranges else 0
        if start >= len(self.server.content):
            self.send_error(416)
            return
        body = self.server.content[start:]
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        cut, self.server.cut_after = self.server.cut_after, None
        self.wfile.write(body[:cut])

    def log_message(self, *arguments):
        pass


@pytest.fixture
def mirror():
    with Mirror() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def target(tmp_path, monkeypatch):
    monkeypatch.setattr(download.time, "sleep", lambda seconds: None)
    return tmp_path / "file.deb"


def partial(target):
    return target.with_name("file.deb.partial")


def test_an_interrupted_download_goes_on_where_it_stopped(mirror, target):
    partial(target).write_bytes(CONTENT[:1000])
    download.fetch(mirror.uri, target, SHA256, {})
    assert mirror.ranges == ["bytes=1000-"]
    assert target.read_bytes() == CONTENT
    assert not partial(target).exists()


def test_a_connection_that_is_cut_is_resumed_at_once(mirror, target):
    mirror.cut_after = 2000
    download.fetch(mirror.uri, target, SHA256, {})
    assert mirror.ranges == [None, "bytes=2000-"]
    assert target.read_bytes() == CONTENT


def test_a_mirror_that_knows_no_ranges_sends_everything_again(mirror, target):
    mirror.knows_ranges = False
    partial(target).write_bytes(CONTENT[:1000])
    download.fetch(mirror.uri, target, SHA256, {})
    assert target.read_bytes() == CONTENT


def test_a_beginning_of_another_file_is_thrown_away(mirror, target):
    partial(target).write_bytes(b"x" * 1000)
    download.fetch(mirror.uri, target, SHA256, {})
    assert mirror.ranges == ["bytes=1000-", None]
    assert target.read_bytes() == CONTENT


def test_a_download_that_was_complete_but_not_renamed_is_not_fetched_again(mirror, target):
    partial(target).write_bytes(CONTENT)
    download.fetch(mirror.uri, target, SHA256, {})
    assert mirror.ranges == [f"bytes={len(CONTENT)}-"]
    assert target.read_bytes() == CONTENT


def test_a_complete_file_is_not_fetched_again(mirror, target):
    target.write_bytes(CONTENT)
    download.fetch(mirror.uri, target, SHA256, {})
    assert mirror.ranges == []


def test_a_file_with_another_checksum_is_never_taken(mirror, target):
    mirror.content = CONTENT[:-1] + b"?"
    with pytest.raises(Failure, match="checksum is wrong.*run this again"):
        download.fetch(mirror.uri, target, SHA256, {})
    assert not target.exists()


def test_an_unreachable_mirror_is_told_in_one_sentence(target):
    with pytest.raises(Failure, match="could not be downloaded .*; check the network"):
        download.fetch("http://127.0.0.1:1/file.deb", target, SHA256, {})

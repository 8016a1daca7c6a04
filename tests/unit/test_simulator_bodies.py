"""The simulator's web server takes, or does not take, what the service's does."""

import json
import socket
from urllib.parse import urlsplit

import pytest
import requests
from conftest import invoice

JSON = "application/json"
LARGEST = 102_400


def send(simulator, content, kind=JSON, path="/facturacion", method="POST", authorization=None):
    headers = {"Authorization": authorization or f"Bearer {simulator.token}"}
    if kind:
        headers["Content-Type"] = kind
    return requests.request(method, simulator.url + path, data=content, headers=headers, timeout=60)


def code(answer):
    assert answer.status_code == 202, answer.text
    return answer.json()["error"]["code"]


def padded(size):
    """Return a body of so many bytes that is taken, but for its size."""
    content = json.dumps(invoice()).encode()
    return content + b" " * (size - len(content))


def test_a_body_of_102400_bytes_passes_and_one_more_is_answered_413_in_html(simulator):
    answer = send(simulator, padded(LARGEST + 1))
    assert (answer.status_code, answer.headers["Content-Type"].split(";")[0]) == (413, "text/html")
    assert simulator.issued() == []
    assert send(simulator, padded(LARGEST)).status_code == 200


def test_characters_are_counted_as_the_bytes_that_they_take(simulator):
    text = json.dumps(invoice(observacion="ñ" * 200, unread="ñ" * 51_000), ensure_ascii=False)
    assert len(text) < LARGEST < len(text.encode())
    assert send(simulator, text.encode()).status_code == 413


@pytest.mark.parametrize("token", ["", "not.a.token"])
def test_the_size_is_looked_at_before_the_token(simulator, token):
    assert send(simulator, padded(LARGEST + 1), authorization=f"Bearer {token}").status_code == 413


def test_a_charset_other_than_utf_8_is_answered_415(simulator):
    content = json.dumps(invoice()).encode()
    for charset in ("iso-8859-1", "windows-1252"):
        answer = send(simulator, content, f"{JSON}; charset={charset}")
        assert answer.status_code == 415
    assert simulator.issued() == []
    assert send(simulator, content, f"{JSON}; charset=UTF-8").status_code == 200


def test_a_byte_order_mark_is_taken(simulator):
    assert send(simulator, b"\xef\xbb\xbf" + json.dumps(invoice()).encode()).status_code == 200


def test_what_is_not_read_has_no_rif(simulator):
    content = json.dumps(invoice()).encode()
    assert code(send(simulator, b"")) == 3
    for kind in ("text/plain", "application/x-www-form-urlencoded", None):
        assert code(send(simulator, content, kind)) == 3
    assert code(send(simulator, b"[]")) == 3


@pytest.mark.parametrize(
    "content", [b'"text"', b"null", b"7", b'{"total": NaN}', b'{"total"', b" "]
)
def test_what_is_no_json_object_is_answered_400_in_plain_text(simulator, content):
    answer = send(simulator, content)
    assert (answer.status_code, answer.headers["Content-Type"].split(";")[0]) == (400, "text/plain")


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_there_is_nothing_but_post(simulator, method):
    answer = send(simulator, json.dumps(invoice()).encode(), method=method)
    assert (answer.status_code, answer.headers["Content-Type"].split(";")[0]) == (404, "text/html")
    assert simulator.issued() == []


@pytest.mark.parametrize("path", ["/facturacion/", "/FACTURACION", "/Facturacion/"])
def test_a_path_may_end_in_a_slash_and_be_in_upper_case(simulator, path):
    assert send(simulator, json.dumps(invoice()).encode(), path=path).status_code == 200
    assert [call["path"] for call in simulator.calls()] == ["/facturacion"]


def test_a_path_that_it_does_not_know_is_answered_404(simulator):
    for path in ("/factura", "/facturacion//", "/"):
        assert send(simulator, b"{}", path=path).status_code == 404


def test_of_the_authorization_only_the_second_word_counts(simulator):
    content, token = json.dumps(invoice()).encode(), simulator.token
    for header, expected in ((token, 1), (f"Bearer  {token}", 1), ("Bearer", 1)):
        assert code(send(simulator, content, authorization=header)) == expected
    answer = send(simulator, content, authorization=f"Basic {token} and more")
    assert answer.status_code == 200


def test_a_connection_is_closed_once_it_was_idle_for_a_while(simulator):
    url = urlsplit(simulator.url)
    with socket.create_connection((url.hostname, url.port), timeout=60) as idle:
        idle.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert idle.recv(65536).startswith(b"HTTP/1.1 404")
        # It ends by itself, long before the time that this waits for a byte.
        assert idle.recv(65536) == b""

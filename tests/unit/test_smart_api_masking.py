"""A service, or a proxy before it, that sends the token back: it stays out of what is kept."""

import base64
import json
import time
from urllib.parse import quote

import pytest
from test_smart_api_connections import answer, read_request, serve  # noqa: F401 - a fixture

from smart_api.client import MAX_ANSWER_BYTES, SmartClient
from smart_api.masking import MASK, TokenMask
from smart_api.outcomes import Accepted, Reason, Refused, Unknown


def part(content):
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


HEADER = part(b'{"alg":"HS256","typ":"JWT"}')
CLAIMS = part(json.dumps({"user": {"rif": "J-12345678-9", "razonsocial": "Ejemplo"}}).encode())
# With both kinds of punctuation that a signature may have, and beginning with one.
SIGNATURE = part(bytes([0xFB, 0xEF, *range(3, 30), 0xFF, 0xFE, 0xFB]))
TOKEN = f"{HEADER}.{CLAIMS}.{SIGNATURE}"
CONTROL_NUMBER = "00-00000007"


@pytest.fixture
def echo(serve):  # noqa: F811
    """Send one document to a server that answers with what ``reply`` makes of the header."""

    def send(reply, token=TOKEN, method="issue", **options):
        def handle(connection):
            while request := read_request(connection):
                lines = request.decode().split("\r\n")
                [header] = [line for line in lines if line.lower().startswith("authorization:")]
                connection.sendall(reply(header))

        with SmartClient(serve(handle).url, token, **options) as client:
            return getattr(client, method)("{}")

    return send


def envelope(**content):
    return json.dumps(content).encode()


def assert_masked(outcome):
    said = repr(outcome)
    assert TOKEN not in said
    assert SIGNATURE not in said
    assert MASK in said


# -- the outcomes --------------------------------------------------------------------------


def test_an_error_page_that_quotes_the_request(echo):
    page = "<h1>500</h1><pre>POST /facturacion\n{}\n</pre>".format
    outcome = echo(lambda header: answer(page(header).encode(), status="500 Oops"))
    assert (type(outcome), outcome.reason) == (Unknown, Reason.HTTP_STATUS)
    assert outcome.call.answer_body == page(f"Authorization: Bearer {MASK}")
    assert_masked(outcome)


def test_a_refusal_whose_words_quote_it(echo):
    def reply(header):
        error = {"code": 1, "message": f"Token NO VALIDO: {header}"}
        return answer(envelope(success=False, data=None, error=error), status="202 Accepted")

    outcome = echo(reply)
    assert (type(outcome), outcome.code) == (Refused, 1)
    assert outcome.message == f"Token NO VALIDO: Authorization: Bearer {MASK}"
    assert_masked(outcome)


@pytest.mark.parametrize("lead", ["", "x" * 440, "x" * (500 - len(HEADER + CLAIMS) - 40)])
def test_http_401_that_quotes_it_wherever_its_words_are_cut(echo, lead):
    outcome = echo(lambda header: answer((lead + header).encode(), status="401 Unauthorized"))
    assert (type(outcome), outcome.code) == (Refused, None)
    assert_masked(outcome)
    assert SIGNATURE[:10] not in outcome.message


def test_an_accepted_answer_keeps_its_control_number(echo):
    def reply(header):
        token = header.split()[-1]
        data = {
            "numerodocumento": CONTROL_NUMBER,
            "piedepagina": f"Ley {token}",
            "urlpdf": f"https://example.com/x.pdf?token={token}",
            "datatime": "2026-11-22 23:53:31",
        }
        return answer(envelope(success=True, data=data, headers={"authorization": header}))

    outcome = echo(reply)
    assert isinstance(outcome, Accepted)
    assert outcome.answer.control_number == CONTROL_NUMBER
    assert outcome.answer.issued_at
    assert outcome.answer.legal_footer == f"Ley {MASK}"
    assert outcome.answer.document_url == f"https://example.com/x.pdf?token={MASK}"
    kept = json.loads(outcome.call.answer_body)
    assert kept["data"]["numerodocumento"] == CONTROL_NUMBER
    assert_masked(outcome)


def test_a_control_number_that_is_the_token_is_not_lost(echo):
    number = "00-0000000000000007"
    content = envelope(success=True, data={"numerodocumento": number, "piedepagina": number})
    outcome = echo(lambda _header: answer(content), token=number)
    assert (outcome.answer.control_number, outcome.answer.legal_footer) == (number, MASK)


def test_an_escape_before_the_token_costs_no_control_number(echo):
    # Read as text, the backslash of "\\u002d" would go with the dash that it does not escape.
    token = f"-{'abcdefgh' * 3}"
    data = rf'{{"numerodocumento": "{CONTROL_NUMBER}", "x": "\\u002d{token[1:]}"}}'
    content = f'{{"success": true, "data": {data}}}'
    outcome = echo(lambda _header: answer(content.encode()), token=token)
    assert isinstance(outcome, Accepted)
    assert outcome.answer.control_number == CONTROL_NUMBER


def test_the_words_of_an_annulment(echo):
    content = {"success": True, "data": {"mensaje": f"Anulado por {TOKEN}"}}
    outcome = echo(lambda _header: answer(envelope(**content)), method="annul")
    assert outcome.answer.message == f"Anulado por {MASK}"
    assert_masked(outcome)


def test_an_exception_that_quotes_it(echo):
    # Not a status line: http.client quotes it in its error.
    outcome = echo(lambda header: header.encode() + b"\r\n\r\n")
    assert (type(outcome), outcome.reason) == (Unknown, Reason.CONNECTION_LOST)
    assert_masked(outcome)


def test_an_answer_that_is_cut_inside_the_signature(echo):
    def reply(header):
        content = b"x" * (MAX_ANSWER_BYTES - len(header) + 5) + header.encode()
        return answer(content, status="500 Oops")

    outcome = echo(reply)
    assert outcome.reason is Reason.TOO_LARGE
    assert outcome.call.answer_body.endswith(MASK)
    assert_masked(outcome)


# -- the texts -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "echoed",
    [
        TOKEN,
        SIGNATURE,
        json.dumps(TOKEN),
        TOKEN.replace(".", r"\u002E").replace("_", r"\u005f"),
        quote(TOKEN).replace(".", "%2E"),
        TOKEN.replace(".", "%2e").replace("-", "%2D").replace("_", "%5f"),
        TOKEN.replace(".", "&#46;").replace("-", "&#x2D;").replace("_", "&#x5f;"),
    ],
)
def test_it_is_found_as_it_may_be_escaped(echoed):
    text = TokenMask(TOKEN)(f"<{echoed}> and {echoed}.")
    assert text.replace('"', "") == f"<{MASK}> and {MASK}."


def test_a_token_that_is_no_jwt_is_found_with_its_slashes_escaped():
    token = "ab/cd+ef~gh/ij0123456789=="
    for echoed in (token, token.replace("/", r"\/"), quote(token, safe="")):
        assert TokenMask(token)(f"({echoed})") == f"({MASK})"


def test_other_tokens_and_what_is_no_secret_stay():
    other = f"{HEADER}.{CLAIMS}.{SIGNATURE[::-1]}"
    text = f"https://example.com/x.pdf?token={other}"
    assert TokenMask(TOKEN)(text) == text


@pytest.mark.parametrize("token", ["a", "00-00000007", "aaaa.bbbb.cccc", "SMART", "-.-.-"])
def test_a_short_token_mangles_no_answer(echo, token):
    data = {"numerodocumento": CONTROL_NUMBER, "piedepagina": f"SMART {token} aaaa"}
    content = envelope(success=True, data=data)
    outcome = echo(lambda _header: answer(content), token=token)
    assert outcome.answer.legal_footer == f"SMART {token} aaaa"
    assert outcome.call.answer_body == content.decode()


def test_nothing_is_nothing():
    assert [TokenMask(TOKEN)(text) for text in (None, "", "x")] == [None, "", "x"]


def test_it_costs_next_to_nothing_where_there_is_no_token():
    mask, text = TokenMask(TOKEN), '{"numerodocumento": "00-00000007"}' * 30_000
    started = time.thread_time()  # whatever else the machine does meanwhile
    for _time in range(20):
        assert mask(text) is text
    assert time.thread_time() - started < 1  # a megabyte each

"""Answers are read tolerantly: a control number is never lost over what surrounds it."""

import json
from datetime import datetime, timedelta, timezone

import pytest
from conftest import TRANSCRIPTS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from test_smart_api_connections import TOKEN, Server, answer, replying

from smart_api.answers import IssueAnswer, NextNumberAnswer
from smart_api.client import SmartClient
from smart_api.outcomes import Accepted, Reason, Refused, Unknown

#: However busy the machine is, slowness is no failure of what is tested here.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

NUMBER = {"numerodocumento": "00-00000123"}


@pytest.fixture(scope="module")
def service():
    """A server that sends whatever it is told to."""
    server = Server(lambda connection: replying(*[server.reply] * 99)(connection))
    yield server
    server.stop()


@pytest.fixture
def issue(service):
    """Issue a document that is answered so; return the outcome."""

    def call(content, status=200, operation="issue"):
        text = content if isinstance(content, str) else json.dumps(content)
        service.reply = answer(text.encode(), "Connection: close", status=f"{status} X")
        with SmartClient(service.url, TOKEN) as client:
            return getattr(client, operation)("{}")

    return call


# -- what a document comes back with -------------------------------------------------------


def test_the_recorded_answer():
    data = TRANSCRIPTS[0]["response"]["body"]["data"]
    read = IssueAnswer.model_validate(data)
    assert read.control_number == data["numerodocumento"]
    assert read.issued_at == datetime.strptime(data["datatime"] + "-0400", "%Y-%m-%d %H:%M:%S%z")
    assert read.issued_at.tzinfo == timezone(timedelta(hours=-4))
    assert (read.legal_footer, read.document_url) == (data["piedepagina"], data["urlpdf"])


@pytest.mark.parametrize(
    "stamp", ["", "yesterday", "2026-11-22", "22/11/2026 10:00", None, 5, [], {}]
)
def test_a_date_that_cannot_be_read_is_none(stamp):
    assert IssueAnswer.model_validate(NUMBER | {"datatime": stamp}).issued_at is None


@pytest.mark.parametrize("value", [None, 5, [], {}, True])
def test_a_footer_or_address_that_is_no_text_is_empty(value):
    read = IssueAnswer.model_validate(NUMBER | {"piedepagina": value, "urlpdf": value})
    assert (read.legal_footer, read.document_url) == ("", "")


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://a.example/b", True),
        ("HTTP://a.example/b", True),
        ("javascript:alert(1)", False),
        ("file:///etc/passwd", False),
        ("data:text/html,x", False),
        ("/archivos/1", False),
    ],
)
def test_only_an_address_of_the_web_is_one(url, kept):
    assert IssueAnswer.model_validate(NUMBER | {"urlpdf": url}).document_url == url * kept


def test_words_are_what_any_database_takes():
    read = IssueAnswer.model_validate(NUMBER | {"piedepagina": "a\0b\ud800c<br>ñ"})
    assert read.legal_footer == "ab?c<br>ñ"


@pytest.mark.parametrize(
    "number", ["00-00000123", " 00-00000123\n", "00000123", 123, "00-123456789"]
)
def test_a_control_number_may_be_written_otherwise(number):
    read = IssueAnswer.model_validate({"numerodocumento": number})
    assert read.control_number == str(number).strip()


@pytest.mark.parametrize(
    "number", [None, "", "0", "-", "--------", "Error", "00 00000123", True, [], {}, "1" * 21]
)
def test_what_is_no_control_number_is_none(number):
    with pytest.raises(ValidationError):
        IssueAnswer.model_validate({"numerodocumento": number})


def test_the_next_internal_number_is_digits():
    assert NextNumberAnswer(numerointerno="00000002").internal_number == "00000002"
    assert NextNumberAnswer(numerointerno=2).internal_number == "2"
    for wrong in ("", "x", "1" * 11, None, "-1", "\u0661"):
        with pytest.raises(ValidationError):
            NextNumberAnswer(numerointerno=wrong)


# -- from an answer to an outcome ----------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        {"success": True, "data": NUMBER},
        {"success": True, "data": NUMBER, "error": None},
        {"success": True, "data": NUMBER, "error": ""},
        {"success": True, "data": NUMBER, "error": []},
        {"success": True, "data": NUMBER | {"new": {"x": [1]}}, "new": 1},
        {"success": "true", "data": NUMBER},
        {"data": NUMBER},
        "\ufeff" + json.dumps({"data": NUMBER}),
        {"data": NUMBER | {"piedepagina": 5, "datatime": "never", "urlpdf": None}},
    ],
)
def test_http_200_with_a_control_number_is_accepted(issue, content):
    outcome = issue(content)
    assert isinstance(outcome, Accepted)
    assert outcome.answer.control_number == "00-00000123"


@pytest.mark.parametrize(
    ("content", "status", "reason"),
    [
        ({"success": False, "data": NUMBER}, 200, Reason.NOT_UNDERSTOOD),
        ({"success": False, "error": {"code": 4, "message": "x"}}, 200, Reason.NOT_UNDERSTOOD),
        ({"success": True, "data": {}}, 200, Reason.NOT_UNDERSTOOD),
        ({"success": True, "data": None}, 200, Reason.NOT_UNDERSTOOD),
        ({"success": True, "data": [NUMBER]}, 200, Reason.NOT_UNDERSTOOD),
        ({}, 200, Reason.NOT_UNDERSTOOD),
        ("[]", 200, Reason.NOT_UNDERSTOOD),
        ("null", 200, Reason.NOT_UNDERSTOOD),
        ('"00-00000123"', 200, Reason.NOT_UNDERSTOOD),
        ("", 200, Reason.NOT_JSON),
        ("[" * 100_000, 200, Reason.NOT_JSON),
        ("9" * 5000, 200, Reason.NOT_JSON),
        ({"success": True, "data": NUMBER}, 202, Reason.NOT_UNDERSTOOD),
        ({"success": False, "data": NUMBER, "error": {"code": 4}}, 202, Reason.NOT_UNDERSTOOD),
        ({"success": True, "error": {"code": 4}}, 202, Reason.NOT_UNDERSTOOD),
        ({"success": False, "error": None}, 202, Reason.NOT_UNDERSTOOD),
        ({"success": False, "error": {}}, 202, Reason.NOT_UNDERSTOOD),
        ("Accepted", 202, Reason.NOT_JSON),
        ({"success": True, "data": NUMBER}, 201, Reason.HTTP_STATUS),
        ({"success": True, "data": NUMBER}, 500, Reason.HTTP_STATUS),
        ({"success": False, "error": {"code": 4}}, 400, Reason.HTTP_STATUS),
        ("Acceso denegado", 403, Reason.HTTP_STATUS),
        ("", 304, Reason.REDIRECTED),
    ],
)
def test_whatever_proves_nothing_is_unknown(issue, content, status, reason):
    outcome = issue(content, status)
    assert isinstance(outcome, Unknown)
    assert (outcome.reason, outcome.call.status) == (reason, status)


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        ({"code": 4, "message": "MAL"}, 4, "MAL"),
        ({"code": "4", "message": "MAL"}, 4, "MAL"),
        ({"code": 4, "message": None}, 4, ""),
        ({"code": 4}, 4, ""),
        ({"code": "E4", "message": "MAL\0\ud800"}, None, "MAL?"),
        ({"code": None, "message": "MAL"}, None, "MAL"),
        ({"code": [1], "message": "MAL", "more": 1}, None, "MAL"),
        ({"code": 10**30, "message": "MAL"}, None, "MAL"),
        ("MAL", None, "MAL"),
    ],
)
def test_http_202_with_an_error_is_refused(issue, error, code, message):
    outcome = issue({"success": False, "data": None, "error": error}, 202)
    assert isinstance(outcome, Refused)
    assert (outcome.code, outcome.message) == (code, message)
    assert isinstance(issue({"error": error}, 202), Refused)


@pytest.mark.parametrize("operation", ["annul", "send_email"])
def test_what_comes_back_without_a_value_needs_success(issue, operation):
    for data in ({"mensaje": "Hecho"}, {"mensaje": 5}, {}, None, "Hecho", []):
        assert isinstance(issue({"success": True, "data": data}, operation=operation), Accepted)
    for content in ({}, {"data": {"mensaje": "Hecho"}}, {"success": "true"}, {"success": False}):
        assert isinstance(issue(content, operation=operation), Unknown)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["success", "data", "error", "code", "message", "numerodocumento", "x"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@unhurried
@given(JSON)
def test_no_surroundings_lose_a_control_number(noise):
    data = noise if isinstance(noise, dict) else {"piedepagina": noise, "urlpdf": noise}
    names = ("datatime", "piedepagina", "urlpdf")
    data |= dict.fromkeys(names, noise) | NUMBER
    assert IssueAnswer.model_validate(data).control_number == "00-00000123"

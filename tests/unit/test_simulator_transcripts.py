"""The simulator answers as the service was recorded to answer."""

import re

import pytest
import requests
from conftest import TRANSCRIPTS, Simulator

FORMATS = {
    "numerodocumento": r"00-\d{8}",
    "identificador": r"\d\d",
    "corelativo": r"\d{8}",
    "datatime": r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d",
    "fecha": r"\d{8}",
    "hora": r"\d\d:\d\d:\d\d",
    "urlpdf": r"https?://[^/]+/archivos/J-12345678-9/\d{4}-\d\d/J-12345678-900-\d{8}",
    "piedepagina": r".*<br>.*<br> Desde Nro\. de Control 00-00000001 Hasta Nro\. 00-00100000"
    r" de fecha \d\d/\d\d/\d{4}\.",
}


@pytest.fixture(scope="module")
def answers():
    """Replay all recorded requests in their order against a lenient simulator."""
    simulator = Simulator("--lenient")
    simulator.mint()
    result = {}
    for transcript in TRANSCRIPTS:
        name, request = transcript["name"], transcript["request"]
        headers = dict(request["headers"])
        if headers:
            token = "not.a.token" if name == "bad_token" else simulator.token
            headers["Authorization"] = headers["Authorization"].replace("<token>", token)
        result[name] = requests.request(
            request["method"],
            simulator.url + request["path"],
            json=request["body"],
            headers=headers,
            timeout=10,
        )
    simulator.stop()
    return result


def test_all_recorded_calls_are_replayed():
    assert len(TRANSCRIPTS) == 25


@pytest.mark.parametrize("transcript", TRANSCRIPTS, ids=lambda transcript: transcript["name"])
def test_answer_is_the_recorded_one(answers, transcript):
    answer, recorded = answers[transcript["name"]], transcript["response"]
    assert answer.status_code == recorded["status"]
    assert answer.headers["Content-Type"] == recorded["content_type"]
    body, expected = answer.json(), recorded["body"]
    if not isinstance(expected, dict) or not expected["data"]:
        assert body == expected
        return
    assert list(body) == list(expected)
    assert (body["success"], body["error"]) == (True, None)
    assert list(body["data"]) == list(expected["data"])
    for key, value in expected["data"].items():
        if key in FORMATS:
            assert re.fullmatch(FORMATS[key], value), f"the format of {key} is not the recorded one"
            assert re.fullmatch(FORMATS[key], body["data"][key])
        else:
            assert body["data"][key] == value
    for key in ("numerodocumento", "corelativo"):
        assert body["data"].get(key) == expected["data"].get(key)


def test_footer_is_the_recorded_one_but_for_the_date(answers):
    def dateless(text):
        return re.sub(r"\d\d/\d\d/\d{4}\.$", "", text)

    recorded = TRANSCRIPTS[0]["response"]["body"]["data"]["piedepagina"]
    answered = answers[TRANSCRIPTS[0]["name"]].json()["data"]["piedepagina"]
    assert dateless(answered) == dateless(recorded)

"""Every way in which a call can end, against the simulator over a real socket."""

import json
import logging
import time
import tracemalloc
from unittest.mock import patch

import pytest
from conftest import RIF, body

from smart_api import client as smart_client
from smart_api.addresses import ConfigurationError
from smart_api.client import SmartClient
from smart_api.outcomes import Accepted, NotSent, Reason, Refused, Unknown
from smart_api.refusals import Why
from smart_api.schemas import AnnulRequest, EmailRequest, NextNumberRequest

ISSUED, NOTHING = ["00000001"], []


# -- the four outcomes ---------------------------------------------------------------------


def test_an_issued_document_is_accepted_with_its_control_number(client, simulator):
    sent = body()
    outcome = client.issue(sent)
    assert isinstance(outcome, Accepted)
    answer, call = outcome.answer, outcome.call
    assert answer.control_number == "00-00000001"
    assert answer.issued_at.utcoffset().total_seconds() == -4 * 3600
    assert "SENIAT" in answer.legal_footer
    assert answer.document_url.startswith("http://127.0.0.1")
    assert (call.operation, call.url) == ("issue", simulator.url + "/facturacion")
    assert (call.request_body, call.status) == (sent, 200)
    assert "00-00000001" in call.answer_body
    assert call.started_at.tzinfo
    assert 0 <= call.duration_ms < 5000
    assert simulator.issued() == ISSUED


def test_a_refusal_carries_the_services_code_and_words(client, simulator):
    client.issue(body())
    outcome = client.issue(body())
    assert isinstance(outcome, Refused)
    assert (outcome.code, outcome.call.status) == (8, 202)
    assert outcome.message == "NÚMERO INTERNO para este TIPO DE DOCUMENTO, ya existe!"
    assert simulator.issued() == ISSUED


def test_a_bad_token_is_refused(connect):
    outcome = connect(token="not.a.token").issue(body())
    assert (type(outcome), outcome.code) == (Refused, 1)


def test_http_401_is_refused_without_a_code(client, simulator):
    simulator.fault("unauthorized")
    outcome = client.issue(body())
    assert isinstance(outcome, Refused)
    assert (outcome.code, outcome.message) == (None, "Acceso denegado")
    assert simulator.issued() == NOTHING


def test_a_body_that_the_web_server_does_not_read_is_refused(client, simulator):
    sent = json.loads(body())
    line = sent["cuerpofactura"][0] | {"descripcion": "ñ" * 250}
    outcome = client.issue(json.dumps(sent | {"cuerpofactura": [line] * 200}, ensure_ascii=False))
    assert isinstance(outcome, Refused)
    assert (outcome.code, outcome.message, outcome.call.status) == (None, "HTTP 413", 413)
    assert outcome.why is Why.BODY_TOO_LARGE
    assert simulator.issued() == NOTHING
    assert isinstance(client.issue(body()), Accepted)


@pytest.mark.parametrize("operation", ["issue", "annul", "send_email", "next_internal_number"])
def test_a_kind_of_body_that_is_not_read_is_refused_whatever_was_asked(client, operation):
    with patch.dict(smart_client.HEADERS, {"Content-Type": "application/json; charset=latin1"}):
        outcome = getattr(client, operation)(body())
    assert isinstance(outcome, Refused)
    assert (outcome.call.status, outcome.why) == (415, Why.BODY_NOT_READ)


def test_annulling_e_mailing_and_asking_for_the_next_number(client):
    number = client.issue(body()).answer.control_number
    named = {"rif": RIF, "control_number": number}
    asked = client.next_internal_number(NextNumberRequest(rif=RIF, document_type=1).to_json())
    assert asked.answer.internal_number == "00000002"
    e_mailed = client.send_email(
        EmailRequest(email="a@example.com|b@example.com", **named).to_json()
    )
    assert isinstance(e_mailed, Accepted)
    annulled = client.annul(AnnulRequest(reason="Error", **named).to_json())
    assert isinstance(annulled, Accepted)
    unknown = AnnulRequest(reason="Error", rif=RIF, control_number="00-00000099")
    assert client.annul(unknown.to_json()).code == 3
    assert [e_mailed.call.operation, annulled.call.operation] == ["email", "annul"]


@pytest.mark.parametrize(
    ("fault", "reason", "status", "issued"),
    [
        ("drop_before", Reason.CONNECTION_LOST, None, NOTHING),
        ("drop_after", Reason.CONNECTION_LOST, None, ISSUED),
        ("text_400_before", Reason.HTTP_STATUS, 400, NOTHING),
        ("text_400", Reason.HTTP_STATUS, 400, ISSUED),
        ("error_500_before", Reason.HTTP_STATUS, 500, NOTHING),
        ("error_500", Reason.HTTP_STATUS, 500, ISSUED),
        ("html", Reason.NOT_JSON, 200, NOTHING),
        ("html_after", Reason.NOT_JSON, 200, ISSUED),
        ("cut_json", Reason.NOT_JSON, 200, ISSUED),
        ("cut_body", Reason.CONNECTION_LOST, 200, ISSUED),
        ("garbage_json", Reason.NOT_UNDERSTOOD, 200, ISSUED),
        ("redirect", Reason.REDIRECTED, 302, NOTHING),
        ("huge", Reason.TOO_LARGE, 200, ISSUED),
    ],
)
@pytest.mark.parametrize("meanwhile", [None, lambda answered: answered(1)], ids=["", "meanwhile"])
def test_whatever_else_comes_after_sending_is_unknown(
    client, simulator, fault, reason, status, issued, meanwhile
):
    simulator.fault(fault)
    outcome = client.issue(body(), meanwhile)
    assert isinstance(outcome, Unknown)
    assert (outcome.reason, outcome.call.status) == (reason, status)
    assert simulator.issued() == issued
    assert [call["path"] for call in simulator.calls()] == ["/facturacion"]  # once, and no trap
    # The line is usable at once, and what was left of the answer is not taken for the next.
    again = client.issue(body())
    assert isinstance(again, Refused if issued else Accepted)


def test_what_arrived_of_a_cut_answer_is_kept(client, simulator):
    simulator.fault("cut_body")
    outcome = client.issue(body())
    assert "00-00000001" in outcome.call.answer_body  # evidence for whoever resolves it
    simulator.fault("drop_before")
    assert client.issue(body()).call.answer_body is None


@pytest.mark.parametrize("fault", ["delay", "delay_before"])
def test_no_answer_within_the_read_timeout_is_unknown(connect, simulator, fault):
    simulator.fault(fault, seconds=2)
    outcome = connect(read_timeout=0.15).issue(body())
    assert isinstance(outcome, Unknown)
    assert outcome.reason is Reason.READ_TIMEOUT
    assert outcome.call.duration_ms >= 150
    deadline = time.monotonic() + 60
    while simulator.issued() != ISSUED:  # late, and behind the client's back
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_an_answer_that_drips_ends_at_the_total_timeout(connect, simulator):
    simulator.fault("slow_drip", seconds=0.05)
    outcome = connect(read_timeout=5, total_timeout=0.4).issue(body())
    assert isinstance(outcome, Unknown)
    assert outcome.reason is Reason.READ_TIMEOUT
    assert outcome.call.duration_ms >= 400
    assert outcome.call.answer_body.startswith('{"')


def test_a_huge_answer_costs_neither_memory_nor_time(client, simulator):
    simulator.fault("huge")
    tracemalloc.start()
    try:
        outcome = client.issue(body())
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert outcome.reason is Reason.TOO_LARGE
    assert len(outcome.call.answer_body) == smart_client.MAX_ANSWER_BYTES
    assert peak < 8 * smart_client.MAX_ANSWER_BYTES
    assert outcome.call.duration_ms < 3000


def test_a_service_that_refuses_connections_gets_nothing(client, simulator):
    client.issue(body())
    simulator.fault("refuse", seconds=30)
    outcome = client.issue(body("00000002"))
    assert isinstance(outcome, NotSent)
    assert outcome.reason is Reason.CONNECTION_REFUSED
    assert (outcome.call.status, outcome.call.answer_body) == (None, None)
    simulator.control("DELETE", "/faults")
    assert isinstance(client.issue(body("00000002")), Accepted)


@pytest.mark.parametrize("fault", ["die", "die_before"])
def test_a_service_that_dies_leaves_the_outcome_unknown(start_simulator, fault):
    mortal = start_simulator("--respawn")
    mortal.mint(RIF)
    with SmartClient(mortal.url, mortal.token) as client:
        mortal.fault(fault)
        outcome = client.issue(body())
        assert isinstance(outcome, Unknown)
        assert outcome.reason is Reason.CONNECTION_LOST
        mortal.wait_until_listening()
        assert isinstance(client.issue(body()), Refused if fault == "die" else Accepted)


# -- one connection ------------------------------------------------------------------------


def ports(simulator):
    return [call["client_port"] for call in simulator.calls()]


def test_all_calls_share_one_connection(client, simulator):
    for number in range(1, 11):
        assert isinstance(client.issue(body(f"{number:08}")), Accepted)
    client.issue(body())
    client.next_internal_number(NextNumberRequest(rif=RIF, document_type=1).to_json())
    assert len(ports(simulator)) == 12
    assert len(set(ports(simulator))) == 1


def test_an_idle_connection_is_not_reused(client, simulator, monkeypatch):
    client.issue(body())
    monkeypatch.setattr(smart_client, "MAX_IDLE_SECONDS", 0.05)
    time.sleep(0.1)
    client.issue(body("00000002"))
    monkeypatch.setattr(smart_client, "MAX_IDLE_SECONDS", 600)
    client.issue(body("00000003"))
    first, second, third = ports(simulator)
    assert first != second == third


def test_a_client_is_a_context_and_can_be_used_after_it(simulator):
    with SmartClient(simulator.url + "/", simulator.token) as client:
        client.issue(body())
    assert isinstance(client.issue(body("00000002")), Accepted)
    client.close()
    assert len(set(ports(simulator))) == 2


# -- the token -----------------------------------------------------------------------------


def test_the_token_is_in_no_outcome_and_no_log(connect, simulator, caplog):
    caplog.set_level(logging.DEBUG)
    client = connect(read_timeout=0.3)
    outcomes = [client.issue(body()), client.issue(body())]
    for fault in ("unauthorized", "drop_before", "redirect", "html", "delay", "huge", "refuse"):
        simulator.fault(fault, seconds=1)
        outcomes.append(client.issue(body("00000002")))
    simulator.control("DELETE", "/faults")
    outcomes.append(client.issue("\ud800"))
    assert any("POST /facturacion" in record.getMessage() for record in caplog.records)
    printed = [repr(outcomes), str(outcomes), repr(client), caplog.text, repr(caplog.records)]
    secret = simulator.token.split(".")[-1]
    assert not any(secret in text for text in printed)


@pytest.mark.parametrize("token", ["", None, " \n", "tokén", "to\0ken", "token\x7f", 'to"ken'])
def test_a_token_that_cannot_be_sent_is_an_error_that_does_not_quote_it(token):
    with pytest.raises(ConfigurationError) as caught:
        SmartClient("http://127.0.0.1:1", token)
    assert "tok" not in str(caught.value).replace("the token", "").replace("no token", "")


def test_a_token_may_have_line_breaks(connect, simulator):
    torn = f" {simulator.token[:30]}\n{simulator.token[30:]}\r\n"
    assert isinstance(connect(token=torn).issue(body()), Accepted)


def test_a_netrc_does_not_replace_the_token(client, simulator, monkeypatch, tmp_path):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\ndefault login a password b\n")
    monkeypatch.setenv("NETRC", str(netrc))
    assert isinstance(client.issue(body()), Accepted)
    client._session.trust_env = True  # as for a host that is not this machine
    assert isinstance(client.issue(body("00000002")), Accepted)


def test_proxies_of_the_environment_are_not_between_this_machine_and_itself(connect, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    assert isinstance(connect().issue(body()), Accepted)

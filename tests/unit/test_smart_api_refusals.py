"""What the service's codes and words mean."""

from datetime import datetime, timezone

import pytest
from conftest import RIF, body

from smart_api.outcomes import Call, Refused
from smart_api.refusals import ABOUT_THE_ISSUER, Why
from smart_api.schemas import AnnulRequest, EmailRequest


def refused(operation="issue", code=None, message="NO VALIDO", status=202):
    now = datetime.now(timezone.utc)
    return Refused(Call(operation, "http://smart", "{}", now, 1, status, "{}"), code, message)


@pytest.mark.parametrize(
    ("operation", "code", "why"),
    [
        ("issue", 1, Why.TOKEN),
        ("issue", 3, Why.OTHER_RIF),
        ("issue", 12, Why.LOT_USED_UP),
        ("issue", 8, Why.NUMBER_USED),
        ("issue", 9, Why.NUMBER_NOT_NEXT),
        ("issue", 11, Why.DOCUMENT),
        ("issue", None, Why.DOCUMENT),
        ("next_number", 1, Why.TOKEN),
        ("next_number", 3, Why.OTHER_RIF),
        ("next_number", 8, Why.DOCUMENT),
        ("annul", 1, Why.TOKEN),
        ("annul", 2, Why.NUMBER_OR_RIF),
        ("annul", 3, Why.UNKNOWN_NUMBER),
        ("annul", 4, Why.INVALID_NUMBER),
        ("annul", 5, Why.NUMBER_DOES_NOT_FIT),
        ("annul", 12, Why.LOT_USED_UP),
        ("annul", 8, Why.DOCUMENT),
        ("email", 1, Why.NO_ADDRESS),
        ("email", 3, Why.DOCUMENT),
        ("email", 12, Why.DOCUMENT),
    ],
)
def test_a_code_means_what_it_means_to_its_operation(operation, code, why):
    assert refused(operation, code).why is why


@pytest.mark.parametrize("operation", ["issue", "annul", "email", "next_number"])
def test_http_401_is_about_the_token_whatever_was_asked(operation):
    assert refused(operation, 8, status=401).why is Why.TOKEN


@pytest.mark.parametrize("operation", ["issue", "annul", "email", "next_number"])
@pytest.mark.parametrize(("status", "why"), [(413, Why.BODY_TOO_LARGE), (415, Why.BODY_NOT_READ)])
def test_what_the_web_server_does_not_read_is_no_fault_of_the_issuer(operation, status, why):
    outcome = refused(operation, status=status)
    assert (outcome.why, outcome.http_status) == (why, status)
    assert why not in ABOUT_THE_ISSUER


@pytest.mark.parametrize(
    ("code", "message", "why"),
    [
        (1, "Token NO VALIDO", Why.TOKEN),
        (3, "TOKEN no corresponde al RIF", Why.OTHER_RIF),
        (2, "Token NO VALIDO", Why.DOCUMENT),
    ],
)
def test_only_its_words_tell_an_e_mails_token_from_its_address(code, message, why):
    assert refused("email", code, message).why is why


def test_the_issuer_is_refused_for_its_token_its_rif_and_its_lot():
    codes = {code for code in range(30) if refused(code=code).why in ABOUT_THE_ISSUER}
    assert codes == {1, 3, 12}


@pytest.mark.parametrize(
    ("code", "message", "last"),
    [
        (9, "no corresponde numeración esperada! Actual:41", 41),
        (9, "Actual: 0", 0),
        (9, "no corresponde", None),
        (9, "Actual:1234567890", None),
        (8, "ya existe! Actual:41", None),
    ],
)
def test_the_last_accepted_number_is_told_by_one_refusal_alone(code, message, last):
    assert refused(code=code, message=message).last_accepted == last


def test_the_services_own_refusals_are_understood(client, connect, simulator):
    assert client.issue(body()).answer.control_number
    assert client.issue(body()).why is Why.NUMBER_USED
    skipped = client.issue(body("00000007"))
    assert (skipped.why, skipped.last_accepted) == (Why.NUMBER_NOT_NEXT, 1)
    unknown = AnnulRequest(reason="Error", rif=RIF, control_number="00-00000099")
    assert client.annul(unknown.to_json()).why is Why.UNKNOWN_NUMBER
    mail = EmailRequest(rif=RIF, control_number="00-00000001", email="a@example.com").to_json()
    assert connect(token="not.a.token").send_email(mail).why is Why.TOKEN
    assert connect(token="not.a.token").issue(body()).why is Why.TOKEN
    assert client.issue(body(rif="J-99999999-9")).why is Why.OTHER_RIF
    simulator.fault("unauthorized")
    assert client.send_email(mail).why is Why.TOKEN

"""Requests hold together as the service wants it, and leave exactly as they are."""

import json
from decimal import Decimal

import pytest
from conftest import RIF, TRANSCRIPTS, body
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from test_smart_api_table import INVOICE, LINE, read, refusals

from smart_api import amounts, schemas
from smart_api.rules import Rule
from smart_api.schemas import (
    AnnulRequest,
    EmailRequest,
    IssueRequest,
    NextNumberRequest,
    name_of,
    stated,
    tracking_id_of,
)

#: However busy the machine is, slowness is no failure of what is tested here.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

# -- rules over several fields -------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"tipomoneda": 2, "tasadecambio": 0}, "tasadecambio"),
        ({"tipomoneda": 3, "tasadecambio": 0}, "tasadecambio"),
        ({"impuestog": 15.99, "total": 115.99}, "impuestog 15.99 is not 16 % of 100"),
        ({"tasaa": 31}, "belong together"),
        ({"tasaa": 31, "basea": 0, "impuestoa": 1, "total": 117}, "impuestoa"),
        ({"subtotal": 101, "total": 117}, "subtotal"),
        ({"idtipodocumento": 4, "cuerpofactura": []}, "cuerpofactura"),
        ({"regimenanterior": 1, "observacion": "x"}, "regimenanterior"),
        ({"regimenanterior": 1, "relacionado": "00-00000001"}, "regimenanterior"),
        ({"idtipocedulacliente": 1}, "rifcedulacliente"),
        ({"idtipocedulacliente": 1, "rifcedulacliente": "V-123456789"}, "rifcedulacliente"),
    ],
)
def test_a_document_that_contradicts_itself(changes, words):
    told = [f"{rule.key} {rule.words}" for rule in refusals(INVOICE | changes)]
    assert any(words in one for one in told), told


def test_all_contradictions_are_told_at_once():
    changes = {"impuestog": 1, "subtotal": 7, "tipomoneda": 2, "total": 1}
    told = refusals(INVOICE | changes)
    assert [rule.key for rule in told] == ["impuestog", "subtotal", "total"]
    assert [rule.rule for rule in told] == [Rule.TAX, Rule.SUBTOTAL, Rule.TOTAL]
    assert told[0].values == {
        name: Decimal(number)
        for name, number in {"tax": 1, "rate": 16, "base": 100, "right": 16}.items()
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"idtipodocumento": 2, "cuerpofactura": []},
        {"idtipodocumento": 3, "cuerpofactura": [], "relacionado": "00-00000001"},
        {"idtipocedulacliente": 1, "rifcedulacliente": "E-1"},
        {"idtipocedulacliente": 2, "rifcedulacliente": "AB123456"},
        {"idtipodocumento": 3, "regimenanterior": 1, "relacionado": "1", "observacion": "x"},
        {"tasaa": 31, "basea": 50, "impuestoa": 15.5, "subtotal": 150, "total": 181.5},
        {"baser": 50, "impuestor": 4, "exento": 20, "subtotal": 170, "total": 190},
        {"baseigft": 100.5, "impuestoigtf": 3.01, "total": 119.01},  # recorded: a tie goes down
    ],
)
def test_documents_that_hold_together(changes):
    assert json.loads(read(INVOICE | changes).to_json()).items() >= changes.items()


def test_a_request_waits_for_its_numbers():
    waiting = read(INVOICE | {"numerointerno": "", "idtipodocumento": 3})
    assert not waiting.ready()
    assert not waiting.completed("00000007").ready()
    leaving = waiting.completed("00000007", "00-00000001")
    assert leaving.ready()
    expected = json.loads(waiting.to_json())
    expected |= {"numerointerno": "00000007", "relacionado": "00-00000001"}
    assert json.loads(leaving.to_json()) == expected
    assert waiting.completed("1", "00-00000001").completed("2").related == "00-00000001"
    with pytest.raises(ValidationError, match="at most 10 characters"):
        waiting.completed("x" * 11)


def test_the_largest_body_is_that_with_the_longest_of_what_is_missing():
    waiting = read(INVOICE | {"numerointerno": "", "idtipodocumento": 3, "trackingid": ""})
    longest = waiting.completed("9" * 10, "0" * 12, "x" * 50)
    assert waiting.largest_body() == longest.largest_body() == len(longest.to_json().encode())
    remarked = read(INVOICE | {"observacion": "ñ"})
    assert remarked.largest_body() == read(INVOICE | {"observacion": "nn"}).largest_body()


def test_a_request_is_not_changed_afterwards():
    with pytest.raises(ValidationError):
        read(INVOICE).total = 5


# -- numbers and text ----------------------------------------------------------------------


@unhurried
@given(st.decimals(0, Decimal("9999999999999.99"), places=2))
def test_money_leaves_to_the_digit(value):
    body = schemas.Payment(method="x", amount=value).to_json()
    assert json.loads(body, parse_float=Decimal, parse_int=Decimal)["valor"] == value
    assert schemas.Payment.from_json(body).amount == value


@unhurried
@given(st.integers(10**12, 10**13 - 1), st.integers(0, 10**6 - 1))
def test_a_quantity_that_a_double_cannot_carry_is_refused(whole, millionths):
    quantity = whole + Decimal(millionths).scaleb(-6)
    try:
        line = schemas.Line.model_validate(
            LINE | {"cantidad": quantity, "precio": 0, "monto": 0, "descuento": 0}
        )
    except ValidationError:
        assert Decimal(repr(float(quantity))) != quantity
    else:
        body = json.loads(line.to_json(), parse_float=Decimal, parse_int=Decimal)
        assert body["cantidad"] == quantity


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
CENTS = st.decimals(0, 10**8, places=2)


@st.composite
def requests(draw):
    """Documents of any kind whose amounts are right."""
    rates = {"general": 16, "reduced": 8, "luxury": 31, "igtf": 3}
    values = {name + "_base": draw(CENTS) for name in rates}
    for name, rate in rates.items():
        values[name + "_rate"] = Decimal(rate)
        values[name + "_tax"] = amounts.service_tax(values[name + "_base"], Decimal(rate))
    exempt = draw(st.decimals(1, 1000, places=2))
    subtotal = exempt + sum(values[name + "_base"] for name in ("general", "reduced", "luxury"))
    if not values["luxury_base"]:
        for name in ("base", "rate", "tax"):
            del values["luxury_" + name]
    taxes = sum(value for key, value in values.items() if key.endswith("_tax"))
    line = schemas.Line.model_validate(LINE | {"descripcion": "x" + draw(TEXT)})
    return IssueRequest(
        rif=RIF,
        tracking_id=draw(TEXT),
        customer_name="Ñ" + draw(TEXT),
        customer_identification="J-50375790-6",
        customer_identification_type=3,
        customer_email="a@example.com",
        customer_address="x" + draw(TEXT),
        customer_phone="584121234567",
        document_type=draw(st.sampled_from([1, 2, 3, 4, 5])),
        internal_number=f"{draw(st.integers(1, 10**8)):08}",
        related="00-00000001",
        exchange_rate=draw(st.decimals("0.0001", 10**6, places=4)),
        currency=draw(st.sampled_from([1, 2, 3])),
        subtotal=subtotal,
        exempt=exempt,
        total=subtotal + taxes,
        remark=draw(TEXT),
        lines=[line],
        payments=draw(st.none() | st.just([{"method": "Zelle", "amount": subtotal}])),
        **values,
    )


@unhurried
@given(requests())
def test_what_is_written_is_read_again_and_always_the_same_text(request_):
    body = request_.to_json()
    again = IssueRequest.from_json(body)
    assert again == request_
    assert again.to_json() == body == request_.to_json()
    assert request_.completed(request_.internal_number).to_json() == body
    assert "\n" not in body
    assert not set("Ññ").isdisjoint(body)  # as text, not as escapes
    numbers = json.loads(body, parse_float=Decimal, parse_int=Decimal)
    assert numbers["total"] == request_.total
    assert numbers["tasacambio"] == request_.exchange_rate


# -- the other operations ------------------------------------------------------------------


def test_annulling_e_mailing_and_asking_as_they_leave():
    annul = AnnulRequest(rif=RIF, control_number="00-00000001", reason=" Error ")
    assert annul.to_json() == (
        '{"numerodocumento":"00-00000001","observacion":"Error","rif":"J-12345678-9"}'
    )
    email = EmailRequest(rif=RIF, control_number="00-00000001", email="a@b.co|c@d.co")
    assert email.to_json() == (
        '{"numerodocumento":"00-00000001","rif":"J-12345678-9","email":"a@b.co|c@d.co"}'
    )
    asked = NextNumberRequest(rif=RIF, document_type=3)
    assert asked.to_json() == '{"rif":"J-12345678-9","idtipodocumento":3}'
    assert NextNumberRequest.from_json(asked.to_json()) == asked


@pytest.mark.parametrize(
    ("model", "changes"),
    [
        (AnnulRequest, {"reason": " "}),
        (AnnulRequest, {"reason": "x" * 201}),
        (AnnulRequest, {"control_number": "00-0000001"}),  # shorter than the service takes
        (AnnulRequest, {"control_number": "1"}),
        (AnnulRequest, {"rif": "12345678"}),
        (EmailRequest, {"control_number": ""}),
        (EmailRequest, {"email": ""}),
    ],
)
def test_an_operation_that_the_service_would_not_take(model, changes):
    right = {"rif": RIF, "control_number": "00-00000001"}
    right |= {"reason": "x"} if model is AnnulRequest else {"email": "a@b.co"}
    assert model(**right)
    with pytest.raises(ValidationError):
        model(**right | changes)


# -- what was recorded ---------------------------------------------------------------------


def manual(body):
    """Return a recorded body by the manual's keys."""
    return {
        {"tasacambio": "tasadecambio", "baseigtf": "baseigft"}.get(key, key): value
        for key, value in body.items()
    }


ISSUED = [
    transcript
    for transcript in TRANSCRIPTS
    if transcript["request"]["path"] == "/facturacion" and transcript["response"]["status"] == 200
]


@pytest.mark.parametrize("transcript", ISSUED, ids=lambda transcript: transcript["name"])
def test_every_recorded_document_can_be_said_and_the_strict_simulator_takes_it(
    simulator, transcript
):
    recorded = transcript["request"]["body"]
    request = read(manual(recorded))
    written = json.loads(request.to_json())
    assert {key: written[key] for key in recorded} == recorded
    if request.related:  # to a document of the same recording
        assert simulator.post("/facturacion", read(INVOICE).to_wire()).status_code == 200
    answer = simulator.post("/facturacion", request.to_wire())
    assert answer.status_code == 200, answer.json()


def test_documents_were_recorded():
    assert len(ISSUED) > 1


def test_what_a_stored_request_says_is_read_by_our_names_whatever_the_rules_say_now():
    stored = json.dumps(
        json.loads(body(tracking_id="1.x.2"))
        | {"rif": "of another form", "clave": "unknown", "numerointerno": "00000007"}
    )
    said = stated(stored)
    assert (said["rif"], said["internal_number"], said["general_tax"]) == (
        "of another form", "00000007", 16,
    )  # fmt: skip
    assert said["lines"][0]["description"] == "Café"
    assert said["payments"] == []
    assert "clave" not in said
    assert stated(None) == stated("") == {"lines": [], "payments": []}


@pytest.mark.parametrize(
    ("stored", "found"),
    [
        ('{"rif":"x","trackingid":"1.x.2","total":1}', "1.x.2"),
        ('{"trackingid":"1.x.2', ""),
        ('damaged "trackingid":"1.x.2" damaged', "1.x.2"),
        (None, ""),
    ],
)
def test_the_tracking_id_is_found_in_a_damaged_request(stored, found):
    assert tracking_id_of(stored) == found


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("nombrecliente", "customer_name"),
        ("tasadecambio", "exchange_rate"),
        ("tasacambio", "exchange_rate"),
        ("baseigtf", "igtf_base"),
        ("total", "total"),
        ("cuerpofactura.3.monto", "lines"),
        ("clave", ""),
        ("", ""),
    ],
)
def test_what_stands_under_a_key_has_our_name(key, name):
    assert name_of(key) == name

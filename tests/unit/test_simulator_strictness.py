"""After the observed checks, the simulator holds a request against the manual."""

import pytest
from conftest import RIF, invoice

DISPENSABLE = {
    "trackingid",
    "relacionado",
    "sucursal",
    "direccionsucursal",
    "observacion",
    "formasdepago",
    # the running service's own spellings: not the manual's, and not needed here
    "tasacambio",
    "baseigtf",
}
# Keys without which an observed check already refuses.
OBSERVED = {
    "rif": 3,
    "rifcedulacliente": 2,
    "nombrecliente": 2,
    "direccioncliente": 21,
    "telefonocliente": 22,
    "numerointerno": 9,
    "subtotal": 4,
    "total": 4,
    "tasag": 4,
    "baseg": 4,
    "impuestog": 4,
}


@pytest.mark.parametrize("key", sorted(invoice()))
def test_every_key_of_the_manual_is_required(simulator, key):
    body = invoice()
    del body[key]
    answer = simulator.post("/facturacion", body)
    if key in DISPENSABLE:
        assert answer.status_code == 200, answer.text
    elif key in OBSERVED:
        assert answer.json()["error"]["code"] == OBSERVED[key]
    else:
        assert answer.json()["error"] == {
            "code": 5,
            "message": f"Campo {key.upper()} es requerido!",
        }


@pytest.mark.parametrize(
    ("key", "longest"),
    [
        ("trackingid", 50),
        ("nombrecliente", 100),
        ("emailcliente", 100),
        ("direccioncliente", 500),
        ("sucursal", 10),
        ("direccionsucursal", 500),
        ("observacion", 200),
    ],
)
def test_texts_may_be_as_long_as_the_manual_says(simulator, key, longest):
    code, message = simulator.refusal(**{key: "x" * (longest + 1)})
    assert (code, message) == (2, f"Valor de {key.upper()} NO VALIDO!")
    assert simulator.issue(**{key: "x" * longest})[0] == 200


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("rifcedulacliente", "12345678"),
        ("telefonocliente", "+58 412 1234567"),
        ("tasadecambio", 36.50001),
        ("tasadecambio", 36.4),
        ("sendmail", True),
        ("sendmail", 2),
        ("idtipocedulacliente", 4),
        ("total", "116"),
        ("numerointerno", "00000000001"),
        ("emailcliente", None),
    ],
)
def test_values_must_be_of_the_manual_s_kind(simulator, key, value):
    code, message = simulator.refusal(**{key: value})
    assert code in (2, 5)
    spelled = "TASACAMBIO" if value == 36.4 else key.upper()
    assert spelled in message


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("codigo", "x" * 51, 2),
        ("descripcion", None, 5),
        ("descuento", "0", 2),
        ("exento", 0, 2),
        ("intipounidad", 6, 2),
    ],
)
def test_lines_are_checked_and_named(simulator, key, value, code):
    line = invoice()["cuerpofactura"][0] | {key: value}
    lines = [invoice()["cuerpofactura"][0] | {"precio": 0, "monto": 0, "cantidad": 0}, line]
    refused = simulator.refusal(cuerpofactura=lines)
    assert refused[0] == code
    assert f"CUERPOFACTURA[1].{key.upper()}" in refused[1]


def test_a_customer_without_address_is_fine_unless_mail_is_asked_for(simulator):
    assert simulator.refusal(emailcliente="", sendmail=1)[0] == 5
    assert simulator.issue(emailcliente="", sendmail=0)[0] == 200


def test_an_annulment_needs_a_reason(simulator):
    simulator.issue()
    body = {"rif": RIF, "numerodocumento": "00-00000001", "observacion": ""}
    assert simulator.post("/anulacion", body).status_code == 202
    assert simulator.documents()[0]["annulled"] is False


def test_leniency_can_be_switched(simulator):
    assert simulator.refusal(sendmail=2)[0] == 2
    assert simulator.control("POST", "/strict", {"on": False})["strict"] is False
    assert simulator.issue(sendmail=2)[0] == 200


def test_a_due_date_is_an_iso_date(simulator):
    # The service takes the first for the twelfth of May, and dies of the second.
    for due in ("05/12/2026", "24/12/2026"):
        assert simulator.refusal(fechavence=due) == (2, "Valor de FECHAVENCE NO VALIDO!")
    assert simulator.issue(fechavence="2026-12-24")[0] == 200


def test_a_rule_of_the_manual_is_named_where_the_service_would_die(simulator):
    assert simulator.refusal(cuerpofactura=None) == (5, "Campo CUERPOFACTURA es requerido!")
    assert simulator.refusal(telefonocliente=None)[0] == 5
    assert simulator.refusal(idtipodocumento=9)[0] == 2
    simulator.issue()
    body = {"rif": RIF, "numerodocumento": "00-00000001"}
    assert simulator.post("/email", body).json()["error"]["code"] == 1

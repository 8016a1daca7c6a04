"""Requests say what the manual's table says, row by row."""

import copy
import json

import pytest
from conftest import RIF
from pydantic import ValidationError

from smart_api import rules, schemas
from smart_api.schemas import IssueRequest

LINE = {
    "codigo": "A",
    "descripcion": "Café",
    "comentario": "",
    "precio": 50,
    "cantidad": 2,
    "tasa": 16,
    "impuesto": 16,
    "descuento": 0,
    "exento": False,
    "monto": 100,
}
INVOICE = {
    "rif": RIF,
    "trackingid": "",
    "nombrecliente": "Cliente, C.A.",
    "rifcedulacliente": "J-50375790-6",
    "idtipocedulacliente": 3,
    "emailcliente": "cliente@example.com",
    "direccioncliente": "Caracas",
    "telefonocliente": "584121234567",
    "idtipodocumento": 1,
    "numerointerno": "00000001",
    "relacionado": "",
    "tasadecambio": 40.5647,
    "tipomoneda": 1,
    "subtotal": 100,
    "exento": 0,
    "tasag": 16,
    "baseg": 100,
    "impuestog": 16,
    "tasar": 8,
    "baser": 0,
    "impuestor": 0,
    "tasaigtf": 3,
    "baseigft": 0,
    "impuestoigtf": 0,
    "total": 116,
    "sendmail": 0,
    "sucursal": "",
    "direccionsucursal": "",
    "observacion": "",
    "cuerpofactura": [LINE],
}
PAYMENT = {"forma": "Efectivo", "valor": 116}
REQUIRED, OPTIONAL = object(), object()
ABSENT = object()
BAD_DAYS = ("2026-12-31 0", "31/12/2026", "2026-13-01", "2026-02-29", "20261231", "")
RATES = (0, 16, 100), (-1, 101, "x", None, 16.001)
MONEY = (0, 0.01, 9999999999999.99), (-0.01, 0.001, 10**13, "x", None, float("nan"), float("inf"))

# key, required or the value that its absence stands for, values that are right, and wrong
DOCUMENT_ROWS = [
    ("rif", REQUIRED, (RIF, "G-20000000-0"), ("J123456789", "X-12345678-9", RIF + "\n", "")),
    ("trackingid", "", ("", "x" * 50), ("x" * 51, 5)),
    ("nombrecliente", REQUIRED, ("x", "ñ" * 100), ("", "  ", "x" * 101, None)),
    ("rifcedulacliente", REQUIRED, ("J-50375790-6",), ("", "V-12345678", "x" * 13, "J-\u0661")),
    ("idtipocedulacliente", REQUIRED, (3,), (0, 4, 1, "x", None)),
    ("emailcliente", REQUIRED, ("a@b.co|c@d.co", "x" * 100), ("", "x" * 101)),
    ("direccioncliente", REQUIRED, ("x", "x" * 500), ("", "x" * 501)),
    (
        "telefonocliente",
        REQUIRED,
        ("584121234567", "1" * 50),
        ("", "+58412", "1" * 51, "\u0661" * 9),
    ),
    ("idtipodocumento", REQUIRED, (1, 4, 5), (0, 6, "x", None)),
    ("numerointerno", "", ("00000001", "x" * 10), ("x" * 11, 1)),
    ("relacionado", "", ("", "00-00000001", "x" * 12), ("x" * 13,)),
    ("tasadecambio", REQUIRED, (0, 1, 40.5647), (-1, 40.56471, None)),
    ("tipomoneda", REQUIRED, (1, 2, 3), (0, 4, None)),
    ("subtotal", REQUIRED, (100,), (0, 99.99, -100, None)),
    ("exento", 0, (0,), (0.01, *MONEY[1])),
    ("tasag", 16, (16,), (8, *RATES[1])),
    ("baseg", 0, (100,), (100.01, *MONEY[1])),
    ("impuestog", 0, (16,), (16.01, *MONEY[1])),
    ("tasar", 8, RATES[0], RATES[1]),
    ("baser", 0, (0,), (1, *MONEY[1])),
    ("impuestor", 0, (0,), (0.01, *MONEY[1])),
    ("tasaigtf", 3, RATES[0], RATES[1]),
    ("baseigft", 0, (0, 0.1), (1, *MONEY[1])),
    ("impuestoigtf", 0, (0,), (0.01, *MONEY[1])),
    ("total", REQUIRED, (116,), (115.99, 116.01, *MONEY[1])),
    ("sendmail", 0, (0, 1), (2, -1, None)),
    ("sucursal", "", ("", "x" * 10), ("x" * 11,)),
    ("direccionsucursal", "", ("", "x" * 500), ("x" * 501,)),
    ("observacion", "", ("", "x" * 200), ("x" * 201,)),
    ("cuerpofactura", REQUIRED, ([LINE], [LINE] * 3), ([], None, {})),
    ("formasdepago", OPTIONAL, ([PAYMENT], []), ([{}], {}, "x")),
    ("fechavence", OPTIONAL, ("2026-12-31", "2028-02-29"), BAD_DAYS),
    ("serial", OPTIONAL, ("A",), ("x" * 11,)),
    ("regimenanterior", OPTIONAL, (), (0, 2, 1)),
    ("tasacambio", OPTIONAL, (40.5647,), (40,)),
    ("baseigtf", OPTIONAL, (0,), (100,)),
]
LINE_ROWS = [
    ("codigo", "", ("", "x" * 50), ("x" * 51,)),
    ("descripcion", REQUIRED, ("x", "x" * 250), ("", "x" * 251)),
    ("comentario", "", ("", "x" * 150), ("x" * 151,)),
    ("precio", REQUIRED, (50,), (49, -50, 10**13, None)),
    ("cantidad", REQUIRED, (2,), (3, -2, None)),
    ("tasa", REQUIRED, RATES[0], RATES[1]),
    ("impuesto", REQUIRED, MONEY[0], MONEY[1]),
    ("descuento", 0, (0,), (1, *MONEY[1])),
    ("exento", REQUIRED, (True, False), (None, "x", 2)),
    ("monto", REQUIRED, (100,), (99.99, *MONEY[1])),
    ("intipounidad", OPTIONAL, (1, 5), (0, 6, "x")),
]
PAYMENT_ROWS = [
    ("forma", REQUIRED, ("x", "x" * 20), ("", " ", "x" * 21, None)),
    ("valor", REQUIRED, MONEY[0], MONEY[1]),
]
ROWS = [
    *(("document", *row) for row in DOCUMENT_ROWS),
    *(("line", *row) for row in LINE_ROWS),
    *(("payment", *row) for row in PAYMENT_ROWS),
]


def document(part, key, value):
    """Return the body of an invoice of which one value is another, or absent."""
    body = copy.deepcopy(INVOICE) | {"formasdepago": [dict(PAYMENT)]}
    target = {
        "document": body,
        "line": body["cuerpofactura"][0],
        "payment": body["formasdepago"][0],
    }[part]
    target[key] = value
    if value is ABSENT:
        del target[key]
    return body


def read(body):
    return IssueRequest.from_json(json.dumps(body))


def refusals(body):
    with pytest.raises(ValidationError) as caught:
        read(body)
    return rules.explain(caught.value)


ABOUT_SEVERAL = {
    rules.Rule.IDENTIFICATION_KIND,
    rules.Rule.TAX,
    rules.Rule.SUBTOTAL,
    rules.Rule.TOTAL,
    rules.Rule.LINE_AMOUNT,
    rules.Rule.SPELLINGS_DIFFER,
    rules.Rule.FORMER_INCOMPLETE,
}


@pytest.mark.parametrize(
    ("part", "key", "value"),
    [(part, key, value) for part, key, _required, right, _wrong in ROWS for value in right],
)
def test_a_value_that_the_manual_allows(part, key, value):
    body = document(part, key, value)
    written = json.loads(read(body).to_json())
    for name in body:
        assert written[name] == body[name] or name in ("cuerpofactura", "formasdepago")
    for ours, theirs in zip(body["cuerpofactura"], written["cuerpofactura"], strict=True):
        assert theirs == ours
    assert written["formasdepago"] == body["formasdepago"]


@pytest.mark.parametrize(
    ("part", "key", "value"),
    [(part, key, value) for part, key, _required, _right, wrong in ROWS for value in wrong],
)
def test_a_value_that_it_does_not(part, key, value):
    broken, *_more = refusals(document(part, key, value))
    where, words = broken.key, broken.words
    prefix = {"document": "", "line": "cuerpofactura.0.", "payment": "formasdepago.0."}[part]
    # Where a field is right and the document is not, the rule is about several fields.
    assert where.startswith(prefix + key) or broken.rule in ABOUT_SEVERAL
    assert words
    assert broken.rule != rules.Rule.OTHER or "valid" in words


@pytest.mark.parametrize(
    ("part", "key"), [(part, key) for part, key, required, *_ in ROWS if required is REQUIRED]
)
def test_a_required_key_cannot_be_left_out(part, key):
    assert any(rule.key.endswith(key) for rule in refusals(document(part, key, ABSENT)))


@pytest.mark.parametrize(
    ("part", "key", "default"),
    [
        (part, key, default)
        for part, key, default, *_ in ROWS
        if default is not REQUIRED and default is not OPTIONAL and key not in ("baseg", "impuestog")
    ],
)
def test_a_key_with_a_default_is_always_sent(part, key, default):
    written = json.loads(read(document(part, key, ABSENT)).to_json())
    target = written["cuerpofactura"][0] if part == "line" else written
    assert target[key] == default


def test_a_key_that_is_not_used_is_not_sent():
    written = json.loads(read(INVOICE).to_json())
    assert set(written) == set(INVOICE) | {"tasacambio", "baseigtf"}
    assert set(written["cuerpofactura"][0]) == set(LINE)


def test_a_key_that_nobody_knows_is_an_error():
    assert [(rule.key, rule.rule) for rule in refusals(INVOICE | {"nombre": "x"})] == [
        ("nombre", rules.Rule.UNKNOWN_KEY)
    ]


def test_the_table_here_knows_every_key_of_the_schemas():
    for model, rows in (
        (IssueRequest, DOCUMENT_ROWS),
        (schemas.Line, LINE_ROWS),
        (schemas.Payment, PAYMENT_ROWS),
    ):
        keys = {field.alias or name for name, field in model.model_fields.items()}
        assert keys - {"tasaa", "basea", "impuestoa"} == {row[0] for row in rows} - {
            "tasacambio",
            "baseigtf",
        }


def test_both_spellings_are_sent_and_equal():
    body = INVOICE | {"baseigft": 116, "impuestoigtf": 3.48, "total": 119.48}
    wire = json.loads(read(body).to_json())
    assert wire["tasadecambio"] == wire["tasacambio"] == 40.5647
    assert wire["baseigft"] == wire["baseigtf"] == 116


def test_surrounding_white_space_does_not_count():
    request = read(INVOICE | {"nombrecliente": "  " + "x" * 100 + "\n"})
    assert request.customer_name == "x" * 100

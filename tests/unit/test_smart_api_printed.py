"""The printed document as a witness: the right one is recognised in any layout, no other one is."""

import json
from datetime import datetime

import pytest
import requests
from conftest import RIF, body
from hypothesis import given
from hypothesis import strategies as st

from lab.simulator import pdf, prints
from smart_api.printed import (
    Doubt,
    Finding,
    bears_annulment,
    compare,
    moment_of_issue,
    normalized,
    read_text,
)

FOUND, MISSING, CONTRADICTED = Finding.FOUND, Finding.MISSING, Finding.CONTRADICTED
NUMBER = "00-00000012"
FOOTER = (
    "Imprenta SMART, C.A. RIF J-50375790-6, Autorizada. Desde Nro. de Control 00-00000001 "
    "Hasta Nro. 00-00100000 de fecha 01/02/2026."
)
TITLES = {
    1: "FACTURA",
    2: "NOTA DE DÉBITO",
    3: "Nota de Crédito",
    4: "Guía de Despacho",
    5: "ORDEN DE ENTREGA",
}


def request(internal_number="00000012", **changes):
    values = {"customer_identification": "J-30984512-8", "related": ""}
    if changes.get("document_type") in (2, 3):
        values["related"] = "00-00000003"
    return body(internal_number, **values | changes)


def doubt(related="", **changes):
    return Doubt(request(**changes), related, RIF)


def sheet(**changes):
    """Return the text of a document that fits ``doubt()``, but for the changes."""
    values = {
        "title": "FACTURA",
        "control": NUMBER,
        "internal": "00000012",
        "customer": "J-30984512-8",
        "total": "116,00",
        "more": "",
    } | changes
    return normalized(
        "Emisor, C.A.\nRIF {rif}\n{title}\nNro. de control: {control}\nNúmero interno: {internal}\n"
        "Cliente: La Trinidad, C.A. {customer}\n{more}\n1 Café 50.00 100,00\n"
        "TOTAL Bs. {total}\n{footer}".format(rif=RIF, footer=FOOTER, **values)
    )


def findings(text, doubted, number=NUMBER):
    return vars(compare(text, number, doubted))


# -- the right document ---------------------------------------------------------------------------

WHOLES = st.integers(0, 10**10)
NOTATIONS = [
    lambda value: f"{value:,.2f}",
    lambda value: f"{value:,.2f}".translate(str.maketrans(",.", ".,")),
    lambda value: f"{value:.2f}",
    lambda value: f"{value:.2f}".replace(".", ","),
]
FORMS = [
    lambda letter, digits, check: f"{letter}-{digits}-{check}",
    lambda letter, digits, check: f"{letter}{digits}{check}",
    lambda letter, digits, check: f"{letter}-{int(digits):,}-{check}".replace(",", "."),
    lambda letter, digits, check: f"{letter} {digits} {check}",
    lambda letter, digits, check: f"{letter.lower()}- {int(digits)} - {check}",
    lambda letter, digits, check: f"{letter}\u2010{digits}\u2013{check}",
]


@given(data=st.data())
def test_the_right_document_is_recognised_in_every_layout_and_notation(data):
    draw = data.draw
    kind = draw(st.sampled_from(list(TITLES)))
    whole, cents = draw(WHOLES), draw(st.integers(1, 99))
    total = whole + cents / 100
    digits, check = f"{draw(st.integers(1, 10**8 - 1)):08d}", draw(st.integers(0, 9))
    letter = draw(st.sampled_from("VEJPG"))
    internal = f"{draw(st.integers(1, 10**8 - 1)):08d}"
    related = draw(st.sampled_from(["", internal, "00000003"])) if kind in (2, 3) else ""
    money, form = draw(st.sampled_from(NOTATIONS)), draw(st.sampled_from(FORMS))
    facts = [
        ("RIF:", RIF),
        ("", TITLES[kind]),
        ("Nº de Control", NUMBER.replace("-", draw(st.sampled_from(["-", " - ", "\u2011"])))),
        ("N° Interno:", internal),
        ("Cliente", "Inversiones La Trinidad"),
        ("R.I.F./C.I.:", form(letter, digits, check)),
        ("Total a pagar Bs.", money(total)),
        ("", FOOTER),
    ]
    if related:
        facts.append(("Aplica a Factura", f"{related} del 2026-11-20"))
    facts = draw(st.permutations(facts))
    between = draw(st.sampled_from(["\n", " ", " \n  "]))
    if draw(st.booleans()):
        text = between.join(f"{label} {value}" for label, value in facts)
    else:
        text = between.join([*(label for label, _value in facts), *(value for _l, value in facts)])
    if draw(st.booleans()):
        text = text.upper() if draw(st.booleans()) else text.lower()
    body_ = json.loads(request()) | {
        "idtipodocumento": kind,
        "numerointerno": internal,
        "rifcedulacliente": f"{letter}-{digits}-{check}",
        "total": total,
    }
    found = compare(normalized(text), NUMBER, Doubt(json.dumps(body_), related, RIF))
    assert found.is_full, (text, found)


@pytest.mark.parametrize("layout", pdf.LAYOUTS)
@pytest.mark.parametrize("kind", [1, 3])
def test_what_the_simulator_renders_is_recognised_in_each_of_its_layouts(simulator, layout, kind):
    assert simulator.post("/facturacion", json.loads(body("00000007"))).status_code == 200
    changes = {"document_type": kind, "related": "00-00000001" if kind == 3 else ""}
    sent = body("00000001" if kind == 3 else "00000008", general_base=1000, subtotal=1000,
                general_tax=160, total=1160, **changes)  # fmt: skip
    sent = sent.replace('"monto":100', '"monto":1000').replace('"precio":50', '"precio":500')
    data = simulator.post("/facturacion", json.loads(sent)).json()["data"]
    simulator.control("POST", "/prints", {"layout": layout})
    text = read_text(requests.get(data["urlpdf"], timeout=60).content)
    related = "00000007" if kind == 3 else ""
    assert compare(text, "00-00000002", Doubt(sent, related, RIF)).is_full, text
    issued = datetime.fromisoformat(data["datatime"])
    assert moment_of_issue(text, issued, issued) == issued
    assert not bears_annulment(text, Doubt(sent))


def test_the_control_api_knows_the_layouts():
    assert tuple(pdf.LAYOUTS) == prints.LAYOUT_NAMES


# -- what is no proof ----------------------------------------------------------------------------


def test_the_sheet_of_these_tests_is_the_right_one():
    assert set(findings(sheet(), doubt()).values()) == {FOUND}


@pytest.mark.parametrize(
    ("changes", "fact", "finding"),
    [
        ({"control": "00-00000013"}, "control_number", CONTRADICTED),
        ({"control": "100-00000012"}, "control_number", MISSING),
        ({"control": "00-000000123"}, "control_number", CONTRADICTED),
        ({"more": "Ver también 00-00000044"}, "control_number", CONTRADICTED),
        ({"internal": "00000013"}, "internal_number", CONTRADICTED),
        ({"internal": "100000012"}, "internal_number", MISSING),
        ({"internal": "000000120"}, "internal_number", MISSING),
        ({"internal": "12"}, "internal_number", MISSING),
        ({"internal": "V-00000012"}, "internal_number", MISSING),
        ({"more": "Orden 00000077"}, "internal_number", CONTRADICTED),
        ({"title": "NOTA DE CRÉDITO", "more": "Aplica a Factura"}, "document_type", CONTRADICTED),
        ({"title": "Facturación"}, "document_type", MISSING),
        ({"more": "Nota de entrega"}, "document_type", CONTRADICTED),
        ({"customer": "J-30984512-9"}, "customer", None),
        ({"customer": "V-30984512-8"}, "customer", None),
        ({"customer": "30984512-8"}, "customer", None),
        ({"customer": "J-30984512-88"}, "customer", None),
        ({"customer": "J-130984512-8"}, "customer", None),
        ({"customer": "J-30984512"}, "customer", None),
        ({"total": "1.116,00"}, "total", MISSING),
        ({"total": "1116,00"}, "total", MISSING),
        ({"total": "1 116,00"}, "total", MISSING),
        ({"total": "116,001"}, "total", MISSING),
        ({"total": "116,00 %"}, "total", MISSING),
        ({"total": "116"}, "total", MISSING),
    ],
)
def test_a_sheet_with_another_value_proves_nothing(changes, fact, finding):
    found = findings(sheet(**changes), doubt())[fact]
    assert found is finding if finding else found is not FOUND
    assert not compare(sheet(**changes), NUMBER, doubt()).is_full


def test_another_customer_is_told_from_none():
    assert findings(sheet(customer="J-11111111-1, C.A."), doubt())["customer"] is CONTRADICTED
    assert findings(sheet(customer="Ana"), doubt())["customer"] is MISSING


def test_the_cedula_of_a_person_is_not_their_rif_nor_the_reverse():
    person = {"customer_identification": "V-12345678", "customer_identification_type": 1}
    for customer, finding in (
        ("V-12345678", True),
        ("V 12.345.678", True),
        ("V-012345678", True),
        ("V-12345678-9", False),
        ("V-123456789", False),
    ):
        found = findings(sheet(customer=customer), doubt(**person))["customer"]
        assert (found is FOUND) == finding, customer
    rif = {"customer_identification": "V-12345678-9"}
    assert findings(sheet(customer="V-12345678"), doubt(**rif))["customer"] is not FOUND
    assert findings(sheet(customer="V-12345678 9"), doubt(**rif))["customer"] is not FOUND


def test_a_passport_is_found_as_a_whole():
    ana = {"customer_identification": "P123456", "customer_identification_type": 2}
    assert findings(sheet(customer="Ana p123456"), doubt(**ana))["customer"] is FOUND
    assert findings(sheet(customer="Ana P1234567"), doubt(**ana))["customer"] is not FOUND


def note(**changes):
    values = {"title": "NOTA DE CRÉDITO", "more": "Aplica a Factura 00000003 del 2026"}
    return sheet(**values | changes)


def test_what_a_note_refers_to_is_neither_its_number_nor_its_type():
    credit = doubt("00000003", document_type=3)
    assert compare(note(), NUMBER, credit).is_full
    # Its number is that of the invoice: of another note about it, or of a sheet without its own.
    same = doubt("00000012", document_type=3)
    for changes in (
        {"internal": "00000009", "more": "Aplica a Factura 00000012 del 2026"},
        {"internal": "", "more": "Aplica a Factura 00000012 del 2026"},
        {"internal": "", "more": "00000012 … Aplica a Factura"},
    ):
        assert findings(note(**changes), same)["internal_number"] is not FOUND, changes
    both = note(more="Aplica a Factura 00000012 del 2026")
    assert compare(both, NUMBER, same).is_full
    # The note about the invoice in doubt is no invoice.
    about = note(internal="00000001", more="Aplica a Factura 00000012 del 2026")
    assert not compare(about, NUMBER, doubt()).is_full
    assert findings(note(title=""), doubt("00000003", document_type=3))["document_type"] is MISSING
    debit = doubt("00000003", document_type=2)
    assert findings(note(), debit)["document_type"] is CONTRADICTED


def test_numbers_that_the_request_itself_states_are_explained_but_prove_nothing():
    remark = doubt(remark="Según pedido 00000077, factura 00-00000044")
    printed = "Según pedido 00000077, factura 00-00000044"
    assert compare(sheet(more=printed), NUMBER, remark).is_full
    own = doubt(remark="Pedido 00000012")
    assert findings(sheet(more="Pedido 00000012"), own)["internal_number"] is CONTRADICTED
    own = doubt(remark="Sustituye 00-00000012")
    assert findings(sheet(), own)["control_number"] is CONTRADICTED
    named = doubt(remark="Según nota de entrega 5")
    assert compare(sheet(more="Según nota de entrega 5"), NUMBER, named).is_full


@given(total=st.integers(1, 10**9), other=st.integers(1, 10**9), form=st.sampled_from(NOTATIONS))
def test_no_other_total_is_taken_for_the_right_one(total, other, form):
    changed = json.loads(request()) | {"total": total / 100}
    text = normalized(f"FACTURA TOTAL {form(other / 100)} Bs.")
    found = compare(text, NUMBER, Doubt(json.dumps(changed), "", RIF)).total
    assert (found is FOUND) == (total == other)


# -- reading -------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4", b"%PDF-1.4\n" + b"\xff" * 5000, b"x" * 100])
def test_what_cannot_be_read_is_no_witness_and_no_error(content):
    assert read_text(content) is None


@given(content=st.binary(max_size=300))
def test_no_content_makes_reading_fail(content):
    assert read_text(b"%PDF-1.7\n" + content + b"\ntrailer<</Root 1 0 R>>\n%%EOF") is None


def test_only_one_moment_of_the_right_time_is_the_moment_of_issue():
    earliest, latest = datetime(2026, 11, 28, 15), datetime(2026, 11, 28, 16)
    for text, expected in (
        ("Fecha: 2026-11-28 15:30:01", datetime(2026, 11, 28, 15, 30, 1)),
        ("28/11/2026 03.30.01 p.m.", datetime(2026, 11, 28, 15, 30, 1)),
        ("28-11-2026, Hora: 03:30:01 PM", datetime(2026, 11, 28, 15, 30, 1)),
        ("2026-11-28 15:30:01 y 2026-11-28 15:31:00", None),
        ("2026-11-28 15:30:01 y 2026-11-27 15:30:01", datetime(2026, 11, 28, 15, 30, 1)),
        ("2026-11-28 12:30:01", None),
        ("2026-19-28 15:99:01", None),
        ("28/11/2026", None),
    ):
        assert moment_of_issue(normalized(text), earliest, latest) == expected, text


def test_a_watermark_is_seen_unless_the_lines_say_the_same():
    assert bears_annulment(sheet(more="A N U L A D O ANULADO"), doubt())
    assert not bears_annulment(sheet(), doubt())
    assert not bears_annulment(sheet(more="Cheque anulado"), doubt(remark="Cheque anulado"))

"""RIF, cédula and passport come out as the wire wants them, or not at all."""

import json
from pathlib import Path

import pytest

from smart_api import identification


@pytest.mark.parametrize(
    ("text", "rif"),
    [
        ("J-50375790-6", "J-50375790-6"),
        ("j503757906", "J-50375790-6"),
        (" J 50.375.790-6\n", "J-50375790-6"),
        ("J\u201050375790\u20106", "J-50375790-6"),  # a typographer's hyphens
        ("C-50375790-6", "C-50375790-6"),  # a commune: weighed like a company
        ("J-50375790-5", None),
        ("X-50375790-6", None),
        ("J-5037579-6", None),
        ("J-50375790-66", None),
        ("J", None),
        ("C", None),
        ("", None),
        (None, None),
        (False, None),
    ],
)
def test_rif(text, rif):
    assert identification.format_rif(text) == rif


@pytest.mark.parametrize(
    ("text", "cedula"),
    [
        ("V-12345678", "V-12345678"),
        ("v12.345.678", "V-12345678"),
        ("E-1", "E-1"),
        ("V-012345678", "V-12345678"),
        ("V-0", None),
        ("V-123456789", None),
        ("J-12345678", None),
        ("12345678", None),
        ("V-\u0661\u0662", None),  # digits of another script
        ("", None),
        (False, None),
    ],
)
def test_cedula(text, cedula):
    assert identification.format_cedula(text) == cedula


@pytest.mark.parametrize(
    ("text", "passport"),
    [
        ("ab 123456", "AB123456"),
        ("AB-123.456", "AB123456"),
        ("12", None),
        ("A" * 13, None),
        ("Ñ12345", None),
        ("", None),
        (False, None),
    ],
)
def test_passport(text, passport):
    assert identification.format_passport(text) == passport


@pytest.mark.parametrize(
    ("kind", "text", "understood"),
    [
        ("rif", "j309845128", ("rif", "J-30984512-8")),
        ("rif", "V12345678", ("cedula", "V-12345678")),
        ("rif", "v-012345678", ("rif", None)),  # a wrong check digit, if it is one
        ("cedula", "v-012345678", ("cedula", "V-12345678")),
        ("cedula", "J-30984512-8", ("rif", "J-30984512-8")),
        ("cedula", "12345678", ("cedula", None)),
        ("rif", "30984512-8", ("rif", None)),
        ("rif", "J-30984512-1", ("rif", None)),
        ("passport", "J-30984512-8", ("passport", "J309845128")),
        ("cedula", None, ("cedula", None)),
    ],
)
def test_the_number_tells_rif_from_cedula(kind, text, understood):
    assert identification.understand(kind, text) == understood


@pytest.mark.parametrize(
    ("text", "lacks"),
    [("12345678", True), ("30.984.512-8", True), ("V12345678", False), ("", False), (None, False)],
)
def test_a_bare_number_lacks_its_letter(text, lacks):
    assert identification.lacks_letter(text) is lacks


#: What a till reads the same, in JavaScript: bridges/l10n_ve_edi_smart_pos/tests/real.
TYPED = Path("bridges", "l10n_ve_edi_smart_pos", "tests", "data", "identifications.json")


@pytest.mark.parametrize(
    ("typed", "kind", "number"), json.loads(TYPED.read_text("utf-8")), ids=repr
)
def test_what_is_typed_at_a_counter(typed, kind, number):
    assert identification.at_counter(typed) == (number and (kind, number))

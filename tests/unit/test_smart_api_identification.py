"""RIF, cédula and passport come out as the wire wants them, or not at all."""

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

"""What ``./dev demo`` checks before it says that all went well."""

import subprocess
import sys
from pathlib import Path

import pytest

from lab.devtools import demo


def row(number, kind="Invoice", currency="VES", **changes):
    return {
        "type": kind,
        "number": f"INV/{number}",
        "customer": "Somebody",
        "currency": currency,
        "total": 116.0,
        "control_number": f"00-{number:08}",
        "issued_at": "2026-11-23T05:36:43-04:00",
        "state": "issued",
    } | changes


@pytest.fixture
def rows():
    return [
        row(1),
        row(2),
        row(3, currency="USD"),
        row(4),
        row(5, "Credit note"),
        row(6, "Debit note"),
        row(7, "Dispatch guide"),
        row(8, "Dispatch guide"),
        row(9),
        row(10, "Delivery note"),
        row(11, "Delivery note"),
    ]


@pytest.fixture
def ledger(rows):
    return [{"control_number": one["control_number"]} for one in rows]


def test_documents_that_the_service_issued_once_each_are_fine(rows, ledger):
    assert demo.check(rows, ledger, fresh=True) == []


def test_a_document_that_is_not_issued_is_told_with_its_error(rows, ledger):
    rows[1].update(state="refused", control_number="", error="RIF unknown")
    del ledger[1]
    assert demo.check(rows, ledger, True) == ["INV/2 is refused, not issued: RIF unknown"]


def test_a_control_number_that_odoo_does_not_know_is_told(rows, ledger):
    ledger.append({"control_number": "00-00000012"})
    assert demo.check(rows, ledger, True) == [
        "the service issued 00-00000012, which Odoo does not know"
    ]


def test_a_control_number_that_the_service_does_not_know_is_told(rows, ledger):
    del ledger[0]
    assert demo.check(rows, ledger, True) == ["the service issued 00-00000001 0 times"]


def test_a_control_number_on_two_documents_is_told(rows, ledger):
    rows[1]["control_number"] = rows[0]["control_number"]
    problems = demo.check(rows, ledger, True)
    assert "Odoo has control number 00-00000001 2 times" in problems


@pytest.mark.parametrize("key", ["control_number", "issued_at", "number"])
def test_a_document_that_lacks_a_number_or_its_time_is_told(rows, ledger, key):
    rows[0][key] = ""
    assert any("has no" in problem for problem in demo.check(rows, ledger, True))


def test_demo_data_of_one_currency_is_not_enough(rows, ledger):
    rows[2]["currency"] = "VES"
    assert demo.check(rows, ledger, True) == ["the demo data gives documents in one currency only"]


def test_the_table_shows_every_document(rows, capsys):
    demo.show(rows)
    shown = capsys.readouterr().out
    assert shown.count("00-000000") == len(rows)
    assert "2026-11-23 05:36:43" in shown


def test_what_posts_the_documents_can_be_started():
    script = Path(demo.__file__).with_name("demo_documents.py")
    done = subprocess.run([sys.executable, script, "--help"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr

"""Processes killed at random while goods leave among the invoices, in small."""

import os

import pytest
from chaos_runs import carry_out

RUNS = {"enforced numbering": ["24", "10", "--seed", "3"]}
if os.environ.get("SMART_DEV_LONG"):
    RUNS["no numbering"] = ["60", "20", "--seed", "4", "--no-numbering"]


@pytest.mark.parametrize("run", RUNS)
def test_whatever_fails_no_delivery_is_issued_twice_or_lost(tmp_path, run):
    kinds = carry_out(tmp_path, *RUNS[run])["kinds"]
    assert kinds["dispatch_guide"] + kinds["delivery_note"] >= 3

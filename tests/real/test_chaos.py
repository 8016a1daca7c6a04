"""Processes killed at random, in small: ``./dev chaos`` runs it as long as one likes."""

import os

import pytest
from chaos_runs import carry_out

#: Documents, faults and what else, as a rule and with ``./dev test --long``.
SMALL = {
    "enforced numbering": ["30", "12", "--seed", "1"],
    "no numbering": ["24", "8", "--seed", "2", "--no-numbering"],
}
LARGE = {
    "enforced numbering": ["60", "20", "--seed", "1"],
    "no numbering": ["24", "8", "--seed", "2", "--no-numbering"],
    "large": ["1000", "300", "--servers", "3"],
}
RUNS = LARGE if os.environ.get("SMART_DEV_LONG") else SMALL


@pytest.mark.parametrize("run", RUNS)
def test_whatever_fails_nothing_is_issued_twice_or_lost(tmp_path, run):
    carry_out(tmp_path, *RUNS[run])

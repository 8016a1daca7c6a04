"""Processes killed at random, in small: ``./dev chaos`` runs it as long as one likes."""

import json
import os
import subprocess
import sys

import pytest

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
    documents, faults, *more = RUNS[run]
    enforced = "--no-numbering" not in more
    file = tmp_path / "figures.json"
    process = subprocess.run(
        [
            sys.executable, "-m", "lab.chaos", "--servers", "2", "--json", str(file),
            "--documents", documents, "--faults", faults, *more,
        ],
        cwd=os.environ["SMART_DEV_CHECKOUT"],
        capture_output=True,
        text=True,
    )  # fmt: skip
    assert process.returncode == 0, process.stdout + process.stderr
    figures = json.loads(file.read_text())
    assert figures["enforced_numbering"] is enforced
    assert sum(figures["states"].values()) == int(documents)
    assert sum(figures["faults"].values()) == int(faults)
    assert figures["duplicates"] == figures["lost"] == figures["wrong"] == []
    assert figures["unexplained"] == figures["flaws"] == []
    assert figures["share_of_faults_met"] >= 0.6
    assert figures["pauses_ended_by_themselves"] >= 1
    if enforced:
        assert figures["gaps"] == []
    issued = figures["states"]["issued"]
    left = len(figures["left_for_a_person"]) + len(figures["refused_as_drawn"])
    assert issued + left == int(documents)
    assert issued <= figures["issued_by_the_service"]

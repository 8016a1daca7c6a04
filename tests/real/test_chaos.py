"""Processes killed at random, in small: ``./dev chaos`` runs it as long as one likes."""

import json
import os
import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("arguments", "enforced"),
    [
        (["--documents", "60", "--faults", "20", "--seed", "1"], True),
        (["--documents", "24", "--faults", "8", "--seed", "2", "--no-numbering"], False),
    ],
    ids=["enforced numbering", "no numbering"],
)
def test_whatever_fails_nothing_is_issued_twice_or_lost(tmp_path, arguments, enforced):
    file = tmp_path / "figures.json"
    process = subprocess.run(
        [sys.executable, "-m", "lab.chaos", "--servers", "2", "--json", str(file), *arguments],
        cwd=os.environ["SMART_DEV_CHECKOUT"],
        capture_output=True,
        text=True,
    )
    assert process.returncode == 0, process.stdout + process.stderr
    figures = json.loads(file.read_text())
    assert figures["enforced_numbering"] is enforced
    documents, faults = int(arguments[1]), int(arguments[3])
    assert sum(figures["states"].values()) == documents
    assert sum(figures["faults"].values()) == faults
    assert figures["duplicates"] == figures["lost"] == figures["wrong"] == []
    assert figures["unexplained"] == figures["flaws"] == []
    assert figures["share_of_faults_met"] >= 0.6
    assert figures["pauses_ended_by_themselves"] >= 1
    if enforced:
        assert figures["gaps"] == []
    issued = figures["states"]["issued"]
    assert issued + len(figures["left_for_a_person"]) == documents
    assert issued <= figures["issued_by_the_service"]

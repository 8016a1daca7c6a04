"""Runs of ``./dev chaos`` in tests."""

import json
import os
import subprocess
import sys


def carry_out(folder, documents, faults, *more):
    """Have documents and faults be drawn, see that the promise holds, and return the figures.

    :param Path folder: for the figures
    :param str documents: how many, as ``faults``
    :param more: of the command line of ``lab.chaos``
    """
    enforced = "--no-numbering" not in more
    file = folder / "figures.json"
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
    return figures

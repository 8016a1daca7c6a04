"""What happens to a program that ``./dev`` runs when ``./dev`` is told to end."""

import os
import signal
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]

# Cleans up for a moment, as chaos does with its servers, and tells when it has.
PROGRAM = """
import pathlib, signal, sys, time
def end(*_args):
    time.sleep(0.3)
    pathlib.Path(sys.argv[1]).write_text("cleaned up")
    sys.exit(143)
signal.signal(signal.SIGTERM, end)
print("ready", flush=True)
time.sleep(60)
"""
COMMAND = """
import signal, subprocess, sys
from lab.devtools.workbench import run_to_its_end
wait = subprocess.Popen.wait
def wait_and_tell(process):
    print("waiting", flush=True)
    return wait(process)
subprocess.Popen.wait = wait_and_tell
signal.signal(signal.SIGTERM, signal.default_int_handler)
sys.exit(run_to_its_end([sys.executable, "-c", sys.argv[1], sys.argv[2]]))
"""


def test_sigterm_is_handed_on_and_the_program_cleans_up_before_the_command_ends(tmp_path):
    trace = tmp_path / "trace"
    command = subprocess.Popen(
        [sys.executable, "-c", COMMAND, PROGRAM, str(trace)],
        env=os.environ | {"PYTHONPATH": str(CHECKOUT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    with command:
        assert {command.stdout.readline() for _line in range(2)} == {"ready\n", "waiting\n"}
        command.send_signal(signal.SIGTERM)
        assert command.wait(60) == 143
    assert trace.read_text() == "cleaned up"

"""Long-running programs that end with the command that started them."""

import ctypes
import os
import select
import signal
import subprocess
import time

from . import proc
from .say import Failure

PR_SET_PDEATHSIG = 1
GRACE = 20  # seconds


def _die_with_parent():
    # Runs between fork and exec: a command that is killed leaves nothing running.
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Child:
    """A program in the background, its messages in a log."""

    def __init__(self, name, command, log, **options):
        """Start it.

        :param str name: what to call it in a sentence
        :param Path log: takes its standard error, and its output unless that is piped
        """
        self.name = name
        self.log = log
        with open(log, "wb") as file:
            options.setdefault("stdout", file)
            self.process = subprocess.Popen(
                list(map(str, command)),
                stdin=subprocess.DEVNULL,
                stderr=file,
                # Ctrl-C is for the command, which then ends its children in order.
                start_new_session=True,
                preexec_fn=_die_with_parent,
                **options,
            )

    def read_line(self, seconds):
        """Return the first line of its piped output, or fail after some time."""
        stream = self.process.stdout
        deadline = time.monotonic() + seconds
        text = b""
        while not text.endswith(b"\n"):
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([stream], [], [], left)[0]:
                self.stop()
                raise Failure(f"{self.name} said nothing for {seconds} s", f"read {self.log}")
            chunk = os.read(stream.fileno(), 1)
            if not chunk:
                self.died()
            text += chunk
        return text.decode()

    def died(self):
        """Fail because it ended by itself."""
        self.process.wait()
        why = proc.reason(self.log.read_text(encoding="utf-8", errors="replace"))
        raise Failure(f"{self.name} ended ({why})", f"read {self.log}")

    def stop(self):
        """End it, first politely; ending what has ended does nothing."""
        for send in (signal.SIGTERM, signal.SIGKILL):
            if self.process.poll() is not None:
                return
            try:
                os.killpg(self.process.pid, send)
                self.process.wait(GRACE)
            except ProcessLookupError:
                return
            except subprocess.TimeoutExpired:
                continue

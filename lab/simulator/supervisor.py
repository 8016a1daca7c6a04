"""``--respawn``: a small parent that starts the service again whenever it dies."""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

_PAUSE_SECONDS = 0.1
_MAX_FAILED_STARTS = 50


def supervise(options: argparse.Namespace) -> int:
    """Run the service in a child until it ends in order; return the exit status.

    Without a state file the child gets a temporary one: memory would not survive.
    """
    with tempfile.TemporaryDirectory(prefix="simulator-") as folder:
        if options.state is None:
            options.state = str(Path(folder) / "state.sqlite")
        return Supervisor(options).run()


class Supervisor:
    """Keeps one child alive, on the ports that the first child got."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._options = options
        self._child: subprocess.Popen | None = None
        self._stopping = False

    def run(self) -> int:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        announced = False
        failed_starts = 0
        while not self._stopping:
            self._child = self._start()
            if self._stopping:
                self._child.terminate()
            ready = self._child.stdout.readline()
            if ready and not announced:
                self._keep_ports(json.loads(ready))
                print(ready, end="", flush=True)
                announced = True
            failed_starts = 0 if ready else failed_starts + 1
            status = self._child.wait()
            if status == 0 or (status and not announced):
                return status
            if failed_starts >= _MAX_FAILED_STARTS:
                return 1
            time.sleep(_PAUSE_SECONDS)
        return 0

    def _stop(self, *_signal) -> None:
        self._stopping = True
        if self._child is not None:
            self._child.terminate()

    def _keep_ports(self, ready: dict) -> None:
        self._options.port = urlsplit(ready["url"]).port
        self._options.control_port = urlsplit(ready["control_url"]).port
        # From here on the state knows how strict the service is.
        self._options.strict = None

    def _start(self) -> subprocess.Popen:
        options = self._options
        command = [sys.executable, "-m", __package__, "--tied", "--host", options.host]
        command += ["--port", str(options.port), "--control-port", str(options.control_port)]
        command += ["--state", options.state, "--clock-offset", str(options.clock_offset)]
        if options.strict is not None:
            command.append("--strict" if options.strict else "--lenient")
        if options.quiet:
            command.append("--quiet")
        path = [str(Path(__file__).resolve().parents[2]), os.environ.get("PYTHONPATH", "")]
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, path))},
        )

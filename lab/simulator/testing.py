"""The simulator as a process of its own on real sockets, for tests."""

import json
import subprocess
import sys
import time
from pathlib import Path

import requests

ROOT = Path(__file__).resolve().parents[2]


class SimulatorProcess:
    """A running ``python -m lab.simulator`` and its control API.

    :param arguments: more of its command line, e.g. ``--state FILE``
    :param port: of the service; 0 for a free one
    :param detached: whether it is nobody's child; it ends with the process that has started it
    """

    def __init__(self, *arguments, port=0, detached=False):
        command = [
            sys.executable,
            "-m",
            "lab.simulator",
            "--port",
            str(port),
            "--control-port",
            "0",
            "--quiet",
            *arguments,
        ]
        if detached:
            command = ["sh", "-c", 'exec 3<&0; "$@" <&3 &', "sh", *command, "--tied"]
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stdin=subprocess.PIPE if detached else subprocess.DEVNULL,
            text=True,
        )
        if detached:
            self.process.wait()  # of the shell alone
        self.ready = json.loads(self.process.stdout.readline())
        self.url = self.ready["url"]
        self.token = None

    def control(self, method, path, body=None, status=200):
        """Call the control API and return its answer."""
        response = requests.request(method, self.ready["control_url"] + path, json=body, timeout=60)
        assert response.status_code == status, response.text
        return response.json()

    def reset(self):
        """Forget every issuer, document, fault and call; strict and without latency."""
        self.control("POST", "/reset", {})
        self.control("POST", "/strict", {"on": True})
        self.control("POST", "/latency", {"ms": 0})

    def mint(self, rif, **settings):
        """Register an issuer and keep its token."""
        minted = self.control("POST", "/issuers", {"rif": rif, "name": "Emisor, C.A."} | settings)
        self.token = minted["token"]
        return minted

    def fault(self, name, **settings):
        """Have the next calls fail; see the control API."""
        return self.control("POST", "/faults", {"fault": name} | settings)

    def poison(self, marker, fault):
        """Have every attempt to issue a document that contains a text end in a fault."""
        return self.control("POST", "/poisons", {"marker": marker, "fault": fault})

    def print(self, control_number, **settings):
        """Have a document printed otherwise, ``*``: all; see :mod:`lab.simulator.prints`."""
        return self.control("POST", "/prints", {"control_number": control_number} | settings)

    def documents(self, query="?summary=1"):
        """Return what was issued, oldest first."""
        return self.control("GET", "/ledger" + query)["documents"]

    def issued(self):
        """Return the internal numbers of what was issued, oldest first."""
        return [document["internal_number"] for document in self.documents()]

    def calls(self):
        """Return the last calls that the service received, oldest first."""
        return self.control("GET", "/calls")["calls"]

    def pid(self):
        """Return the process that serves."""
        return self.control("GET", "/health")["pid"]

    def wait_until_listening(self):
        """Return once it answers again; it may just be restarting."""
        deadline = time.monotonic() + 60
        while True:
            try:
                return self.control("GET", "/health")
            except requests.ConnectionError:
                assert time.monotonic() < deadline, "the simulator did not come back"
                time.sleep(0.02)

    def stop(self):
        """End the process in order; return its exit status."""
        self.process.terminate()
        status = self.process.wait(60)
        self.process.stdout.close()
        return status

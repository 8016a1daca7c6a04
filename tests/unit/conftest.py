"""The simulator as a real process on real sockets, for tests."""

import copy
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

ROOT = Path(__file__).resolve().parents[2]
TRANSCRIPTS = json.loads((Path(__file__).parent / "data/transcripts.json").read_text("utf-8"))
RIF = "J-12345678-9"


def invoice(internal_number="00000001", **changes):
    """Return a body that satisfies the running service and the manual."""
    body = copy.deepcopy(TRANSCRIPTS[0]["request"]["body"])
    body |= {"numerointerno": internal_number, "tasadecambio": body["tasacambio"], "baseigft": 0}
    return body | changes


class Simulator:
    """A running ``python -m simulator`` and the ways to talk to it."""

    def __init__(self, *arguments):
        command = [sys.executable, "-m", "simulator", "--port", "0", "--control-port", "0"]
        self.process = subprocess.Popen(
            [*command, "--quiet", *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        self.ready = json.loads(self.process.stdout.readline())
        self.url = self.ready["url"]
        self.session = requests.Session()
        self.token = None

    def control(self, method, path, body=None, status=200):
        response = requests.request(method, self.ready["control_url"] + path, json=body, timeout=10)
        assert response.status_code == status, response.text
        return response.json()

    def mint(self, rif=RIF, **settings):
        minted = self.control("POST", "/issuers", {"rif": rif, "name": "Emisor, C.A."} | settings)
        self.token = minted["token"]
        return minted

    def fault(self, name, **settings):
        return self.control("POST", "/faults", {"fault": name} | settings)

    def post(self, path, body, token=None, session=None, timeout=10, **options):
        headers = {"Authorization": f"Bearer {token or self.token}"}
        return (session or self.session).post(
            self.url + path, json=body, headers=headers, timeout=timeout, **options
        )

    def issue(self, *arguments, **changes):
        """Issue an invoice; return the status and the decoded answer."""
        response = self.post("/facturacion", invoice(*arguments, **changes))
        return response.status_code, response.json()

    def refusal(self, *arguments, **changes):
        """Send an invoice that must be refused; return the code and the message."""
        status, answer = self.issue(*arguments, **changes)
        assert (status, answer["success"], answer["data"]) == (202, False, None), answer
        return answer["error"]["code"], answer["error"]["message"]

    def documents(self, query="?summary=1"):
        return self.control("GET", "/ledger" + query)["documents"]

    def issued(self):
        return [document["internal_number"] for document in self.documents()]

    def pid(self):
        return self.control("GET", "/health")["pid"]

    def wait_until_listening(self):
        deadline = time.monotonic() + 15
        while True:
            try:
                return self.control("GET", "/health")
            except requests.ConnectionError:
                assert time.monotonic() < deadline, "the simulator did not come back"
                time.sleep(0.02)

    def stop(self):
        """End the process in order; return its exit status."""
        self.session.close()
        self.process.terminate()
        status = self.process.wait(10)
        self.process.stdout.close()
        return status


@pytest.fixture
def start_simulator():
    """Start simulators with arguments of one's own; they end with the test."""
    started = []

    def start(*arguments):
        started.append(Simulator(*arguments))
        return started[-1]

    yield start
    for running in started:
        if running.process.poll() is None:
            running.stop()


@pytest.fixture(scope="session")
def shared_simulator():
    running = Simulator()
    yield running
    running.stop()


@pytest.fixture
def simulator(shared_simulator):
    """A strict simulator with one issuer whose numbering is enforced, and no history."""
    shared_simulator.control("POST", "/reset", {})
    shared_simulator.control("POST", "/strict", {"on": True})
    shared_simulator.control("POST", "/latency", {"ms": 0})
    shared_simulator.mint()
    return shared_simulator


@pytest.fixture
def kill():
    return lambda pid: os.kill(pid, signal.SIGKILL)

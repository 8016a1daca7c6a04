"""The simulator as a real process on real sockets, for tests."""

import copy
import json
import os
import signal
from decimal import Decimal
from pathlib import Path

import pytest
import requests

from lab.simulator.testing import SimulatorProcess
from smart_api.client import SmartClient
from smart_api.schemas import IssueRequest

TRANSCRIPTS = json.loads((Path(__file__).parent / "data/transcripts.json").read_text("utf-8"))
RIF = "J-12345678-9"


def invoice(internal_number="00000001", **changes):
    """Return a body that satisfies the running service and the manual."""
    body = copy.deepcopy(TRANSCRIPTS[0]["request"]["body"])
    body |= {"numerointerno": internal_number, "tasadecambio": body["tasacambio"], "baseigft": 0}
    return body | changes


def body(internal_number="00000001", **changes):
    """Return a body as the addon makes it."""
    values = {
        "rif": RIF,
        "customer_name": "Cliente, C.A.",
        "customer_identification": "J-50375790-6",
        "customer_identification_type": 3,
        "customer_email": "cliente@example.com",
        "customer_address": "Caracas",
        "customer_phone": "584121234567",
        "document_type": 1,
        "internal_number": internal_number,
        "exchange_rate": Decimal("36.5"),
        "currency": 1,
        "subtotal": 100,
        "general_base": 100,
        "general_tax": 16,
        "total": 116,
        "lines": [
            {
                "description": "Café",
                "price": 50,
                "quantity": 2,
                "rate": 16,
                "tax": 16,
                "exempt": False,
                "amount": 100,
            }
        ],
    }
    return IssueRequest(**values | changes).to_json()


class Simulator(SimulatorProcess):
    """The simulator, with a session that posts to the service as an issuer would."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.session = requests.Session()

    def mint(self, rif=RIF, **settings):
        return super().mint(rif, **settings)

    def post(self, path, body, token=None, session=None, timeout=60, **options):
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

    def stop(self):
        self.session.close()
        return super().stop()


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
    shared_simulator.reset()
    shared_simulator.mint()
    return shared_simulator


@pytest.fixture
def kill():
    return lambda pid: os.kill(pid, signal.SIGKILL)


@pytest.fixture
def connect(simulator):
    """Make clients of the simulator; the connection ends with the test."""
    clients = []

    def make(url=None, token=None, **options):
        clients.append(SmartClient(url or simulator.url, token or simulator.token, **options))
        return clients[-1]

    yield make
    for client in clients:
        client.close()


@pytest.fixture
def client(connect):
    return connect()

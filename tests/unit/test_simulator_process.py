"""The simulator as a process: starting, dying, coming back, ending."""

import os
import socket
import subprocess
import sys
import time

import pytest
import requests
from conftest import RIF, invoice

from lab.simulator.testing import ROOT


def run(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "lab.simulator", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )


def number(index):
    return f"{index:08d}"


def test_help_names_the_options():
    shown = run("--help").stdout
    for option in ("--port", "--control-port", "--state", "--respawn", "--lenient", "--quiet"):
        assert option in shown


@pytest.mark.parametrize("more", [(), ("--respawn",)])
def test_a_taken_port_is_one_sentence_and_status_2(more):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ended = run("--port", port, "--control-port", "0", *more)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.count("\n") == 1
    assert "cannot listen" in ended.stderr
    assert port in ended.stderr


def test_the_state_survives_a_restart(start_simulator, tmp_path):
    state = ("--state", str(tmp_path / "state.sqlite"))
    first = start_simulator(*state, "--lenient")
    token = first.mint(lot_to=2)["token"]
    first.issue(number(1))
    first.fault("error_500_before")
    before = first.control("GET", "/ledger")
    assert first.stop() == 0

    second = start_simulator(*state)
    second.token = token
    assert second.control("GET", "/ledger") == before
    assert second.control("GET", "/health")["strict"] is False
    assert second.post("/facturacion", invoice(number(2))).status_code == 500
    assert second.issue(number(2))[1]["data"]["numerodocumento"] == "00-00000002"
    assert second.refusal(number(3))[0] == 12


def test_two_processes_never_share_a_state_file(start_simulator, tmp_path):
    state = ("--state", str(tmp_path / "state.sqlite"))
    start_simulator(*state)
    ended = run("--port", "0", "--control-port", "0", *state)
    assert (ended.returncode, ended.stderr.count("\n")) == (2, 1)
    assert "state.sqlite" in ended.stderr


def test_nothing_committed_is_lost_when_the_process_is_killed(start_simulator, tmp_path, kill):
    state = ("--state", str(tmp_path / "state.sqlite"))
    first = start_simulator(*state)
    token = first.mint()["token"]
    for index in range(1, 51):
        assert first.issue(number(index))[0] == 200
    kill(first.pid())
    first.process.wait(60)

    second = start_simulator(*state)
    second.token = token
    assert second.issued() == [number(index) for index in range(1, 51)]
    assert second.issue(number(51))[1]["data"]["corelativo"] == number(51)


@pytest.mark.parametrize(("fault", "issued"), [("die_before", []), ("die", [number(1)])])
def test_a_fatal_fault_ends_the_process(start_simulator, tmp_path, fault, issued):
    state = ("--state", str(tmp_path / "state.sqlite"))
    first = start_simulator(*state)
    first.mint()
    first.fault(fault)
    with pytest.raises(requests.ConnectionError):
        first.issue()
    assert first.process.wait(60) == 1
    assert start_simulator(*state).issued() == issued


def test_an_email_for_an_unknown_number_kills_the_process(start_simulator):
    simulator = start_simulator()
    simulator.mint()
    with pytest.raises(requests.ConnectionError):
        simulator.post("/email", {"rif": RIF, "numerodocumento": "00-00000009", "email": "a@x.com"})
    assert simulator.process.wait(60) != 0


def test_respawn_keeps_ports_ledger_faults_and_settings(start_simulator, kill):
    simulator = start_simulator("--respawn", "--lenient")
    simulator.mint()
    simulator.control("POST", "/strict", {"on": True})
    simulator.fault("die", count=2)
    for index in (1, 2):
        pid = simulator.pid()
        with pytest.raises(requests.ConnectionError):
            simulator.issue(number(index))
        wait_for_another(simulator, pid)
    kill(simulator.pid())
    health = wait_for_another(simulator, None)
    assert health["url"] == simulator.url
    assert health["strict"] is True
    assert simulator.issue(number(3))[0] == 200
    assert simulator.issued() == [number(1), number(2), number(3)]
    assert simulator.control("GET", "/faults")["applied"] == {"die": 2}
    assert simulator.control("GET", "/ledger?summary=1")["calls"] == {"/facturacion": 3}


def wait_for_another(simulator, pid):
    deadline = time.monotonic() + 60
    while True:
        health = simulator.wait_until_listening()
        if health["pid"] != pid:
            return health
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_ending_the_parent_ends_the_child(start_simulator):
    simulator = start_simulator("--respawn")
    child = simulator.pid()
    assert child != simulator.process.pid
    assert simulator.stop() == 0
    assert_gone(child)


def test_a_child_does_not_outlive_a_killed_parent(start_simulator, kill):
    simulator = start_simulator("--respawn")
    child = simulator.pid()
    kill(simulator.process.pid)
    simulator.process.wait(60)
    assert_gone(child)


def test_a_detached_one_is_nobodys_child_and_ends_with_whoever_started_it():
    code = (
        "import psutil\n"
        "from lab.simulator.testing import SimulatorProcess\n"
        "running = SimulatorProcess(detached=True)\n"
        "assert not psutil.Process().children()\n"
        "assert running.mint('J-40112233-7')['token']\n"
        "print(running.pid())\n"
    )
    process = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert_gone(int(process.stdout))


def assert_gone(pid):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.02)
    raise AssertionError(f"process {pid} is still there")


def test_control_rejects_what_it_does_not_know(simulator):
    for body in (
        {"name": "no rif"},
        {"rif": RIF, "name": "x", "lot_form": 1},
        {"rif": RIF, "name": "x", "lot_to": "9"},
        {"rif": RIF, "name": "x", "lot_from": 0},
        {"rif": RIF, "name": "x", "identifier": "A1"},
        [],
    ):
        assert simulator.control("POST", "/issuers", body, status=400)["error"]


def test_minting_again_updates_the_issuer_and_keeps_its_documents(simulator):
    simulator.issue()
    minted = simulator.mint(name="Otro nombre", lot_to=7)
    assert (minted["name"], minted["lot_to"]) == ("Otro nombre", 7)
    assert simulator.issued() == [number(1)]
    (listed,) = simulator.control("GET", "/issuers")["issuers"]
    assert (listed["rif"], "token" in listed) == (RIF, False)


def test_the_ledger_shows_the_whole_request_unless_told_not_to(simulator):
    simulator.issue(trackingid="pedido 7")
    (full,) = simulator.documents("")
    assert full["request"] == invoice(trackingid="pedido 7")
    assert (full["tracking_id"], full["document_type"], full["rif"]) == ("pedido 7", 1, RIF)
    (short,) = simulator.documents("?summary=1")
    assert short == {key: value for key, value in full.items() if key != "request"}


def test_reset_forgets_everything(simulator):
    simulator.issue()
    simulator.fault("html")
    simulator.control("POST", "/reset", {})
    assert simulator.control("GET", "/ledger") == {"documents": [], "calls": {}}
    assert simulator.control("GET", "/issuers") == {"issuers": []}
    assert simulator.control("GET", "/calls") == {"calls": []}
    assert simulator.control("GET", "/faults")["pending"] == []
    assert simulator.refusal()[0] == 1
    simulator.mint()
    assert simulator.issue()[1]["data"]["corelativo"] == "00000001"

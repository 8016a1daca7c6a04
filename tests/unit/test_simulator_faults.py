"""Every fault does on the wire what its name says, and commits what it says."""

import contextlib
import re
import socket
import time
from urllib.parse import urlsplit

import pytest
import requests
from conftest import RIF, invoice

from lab.simulator.testing import SimulatorProcess

ISSUED, NOTHING = ["00000001"], []


def send(simulator, **options):
    return simulator.post("/facturacion", invoice(), **options)


def wait_for(condition):
    """Return when something holds; how soon it does is the machine's affair."""
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def wait_until_issued(simulator):
    wait_for(lambda: simulator.issued() == ISSUED)


def raw_call(simulator):
    """Send an invoice over a bare socket; return the socket."""
    request = requests.Request(
        "POST",
        simulator.url + "/facturacion",
        json=invoice(),
        headers={"Authorization": f"Bearer {simulator.token}"},
    ).prepare()
    connection = socket.create_connection(address(simulator), timeout=60)
    lines = [f"{name}: {value}" for name, value in request.headers.items()]
    head = "\r\n".join(["POST /facturacion HTTP/1.1", "Host: x", *lines, "", ""])
    connection.sendall(head.encode() + request.body)
    return connection


def address(simulator):
    return urlsplit(simulator.url).hostname, urlsplit(simulator.url).port


@pytest.mark.parametrize(("fault", "issued"), [("drop_before", NOTHING), ("drop_after", ISSUED)])
def test_a_dropped_connection_gives_no_answer(simulator, fault, issued):
    simulator.fault(fault)
    with pytest.raises(requests.ConnectionError):
        send(simulator)
    assert simulator.issued() == issued
    with raw_call(simulator) as connection:
        assert connection.recv(20).startswith(b"HTTP/1.1 20")


def test_a_dropped_connection_is_reset(simulator):
    simulator.fault("drop_after")
    with raw_call(simulator) as connection, pytest.raises(ConnectionResetError):
        connection.recv(1)


@pytest.mark.parametrize(
    ("fault", "status", "kind", "issued"),
    [
        ("text_400_before", 400, "text/plain", NOTHING),
        ("text_400", 400, "text/plain", ISSUED),
        ("error_500_before", 500, "text/plain", NOTHING),
        ("error_500", 500, "text/plain", ISSUED),
        ("html", 200, "text/html", NOTHING),
        ("html_after", 200, "text/html", ISSUED),
        ("cut_json", 200, "application/json", ISSUED),
    ],
)
def test_an_answer_that_is_not_json(simulator, fault, status, kind, issued):
    simulator.fault(fault)
    answer = send(simulator)
    assert (answer.status_code, answer.headers["Content-Type"].split(";")[0]) == (status, kind)
    assert int(answer.headers["Content-Length"]) == len(answer.content) > 0
    with pytest.raises(requests.exceptions.JSONDecodeError):
        answer.json()
    assert simulator.issued() == issued


def test_json_of_the_wrong_shape(simulator):
    simulator.fault("garbage_json")
    answer = send(simulator)
    assert answer.status_code == 200
    assert not isinstance(answer.json(), dict)
    assert simulator.issued() == ISSUED


def test_a_body_shorter_than_announced(simulator):
    simulator.fault("cut_body")
    with raw_call(simulator) as connection:
        received = read_to_the_end(connection)
    head, _, body = received.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200")
    (announced,) = re.findall(rb"Content-Length: (\d+)", head)
    assert 0 < len(body) < int(announced)
    assert simulator.refusal("00000001")[0] == 8
    simulator.fault("cut_body")
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        send(simulator)


def read_to_the_end(connection):
    received = b""
    with contextlib.suppress(ConnectionResetError):
        while block := connection.recv(65536):
            received += block
    return received


def test_a_401_although_the_token_is_right(simulator):
    simulator.fault("unauthorized")
    answer = send(simulator)
    assert (answer.status_code, answer.json()) == (401, "Acceso denegado")
    assert simulator.issued() == NOTHING


def test_out_of_control_numbers_for_one_call(simulator):
    simulator.fault("out_of_control_numbers")
    assert simulator.refusal()[0] == 12
    assert simulator.issue()[0] == 200


def test_a_redirect_leads_into_a_recorded_trap(simulator):
    simulator.fault("redirect", count=2)
    answer = send(simulator, allow_redirects=False)
    assert answer.status_code == 302
    target = urlsplit(answer.headers["Location"])
    assert (target.hostname, target.path) == ("127.0.0.1", "/desviado")
    assert "/desviado" not in [call["path"] for call in calls(simulator)]
    assert send(simulator).json()["data"]["numerodocumento"] == "99-99999999"
    assert calls(simulator)[-1]["path"] == "/desviado"
    assert simulator.issued() == NOTHING


def test_a_delay_comes_after_the_document_is_committed(simulator):
    simulator.fault("delay", seconds=600)
    with raw_call(simulator) as connection:
        wait_until_issued(simulator)
        connection.setblocking(False)
        with pytest.raises(BlockingIOError):
            connection.recv(1)
    simulator.fault("delay", seconds=0.1)
    assert send(simulator).status_code == 202, "it comes in the end"


def test_a_late_call_is_processed_although_the_client_has_gone(simulator):
    simulator.fault("delay_before", seconds=2)
    with pytest.raises(requests.ReadTimeout):
        send(simulator, timeout=0.1)
    simulator.session.close()
    assert simulator.issued() == NOTHING
    wait_until_issued(simulator)
    assert calls(simulator)[-1]["status"] is None


def test_an_answer_that_drips(simulator):
    simulator.fault("slow_drip", seconds=0.1)
    started = time.monotonic()
    answer = send(simulator, stream=True)
    received = [block for block, _ in zip(answer.iter_content(1), range(5), strict=False)]
    assert b"".join(received) == b'{"suc'
    assert time.monotonic() - started > 0.35
    answer.close()
    assert simulator.issued() == ISSUED


def test_an_answer_without_end(simulator):
    simulator.fault("huge")
    answer = send(simulator, stream=True)
    received = 0
    for block in answer.iter_content(65536):
        received += len(block)
        if received > 2 * 1024 * 1024:
            break
    answer.close()
    assert received > 2 * 1024 * 1024
    assert simulator.issued() == ISSUED
    assert simulator.refusal("00000001")[0] == 8


def test_refusing_is_a_real_connection_refused(simulator):
    idle = requests.Session()
    assert send(simulator, session=idle).status_code == 200
    simulator.fault("refuse", seconds=600)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address(simulator), timeout=60)
    with pytest.raises(requests.ConnectionError, match="refused"):
        send(simulator, session=idle)
    assert simulator.control("GET", "/faults")["refusing"] is True
    simulator.control("DELETE", "/faults")
    assert send(simulator).status_code == 202
    assert simulator.issued() == ISSUED


def test_refusing_ends_by_itself(simulator):
    simulator.fault("refuse", seconds=0.2)
    wait_for(lambda: not simulator.control("GET", "/faults")["refusing"])
    assert send(simulator).status_code == 200


def test_an_idle_connection_is_dropped_when_refusing_starts(simulator):
    with socket.create_connection(address(simulator), timeout=60) as idle:
        idle.sendall(b"GET /desviado HTTP/1.1\r\nHost: x\r\n\r\n")
        assert idle.recv(65536).startswith(b"HTTP/1.1 200")
        simulator.fault("refuse", seconds=30)
        assert idle.recv(1) == b""
    simulator.control("DELETE", "/faults")
    assert send(simulator).status_code == 200


def test_a_call_in_flight_is_answered_while_refusing(simulator):
    simulator.fault("delay", seconds=1)
    with raw_call(simulator) as connection:
        wait_until_issued(simulator)
        simulator.fault("refuse", seconds=30)
        assert connection.recv(20).startswith(b"HTTP/1.1 200")
    simulator.control("DELETE", "/faults")


def test_faults_are_queued_counted_and_bound_to_paths(simulator):
    simulator.fault("error_500_before", path="/anulacion")
    simulator.fault("text_400_before", count=2)
    simulator.fault("unauthorized")
    assert [send(simulator).status_code for _ in range(4)] == [400, 400, 401, 200]
    state = simulator.control("GET", "/faults")
    assert state["applied"] == {"text_400_before": 2, "unauthorized": 1}
    assert state["pending"] == [
        {"fault": "error_500_before", "count": 1, "seconds": None, "path": "/anulacion"}
    ]
    assert simulator.post("/anulacion", {}).status_code == 500
    simulator.fault("html", count=9)
    assert simulator.control("DELETE", "/faults")["pending"] == []
    assert send(simulator).status_code == 202


def test_faults_apply_to_annulments_too(simulator):
    send(simulator)
    simulator.fault("text_400", path="/anulacion")
    body = {"rif": RIF, "numerodocumento": "00-00000001", "observacion": "x"}
    assert simulator.post("/anulacion", body).status_code == 400
    assert simulator.documents()[0]["annulled"] is True


@pytest.mark.parametrize(
    "fault",
    [
        {"fault": "nonsense"},
        {"fault": "delay", "count": 0},
        {"fault": "delay", "seconds": -1},
        {"fault": "delay", "path": "/nowhere"},
        {"fault": "delay", "often": 3},
        {"fault": "delay", "count": "3"},
    ],
)
def test_a_fault_that_makes_no_sense_is_rejected(simulator, fault):
    assert simulator.control("POST", "/faults", fault, status=400)["error"]


def test_latency_is_added_to_each_call(simulator):
    simulator.control("POST", "/latency", {"ms": 150})
    started = time.monotonic()
    assert send(simulator).status_code == 200
    assert time.monotonic() - started > 0.15


def test_the_call_log_shows_connections_and_outcomes(simulator):
    send(simulator)
    simulator.fault("drop_before")
    with pytest.raises(requests.ConnectionError):
        send(simulator)
    send(simulator, session=requests.Session())
    first, second, third = calls(simulator)
    assert first["client_port"] == second["client_port"] != third["client_port"]
    assert [call["status"] for call in (first, second, third)] == [200, None, 202]
    assert (first["control_number"], first["internal_number"]) == ("00-00000001", "00000001")
    assert (second["fault"], third["code"]) == ("drop_before", 8)
    assert simulator.control("GET", "/calls?limit=1")["calls"] == [third]
    assert simulator.control("GET", "/ledger")["calls"] == {"/facturacion": 3}


def calls(simulator):
    return simulator.control("GET", "/calls")["calls"]


@pytest.mark.parametrize(
    ("fault", "status", "issued"),
    [("too_large", 413, []), ("text_400_before", 400, []), ("text_400", 400, ["00000001"])],
)
def test_poison_meets_its_fault_at_every_attempt_and_leaves_the_others_their_own(
    simulator, fault, status, issued
):
    simulator.poison("VENENO", fault)
    simulator.fault("error_500_before")
    poison = invoice(nombrecliente="VENENO, C.A.")
    statuses = [simulator.post("/facturacion", poison).status_code for _ in range(3)]
    assert statuses == [status] * 3
    assert simulator.issued() == issued
    assert send(simulator).status_code == 500, "the fault in the queue is for others"
    assert send(simulator).status_code == (202 if issued else 200)
    simulator.reset()
    simulator.mint(RIF)
    assert simulator.post("/facturacion", poison).status_code == 200


def test_poison_survives_the_death_that_it_causes(tmp_path):
    simulator = SimulatorProcess("--respawn", "--state", str(tmp_path / "state.sqlite"))
    try:
        simulator.mint(RIF)
        simulator.poison("VENENO", "die_before")
        for _ in range(2):
            with pytest.raises(requests.ConnectionError):
                requests.post(
                    simulator.url + "/facturacion",
                    json=invoice(nombrecliente="VENENO, C.A."),
                    headers={"Authorization": f"Bearer {simulator.token}"},
                    timeout=60,
                )
            simulator.wait_until_listening()
        assert simulator.issued() == []
    finally:
        simulator.stop()


@pytest.mark.parametrize(
    "poison", [{"marker": "x"}, {"fault": "die"}, {"marker": "x", "fault": "?"}]
)
def test_a_poison_that_makes_no_sense_is_rejected(simulator, poison):
    assert simulator.control("POST", "/poisons", poison, status=400)["error"]

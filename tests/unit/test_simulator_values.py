"""Values that are none of the manual's: taken, refused, or the end of the lenient simulator."""

import json
import threading
import time
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
import requests
from conftest import RIF, Simulator, invoice

from lab.simulator import tokens
from lab.simulator.acts import respond
from lab.simulator.clock import VENEZUELA
from lab.simulator.ledger import Ledger
from lab.simulator.operations import Call, Operations

OTHER_RIF = "J-87654321-0"
MISSING = object()
NOVEMBER = datetime(2026, 11, 30, 23, 59, 59, tzinfo=VENEZUELA)
ISSUER = {
    "name": "Emisor, C.A.",
    "address": "Caracas",
    "email": "",
    "phone": "",
    "enforce_numbering": True,
    "lot_from": 1,
    "lot_to": 10,
    "lot_date": "01/11/2026",
    "identifier": "00",
}


@pytest.fixture(scope="module")
def mortal():
    """A lenient simulator that comes back after each death."""
    running = Simulator("--respawn", "--lenient")
    yield running
    running.stop()


@pytest.fixture
def lenient(mortal):
    mortal.wait_until_listening()
    mortal.reset()
    mortal.control("POST", "/strict", {"on": False})
    mortal.mint()
    return mortal


def changed(body, changes):
    """Return a body with other values, and without those that are missing."""
    return {key: value for key, value in (body | changes).items() if value is not MISSING}


def line(**changes):
    return changed(invoice()["cuerpofactura"][0], changes)


def post(simulator, path="/facturacion", body=None, **changes):
    body = changed(invoice() if body is None else body, changes)
    return simulator.post(path, body, session=requests.Session())


def dies(simulator, *arguments, **changes):
    """Tell whether a call is the end of the process; return once another one serves."""
    before = simulator.pid()
    try:
        post(simulator, *arguments, **changes)
    except requests.ConnectionError:
        return simulator.wait_until_listening()["pid"] != before
    return False


# -- taken, not refused ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {"exento": MISSING},
        {"exento": -5},
        {"tipomoneda": MISSING},
        {"tipomoneda": None},
        {"tipomoneda": 0},
        {"tipomoneda": ""},
        {"tipomoneda": 7, "tasacambio": 40},
        {"nombrecliente": False},
        {"nombrecliente": 0},
        {"nombrecliente": {}},
        {"direccioncliente": False},
        {"telefonocliente": 0},
        {"telefonocliente": {}},
        {"cuerpofactura": {}},
        {"cuerpofactura": 7},
        {"idtipodocumento": "3", "relacionado": "00-00009999"},
        {"fechavence": "2026-12-24"},
        {"fechavence": "05/12/2026"},
    ],
)
def test_taken_although_the_manual_says_otherwise(lenient, changes):
    answer = post(lenient, **changes)
    assert answer.status_code == 200, answer.text
    assert len(lenient.documents()) == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"tipomoneda": "0"}, 24),
        ({"tipomoneda": 7, "tasacambio": 0}, 23),
        ({"idtipodocumento": 3, "relacionado": "00-00009999"}, 11),
        ({"nombrecliente": ""}, 2),
        ({"direccioncliente": MISSING}, 21),
        ({"telefonocliente": ""}, 22),
        ({"cuerpofactura": []}, 10),
        ({"cuerpofactura": "lines"}, 4),
        ({"numerointerno": MISSING}, 9),
    ],
)
def test_refused_beside_what_is_taken(lenient, changes, code):
    answer = post(lenient, **changes)
    assert (answer.status_code, answer.json()["error"]["code"]) == (202, code)


# -- the end of the process ------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {"fechavence": "24/12/2026"},
        {"fechavence": "soon"},
        {"observacion": "a\0b"},
        {"cuerpofactura": [line(descripcion="a\0b")]},
        {"observacion": "x" * 201},
        {"cuerpofactura": [line(descripcion="x" * 251)]},
        {"idtipodocumento": MISSING},
        {"idtipodocumento": 1.5},
        {"cuerpofactura": MISSING},
        {"formasdepago": [{"forma": None, "valor": 1}]},
        {"telefonocliente": None},
        {"direccioncliente": None},
        {"numerointerno": "A-77"},
    ],
)
def test_it_dies_without_having_committed(lenient, changes):
    assert dies(lenient, **changes)
    assert lenient.documents() == []


@pytest.mark.parametrize(
    "changes", [{"idtipodocumento": 9}, {"idtipocedulacliente": 4}, {"idtipocedulacliente": 0}]
)
def test_it_commits_and_then_dies(lenient, changes):
    assert dies(lenient, **changes)
    assert len(lenient.documents()) == 1


@pytest.mark.parametrize(
    "changes", [{"cuerpofactura": [line(comentario=MISSING)]}, {"emailcliente": None}]
)
def test_it_commits_answers_400_and_then_dies(lenient, changes):
    before = lenient.pid()
    answer = post(lenient, **changes)
    assert (answer.status_code, answer.headers["Content-Type"].split(";")[0]) == (400, "text/plain")
    wait_for_another(lenient, before)
    assert len(lenient.documents()) == 1


def wait_for(condition):
    """Return once something holds."""
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def wait_for_another(simulator, pid):
    """Return once another process serves."""
    wait_for(lambda: simulator.wait_until_listening()["pid"] != pid)


def test_its_death_cuts_the_other_calls_in_flight(lenient):
    lenient.fault("delay", seconds=600)
    cut = []

    def wait():
        try:
            post(lenient)
        except requests.ConnectionError:
            cut.append(True)

    waiting = threading.Thread(target=wait)
    waiting.start()
    wait_for(lenient.documents)
    assert post(lenient, numerointerno="00000002", emailcliente=None).status_code == 400
    waiting.join(60)
    assert cut
    lenient.wait_until_listening()
    assert lenient.issued() == ["00000001", "00000002"]


@pytest.mark.parametrize(
    ("fault", "status"), [("answer_then_die", 200), ("text_400_then_die", 400)]
)
def test_a_failure_of_pdf_or_mail_comes_after_the_answer_and_ends_it(lenient, fault, status):
    lenient.fault(fault)
    before = lenient.pid()
    assert post(lenient).status_code == status
    wait_for_another(lenient, before)
    assert lenient.issued() == ["00000001"]


# -- the other operations --------------------------------------------------------------------


@pytest.mark.parametrize("kind", [None, 9])
def test_the_next_number_of_no_type_is_the_first(lenient, kind):
    post(lenient)
    answer = post(lenient, "/facturacion/numerointerno", {"rif": RIF, "idtipodocumento": kind})
    assert answer.json()["data"] == {"numerointerno": "00000001"}


@pytest.mark.parametrize("body", [{"rif": RIF}, {"rif": RIF, "idtipodocumento": "invoice"}])
def test_the_next_number_of_what_is_no_type_is_a_400(lenient, body):
    before = lenient.pid()
    assert post(lenient, "/facturacion/numerointerno", body).status_code == 400
    assert lenient.pid() == before


def test_annulling_needs_a_number_and_no_reason(lenient):
    post(lenient)
    named = {"rif": RIF, "numerodocumento": "00-00000001", "observacion": "Error"}
    assert post(lenient, "/anulacion", named, numerodocumento=MISSING).status_code == 400
    listed = post(lenient, "/anulacion", named, numerodocumento=["00-00000001"])
    assert listed.json()["error"]["code"] == 2
    assert lenient.documents()[0]["annulled"] is False
    assert post(lenient, "/anulacion", named, observacion="").status_code == 200
    assert lenient.documents()[0]["annulled"] is True


def test_e_mails_need_no_token_but_the_issuers_rif(lenient):
    post(lenient)
    named = {"rif": RIF, "numerodocumento": "00-00000001", "email": "a@example.com"}
    sent = requests.post(lenient.url + "/email", json=named, timeout=60)
    assert sent.status_code == 200
    assert post(lenient, "/email", named, email="").status_code == 200
    assert post(lenient, "/email", named, email=MISSING).status_code == 400
    assert lenient.documents()[0]["emails"] == ["a@example.com"]
    lenient.mint(OTHER_RIF)
    assert dies(lenient, "/email", named, rif=OTHER_RIF)


# -- the month in the address ----------------------------------------------------------------


def test_the_month_in_the_address_is_that_of_the_answer():
    ledger, clock = Ledger(), SimpleNamespace(now=lambda: NOVEMBER)
    issuer = ISSUER | {"rif": RIF}
    ledger.save_issuer(issuer)
    token = tokens.mint({"user": {"rif": RIF}}, ledger.secret)
    call = Call("{}", invoice(), f"Bearer {token}", "http://smart")
    answer = Operations(ledger, clock).perform("/facturacion", call)
    clock.now = lambda: NOVEMBER + timedelta(seconds=2)
    data = json.loads(respond(answer).text)["data"]
    assert data["datatime"] == "2026-11-30 23:59:59"
    assert data["urlpdf"] == f"http://smart/archivos/{RIF}/2026-12/{RIF}00-00000001"
    ledger.close()

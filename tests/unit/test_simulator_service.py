"""The simulator checks, numbers, annuls and mails as the service does."""

import io
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone

import pytest
import requests
from conftest import RIF, invoice
from pypdf import PdfReader

OTHER_RIF = "J-87654321-0"
IGTF = {
    "tasaigtf": 3,
    "baseigtf": 100.5,
    "baseigft": 100.5,
    "exento": 0,
    "subtotal": 100,
}


def line(**changes):
    return invoice()["cuerpofactura"][0] | changes


def test_first_internal_number_of_a_type_may_be_any(simulator):
    assert simulator.issue("00000041")[0] == 200
    assert simulator.issue("00000042")[0] == 200
    assert simulator.refusal("00000044") == (
        9,
        "NÚMERO INTERNO no corresponde numeración esperada! Actual:42",
    )


def test_internal_numbers_run_per_type_and_control_numbers_over_all(simulator):
    simulator.issue("00000001")
    status, answer = simulator.issue(
        "00000007", idtipodocumento=3, relacionado="00-00000001", cuerpofactura=[]
    )
    assert (status, answer["data"]["numerodocumento"]) == (200, "00-00000002")
    assert simulator.issue("00000002")[1]["data"]["numerodocumento"] == "00-00000003"
    for document_type, expected in ((1, "00000003"), (3, "00000008"), (4, "00000001")):
        body = {"rif": RIF, "idtipodocumento": document_type}
        answer = simulator.post("/facturacion/numerointerno", body).json()
        assert answer["data"] == {"numerointerno": expected}


def test_issuers_have_sequences_of_their_own(simulator):
    simulator.issue("00000001")
    simulator.mint(OTHER_RIF, identifier="01", lot_from=500, lot_to=600)
    status, answer = simulator.issue("00000001", rif=OTHER_RIF)
    assert (status, answer["data"]["numerodocumento"]) == (200, "01-00000500")
    assert "01-00000500 Hasta Nro. 01-00000600" in answer["data"]["piedepagina"]
    assert len(simulator.documents(f"?rif={OTHER_RIF}")) == 1


def test_used_is_what_is_written_alike_and_next_is_what_is_worth_one_more(simulator):
    simulator.issue("00000001")
    assert simulator.refusal("00000001")[0] == 8
    assert simulator.refusal("1")[0] == 9
    assert simulator.issue("2")[0] == 200
    assert simulator.refusal("00000002")[0] == 9
    assert simulator.refusal("x")[0] == 9


def test_the_next_number_is_one_more_than_the_highest_and_not_than_the_last(simulator):
    simulator.mint(enforce_numbering=False)
    for number in ("00000007", "00000003"):
        assert simulator.issue(number)[0] == 200
    simulator.mint()
    body = {"rif": RIF, "idtipodocumento": 1}
    asked = simulator.post("/facturacion/numerointerno", body).json()
    assert asked["data"] == {"numerointerno": "00000008"}
    assert simulator.refusal("00000004")[1].endswith("Actual:7")
    assert simulator.issue("00000008")[0] == 200


def test_an_internal_number_is_refused_where_numbering_is_enforced_if_empty_or_missing(simulator):
    assert simulator.refusal("")[0] == 7
    missing = invoice()
    del missing["numerointerno"]
    assert simulator.post("/facturacion", missing).json()["error"]["code"] == 9


def test_free_numbering_takes_the_same_number_twice(simulator):
    simulator.mint(enforce_numbering=False)
    assert [simulator.issue("77")[0] for _ in range(2)] == [200, 200]
    assert simulator.issued() == ["77", "77"]


def test_the_token_decides_whether_numbering_is_enforced(simulator):
    enforced = simulator.token
    free = simulator.control("PATCH", f"/issuers/{RIF}", {"enforce_numbering": False})["token"]
    for token, status in ((free, 200), (free, 200), (enforced, 202)):
        assert simulator.post("/facturacion", invoice(), token).status_code == status


def test_an_exhausted_lot_refuses_before_anything_else_is_looked_at(simulator):
    simulator.mint(lot_to=2)
    assert [simulator.issue(f"{number:08d}")[0] for number in (1, 2)] == [200, 200]
    assert simulator.refusal("00000003", nombrecliente="")[0] == 12
    simulator.control("PATCH", f"/issuers/{RIF}", {"lot_from": 10, "lot_to": 20})
    assert simulator.issue("00000003")[1]["data"]["numerodocumento"] == "00-00000010"


def test_two_simultaneous_requests_never_share_an_internal_number(simulator):
    with ThreadPoolExecutor(8) as pool:
        sent = [
            pool.submit(simulator.post, "/facturacion", invoice(), session=requests.Session())
            for _ in range(24)
        ]
        statuses = sorted(future.result().status_code for future in sent)
    assert statuses == [200] + [202] * 23
    assert simulator.issued() == ["00000001"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"rifcedulacliente": "", "direccioncliente": ""}, 2),
        ({"nombrecliente": "", "direccioncliente": ""}, 2),
        ({"direccioncliente": "", "telefonocliente": ""}, 21),
        ({"telefonocliente": "", "tipomoneda": "0"}, 22),
        ({"tipomoneda": "0", "total": 1}, 24),
        ({"tipomoneda": 2, "tasacambio": 0, "total": 1}, 23),
        ({"total": 1, "idtipodocumento": 3}, 4),
        ({"idtipodocumento": 3, "cuerpofactura": [], "numerointerno": ""}, 5),
        ({"idtipodocumento": 2, "relacionado": "00-00000099", "numerointerno": ""}, 11),
        ({"cuerpofactura": [], "numerointerno": ""}, 10),
        ({"numerointerno": "", "cuerpofactura": [line(monto=99)]}, 7),
        ({"cuerpofactura": [line(monto=99)], "formasdepago": [{"forma": ""}]}, 4),
        ({"formasdepago": [{"forma": "", "valor": 1}], "trackingid": "x" * 51}, 14),
        ({"trackingid": "x" * 51}, 2),
    ],
)
def test_of_two_faults_the_earlier_check_is_reported(simulator, changes, code):
    assert simulator.refusal(**changes)[0] == code
    assert simulator.documents() == []


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"impuestog": 16.01}, "Valor de IMPUESTO IVA 16% MAL CALCULADO!"),
        ({"baser": 10, "impuestor": 0.81}, "Valor de IMPUESTO IVA 8% MAL CALCULADO!"),
        (
            {"tasaa": 31, "basea": 10, "impuestoa": 3.2},
            "Valor de IMPUESTO IVA 31% MAL CALCULADO!",
        ),
        (IGTF | {"impuestoigtf": 3.02}, "Valor de IMPUESTO IGTF 3% MAL CALCULADO!"),
        ({"subtotal": 0, "baseg": 0, "total": 0}, "Valor de SUBTOTAL MAL CALCULADO!"),
        ({"total": 115.99}, "Valor de TOTAL MAL CALCULADO!"),
    ],
)
def test_wrong_amounts_are_named(simulator, changes, message):
    assert simulator.refusal(**changes) == (4, message)


def test_igtf_ties_fall_as_binary_doubles_do(simulator):
    wrong = IGTF | {"impuestoigtf": 3.02, "total": 119.02}
    right = IGTF | {"impuestoigtf": 3.01, "total": 119.01}
    assert simulator.refusal(**wrong)[0] == 4
    assert simulator.issue(**right)[0] == 200


def test_luxury_and_reduced_rates_enter_the_sums(simulator):
    status, answer = simulator.issue(
        baser=10,
        impuestor=0.8,
        tasaa=31,
        basea=20,
        impuestoa=6.2,
        exento=5,
        subtotal=135,
        total=158,
    )
    assert status == 200, answer


def test_foreign_amounts_are_kept_in_bolivares_with_four_decimals(simulator):
    assert simulator.issue(tipomoneda=2, tasacambio=40.5647, tasadecambio=40.5647)[0] == 200
    (document,) = simulator.documents()
    assert (document["currency"], document["total"]) == (2, 116)
    assert document["converted"]["total"] == 4705.5052
    assert document["converted"]["cuerpofactura"] == [
        {"precio": 2028.235, "impuesto": 649.0352, "descuento": 0, "monto": 4056.47}
    ]


def test_a_note_about_the_earlier_regime_needs_a_remark_and_no_known_invoice(simulator):
    note = {"idtipodocumento": 3, "relacionado": "00-00009999", "regimenanterior": 1}
    assert simulator.refusal(**note)[0] == 20
    assert simulator.issue(**note, observacion="Factura 123 del régimen anterior")[0] == 200


def test_without_authorization_the_answer_is_a_json_string(simulator):
    answer = requests.post(simulator.url + "/anulacion", json={}, timeout=60)
    assert (answer.status_code, answer.json()) == (401, "Acceso denegado")


@pytest.mark.parametrize("path", ["/facturacion", "/facturacion/numerointerno", "/anulacion"])
def test_every_operation_checks_token_and_rif(simulator, path):
    forged = simulator.token[:-4] + "AAAA"
    for token, rif, code in ((forged, RIF, 1), ("", RIF, 1), (simulator.token, "j-12345678-9", 3)):
        headers = {"Authorization": f"Bearer {token}"}
        answer = requests.post(simulator.url + path, json={"rif": rif}, headers=headers, timeout=60)
        assert (answer.status_code, answer.json()["error"]["code"]) == (202, code)


def test_annulling_marks_the_document_and_keeps_the_first_reason(simulator):
    simulator.issue()
    for reason in ("Error en el precio", "Otra razón"):
        body = {"rif": RIF, "numerodocumento": "00-00000001", "observacion": reason}
        assert simulator.post("/anulacion", body).status_code == 200
    (document,) = simulator.documents()
    assert (document["annulled"], document["annul_reason"]) == (True, "Error en el precio")


def test_nobody_annuls_the_document_of_another_issuer(simulator):
    simulator.issue()
    simulator.mint(OTHER_RIF)
    body = {"rif": OTHER_RIF, "numerodocumento": "00-00000001", "observacion": "x"}
    assert simulator.post("/anulacion", body).json()["error"]["code"] == 3
    assert simulator.documents()[0]["annulled"] is False


def test_mail_goes_to_every_address_at_issue_and_again(simulator):
    simulator.issue(sendmail=1, emailcliente="a@x.com|b@x.com")
    body = {"rif": RIF, "numerodocumento": "00-00000001", "email": "c@x.com|d@x.com"}
    assert simulator.post("/email", body).status_code == 200
    assert simulator.documents()[0]["emails"] == ["a@x.com", "b@x.com", "c@x.com", "d@x.com"]
    assert simulator.post("/email", body | {"email": ""}).json()["error"]["code"] == 1


def test_the_document_is_a_pdf_at_its_address(simulator):
    data = simulator.issue(observacion="<b>Gracias & adiós")[1]["data"]
    document = requests.get(data["urlpdf"], timeout=20)
    assert document.headers["Content-Type"] == "application/pdf"
    assert document.content.startswith(b"%PDF-")
    assert b"00-00000001" in document.content
    wrong_month = re.sub(r"/\d{4}-\d\d/", "/1999-01/", data["urlpdf"])
    for missing in (data["urlpdf"][:-1] + "9", wrong_month):
        answer = requests.get(missing, timeout=60)
        assert (answer.status_code, answer.json()) == (202, {"message": "Archivo no encontrado!"})


def test_the_pdf_shows_due_date_series_units_comments_and_forms_of_payment(simulator):
    [line] = invoice()["cuerpofactura"][:1]
    body = {
        "serial": "AB",
        "fechavence": "2026-12-24",
        "cuerpofactura": [
            {**line, "intipounidad": 2, "comentario": "Descuento por pronto pago: -10,00"},
            *invoice()["cuerpofactura"][1:],
        ],
        "formasdepago": [{"forma": "Pago móvil", "valor": 1234.5}],
    }
    data = simulator.issue(**body)[1]["data"]
    content = requests.get(data["urlpdf"], timeout=20).content
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    quantity = f"{line['cantidad']} kg"
    for shown in ("Serie: AB", "Vence: 2026-12-24", quantity, "pronto pago: -10,00"):
        assert shown in text.replace("\n", " ")
    assert "Forma de pago: Pago móvil 1,234.50" in text
    [document] = simulator.documents("")
    assert {key: document["request"][key] for key in body} == body


def test_the_clock_is_venezuela_s(simulator):
    data = simulator.issue()[1]["data"]
    stamped = datetime.strptime(data["datatime"] + " -0400", "%Y-%m-%d %H:%M:%S %z")
    assert abs(datetime.now(timezone.utc) - stamped) < timedelta(minutes=1)
    assert data["datatime"] == simulator.documents()[0]["issued_at"]
    assert data["fecha"] + data["hora"] == data["datatime"].replace("-", "").replace(" ", "")


def test_the_clock_can_be_set_ahead(start_simulator):
    simulator = start_simulator("--clock-offset", str(40 * 86400))
    simulator.mint()
    data = simulator.issue()[1]["data"]
    stamped = datetime.strptime(data["datatime"] + " -0400", "%Y-%m-%d %H:%M:%S %z")
    ahead = stamped - datetime.now(timezone.utc)
    assert timedelta(days=39, hours=23) < ahead < timedelta(days=40, minutes=1)
    assert f"/{data['datatime'][:7]}/" in data["urlpdf"]

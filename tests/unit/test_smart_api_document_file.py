"""The printed document is fetched from the service alone, and only if it is one."""

import pytest
from test_smart_api_connections import Server, answer, drip, read_request

from smart_api import document_file
from smart_api.document_file import FileError, FileProblem, fetch_pdf

PDF = b"%PDF-1.4\n%%EOF\n"


@pytest.fixture
def serve():
    started = []

    def start(handle):
        started.append(Server(handle))
        return started[-1]

    yield start
    for server in started:
        server.stop()


def answering(content):
    requests = []

    def handle(connection):
        requests.append(read_request(connection))
        connection.sendall(content)

    handle.requests = requests
    return handle


def problem_of(url, base_url, **options):
    with pytest.raises(FileError) as caught:
        fetch_pdf(url, base_url, **options)
    return caught.value.problem


def test_an_issued_documents_pdf_is_fetched_from_the_simulator(simulator):
    _status, answered = simulator.issue()
    content = fetch_pdf(answered["data"]["urlpdf"], simulator.url)
    assert content.startswith(b"%PDF-")
    assert len(content) > 1000


def test_the_token_and_the_hosts_credentials_stay_here(serve, monkeypatch, tmp_path):
    handle = answering(answer(PDF))
    server = serve(handle)
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password secret\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(netrc))
    assert fetch_pdf(f"{server.url}/a.pdf", server.url) == PDF
    [request] = handle.requests
    assert b"authorization" not in request.lower()


@pytest.mark.parametrize(
    "url",
    [
        "https://elsewhere.invalid/a.pdf",
        "http://bck.factura-smart.com/a.pdf",
        "https://bck.factura-smart.com:8443/a.pdf",
        "https://bck.factura-smart.com@elsewhere.invalid/a.pdf",
        "https://user@bck.factura-smart.com/a.pdf",
        "https://bck.factura-smart.com.elsewhere.invalid/a.pdf",
        "https://bck.factura-smart.com\\@elsewhere.invalid/a.pdf",
        "http://127.0.0.1/a.pdf",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]/a.pdf",
        "file:///etc/passwd",
        "ftp://bck.factura-smart.com/a.pdf",
        "//bck.factura-smart.com/a.pdf",
        "https://bck.factura-smart.com/a.pdf\r\nHost: elsewhere.invalid",
        "https://[bck.factura-smart.com/a.pdf",
        "",
    ],
)
def test_nobody_but_the_service_is_asked(url):
    assert problem_of(url, "https://bck.factura-smart.com") is FileProblem.FOREIGN_ADDRESS


def test_another_port_of_this_machine_is_not_the_service(serve):
    handle = answering(answer(PDF))
    other, server = serve(handle), serve(handle)
    assert problem_of(f"{other.url}/a.pdf", server.url) is FileProblem.FOREIGN_ADDRESS
    assert not handle.requests


def test_a_redirect_is_not_followed(serve):
    trap = answering(answer(PDF))
    target = serve(trap)
    server = serve(answering(answer(b"", f"Location: {target.url}/a.pdf", status="302 Found")))
    assert problem_of(f"{server.url}/a.pdf", server.url) is FileProblem.HTTP_STATUS
    assert not trap.requests


def test_what_is_no_pdf_is_not_taken(serve):
    server = serve(answering(answer(b"<html><script>alert(1)</script></html>")))
    assert problem_of(f"{server.url}/a.pdf", server.url) is FileProblem.NOT_PDF


def test_what_is_not_there_yet_is_told_apart(serve):
    server = serve(answering(answer(b"no", status="404 Not Found")))
    assert problem_of(f"{server.url}/a.pdf", server.url) is FileProblem.HTTP_STATUS


def test_a_file_without_end_is_cut_off(serve, monkeypatch):
    monkeypatch.setattr(document_file, "MAX_FILE_BYTES", 100_000)
    sent = []

    def handle(connection):
        read_request(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2000000000\r\n\r\n%PDF-1.4\n")
        for _block in range(2000):
            connection.sendall(b"x" * 1_000_000)
            sent.append(1)

    server = serve(handle)
    assert problem_of(f"{server.url}/a.pdf", server.url) is FileProblem.TOO_LARGE
    assert server.closed.wait(60)
    assert len(sent) < 100, "the rest was not read"


def test_a_file_that_drips_ends_with_its_time(serve):
    def handle(connection):
        read_request(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        drip(connection, PDF * 100)

    server = serve(handle)
    url = f"{server.url}/a.pdf"
    assert problem_of(url, server.url, total_timeout=0.3) is FileProblem.NOT_REACHED


def test_a_service_that_is_down_is_not_reached(serve):
    server = serve(answering(b""))
    server.stop()
    assert problem_of(f"{server.url}/a.pdf", server.url) is FileProblem.NOT_REACHED

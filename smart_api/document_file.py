"""Fetching the printed document that an answer names (``urlpdf``).

The address comes from outside, so it is not trusted: only the service's own host
is asked, over TLS, without the token, without following redirects, for a bounded number of
bytes and seconds; and only a PDF is taken.
"""

import re
import time
from enum import Enum

import requests
import urllib3.exceptions

from .addresses import ConfigurationError, read_address

MAX_FILE_BYTES = 10 * 1024 * 1024
#: A PDF may begin with some bytes of junk (ISO 32000, implementation note 13).
PDF_MARK = b"%PDF-"
PDF_MARK_WITHIN = 1024


class FileProblem(str, Enum):
    """Why there is no file. The first one will not change by trying again."""

    FOREIGN_ADDRESS = "foreign_address"
    NOT_REACHED = "not_reached"
    HTTP_STATUS = "http_status"
    TOO_LARGE = "too_large"
    NOT_PDF = "not_pdf"


class FileError(Exception):
    """No file came. ``detail`` is technical, for the log."""

    def __init__(self, problem: FileProblem, detail: str = ""):
        super().__init__(f"{problem.value}: {detail}")
        self.problem = problem
        self.detail = detail


def fetch_pdf(
    url: str, base_url: str, *, connect_timeout=5, read_timeout=30, total_timeout=60
) -> bytes:
    """Return the PDF at ``url``.

    :param url: as the service named it
    :param base_url: of the service, see :func:`addresses.read_address`; nobody else is asked
    :param connect_timeout: seconds to reach the service
    :param read_timeout: seconds without a byte
    :param total_timeout: seconds for all of it
    :raises FileError: when there is none, or it must not be fetched
    """
    address = _of_the_service(url, base_url)
    deadline = time.monotonic() + total_timeout
    with requests.Session() as session:
        session.trust_env = not address.is_loopback
        session.auth = _anonymous
        try:
            with session.get(
                url,
                headers={"Accept": "application/pdf", "Accept-Encoding": "identity"},
                timeout=(connect_timeout, read_timeout),
                allow_redirects=False,
                stream=True,
            ) as response:
                if response.status_code != 200:
                    raise FileError(FileProblem.HTTP_STATUS, f"HTTP {response.status_code}")
                content = _read(response, deadline)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise FileError(FileProblem.NOT_REACHED, f"{type(error).__name__}: {error}") from error
    if PDF_MARK not in content[:PDF_MARK_WITHIN]:
        raise FileError(FileProblem.NOT_PDF, f"{len(content)} bytes that are not a PDF")
    return content


def is_public(url: str, base_url: str) -> bool:
    """Tell whether everybody can fetch a document at ``url``: from the service, over TLS.

    :param base_url: as for :func:`fetch_pdf`
    """
    try:
        _of_the_service(url, base_url)
    except FileError:
        return False
    return url.startswith("https:")


def _anonymous(request):
    # Given as `auth`, so that no .netrc of the host adds credentials.
    return request


def _of_the_service(url, base_url):
    """Return the address of a file: of the same scheme, host and port as the service.

    :raises FileError: if it is of another one
    """
    bare = re.split("[?#]", url, maxsplit=1)[0]
    try:
        # Like the service's own address: https, or http to this machine; no user.
        address = read_address(bare)
        own = address.origin == read_address(base_url).origin
    except ConfigurationError as error:
        raise FileError(FileProblem.FOREIGN_ADDRESS, str(error)) from error
    if not own:
        raise FileError(FileProblem.FOREIGN_ADDRESS, "not an address of the service")
    return address


def _read(response, deadline):
    content = bytearray()
    # Read what has arrived at once, so that even a slow answer meets the deadline.
    read = getattr(response.raw, "read1", response.raw.read)
    while chunk := read(64 * 1024, decode_content=False):
        content += chunk
        if len(content) > MAX_FILE_BYTES:
            raise FileError(FileProblem.TOO_LARGE, f"more than {MAX_FILE_BYTES} bytes")
        if time.monotonic() > deadline:
            raise FileError(FileProblem.NOT_REACHED, "it took too long")
    return bytes(content)

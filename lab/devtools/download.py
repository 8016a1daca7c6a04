"""Downloads that go on where they were interrupted, and are checked at the end.

``apt-get download`` does neither: it starts over, and trusts a finished file of
the right size. So apt only tells where a package is and what its hash is.
"""

import hashlib
import http.client
import os
import shutil
import time
import urllib.error
import urllib.request
from pathlib import Path

from .say import Failure

CHUNK = 1024 * 1024
TRIES = 5
TIMEOUT = 60  # seconds without a byte


def sha256(path):
    """Return the SHA-256 of a file in hexadecimal digits."""
    value = hashlib.sha256()
    with open(path, "rb") as file:
        while chunk := file.read(CHUNK):
            value.update(chunk)
    return value.hexdigest()


def fetch(uri, path, expected, proxies=None):
    """Download to ``path`` unless it is there already.

    :param str uri: an http or https address
    :param Path path: the file; what has come so far is kept beside it
    :param str expected: its SHA-256
    :param dict proxies: proxies by scheme, or None for those of the environment
    """
    path = Path(path)
    if path.is_file() and sha256(path) == expected:
        return
    partial = path.with_name(path.name + ".partial")
    opener = urllib.request.build_opener(urllib.request.ProxyHandler(proxies))
    reason = ""
    for attempt in range(TRIES):
        try:
            _append(opener, uri, partial)
        except (OSError, http.client.HTTPException) as error:
            if getattr(error, "errno", None) is not None and not isinstance(
                error, (urllib.error.URLError, ConnectionError, TimeoutError)
            ):
                raise
            reason = str(error)
            time.sleep(attempt)
            continue
        if sha256(partial) == expected:
            os.replace(partial, path)
            return
        # The part that was there was not the beginning of this file.
        partial.unlink()
        reason = "its checksum is wrong"
    raise Failure(
        f"{path.name} could not be downloaded ({reason})",
        "check the network and run this again: it goes on where it stopped",
    )


def _append(opener, uri, partial):
    """Fetch what is missing of a file and append it."""
    have = partial.stat().st_size if partial.exists() else 0
    request = urllib.request.Request(uri)
    if have:
        request.add_header("Range", f"bytes={have}-")
    try:
        response = opener.open(request, timeout=TIMEOUT)
    except urllib.error.HTTPError as error:
        if error.code == 416:  # nothing is missing
            return
        raise
    with response:
        resumed = response.status == 206
        with partial.open("ab" if resumed else "wb") as file:
            shutil.copyfileobj(response, file, CHUNK)
            size = file.tell()
        length = response.headers.get("Content-Length")
        if length and size != int(length) + (have if resumed else 0):
            raise ConnectionError("the connection was cut")

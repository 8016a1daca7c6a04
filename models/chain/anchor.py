"""Anchors: each request to SMART names the end of its issuer's chain. Plain Python.

SMART keeps the ``trackingid`` of every document (manual row 2, 50 characters) and does nothing
with it. So it carries the last sealed position of the chain when the request was made, and the
fingerprint of that link. With it, the request that SMART has received proves the whole history
before it. At the end stands the id of the fiscal document, to find it from SMART's dashboard.

``<position, base 36>.<24 bytes of the fingerprint, base64url>.<id>``, for example
``3f.Zkq0V1mE7cJx0cRrG0qv7l8s1c2B9hQe.1204``.
"""

import base64
import re

#: Bytes of a fingerprint in an anchor: nobody can find another history with the same 192 bits.
BYTES = 24

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
LONGEST = 50

BY_VERSION_1 = re.compile(r".* #([0-9]{1,10})")
FORM = re.compile(r"([0-9a-z]{1,6})\.([A-Za-z0-9_-]{32})\.([0-9]{1,10})")


def tracking_id(position: int, fingerprint: str, document_id: int) -> str:
    """Return the anchor of a request.

    :param fingerprint: of the link at ``position``, in hexadecimal digits
    """
    short = base64.urlsafe_b64encode(bytes.fromhex(fingerprint)[:BYTES]).decode()
    return f"{_base36(position)}.{short}.{document_id}"


def read(text: str | None) -> tuple[int, str, int] | None:
    """Return position, first digits of the fingerprint, and id; ``None`` if it is no anchor."""
    match = FORM.fullmatch(text or "")
    if not match:
        return None
    position, short, document_id = match.groups()
    return int(position, 36), base64.urlsafe_b64decode(short).hex(), int(document_id)


def owner_by_version_1(tracking: str) -> int | None:
    """Return the id of the invoice in a ``trackingid`` from before there were anchors.

    It was the invoice's number and its id, cut off after 50 characters.
    """
    match = BY_VERSION_1.fullmatch(tracking)
    return int(match[1]) if match and len(tracking) < LONGEST else None


def _base36(value):
    digits = ""
    while value:
        value, digit = divmod(value, 36)
        digits = DIGITS[digit] + digits
    return digits or "0"

"""The canonical text of a fact, and how links of a chain are computed. Plain Python.

A fact is a dictionary of texts, numbers and booleans. Its canonical text is JSON with sorted
keys, without white space, in UTF-8. Long texts (requests, answers) are replaced in it by their
SHA-256, which the record keeps, too: so the text can be removed later without breaking the chain.

``v`` is the version of a link: what it says, and by which rules it was written:

1. exchanges, issues, annulments, shortenings;
2. in addition, who owns a document and what the owner's lines say, resolutions, requests to
   annul, printed documents and merged contacts; each link has a mark (``mark``), each request
   an anchor (``anchor``).

The fingerprint of a link is the SHA-256 of three lines: its position in the chain, the
fingerprint of the link before it, and the canonical text.
"""

import hashlib
import json
from datetime import datetime

VERSION = 2

#: Used as the fingerprint before the first link.
GENESIS = "0" * 64


def canonical(fact: dict) -> str:
    """Return the canonical text of a fact."""
    return json.dumps(fact, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(text: str | None) -> str:
    """Return the SHA-256 of a text in hexadecimal digits; ``""`` if there is none."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest() if text else ""


def fingerprint(position: int, previous: str, content: str) -> str:
    """Return the fingerprint of a link.

    :param int position: from 1 on
    :param str previous: the fingerprint of the link before, :data:`GENESIS` for the first
    :param str content: canonical text of the fact
    """
    return digest(f"{position}\n{previous}\n{content}")


def moment(value: datetime | None) -> str:
    """Return a moment (UTC, without zone) to the second."""
    return value.strftime("%Y-%m-%dT%H:%M:%SZ") if value else ""

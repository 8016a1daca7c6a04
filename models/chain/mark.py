"""Marks: only code of the addon puts them on a link. Plain Python, except for Odoo's configuration.

A row that was inserted with plain SQL has no valid mark. ``h1:`` is a digest of what the link
says; anybody who knows the method can compute it. ``k1:`` is keyed with a secret of the server
that is not in the database (the option :data:`OPTION`): nobody can compute it from the database
alone. There may be several secrets, separated by commas: the first one marks, all verify.

The transaction that writes a link gives it its *mark*, over what the link says. Sealing gives it
a *seal*, over its place in the chain; without a secret it gets none, for it would prove nothing.
"""

import hashlib
import hmac
import os
from enum import Enum
from functools import lru_cache

from odoo.tools import config

#: In odoo.conf; the variable of the environment has the same name in capitals.
OPTION = "l10n_ve_edi_smart_key"

#: Trying one passphrase takes 16 MiB and some fifty milliseconds.
SCRYPT = {"n": 2**14, "r": 8, "p": 1, "dklen": 32}


class Verdict(Enum):
    """What a mark proves."""

    RIGHT = "right"
    WRONG = "wrong"
    #: Made with a secret that this server does not have (any more).
    UNVERIFIABLE = "unverifiable"


class Marker:
    """Makes and verifies marks.

    :param secrets: of the server; by default the configured ones
    """

    def __init__(self, secrets=None):
        self._keys = dict(map(_derived, _configured() if secrets is None else secrets))

    @property
    def keyed(self):
        """Whether there is a secret to make marks with."""
        return bool(self._keys)

    def mark(self, said):
        """Return the mark of a text; it begins with its scheme."""
        for key_id, key in self._keys.items():
            return f"k1:{key_id}:{_keyed(key, said)}"
        return f"h1:{hashlib.sha256(_bytes(said)).hexdigest()}"

    def judge(self, mark, said):
        """Tell whether a mark is that of a text.

        :rtype: Verdict
        """
        scheme, _colon, rest = (mark or "").partition(":")
        if scheme == "h1":
            right = rest == hashlib.sha256(_bytes(said)).hexdigest()
        elif scheme == "k1":
            key_id, _colon, rest = rest.partition(":")
            if key_id not in self._keys:
                return Verdict.UNVERIFIABLE
            right = hmac.compare_digest(rest.encode(), _keyed(self._keys[key_id], said).encode())
        else:
            right = False
        return Verdict.RIGHT if right else Verdict.WRONG


def said_by(link):
    """Return what a link's mark is made of.

    :param link: mapping with the columns of ``smart.chain.link``
    """
    names = ("issuer_id", "company_id", "environment", "kind", "exchange_id", "document_id")
    return "\n".join([*(str(link[name] or "") for name in names), link["content"]])


def place_of(link):
    """Return what a link's seal is made of: its place in the chain, with all before it."""
    names = ("issuer_id", "environment", "position", "hash", "mark")
    return "\n".join(str(link[name] or "") for name in names)


def is_keyed(mark):
    return (mark or "").startswith("k1:")


def _configured():
    text = os.environ.get(OPTION.upper()) or config.get(OPTION) or ""
    return [secret for part in text.split(",") if (secret := part.strip())]


@lru_cache(maxsize=16)
def _derived(secret):
    secret = secret.encode("utf-8", "surrogateescape")  # a variable may hold any bytes
    key = hashlib.scrypt(secret, salt=b"l10n_ve_edi_smart.chain", **SCRYPT)
    return hashlib.sha256(b"id" + key).hexdigest()[:8], key


def _keyed(key, said):
    return hmac.new(key, _bytes(said), hashlib.sha256).hexdigest()


def _bytes(said):
    return said.encode("utf-8", "surrogatepass")

"""Sealing a secret: its stored form, which is in SQL and in dumps, is of no use without the key."""

import base64
import binascii
import hashlib
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken

#: With it a passphrase makes the same key on every host. It need not be secret: it only ensures
#: that a table of keys which was computed for something else does not contain these keys.
SALT = b"l10n_ve_edi_smart"

#: Trying one passphrase takes 16 MiB and some fifty milliseconds.
SCRYPT = {"n": 2**14, "r": 8, "p": 1}


class SealError(ValueError):
    """No key opens it: it was sealed with another one, or is damaged. It quotes no secret."""


def split_keys(text):
    """Return the keys of a setting, in order.

    >>> split_keys("new, old,")
    ['new', 'old']
    """
    return [key for part in (text or "").split(",") if (key := part.strip())]


@lru_cache(maxsize=16)  # each is made for every transaction that needs a token
def _fernet(key):
    return Fernet(key if _is_fernet_key(key) else _derived(key))


def _is_fernet_key(key):
    try:
        return len(key) == 44 and len(base64.urlsafe_b64decode(key)) == 32
    except (ValueError, binascii.Error):
        return False


def _derived(passphrase):
    passphrase = passphrase.encode("utf-8", "surrogateescape")  # a variable may hold any bytes
    derived = hashlib.scrypt(passphrase, salt=SALT, dklen=32, **SCRYPT)
    return base64.urlsafe_b64encode(derived)


class Seal:
    """Seals with the first of its keys and opens with all: so a key can be changed.

    :param keys: each a key of :class:`cryptography.fernet.Fernet`, or a passphrase

    >>> Seal(["new", "old"]).open(Seal(["old"]).seal("secret"))
    'secret'
    """

    def __init__(self, keys):
        self._keys = [_fernet(key) for key in keys]

    def seal(self, text):
        """Return a text that may be stored and logged; it is another one each time.

        :raises SealError: without a key
        """
        if not self._keys:
            raise SealError("there is no key")
        return self._keys[0].encrypt(text.encode()).decode()

    def open(self, sealed):
        """Return the text.

        :raises SealError: when no key opens it
        """
        return self._open(self._keys, sealed)

    def is_current(self, sealed):
        """Tell whether it was sealed with the key that seals now."""
        try:
            self._open(self._keys[:1], sealed)
        except SealError:
            return False
        return True

    @staticmethod
    def _open(keys, sealed):
        for key in keys:
            try:
                return key.decrypt(sealed.encode()).decode()
            except InvalidToken:
                continue
        raise SealError("no key opens it")

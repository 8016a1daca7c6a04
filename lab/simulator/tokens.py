"""Tokens of the service: JWTs signed with HS256, one per issuer, without expiry."""

import base64
import binascii
import hashlib
import hmac
import json

_HEADER = {"alg": "HS256", "typ": "JWT"}


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _sign(signed: str, secret: str) -> bytes:
    return hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest()


def mint(claims: dict, secret: str) -> str:
    """Return ``claims`` as a compact JWT."""
    parts = (json.dumps(part, separators=(",", ":")).encode() for part in (_HEADER, claims))
    signed = ".".join(map(_encode, parts))
    return f"{signed}.{_encode(_sign(signed, secret))}"


def read(token: str, secret: str) -> dict | None:
    """Return the ``user`` claims of a token, or None when the token is not valid."""
    try:
        header, payload, signature = token.split(".")
        if not hmac.compare_digest(_decode(signature), _sign(f"{header}.{payload}", secret)):
            return None
        if json.loads(_decode(header)).get("alg") != "HS256":
            return None
        user = json.loads(_decode(payload))["user"]
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error):
        return None
    return user if isinstance(user, dict) else None

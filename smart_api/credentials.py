"""Reading a SMART token.

A token is a JWT (HS256) that SMART hands out once per issuer. Its secret is SMART's, so
the signature cannot be verified here; the claims can be read, and are.
"""

import base64
import json
import re
from enum import Enum
from functools import lru_cache

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

_JWT = re.compile(r"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.[A-Za-z0-9_-]+")


class TokenFault(str, Enum):
    """What is wrong with a token; the value says it in English."""

    NOT_THREE_PARTS = "it does not have the three parts, separated by dots, of a SMART token"
    NOT_WHOLE = "it cannot be read: it was not copied whole, or with too much"
    CLAIMS = "it lacks a valid"


class TokenError(ValueError):
    """The text is not a SMART token.

    :ivar fault: a :class:`TokenFault`, for callers that put it into another language
    :ivar claims: names of the claims that are not valid, for ``TokenFault.CLAIMS``
    """

    def __init__(self, fault, claims=()):
        super().__init__(" ".join(filter(None, (fault.value, ", ".join(claims)))))
        self.fault = fault
        self.claims = claims


class TokenHolder(BaseModel):
    """The claims under ``user`` (SMART manual v4.1, "Token").

    ``enforces_numbering`` is the claim ``validarinterno`` > 0: the service then insists on
    consecutive internal numbers per document type.
    """

    model_config = ConfigDict(extra="ignore", frozen=True, coerce_numbers_to_str=True)

    rif: str = Field(pattern=r"^[VEJPGC]-[0-9]{8}-[0-9]$")
    name: str = Field("", alias="razonsocial")
    address: str = Field("", alias="direccion")
    email: str = ""
    phone: str = Field("", alias="telefono")
    enforces_numbering: bool = Field(False, alias="validarinterno")

    @field_validator("name", "address", "email", "phone", mode="before")
    @classmethod
    def _none_is_empty(cls, value):
        return "" if value is None else value

    @field_validator("enforces_numbering", mode="before")
    @classmethod
    def _positive(cls, value):
        # The manual's sample has the string "2", the running service a number.
        try:
            return int(value or 0) > 0
        except (TypeError, ValueError, OverflowError) as error:
            raise ValueError("validarinterno is not a number") from error


def normalize_token(text: str) -> str:
    """Return a token without the line breaks and spaces that copying from a PDF adds."""
    return "".join((text or "").split())


def _read_part(part):
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


@lru_cache(maxsize=64)  # every document asks for its issuer's RIF
def read_token(text: str) -> TokenHolder:
    """Return what a token says about its holder.

    :param text: the token as pasted; white space is ignored
    :raises TokenError: says what is wrong with the token, and never quotes it
    """
    match = _JWT.fullmatch(normalize_token(text))
    if not match:
        raise TokenError(TokenFault.NOT_THREE_PARTS)
    try:
        header, claims = (_read_part(part) for part in match.groups())
        user = claims["user"]
        if not (isinstance(header, dict) and isinstance(user, dict)):
            raise TypeError
    except (ValueError, KeyError, TypeError, RecursionError):
        raise TokenError(TokenFault.NOT_WHOLE) from None
    try:
        return TokenHolder.model_validate(user)
    except ValidationError as error:
        claims = sorted({str(item["loc"][0]) for item in error.errors()})
        raise TokenError(TokenFault.CLAIMS, claims) from None

"""Reading a SMART token.

A token is a JWT (HS256) that SMART hands out once per issuer. Its secret is SMART's, so
the signature cannot be verified here; the claims can be read, and are.
"""

import base64
import binascii
import json

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator


class TokenError(ValueError):
    """The text is not a SMART token."""


class TokenHolder(BaseModel):
    """The claims under ``user`` (SMART manual v4.1, "Token").

    ``enforces_numbering`` is the claim ``validarinterno`` > 0: the service then insists on
    consecutive internal numbers per document type.
    """

    model_config = ConfigDict(extra="ignore", frozen=True, coerce_numbers_to_str=True)

    rif: str = Field(pattern=r"^[VEJPGC]-\d{8}-\d$")
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
        except (TypeError, ValueError) as error:
            raise ValueError("validarinterno is not a number") from error


def normalize_token(text: str) -> str:
    """Return a token without the line breaks and spaces that copying from a PDF adds."""
    return "".join((text or "").split())


def read_token(text: str) -> TokenHolder:
    """Return what a token says about its holder.

    :param text: the token as pasted; white space is ignored
    :raises TokenError: in words fit for a person; the token itself is never in them
    """
    parts = normalize_token(text).split(".")
    if len(parts) != 3 or not all(parts):
        raise TokenError("it does not have the three parts, separated by dots, of a SMART token")
    payload = parts[1]
    try:
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        user = claims["user"]
        if not isinstance(user, dict):
            raise TypeError
    except (binascii.Error, ValueError, KeyError, TypeError):
        raise TokenError("its middle part cannot be read: it was not copied whole") from None
    try:
        return TokenHolder.model_validate(user)
    except ValidationError as error:
        fields = ", ".join(sorted({str(item["loc"][0]) for item in error.errors()}))
        raise TokenError(f"it lacks a valid {fields}") from None

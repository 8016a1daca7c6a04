"""Answers of the SMART service, read tolerantly.

The manual promises a "correlativo único" and dates without naming keys, so the keys here were
observed, and only the one value that was asked for is required.
"""

import json
import re
from datetime import datetime, timedelta, timezone
from typing import Annotated

from pydantic import (
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
)

#: Local time of Venezuela, which the service stamps without naming a zone.
VENEZUELA = timezone(timedelta(hours=-4))


def readable(value) -> str:
    """Return text that any database takes: no NUL, no half of a surrogate pair; else ``""``."""
    if not isinstance(value, str):
        return ""
    return value.replace("\0", "").encode("utf-8", "replace").decode()


#: Any value of the service as text: a missing or odd one is no error.
Words = Annotated[str, BeforeValidator(readable)]


class _Answer(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, coerce_numbers_to_str=True)


class IssueAnswer(_Answer):
    """The answer about an issued document. Only the control number is required.

    ``issued_at`` is aware (UTC−4), or ``None`` when the service's stamp cannot be read.
    ``document_url`` is an address of http or https, or empty.
    """

    control_number: Annotated[
        str, StringConstraints(strip_whitespace=True, pattern=r"^[0-9][0-9-]{1,18}[0-9]$")
    ] = Field(alias="numerodocumento")
    issued_at: datetime | None = Field(None, validation_alias=AliasChoices("datatime", "datetime"))
    legal_footer: Words = Field("", alias="piedepagina")
    document_url: Words = Field("", alias="urlpdf")

    @field_validator("issued_at", mode="before")
    @classmethod
    def _local_time(cls, value):
        try:
            return datetime.strptime(str(value), "%Y-%m-%d %H:%M:%S").replace(tzinfo=VENEZUELA)
        except ValueError:
            return None  # a control number must never be lost over a date

    @field_validator("document_url")
    @classmethod
    def _address(cls, value):
        return value if re.match(r"https?://", value, re.IGNORECASE) else ""


class NextNumberAnswer(_Answer):
    """The internal number that the service expects next, e.g. ``00000002``."""

    internal_number: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,10}$")] = Field(
        alias="numerointerno"
    )


class Done(_Answer):
    """An annulment or an e-mail: done, with nothing else to know."""

    message: Words = Field("", alias="mensaje")


class ServiceError(_Answer):
    """The service's own words for a refusal. Codes are not stable between versions."""

    code: int | None = None
    message: Words = ""

    @field_validator("code", mode="before")
    @classmethod
    def _number_or_none(cls, value):
        digits = str(value)
        return int(digits) if re.fullmatch(r"[0-9]{1,9}", digits) else None


class Envelope(BaseModel):
    """The wrapper of every answer of the service; odd parts count as missing."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    success: bool | None = None
    data: dict | None = None
    error: ServiceError | None = None

    @field_validator("success", mode="before")
    @classmethod
    def _true_or_false(cls, value):
        return value if isinstance(value, bool) else None

    @field_validator("data", mode="before")
    @classmethod
    def _object(cls, value):
        return value if isinstance(value, dict) else None

    @field_validator("error", mode="before")
    @classmethod
    def _code_and_words(cls, value):
        if isinstance(value, str) and value:
            return {"message": value}
        if isinstance(value, dict) and (value.get("code") or value.get("message")):
            return value
        return None


def control_number_of(body: str | None) -> str:
    """Return the control number in a kept answer to an issue; ``""`` if it has none."""
    try:
        envelope = Envelope.model_validate(json.loads(body or ""))
        return IssueAnswer.model_validate(envelope.data).control_number
    except (ValueError, RecursionError):  # pydantic's are ValueErrors
        return ""

"""What becomes of a document that passed the checks: stored, or not, and what fails after it.

The service's database, and what it does once a document is committed, know kinds of values
that no check looks at.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from . import checks
from .ends import FatalRequestError
from .strictness import DOCUMENT, LINE, PAYMENT, Field

_IDENTIFICATION_TYPES = (1, 2, 3)
_REQUIRED = ("direccioncliente", "telefonocliente")
_DATES = ("%Y-%m-%d", "%m/%d/%Y")  # a day before the month is taken for the month
_TIME = re.compile(r"[T ]\d\d:\d\d.*")


def check_storable(body: Mapping) -> None:
    """Raise FatalRequestError for what the database does not take: nothing is committed."""
    if checks.document_type(body) is None:
        raise FatalRequestError
    if checks.internal_value(checks.text(body, "numerointerno")) is None:
        raise FatalRequestError
    if any(body.get(key) is None for key in _REQUIRED):
        raise FatalRequestError
    due = body.get("fechavence")
    if due and not stored_day(due):
        raise FatalRequestError
    if not all(map(_is_storable, _texts(body))):
        raise FatalRequestError
    if any(payment.get("forma") is None for payment in checks.entries(body, "formasdepago")):
        raise FatalRequestError


def kills_after_commit(body: Mapping) -> bool:
    """Tell whether the process dies, without an answer, once the document is committed."""
    identification = checks.integer(checks.amount(body, "idtipocedulacliente"))
    known = checks.document_type(body) in checks.DOCUMENT_TYPES
    return not known or identification not in _IDENTIFICATION_TYPES


def fails_after_commit(body: Mapping) -> bool:
    """Tell whether the answer about a committed document is an error, after which it dies."""
    lines = checks.entries(body, "cuerpofactura")
    return body.get("emailcliente") is None or any(line.get("comentario") is None for line in lines)


def stored_day(value: Any) -> date | None:
    """Return the day that ``fechavence`` is stored as, None where the database takes it for none.

    ``05/12/2026`` is the 12th of May there.
    """
    for form in _DATES:
        try:
            return datetime.strptime(_TIME.sub("", str(value)), form).date()
        except ValueError:
            continue
    return None


def _texts(body: Mapping) -> Iterator[tuple[Any, int]]:
    """Yield each text of a document with the length of its column."""
    yield from _of(body, DOCUMENT)
    for key, fields in (("cuerpofactura", LINE), ("formasdepago", PAYMENT)):
        for entry in checks.entries(body, key):
            yield from _of(entry, fields)


def _of(source: Mapping, fields: tuple[Field, ...]) -> Iterator[tuple[Any, int]]:
    for field in fields:
        if field.longest:
            yield source.get(field.key), field.longest


def _is_storable(text: tuple[Any, int]) -> bool:
    value, longest = text
    return not isinstance(value, str) or ("\0" not in value and len(value) <= longest)

"""The manual's own contract (v4.1), which the running service does not check.

Applied after every observed check has passed, so that a request which is accepted
satisfies both. Refusals: 5 for a field that is missing, 2 for one that is not valid.
"""

import math
import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from . import arithmetic as js
from . import refusals

Check = Callable[[Any], bool]


class Field(NamedTuple):
    """``longest`` is the number of characters of a text, 0 for what is none."""

    key: str
    valid: Check
    required: bool = True
    longest: int = 0


def _string(key: str, longest: int, pattern: str = ".*", required: bool = True) -> Field:
    expression = re.compile(pattern, re.DOTALL)

    def valid(value: Any) -> bool:
        return (
            isinstance(value, str)
            and len(value) <= longest
            and expression.fullmatch(value) is not None
        )

    return Field(key, valid, required, longest)


def _is_number(value: Any) -> bool:
    return (
        isinstance(value, (int, float))
        and not isinstance(value, bool)
        and math.isfinite(js.number(value))
    )


def _is_rate(value: Any) -> bool:
    return _is_number(value) and value >= 0 and round(value, 4) == value


def _one_of(*choices: int) -> Check:
    return lambda value: _is_number(value) and value in choices


def _is_boolean(value: Any) -> bool:
    return isinstance(value, bool)


def _is_iso_date(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(r"(\d{4}-\d\d-\d\d)?", value) is not None


def _is_array(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(entry, dict) for entry in value)


_RIF = r"[VEJPGC]-\d{8}-\d"
_IDENTITIES = {1: re.compile(r"[VE]-\d{1,8}"), 3: re.compile(_RIF)}

DOCUMENT = (
    _string("rif", 12, _RIF),
    _string("trackingid", 50, required=False),
    _string("nombrecliente", 100, ".+"),
    _string("rifcedulacliente", 12, ".+"),
    Field("idtipocedulacliente", _one_of(1, 2, 3)),
    _string("emailcliente", 100),
    _string("direccioncliente", 500, ".+"),
    _string("telefonocliente", 50, r"\d+"),
    Field("idtipodocumento", _one_of(1, 2, 3, 4, 5)),
    _string("numerointerno", 10, ".+"),
    _string("relacionado", 12, required=False),
    Field("tasadecambio", _is_rate),
    Field("tipomoneda", _one_of(1, 2, 3)),
    Field("subtotal", _is_number),
    Field("exento", _is_number),
    Field("tasag", _is_number),
    Field("baseg", _is_number),
    Field("impuestog", _is_number),
    Field("tasar", _is_number),
    Field("baser", _is_number),
    Field("impuestor", _is_number),
    Field("tasaigtf", _is_number),
    Field("baseigft", _is_number),
    Field("impuestoigtf", _is_number),
    Field("total", _is_number),
    Field("sendmail", _one_of(0, 1)),
    _string("sucursal", 10, required=False),
    _string("direccionsucursal", 500, required=False),
    _string("observacion", 200, required=False),
    Field("fechavence", _is_iso_date, required=False),
    _string("serial", 10, required=False),
    Field("cuerpofactura", _is_array),
    Field("formasdepago", _is_array, required=False),
)
LINE = (
    _string("codigo", 50),
    _string("descripcion", 250),
    _string("comentario", 150, required=False),
    Field("precio", _is_number),
    Field("cantidad", _is_number),
    Field("tasa", _is_number),
    Field("impuesto", _is_number),
    Field("descuento", _is_number),
    Field("exento", _is_boolean),
    Field("monto", _is_number),
    Field("intipounidad", _one_of(1, 2, 3, 4, 5), required=False),
)
PAYMENT = (
    _string("forma", 20, ".+"),
    Field("valor", _is_number),
)
ANNULMENT = (
    _string("numerodocumento", 12),
    _string("observacion", 200, ".+"),
)
# The manual's spelling of a key, and the one that the running service reads.
_SPELLINGS = (("tasadecambio", "tasacambio"), ("baseigft", "baseigtf"))


def check_document(body: Mapping) -> None:
    """Raise RefusalError at the first field that the manual's table does not allow."""
    _check(body, DOCUMENT)
    _check_identity(body)
    for manual, running in _SPELLINGS:
        if running in body and body[running] != body[manual]:
            raise refusals.invalid(running.upper())
    # The manual knows that a customer may have no address (its code 1 of the e-mail
    # operation), so an empty one is only wrong where the service is told to use it.
    if body["sendmail"] == 1 and not body["emailcliente"]:
        raise refusals.required("EMAILCLIENTE")
    for key, fields in (("cuerpofactura", LINE), ("formasdepago", PAYMENT)):
        for index, entry in enumerate(body.get(key) or ()):
            _check(entry, fields, f"{key.upper()}[{index}].")


def check_email(body: Mapping) -> None:
    """Raise RefusalError where the customer has no address: the manual's own code for that."""
    if not str(body.get("email") or "").strip("| "):
        raise refusals.RefusalError(refusals.NO_EMAIL, "El cliente no tiene CORREO ELECTRONICO!")


def check_annulment(body: Mapping) -> None:
    """Raise RefusalError where an annulment lacks what the manual requires."""
    _check(body, ANNULMENT)


def _check(source: Mapping, fields: tuple[Field, ...], prefix: str = "") -> None:
    for field in fields:
        value = source.get(field.key)
        if value is None:
            if field.required:
                raise refusals.required(prefix + field.key.upper())
        elif not field.valid(value):
            raise refusals.invalid(prefix + field.key.upper())


def _check_identity(body: Mapping) -> None:
    pattern = _IDENTITIES.get(body["idtipocedulacliente"])
    if pattern and not pattern.fullmatch(body["rifcedulacliente"]):
        raise refusals.invalid("RIFCEDULACLIENTE")

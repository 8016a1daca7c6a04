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
    key: str
    valid: Check
    required: bool = True


def _string(longest: int, pattern: str = ".*") -> Check:
    expression = re.compile(pattern, re.DOTALL)
    return lambda value: (
        isinstance(value, str) and len(value) <= longest and expression.fullmatch(value) is not None
    )


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


def _is_array(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(entry, dict) for entry in value)


_RIF = r"[VEJPGC]-\d{8}-\d"
_IDENTITIES = {1: re.compile(r"[VE]-\d{1,8}"), 3: re.compile(_RIF)}

DOCUMENT = (
    Field("rif", _string(12, _RIF)),
    Field("trackingid", _string(50), required=False),
    Field("nombrecliente", _string(100, ".+")),
    Field("rifcedulacliente", _string(12, ".+")),
    Field("idtipocedulacliente", _one_of(1, 2, 3)),
    Field("emailcliente", _string(100)),
    Field("direccioncliente", _string(500, ".+")),
    Field("telefonocliente", _string(50, r"\d+")),
    Field("idtipodocumento", _one_of(1, 2, 3, 4, 5)),
    Field("numerointerno", _string(10, ".+")),
    Field("relacionado", _string(12), required=False),
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
    Field("sucursal", _string(10), required=False),
    Field("direccionsucursal", _string(500), required=False),
    Field("observacion", _string(200), required=False),
    Field("cuerpofactura", _is_array),
    Field("formasdepago", _is_array, required=False),
)
LINE = (
    Field("codigo", _string(50)),
    Field("descripcion", _string(250)),
    Field("comentario", _string(150), required=False),
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
    Field("forma", _string(20, ".+")),
    Field("valor", _is_number),
)
ANNULMENT = (
    Field("numerodocumento", _string(12)),
    Field("observacion", _string(200, ".+")),
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

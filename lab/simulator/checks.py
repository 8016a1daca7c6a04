"""The checks of ``POST /facturacion`` that were observed, in the observed order.

Each function is one step; :func:`check_document` is the order. They read the keys
that the running service reads, not the manual's where the two differ.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple, Protocol

from . import arithmetic as js
from . import refusals
from .ends import FatalRequestError

INVOICE, DEBIT_NOTE, CREDIT_NOTE, DISPATCH_GUIDE, DELIVERY_NOTE = range(1, 6)
NOTES = (DEBIT_NOTE, CREDIT_NOTE)
WITH_LINES = (INVOICE, DISPATCH_GUIDE, DELIVERY_NOTE)
DOCUMENT_TYPES = (*NOTES, *WITH_LINES)
#: Where doubles end to tell one integer from the next.
_LARGEST = 2**53


class History(Protocol):
    """What the checks have to know of the issuer's earlier documents."""

    def has_control_numbers(self) -> bool: ...

    def is_issued(self, control_number: str) -> bool: ...

    def is_internal_number_used(self, document_type: int, internal_number: str) -> bool: ...

    def highest_internal_number(self, document_type: int) -> int | None: ...


class Tax(NamedTuple):
    label: str
    rate: float
    base: float
    amount: float

    @property
    def counts(self) -> bool:
        """A tax without base or rate is neither checked nor summed."""
        return self.base > 0 and self.rate > 0


def amount(source: Mapping, key: str) -> float:
    return js.number(source.get(key, "undefined"))


def text(source: Mapping, key: str) -> str:
    """Return a value as text; "" for what JavaScript takes as false."""
    value = source.get(key)
    if not value:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))  # 2.0 is 2 over there
    return value if isinstance(value, str) else str(value)


def entries(body: Mapping, key: str) -> list[Mapping]:
    """Return an array of objects; what is no array has no entries, as it has no ``length``."""
    value = body.get(key)
    if isinstance(value, str):
        return [{} for _character in value]
    if not isinstance(value, list):
        return []
    return [entry if isinstance(entry, dict) else {} for entry in value]


def integer(value: float) -> int | None:
    """Return a number as an integer, None where it is none."""
    return int(value) if abs(value) <= _LARGEST and value.is_integer() else None


def document_type(body: Mapping) -> int | None:
    """Return ``idtipodocumento``, whichever it is; None for what is no integer at all."""
    value = body.get("idtipodocumento")
    return None if value is None else integer(js.number(value))


def internal_value(internal_number: str) -> int | None:
    """Return the number in an internal number, None where it is none."""
    return integer(js.number(internal_number)) if internal_number.strip() else None


def check_document(body: Mapping, history: History, enforced: bool) -> None:
    """Raise RefusalError at the first observed check that the document fails.

    :raises FatalRequestError: a check does not survive what it meets
    """
    if not history.has_control_numbers():
        raise refusals.out_of_control_numbers()
    _check_customer(body)
    _check_currency(body)
    _check_amounts(body)
    kind = document_type(body)
    if kind in NOTES:
        _check_related(body, history)
    _check_body(body, kind)
    if enforced:
        _check_internal_number(body, kind, history)
    _check_lines(body)
    _check_payments(body)


def _check_customer(body: Mapping) -> None:
    for key, code, field in (
        ("rifcedulacliente", refusals.INVALID_FIELD, "RIF CLIENTE"),
        ("nombrecliente", refusals.INVALID_FIELD, "NOMBRE CLIENTE"),
        ("direccioncliente", refusals.NO_ADDRESS, "DIRECCION CLIENTE"),
        ("telefonocliente", refusals.NO_PHONE, "TELEFONO CLIENTE"),
    ):
        if _is_empty(body, key):
            raise refusals.must_include(code, field)


def _is_empty(body: Mapping, key: str) -> bool:
    """Tell whether the service misses a text; ``false``, 0 and ``{}`` are something to it."""
    if key == "rifcedulacliente":
        return not text(body, key)
    if key != "nombrecliente" and key in body and body[key] is None:
        return False  # passes here, and kills the process when it is stored
    return body.get(key) in (None, "")


def _check_currency(body: Mapping) -> None:
    # What else is empty becomes 1.
    if body.get("tipomoneda") == "0":
        raise refusals.must_include(refusals.NO_CURRENCY, "TIPO MONEDA")
    if amount(body, "tipomoneda") > 1 and not amount(body, "tasacambio") > 0:
        raise refusals.RefusalError(
            refusals.NO_RATE,
            "Valor de TASA CAMBIO no válido. Debe incluir esa propiedad MAYOR QUE CERO (0)!",
        )


def taxes(body: Mapping) -> Iterator[Tax]:
    """Yield general, reduced and luxury VAT, then IGTF."""
    for label, rate, base, tax in (
        ("IVA", "tasag", "baseg", "impuestog"),
        ("IVA", "tasar", "baser", "impuestor"),
        ("IVA", "tasaa", "basea", "impuestoa"),
        ("IGTF", "tasaigtf", "baseigtf", "impuestoigtf"),
    ):
        yield Tax(label, amount(body, rate), amount(body, base), amount(body, tax))


def _check_amounts(body: Mapping) -> None:
    counted = [tax for tax in taxes(body) if tax.counts]
    for tax in counted:
        if not js.tax_is_right(tax.base, tax.rate, tax.amount):
            raise refusals.wrongly_computed(f"IMPUESTO {tax.label} {tax.rate:g}%")
    bases = sum((tax.base for tax in counted if tax.label == "IVA"), 0.0)
    subtotal = amount(body, "subtotal")
    exempt = amount(body, "exento")
    expected = bases + (exempt if exempt > 0 else 0)
    if not subtotal > 0 or js.to_fixed(expected) != js.to_fixed(subtotal):
        raise refusals.wrongly_computed("SUBTOTAL")
    # Left to right, as the service adds: the order of float additions is a result.
    total = subtotal
    for tax in counted:
        total += tax.amount
    if js.to_fixed(total) != js.to_fixed(amount(body, "total")):
        raise refusals.wrongly_computed("TOTAL")


def _check_related(body: Mapping, history: History) -> None:
    related = text(body, "relacionado")
    if not related:
        raise refusals.required("RELACIONADO")
    if amount(body, "regimenanterior") == 1:
        if not text(body, "observacion"):
            raise refusals.required("OBSERVACION", refusals.REMARK_REQUIRED)
    elif body["idtipodocumento"] in NOTES and not history.is_issued(related):
        # "3" as a string is a note, but not for this look-up.
        raise refusals.RefusalError(
            refusals.UNKNOWN_RELATED, "NUMERO DOCUMENTO no corresponde al cliente emisor!"
        )


def _check_body(body: Mapping, kind: int | None) -> None:
    lines = body.get("cuerpofactura")
    if lines is None:
        raise FatalRequestError
    if kind in WITH_LINES and lines in ("", []):
        raise refusals.RefusalError(refusals.NO_LINES, "Cuerpo de DETALLE FACTURA es requerido!")


def _check_internal_number(body: Mapping, kind: int | None, history: History) -> None:
    internal_number = text(body, "numerointerno")
    is_missing = body.get("numerointerno") is None
    if not internal_number and not is_missing:
        raise refusals.required("NUMERO INTERNO", refusals.INTERNAL_NUMBER_EMPTY)
    if kind is None:
        raise FatalRequestError
    if history.is_internal_number_used(kind, internal_number):
        raise refusals.RefusalError(
            refusals.INTERNAL_NUMBER_USED,
            "NÚMERO INTERNO para este TIPO DE DOCUMENTO, ya existe!",
        )
    last = history.highest_internal_number(kind)
    value = internal_value(internal_number)
    # The first of a type may be any: what is no number passes here, but cannot be stored.
    if is_missing or (last is not None and value != last + 1):
        raise refusals.RefusalError(
            refusals.INTERNAL_NUMBER_NOT_NEXT,
            f"NÚMERO INTERNO no corresponde numeración esperada! Actual:{last or 0}",
        )


def _check_lines(body: Mapping) -> None:
    for line in entries(body, "cuerpofactura"):
        parts = (amount(line, key) for key in ("precio", "cantidad", "descuento", "monto"))
        if not js.line_is_right(*parts):
            raise refusals.RefusalError(
                refusals.WRONG_AMOUNT, "Valor del MONTO DE UN REGISTRO, MAL CALCULADO!"
            )


def _check_payments(body: Mapping) -> None:
    for payment in entries(body, "formasdepago"):
        if payment.get("forma", "") is not None and not text(payment, "forma"):
            raise refusals.required("FORMA DE PAGO", refusals.PAYMENT_WITHOUT_FORM)

"""The checks of ``POST /facturacion`` that were observed, in the observed order.

Each function is one step; :func:`check_document` is the order. They read the keys
that the running service reads, not the manual's where the two differ.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple, Protocol

from . import arithmetic as js
from . import refusals

INVOICE, DEBIT_NOTE, CREDIT_NOTE, DISPATCH_GUIDE, DELIVERY_NOTE = range(1, 6)
NOTES = (DEBIT_NOTE, CREDIT_NOTE)
WITH_LINES = (INVOICE, DISPATCH_GUIDE, DELIVERY_NOTE)
DOCUMENT_TYPES = (*NOTES, *WITH_LINES)


class History(Protocol):
    """What the checks have to know of the issuer's earlier documents."""

    def has_control_numbers(self) -> bool: ...

    def is_issued(self, control_number: str) -> bool: ...

    def is_internal_number_used(self, document_type: int, internal_number: str) -> bool: ...

    def last_internal_number(self, document_type: int) -> int | None: ...


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
    return value if isinstance(value, str) else str(value)


def entries(body: Mapping, key: str) -> list[Mapping]:
    """Return an array of objects; any other value counts as empty."""
    value = body.get(key)
    if not isinstance(value, list):
        return []
    return [entry if isinstance(entry, dict) else {} for entry in value]


def document_type(body: Mapping) -> int:
    """Return ``idtipodocumento``; raises RefusalError (2) for anything but 1 to 5."""
    value = amount(body, "idtipodocumento")
    if value not in DOCUMENT_TYPES:
        raise refusals.invalid("TIPO DOCUMENTO")
    return int(value)


def internal_value(internal_number: str) -> int | None:
    """Return the number in an internal number, None where it is none."""
    digits = internal_number.strip()
    if digits.isascii() and digits.isdigit() and len(digits) <= 15:
        return int(digits)
    return None


def check_document(body: Mapping, history: History, enforced: bool) -> None:
    """Raise RefusalError at the first observed check that the document fails."""
    if not history.has_control_numbers():
        raise refusals.out_of_control_numbers()
    _check_customer(body)
    _check_currency(body)
    _check_amounts(body)
    kind = document_type(body)
    if kind in NOTES:
        _check_related(body, history)
    if kind in WITH_LINES and not entries(body, "cuerpofactura"):
        raise refusals.RefusalError(refusals.NO_LINES, "Cuerpo de DETALLE FACTURA es requerido!")
    if enforced:
        _check_internal_number(text(body, "numerointerno"), kind, history)
    _check_lines(body)
    _check_payments(body)


def _check_customer(body: Mapping) -> None:
    for key, code, field in (
        ("rifcedulacliente", refusals.INVALID_FIELD, "RIF CLIENTE"),
        ("nombrecliente", refusals.INVALID_FIELD, "NOMBRE CLIENTE"),
        ("direccioncliente", refusals.NO_ADDRESS, "DIRECCION CLIENTE"),
        ("telefonocliente", refusals.NO_PHONE, "TELEFONO CLIENTE"),
    ):
        if not text(body, key):
            raise refusals.must_include(code, field)


def _check_currency(body: Mapping) -> None:
    currency = amount(body, "tipomoneda")
    if not currency or currency != currency:
        raise refusals.must_include(refusals.NO_CURRENCY, "TIPO MONEDA")
    if currency > 1 and not amount(body, "tasacambio") > 0:
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
    expected = bases + amount(body, "exento")
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
    elif not history.is_issued(related):
        raise refusals.RefusalError(
            refusals.UNKNOWN_RELATED, "NUMERO DOCUMENTO no corresponde al cliente emisor!"
        )


def _check_internal_number(internal_number: str, kind: int, history: History) -> None:
    if not internal_number:
        raise refusals.required("NUMERO INTERNO", refusals.INTERNAL_NUMBER_EMPTY)
    if history.is_internal_number_used(kind, internal_number):
        raise refusals.RefusalError(
            refusals.INTERNAL_NUMBER_USED,
            "NÚMERO INTERNO para este TIPO DE DOCUMENTO, ya existe!",
        )
    last = history.last_internal_number(kind)
    value = internal_value(internal_number)
    if value is None or (last is not None and value != last + 1):
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
        if not text(payment, "forma"):
            raise refusals.required("FORMA DE PAGO", refusals.PAYMENT_WITHOUT_FORM)

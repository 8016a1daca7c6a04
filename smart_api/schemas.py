"""Requests to the SMART service (manual v4.1; "observed": the service itself).

Field names are the accountant's; the manual's own keys are the aliases. Amounts are
``Decimal`` in the document's currency and leave as JSON numbers. The service reads these as
doubles, so an amount that a double cannot carry exactly is refused.
"""

import json
import re
from datetime import date
from decimal import Decimal
from enum import IntEnum
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    model_validator,
)

from . import amounts, rates
from .line_amounts import PRICE_PLACES, QUANTITY_PLACES
from .rules import BrokenRule, Rule, broken


class DocumentType(IntEnum):
    """Manual row 9."""

    INVOICE = 1
    DEBIT_NOTE = 2
    CREDIT_NOTE = 3
    DISPATCH_GUIDE = 4
    DELIVERY_NOTE = 5


class IdentificationType(IntEnum):
    """Manual row 5."""

    CEDULA = 1
    PASSPORT = 2
    RIF = 3


class Unit(IntEnum):
    """What a quantity is counted in (observed)."""

    UNIT = 1
    KILO = 2
    LITRE = 3
    METRE = 4
    BOX = 5


class Currency(IntEnum):
    """Manual row 13."""

    BOLIVAR = 1
    USD = 2
    EUR = 3


NOTES = frozenset({DocumentType.DEBIT_NOTE, DocumentType.CREDIT_NOTE})

#: What ``rifcedulacliente`` looks like (manual row 4); a passport may be anything.
IDENTIFICATIONS = {
    IdentificationType.CEDULA: re.compile(r"[VE]-[0-9]{1,8}"),
    IdentificationType.RIF: re.compile(r"[VEJPGC]-[0-9]{8}-[0-9]"),
}


#: Beyond it doubles (the service reads JSON's numbers as such) do not carry cents with certainty.
MONEY_LIMIT = Decimal(10**13)


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _text(length: int, minimum: int = 0):
    return Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=minimum, max_length=length),
    ]


def _fits_a_double(value: Decimal) -> Decimal:
    if Decimal(repr(float(value))) != value:
        words = f"{value} has more digits than JSON carries exactly"
        raise broken(BrokenRule("", Rule.NOT_EXACT, words))
    return value


def _decimal(places: int, **limits):
    return Annotated[
        Decimal,
        Field(decimal_places=places, allow_inf_nan=False, lt=MONEY_LIMIT, **limits),
        AfterValidator(_fits_a_double),
        PlainSerializer(_number),
    ]


def _is_in_calendar(value: str) -> str:
    try:
        date.fromisoformat(value)
    except ValueError as error:
        raise broken(BrokenRule("", Rule.NOT_OF_ITS_FORM, f"{value} is no day")) from error
    return value


#: ``2026-12-24``. Any other form kills the service's process, or is read as another day (O2).
Day = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"),
    AfterValidator(_is_in_calendar),
]
Money = _decimal(2, ge=0)
Quantity = _decimal(QUANTITY_PLACES, ge=0)
Price = _decimal(PRICE_PLACES, ge=0)
Rate = _decimal(2, ge=0, le=100)
ExchangeRate = _decimal(4, ge=0)
# Not \d below: pydantic's takes the digits of every script.
Rif = Annotated[str, StringConstraints(pattern=r"^[VEJPGC]-[0-9]{8}-[0-9]$")]
#: ``00-00000123``: two digits of identifier, eight of sequence. M allows twelve characters.
ControlNumber = Annotated[str, StringConstraints(pattern=r"^[0-9]{2}-[0-9]{8,9}$")]


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    def to_wire(self) -> dict:
        """Return the JSON object by the manual's keys; optional ones without value left out."""
        return self.model_dump(by_alias=True, exclude_none=True)

    def to_json(self) -> str:
        """Return the body to send; the same request always gives the same text."""
        return json.dumps(self.to_wire(), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, body: str):
        """Read a body that :meth:`to_json` has written.

        :raises pydantic.ValidationError: when it breaks a rule of the manual
        """
        return cls.model_validate(json.loads(body, parse_float=Decimal))


class Line(_Request):
    """A line of the document (manual rows 32 to 41)."""

    code: _text(50) = Field("", alias="codigo")
    description: _text(250, 1) = Field(alias="descripcion")
    comment: _text(150) = Field("", alias="comentario")
    price: Price = Field(alias="precio")
    quantity: Quantity = Field(alias="cantidad")
    rate: Rate = Field(alias="tasa")
    tax: Money = Field(alias="impuesto")
    discount: Money = Field(Decimal(0), alias="descuento")
    exempt: bool = Field(alias="exento")
    amount: Money = Field(alias="monto")
    unit: Unit | None = Field(None, alias="intipounidad")

    @model_validator(mode="after")
    def _amount_is_price_times_quantity(self):
        if not amounts.line_matches(self.price, self.quantity, self.discount, self.amount):
            words = "it is not precio × cantidad − descuento"
            raise broken(BrokenRule("monto", Rule.LINE_AMOUNT, words))
        return self


class Payment(_Request):
    """How the document was or will be paid (manual rows 42 and 43)."""

    method: _text(20, 1) = Field(alias="forma")
    amount: Money = Field(alias="valor")


#: What a document that waits does not have yet, and how many characters it may come to.
_LATER = {"internal_number": 10, "related": 12, "tracking_id": 50}

#: Bytes of a body that the service takes; one more and it is refused unread (observed).
MAX_BODY_BYTES = 102_400


class IssueRequest(_Request):
    """``POST /facturacion`` (manual rows 1 to 31).

    ``internal_number``, ``related`` and ``tracking_id`` may be empty while the document waits for
    its turn; :meth:`ready` says whether the first two still are.
    """

    rif: Rif
    tracking_id: _text(_LATER["tracking_id"]) = Field("", alias="trackingid")
    customer_name: _text(100, 1) = Field(alias="nombrecliente")
    customer_identification: _text(12, 1) = Field(alias="rifcedulacliente")
    customer_identification_type: IdentificationType = Field(alias="idtipocedulacliente")
    customer_email: _text(100, 1) = Field(alias="emailcliente")
    customer_address: _text(500, 1) = Field(alias="direccioncliente")
    customer_phone: Annotated[str, StringConstraints(pattern=r"^[0-9]{7,50}$")] = Field(
        alias="telefonocliente"
    )
    document_type: DocumentType = Field(alias="idtipodocumento")
    internal_number: _text(_LATER["internal_number"]) = Field("", alias="numerointerno")
    related: _text(_LATER["related"]) = Field("", alias="relacionado")
    exchange_rate: ExchangeRate = Field(alias="tasadecambio")
    currency: Currency = Field(alias="tipomoneda")
    subtotal: _decimal(2, gt=0) = Field(alias="subtotal")
    exempt: Money = Field(Decimal(0), alias="exento")
    general_rate: Rate = Field(rates.RATES["general"], alias="tasag")
    general_base: Money = Field(Decimal(0), alias="baseg")
    general_tax: Money = Field(Decimal(0), alias="impuestog")
    reduced_rate: Rate = Field(rates.RATES["reduced"], alias="tasar")
    reduced_base: Money = Field(Decimal(0), alias="baser")
    reduced_tax: Money = Field(Decimal(0), alias="impuestor")
    #: Observed only; left out of the body unless the document has some.
    luxury_rate: Rate | None = Field(None, alias="tasaa")
    luxury_base: Money | None = Field(None, alias="basea")
    luxury_tax: Money | None = Field(None, alias="impuestoa")
    igtf_rate: Rate = Field(rates.IGTF_RATE, alias="tasaigtf")
    igtf_base: Money = Field(Decimal(0), alias="baseigft")
    igtf_tax: Money = Field(Decimal(0), alias="impuestoigtf")
    total: Money
    send_mail: Literal[0, 1] = Field(0, alias="sendmail")
    branch: _text(10) = Field("", alias="sucursal")
    branch_address: _text(500) = Field("", alias="direccionsucursal")
    remark: _text(200) = Field("", alias="observacion")
    #: Observed: due date, fiscal series, and 1 for a note about a document from before SMART.
    due_date: Day | None = Field(None, alias="fechavence")
    series: _text(10) | None = Field(None, alias="serial")
    former_regime: Literal[1] | None = Field(None, alias="regimenanterior")
    lines: list[Line] = Field(alias="cuerpofactura")
    payments: list[Payment] | None = Field(None, alias="formasdepago")

    @model_validator(mode="before")
    @classmethod
    def _drop_second_spellings(cls, data):
        # `to_wire` adds them; they carry nothing of their own.
        if not isinstance(data, dict):
            return data
        for manual, observed in SECOND_SPELLING.items():
            if observed in data and data[observed] != data.get(manual):
                words = f"it is not the same as {manual}"
                raise broken(BrokenRule(observed, Rule.SPELLINGS_DIFFER, words))
        return {key: value for key, value in data.items() if key not in SECOND_SPELLING.values()}

    @model_validator(mode="after")
    def _rules_of_the_service(self):
        problems = list(self._broken_rules())
        if problems:
            raise broken(*problems)
        return self

    def _broken_rules(self):
        expected = IDENTIFICATIONS.get(self.customer_identification_type)
        if expected and not expected.fullmatch(self.customer_identification):
            words = "it is not of the kind that idtipocedulacliente says"
            yield BrokenRule("rifcedulacliente", Rule.IDENTIFICATION_KIND, words)
        if self.currency != Currency.BOLIVAR and not self.exchange_rate:
            words = "it is required for a document in foreign currency"
            yield BrokenRule("tasadecambio", Rule.RATE_REQUIRED, words)
        taxed = []
        for vat in rates.VAT:
            rate, base, tax = (getattr(self, f"{vat.kind}_{part}") for part in _SLOT)
            if len({value is None for value in (rate, base, tax)}) > 1:
                keys = [f"{part}{vat.letter}" for part in ("tasa", "base", "impuesto")]
                words = f"{keys[0]}, {keys[1]} and {keys[2]} belong together"
                yield BrokenRule(keys[0], Rule.RATE_INCOMPLETE, words)
            values = (value or Decimal(0) for value in (base, rate, tax))
            taxed.append((f"impuesto{vat.letter}", *values))
        bases = [base for _key, base, rate, _tax in taxed if base > 0 and rate > 0]
        taxed.append(("impuestoigtf", self.igtf_base, self.igtf_rate, self.igtf_tax))
        for key, base, rate, tax in taxed:
            if not amounts.tax_matches(base, rate, tax):
                right = amounts.service_tax(base, rate)
                values = {"tax": tax, "rate": rate, "base": base, "right": right}
                words = f"{key} {tax} is not {rate} % of {base}, which is {right}"
                yield BrokenRule(key, Rule.TAX, words, values)
        if not amounts.sum_matches([*bases, self.exempt], self.subtotal):
            words = "it is not the sum of the bases and the exempt amount"
            yield BrokenRule("subtotal", Rule.SUBTOTAL, words)
        if not amounts.sum_matches([self.subtotal, *(tax for *_rest, tax in taxed)], self.total):
            yield BrokenRule("total", Rule.TOTAL, "it is not subtotal plus taxes")
        if not self.lines and self.document_type not in NOTES:
            yield BrokenRule("cuerpofactura", Rule.NO_LINES, "it is empty")
        if self.former_regime and not (self.related and self.remark):
            words = "it needs relacionado and observacion"
            yield BrokenRule("regimenanterior", Rule.FORMER_INCOMPLETE, words)

    def ready(self) -> bool:
        """Tell whether the request has everything that is known only when its turn comes."""
        return bool(self.internal_number and (self.related or self.document_type not in NOTES))

    def largest_body(self) -> int:
        """Return of how many bytes the body will be at most, once nothing is missing in it."""
        later = (length - len(getattr(self, name)) for name, length in _LATER.items())
        return len(self.to_json().encode()) + sum(later)

    def completed(
        self, internal_number: str, related: str = "", tracking_id: str = ""
    ) -> "IssueRequest":
        """Return the request as it will leave.

        :param internal_number: the next of its type, at most ten characters
        :param related: control number of the document that a note refers to
        :param tracking_id: what the service keeps with the document, at most 50 characters
        """
        data = self.model_dump(exclude_none=True)
        data.update(
            internal_number=internal_number,
            related=related or self.related,
            tracking_id=tracking_id or self.tracking_id,
        )
        return type(self).model_validate(data)

    def paid(self, payments: list[dict]) -> "IssueRequest":
        """Return the request with other forms of payment.

        :param payments: the values of :class:`Payment`; none of them may be left
        """
        data = self.model_dump(exclude_none=True) | {"payments": payments or None}
        return type(self).model_validate(data)

    def to_wire(self) -> dict:
        """Return the JSON object in both spellings where manual and service differ."""
        wire = super().to_wire()
        for manual, observed in SECOND_SPELLING.items():
            wire[observed] = wire[manual]
        return wire


#: The endings of a rate's field names, after its kind.
_SLOT = ("rate", "base", "tax")

#: The manual's key -> the key that the running service reads instead (observed).
SECOND_SPELLING = {"tasadecambio": "tasacambio", "baseigft": "baseigtf"}


def name_of(key: str) -> str:
    """Return our name of what stands under a key of an issue's request; ``""`` for none.

    >>> name_of("cuerpofactura.3.monto"), name_of("tasacambio")
    ('lines', 'exchange_rate')
    """
    first = key.split(".")[0]
    for manual, observed in SECOND_SPELLING.items():
        first = manual if first == observed else first
    fields = IssueRequest.model_fields.items()
    return next((name for name, field in fields if first == (field.alias or name)), "")


def stated(body: str | None) -> dict:
    """Return by our names what a request of :class:`IssueRequest` says, without any check.

    What was sent stays said, also where a rule has changed since: amounts as JSON's numbers,
    ``lines`` and ``payments`` as lists of such dictionaries. Of no request: its lists alone.
    """
    said = _by_our_names(IssueRequest, json.loads(body or "{}"))
    for name, part in (("lines", Line), ("payments", Payment)):
        said[name] = [_by_our_names(part, one) for one in said.get(name) or ()]
    return said


def _by_our_names(request: type[_Request], wire: dict) -> dict:
    fields = request.model_fields.items()
    return {name: wire[key] for name, field in fields if (key := field.alias or name) in wire}


def tracking_id_of(body: str | None) -> str:
    """Return the tracking id of a request, however damaged the rest of it is."""
    match = _TRACKING_ID.search(body or "")
    return match[1] if match else ""


_TRACKING_ID = re.compile(r'"trackingid":"([^"\\]*)"')


class AnnulRequest(_Request):
    """``POST /anulacion``."""

    control_number: ControlNumber = Field(alias="numerodocumento")
    reason: _text(200, 1) = Field(alias="observacion")
    rif: Rif


#: The most characters that the addresses of one e-mail may have, joined with ``|``.
EMAIL_LENGTH = 500


class EmailRequest(_Request):
    """``POST /email``; several addresses are joined with ``|`` (observed)."""

    control_number: ControlNumber = Field(alias="numerodocumento")
    rif: Rif
    email: _text(EMAIL_LENGTH, 3)


class NextNumberRequest(_Request):
    """``POST /facturacion/numerointerno`` (observed)."""

    rif: Rif
    document_type: DocumentType = Field(alias="idtipodocumento")

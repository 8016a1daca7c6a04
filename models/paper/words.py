"""Words and numbers as they stand on Venezuelan paper.

They are here, not in templates: the law wants Spanish, in a database without it as well.
"""

from datetime import UTC
from decimal import Decimal
from typing import NamedTuple

from markupsafe import Markup

from ...smart_api import amounts, texts
from ...smart_api.line_amounts import decimal
from ...smart_api.reductions import number_words, quantity_words
from ...smart_api.schemas import Currency, Unit
from ..terms import CARACAS

#: What a document is called, by its type.
TITLES = {
    "invoice": "Factura",
    "debit_note": "Nota de débito",
    "credit_note": "Nota de crédito",
    "dispatch_guide": "Guía de despacho",
    "delivery_note": "Nota de entrega",
}

#: SMART's own units of quantity.
UNITS = {
    Unit.UNIT: "Unid.",
    Unit.KILO: "kg",
    Unit.LITRE: "L",
    Unit.METRE: "m",
    Unit.BOX: "Caja",
}

#: How an amount says its currency.
BOLIVAR = "Bs."
CURRENCIES = {Currency.BOLIVAR: BOLIVAR, Currency.USD: "USD", Currency.EUR: "EUR"}

#: Base and tax of each rate of VAT, by its kind.
VAT = {
    "general": ("Base imponible general", "IVA general"),
    "reduced": ("Base imponible reducida", "IVA reducido"),
    "luxury": ("Base imponible general + adicional", "IVA general + adicional"),
}


class Total(NamedTuple):
    """A row of the totals.

    :param amounts: one text for each of :attr:`Paper.currencies`
    :param last: whether it is what has to be paid
    """

    label: str
    amounts: list
    last: bool = False


class Paper(NamedTuple):
    """What Odoo's own print says of a fiscal document, in words as they are printed.

    :param title: what kind of document it is
    :param numbers: pairs of label and value: its numbers, date and hour of issue
    :param issuer: lines on who issues it; the first is the name
    :param customer: likewise, on whom it is made out to
    :param applies: what a note corrects; ``""`` on others, and where the remark tells it
    :param lines: one dictionary for each line that was sent: ``code``, ``description``,
        ``comment``, ``quantity``, ``unit``, ``price``, ``discount``, ``rate``, ``amount``, and
        ``exempt`` (boolean)
    :param currencies: of the totals, that of the document first
    :param totals: a :class:`Total` each
    :param remarks: lines on the rate of exchange, forms of payment, and the remark
    :param footer: SMART's legal footer; ``""`` before it is issued
    """

    title: str
    numbers: list
    issuer: list
    customer: list
    applies: str
    lines: list
    currencies: list
    totals: list
    remarks: list
    footer: str | Markup


def address_words(partner):
    """Return the address of a contact in one line, ``""`` of none."""
    lines = partner._display_address(without_company=True).split("\n") if partner else []
    return ", ".join(filter(None, map(texts.one_line, lines)))


def money_words(amount):
    """Return an amount of a request, or a decimal number: ``1.234,50``."""
    return number_words(amounts.money(amount))


def price_words(price):
    """Return a price with cents, or with all the decimals that it has."""
    price = decimal(price)
    cents = price.quantize(Decimal("0.01"))
    return number_words(cents) if cents == price else quantity_words(price)


def percent_words(rate):
    """Return a rate of a request: ``16 %``."""
    return f"{quantity_words(decimal(rate))} %"


def moment_words(moment):
    """Return day and hour of a moment (UTC, naive) in Caracas, as the law writes them.

    >>> moment_words(datetime(2026, 11, 29, 2, 30))
    ('28112026', '10.30.00 p.m.')
    """
    there = moment.replace(tzinfo=UTC).astimezone(CARACAS)
    half = "a.m." if there.hour < 12 else "p.m."
    return f"{there:%d%m%Y}", f"{there:%I.%M.%S} {half}"


def day_words(moment):
    """Return the day of a moment (UTC, naive) in Caracas, within a sentence: ``28/11/2026``."""
    return f"{moment.replace(tzinfo=UTC).astimezone(CARACAS):%d/%m/%Y}"

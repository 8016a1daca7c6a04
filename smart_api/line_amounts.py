"""Lines whose numbers fulfil the service's check: ``precio × cantidad − descuento = monto``.

The amount of a line is given, because it is in the ledger; price, quantity and discount must
explain it. Odoo rounds the sum of a document, not its lines, and gives the cents of difference to
some of the lines. So the price that was typed does not always lead to the amount.
"""

from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import chain
from typing import NamedTuple

from . import amounts

#: Decimals of a quantity and of a price; more than Odoo's usual, and exact as doubles.
QUANTITY_PLACES = 6
PRICE_PLACES = 8


_HALF_CENT = Decimal("0.005")


class LineAmounts(NamedTuple):
    """What a line says; ``price × quantity − discount`` is its amount."""

    price: Decimal
    quantity: Decimal
    discount: Decimal


def decimal(value: float) -> Decimal:
    """Return the decimal number that a float of Odoo stands for (its shortest form)."""
    return Decimal(repr(value))


def share(total: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """Split an amount in proportion, exact to the cent.

    No share exceeds its weight as long as the total does not exceed their sum.

    :param total: two decimals, not negative
    :param weights: not negative; all zero only when the total is
    :returns: as many amounts as weights, whose sum is the total
    """
    whole = sum(weights, amounts.ZERO)
    if not whole:
        return [amounts.ZERO] * len(weights)
    cents = int(total / amounts.CENT)
    shares, rests = [], []
    for weight in weights:
        quotient = cents * weight / whole
        shares.append(int(quotient))
        rests.append(quotient - int(quotient))
    missing = cents - sum(shares)
    for index in sorted(range(len(rests)), key=rests.__getitem__, reverse=True)[:missing]:
        shares[index] += 1
    return [number * amounts.CENT for number in shares]


def fit_line(
    unit: Decimal, quantity: Decimal, amount: Decimal, discounted: bool
) -> LineAmounts | None:
    """Explain a line's amount as the service wants it.

    The price is the one that was typed, if it leads to the amount; else the nearest one with the
    fewest decimals that does. A discount appears only if one was given, or if no price can lead
    to the amount (huge quantities).

    :param unit: price of a unit without tax and before discounts; any number of decimals
    :param quantity: not negative
    :param amount: what the line comes to, two decimals, not negative
    :param discounted: whether the line has a discount, so that it may state one
    :returns: ``None`` if doubles cannot carry the amounts
    """
    quantity = _round(quantity, QUANTITY_PLACES)
    unit = max(unit, amounts.ZERO)
    if not quantity:
        if amount:
            quantity, unit = Decimal(1), amount
        else:
            return LineAmounts(_round(unit, PRICE_PLACES), quantity, amounts.ZERO)
    candidates = chain(
        _with_discount(unit, quantity, amount) if discounted else (),
        _without_discount(unit, quantity),
        _without_discount(amount / quantity, quantity),
        _with_discount(round_half_up(amount / quantity, 2) + amounts.CENT, quantity, amount),
    )
    for candidate in candidates:
        if amounts.line_matches(*candidate, amount):
            return candidate
    return None


def _without_discount(unit: Decimal, quantity: Decimal) -> Iterator[LineAmounts]:
    """Yield the price itself, if its decimals allow, then roundings of it, coarse to fine."""
    if unit == round_half_up(unit, PRICE_PLACES):
        yield LineAmounts(_round(unit, PRICE_PLACES), quantity, amounts.ZERO)
    for places in range(2, PRICE_PLACES + 1):
        price = _round(unit, places)
        yield LineAmounts(price, quantity, amounts.ZERO)
        if price == unit:
            break


def _with_discount(unit: Decimal, quantity: Decimal, amount: Decimal) -> Iterator[LineAmounts]:
    """Yield the price with as many decimals as its gross amount needs, and the discount."""
    gross = unit * quantity
    for places in range(2, PRICE_PLACES + 1):
        price = _round(unit, places)
        if price == unit or places == PRICE_PLACES or abs(price * quantity - gross) < _HALF_CENT:
            discount = amounts.money(price * quantity - amount)
            for value in (discount, discount + amounts.CENT, discount - amounts.CENT):
                if value >= 0:
                    yield LineAmounts(price, quantity, value)
            break


def _round(value: Decimal, places: int) -> Decimal:
    """Round half up, without exponents or trailing zeros beyond two decimals."""
    rounded = round_half_up(value, places).normalize()
    return rounded if rounded.as_tuple().exponent <= -2 else rounded.quantize(amounts.CENT)


def round_half_up(value: Decimal, places: int) -> Decimal:
    """Round a number half up; Python's ``round`` would send ties to the even digit."""
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)

"""Decimal money, and the service's own arithmetic on it.

The service computes with IEEE-754 doubles and JavaScript's ``toFixed(2)``, which rounds
the *exact binary value* half up (observed; the manual only says "wrongly computed").
On half-cent ties that disagrees with decimal rounding: 3 % of 100.50 is 3.015, held by
a double slightly below, so the service takes 3.01.
"""

import math
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
ZERO = Decimal("0.00")


def to_fixed2(value: float) -> Decimal:
    """Return ``value`` as JavaScript's ``toFixed(2)`` prints it.

    :param value: a double
    :returns: its exact binary value rounded to cents, ties away from zero
    """
    return Decimal(value).quantize(CENT, rounding=ROUND_HALF_UP)


def _js_round(value: float) -> int:
    """``Math.round``: the nearest integer, ties towards +infinity, on the exact value."""
    return math.floor(Decimal(value) + Decimal("0.5"))


def money(value: float | Decimal) -> Decimal:
    """Turn an amount that Odoo has rounded to cents into an exact ``Decimal``.

    :param value: an amount in a currency of two decimals
    :returns: the same amount, two decimals, never ``-0.00``
    """
    return (
        Decimal(repr(value) if isinstance(value, float) else value).quantize(
            CENT, rounding=ROUND_HALF_UP
        )
        + ZERO
    )


def service_tax(base: Decimal, rate: Decimal) -> Decimal:
    """Return the tax that the service computes for a base, in the base's currency.

    :param base: the whole base of one rate, two decimals
    :param rate: percent, e.g. ``Decimal(16)``
    """
    return to_fixed2(float(base) * (float(rate) / 100))


def tax_matches(base: Decimal, rate: Decimal, tax: Decimal) -> bool:
    """Tell whether the service accepts ``tax`` for ``base`` at ``rate`` (else its code 4)."""
    return service_tax(base, rate) == to_fixed2(float(tax))


def sum_matches(parts: Iterable[Decimal], total: Decimal) -> bool:
    """Tell whether the service accepts ``total`` as the sum of ``parts`` (subtotal, total)."""
    added = 0.0
    for part in parts:
        added += float(part)  # not sum(): from Python 3.12 on it is more exact than the service
    return to_fixed2(added) == to_fixed2(float(total))


def line_matches(price: Decimal, quantity: Decimal, discount: Decimal, amount: Decimal) -> bool:
    """Tell whether the service accepts a line's ``amount`` (else its code 4).

    :param price: unit price, before discount and tax
    :param quantity: in the line's unit of measure
    :param discount: an amount for the whole line, not a percentage
    :param amount: ``price * quantity - discount``, two decimals
    """
    expected = (float(price) * float(quantity) - float(discount)) * 100
    return _js_round(expected) == _js_round(float(amount) * 100)

"""The arithmetic of the service: IEEE-754 doubles, rounded as JavaScript rounds.

Amounts are floats here on purpose. The service is a JavaScript program, and a
decimal calculation disagrees with it on half-cent ties (3 % of 100.50).
"""

import math
from decimal import ROUND_HALF_UP, Context, Decimal

_CONTEXT = Context(prec=64)
_EXPONENTS = {2: Decimal("0.01"), 4: Decimal("0.0001")}


def number(value: object) -> float:
    """Return what JavaScript's ``Number(value)`` makes of a JSON value.

    A missing key must be passed as the string ``"undefined"`` or any other text that
    is not a number: it becomes NaN, as ``undefined`` does. ``None`` becomes 0.
    """
    if isinstance(value, (int, float)):
        try:
            return float(value)
        except OverflowError:
            return math.inf if value > 0 else -math.inf
    if value is None:
        return 0.0
    if isinstance(value, str):
        if not value.strip():
            return 0.0
        try:
            return float(value)
        except ValueError:
            return math.nan
    return math.nan


def to_fixed(value: float, digits: int = 2) -> str:
    """Return ``value.toFixed(digits)`` for 2 or 4 digits.

    The exact binary value is rounded half up on its magnitude; the sign of a
    negative number stays even when nothing else does (``"-0.00"``), while negative
    zero itself has none.
    """
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if abs(value) >= 1e21:
        return repr(value)
    magnitude = Decimal(abs(value)).quantize(_EXPONENTS[digits], ROUND_HALF_UP, _CONTEXT)
    return f"-{magnitude}" if value < 0 else str(magnitude)


def math_round(value: float) -> float:
    """Return ``Math.round(value)``: to the nearest integer, ties towards +infinity."""
    if not math.isfinite(value):
        return value
    below = math.floor(value)
    # Not floor(value + 0.5): that addition rounds, and lifts 0.49999999999999994 to 1.
    return float(below if value - below < 0.5 else below + 1)


def tax_is_right(base: float, rate: float, tax: float) -> bool:
    """Tell whether a tax is the rate (in per cent) of the whole base."""
    return to_fixed(base * (rate / 100)) == to_fixed(tax)


def line_is_right(price: float, quantity: float, discount: float, amount: float) -> bool:
    """Tell whether a line's amount is price × quantity − discount, in whole cents."""
    expected = math_round((price * quantity - discount) * 100) / 100
    return expected == math_round(amount * 100) / 100

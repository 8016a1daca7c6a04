"""The simulator rounds as the service's JavaScript does."""

import math
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lab.simulator import arithmetic as js

AMOUNTS = st.floats(-1e20, 1e20, allow_nan=False)
CENTS = st.integers(0, 10**13).map(lambda cents: cents / 100)


def exact_to_fixed(value, digits):
    """ECMAScript's words: the integer n nearest to value × 10^digits, the larger on a tie."""
    scaled = abs(Fraction(value)) * 10**digits
    n = math.floor(scaled)
    if scaled - n >= Fraction(1, 2):
        n += 1
    whole, part = divmod(n, 10**digits)
    return f"{'-' if value < 0 else ''}{whole}.{part:0{digits}d}"


@given(AMOUNTS | CENTS | CENTS.map(lambda base: base * (3 / 100)), st.sampled_from([2, 4]))
@example(3.015, 2)
@example(1.005, 2)
@example(-1.005, 2)
@example(8.345, 2)
@example(0.00005, 4)
@example(0.125, 2)
def test_to_fixed_rounds_the_exact_binary_value_half_up(value, digits):
    assert js.to_fixed(value, digits) == exact_to_fixed(value, digits)


# Printed by a JavaScript engine.
@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (100.5 * (3 / 100), "3.01"),
        (1.005, "1.00"),
        (1.045, "1.04"),
        (0.125, "0.13"),
        (-0.125, "-0.13"),
        (-1.5, "-1.50"),
        (-0.001, "-0.00"),
        (-0.0, "0.00"),
        (0.1 + 0.2, "0.30"),
        (123456789012345.67, "123456789012345.67"),
        (1e21, "1e+21"),
        (math.nan, "NaN"),
        (-math.inf, "-Infinity"),
    ],
)
def test_to_fixed_prints_what_javascript_prints(value, printed):
    assert js.to_fixed(value) == printed


@pytest.mark.parametrize(
    ("value", "rounded"),
    [
        (0.5, 1),
        (-0.5, 0),
        (1.5, 2),
        (-1.5, -1),
        (2.5, 3),
        (0.49999999999999994, 0),
        (-0.5000000000000001, -1),
        (4503599627370495.5, 4503599627370496),
        (9007199254740991.0, 9007199254740991),
        (-1e-20, 0),
    ],
)
def test_math_round_rounds_ties_upwards(value, rounded):
    assert js.math_round(value) == rounded


@given(st.floats(-1e15, 1e15, allow_nan=False))
def test_math_round_is_the_floor_of_the_exact_value_plus_a_half(value):
    assert js.math_round(value) == math.floor(Fraction(value) + Fraction(1, 2))


@given(st.integers(1, 10**12), st.sampled_from([8, 16]))
def test_two_decimal_bases_never_tie_at_the_vat_rates(cents, rate):
    tax = Fraction(cents * rate, 100)
    rounded = math.floor(tax + Fraction(1, 2)) / 100
    assert js.tax_is_right(cents / 100, rate, rounded)


@pytest.mark.parametrize(
    ("base", "rate", "right", "wrong"),
    [
        (100.50, 3, 3.01, 3.02),
        (0.50, 3, 0.01, 0.02),
        (0.50, 31, 0.15, 0.16),
        (1.50, 31, 0.46, 0.47),
        (0.99, 16, 0.16, 0.15),
    ],
)
def test_a_tie_falls_to_the_side_of_the_binary_value(base, rate, right, wrong):
    assert js.tax_is_right(base, rate, right)
    assert not js.tax_is_right(base, rate, wrong)

"""Amounts are judged as the service judges them: doubles, and JavaScript's roundings."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smart_api import amounts

#: However busy the machine is, slowness is no failure of what is tested here.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

MONEY = st.decimals(0, 10**11, places=2)
RATES = st.sampled_from([Decimal(rate) for rate in (3, 8, 16, 31)])


def js_to_cents(value: float) -> int:
    """ECMAScript's toFixed(2): the n with n/100 closest to the exact value, ties upwards."""
    exact = Fraction(value) * 100
    below = exact.numerator // exact.denominator
    return below if exact - below < Fraction(1, 2) else below + 1


def js_tax(base: Decimal, rate: Decimal) -> Decimal:
    return Decimal(js_to_cents(float(base) * (float(rate) / 100))).scaleb(-2)


@pytest.mark.parametrize(
    ("base", "rate", "tax"),
    [
        ("100.50", 3, "3.01"),  # recorded: 3.015 is held by a double slightly below
        ("100", 16, "16.00"),
        ("100", 8, "8.00"),
        ("100.50", 31, "31.16"),
        ("0.50", 31, "0.15"),
        ("0.03", 16, "0.00"),
        ("0", 16, "0.00"),
    ],
)
def test_the_services_tax(base, rate, tax):
    base, rate, tax = Decimal(base), Decimal(rate), Decimal(tax)
    assert amounts.service_tax(base, rate) == tax
    assert amounts.tax_matches(base, rate, tax)
    assert not amounts.tax_matches(base, rate, tax + Decimal("0.01"))


def test_decimal_rounding_would_be_refused_on_a_tie():
    assert not amounts.tax_matches(Decimal("100.50"), Decimal(3), Decimal("3.02"))


@unhurried
@given(MONEY, RATES)
def test_tax_is_the_exact_binary_value_rounded_half_up(base, rate):
    assert amounts.service_tax(base, rate) == js_tax(base, rate)


@unhurried
@given(MONEY, st.sampled_from([Decimal(8), Decimal(16)]))
def test_at_8_and_16_percent_decimal_rounding_agrees(base, rate):
    exact = Fraction(base) * Fraction(rate) / 100 * 100
    whole = exact.numerator // exact.denominator
    assert exact - whole != Fraction(1, 2)
    if base < 10**9:  # far above, a double is coarser than the distance to the tie
        cents = whole + (exact - whole > Fraction(1, 2))
        assert amounts.service_tax(base, rate) == Decimal(cents).scaleb(-2)


@unhurried
@given(MONEY)
def test_the_same_number_is_always_equal_to_itself(amount):
    assert amounts.to_fixed2(float(amount)) == amount
    assert amounts.sum_matches([amount], amount)


@unhurried
@given(st.lists(MONEY, max_size=8))
def test_money_adds_up_in_doubles_as_in_decimals(parts):
    total = sum(parts, Decimal(0))
    assert amounts.sum_matches(parts, total)
    assert not amounts.sum_matches(parts, total + Decimal("0.01"))


def test_a_sum_is_added_from_left_to_right_in_doubles():
    # Python's own sum() keeps the lost digits from 3.12 on; the service does not.
    assert amounts.sum_matches(map(Decimal, ("1e16", "1", "-1e16")), Decimal(0))


@unhurried
@given(
    st.decimals(0, 10**6, places=4),
    st.decimals(0, 10**4, places=3),
    st.decimals(0, 100, places=2),
)
def test_a_line_is_rounded_as_math_round_does(price, quantity, discount):
    exact = Fraction((float(price) * float(quantity) - float(discount)) * 100)
    half_up = exact + Fraction(1, 2)
    amount = Decimal(half_up.numerator // half_up.denominator).scaleb(-2)
    assert amounts.line_matches(price, quantity, discount, amount)
    assert not amounts.line_matches(price, quantity, discount, amount + Decimal("0.01"))
    assert not amounts.line_matches(price, quantity, discount, amount - Decimal("0.01"))


@pytest.mark.parametrize(
    ("price", "quantity", "discount", "amount", "right"),
    [
        ("50", "2", "0", "100", True),
        ("50", "2", "10", "90", True),
        ("0.125", "1", "0", "0.13", True),  # a tie that a double holds exactly
        ("0.125", "1", "0", "0.12", False),
        ("1.005", "1", "0", "1.00", True),  # and one that it holds slightly below
        ("33.3333333", "3", "0", "100", True),
    ],
)
def test_lines(price, quantity, discount, amount, right):
    numbers = map(Decimal, (price, quantity, discount, amount))
    assert amounts.line_matches(*numbers) is right


def test_just_below_a_half_is_not_lifted_by_adding_a_half():
    assert amounts._js_round(0.49999999999999994) == 0
    assert amounts._js_round(-0.5) == 0
    assert amounts._js_round(4503599627370497.5) == 4503599627370498


@unhurried
@given(st.integers(-(10**13), 10**13))
def test_money_is_exact_whatever_it_comes_as(cents):
    exact = Decimal(cents).scaleb(-2)
    for value in (float(exact), exact, str(exact)):
        result = amounts.money(value)
        assert (result, result.as_tuple().exponent) == (exact, -2)


def test_money_is_never_minus_zero():
    for zero in (-0.0, Decimal("-0.00"), 0, -0.001):
        assert str(amounts.money(zero)) == "0.00"

"""amounts.py and line_amounts.py against the service's rules, over many random cases.

The rules are stated a second and a third time: by the simulator, which shares no code with
the addon, and here with integers only, from the bits of the doubles.
"""

import random
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.simulator import arithmetic as js
from smart_api import amounts, line_amounts, texts

CASES = 120_000
SEED = 20241220
RATES = [Decimal(rate) for rate in (3, 8, 16, 31)]


def cents_of(value: float) -> int:
    """``toFixed(2)`` in whole cents: the exact binary value, half up, with integers."""
    numerator, denominator = value.as_integer_ratio()
    return (200 * numerator + denominator) // (2 * denominator)


def random_money(draw: random.Random, largest=12) -> Decimal:
    digits = draw.randint(1, largest)
    return Decimal(draw.randrange(10**digits)).scaleb(-2)


def test_taxes_sums_and_lines_agree_with_the_services_rules():
    draw = random.Random(SEED)
    seen = {"tax": 0, "wrong tax": 0, "sum": 0, "wrong sum": 0, "line": 0, "wrong line": 0}
    for _case in range(CASES // 3):
        base, rate = random_money(draw), draw.choice(RATES)
        # Half of the bases are such that the tax is a half cent, or as good as one.
        if draw.random() < 0.5:
            base = (base * 100 // 50 * 50).scaleb(-2) if rate == 31 else base
        tax = amounts.service_tax(base, rate)
        product = float(base) * (float(rate) / 100)
        assert int(tax * 100) == cents_of(product)
        assert js.to_fixed(product) == str(tax)
        assert js.tax_is_right(float(base), float(rate), float(tax))
        offered = tax + draw.choice((0, 1, -1)) * amounts.CENT
        right = js.tax_is_right(float(base), float(rate), float(offered))
        assert amounts.tax_matches(base, rate, offered) == right == (offered == tax)
        seen["tax" if right else "wrong tax"] += 1
    for _case in range(CASES // 3):
        parts = [random_money(draw, 11) for _part in range(draw.randint(1, 6))]
        total = sum(parts, amounts.ZERO) + draw.choice((0, 0, 1, -1)) * amounts.CENT
        added = 0.0
        for part in parts:
            added += float(part)
        right = js.to_fixed(added) == js.to_fixed(float(total))
        assert amounts.sum_matches(parts, total) == right
        seen["sum" if right else "wrong sum"] += 1
    for _case in range(CASES // 3):
        price = Decimal(draw.randrange(10 ** draw.randint(1, 10))).scaleb(-draw.randint(0, 6))
        quantity = Decimal(draw.randrange(10 ** draw.randint(1, 6))).scaleb(-draw.randint(0, 6))
        discount = draw.choice((amounts.ZERO, amounts.money(price * quantity / 10)))
        amount = max(amounts.money(price * quantity - discount), amounts.ZERO)
        amount += draw.choice((0, 0, 1)) * amounts.CENT
        right = js.line_is_right(*map(float, (price, quantity, discount, amount)))
        assert amounts.line_matches(price, quantity, discount, amount) == right
        seen["line" if right else "wrong line"] += 1
    assert sum(seen.values()) == CASES
    assert min(seen.values()) > 1000, seen


def test_lines_are_explained_so_that_the_service_agrees():
    draw = random.Random(SEED)
    for _case in range(40_000):
        unit = Decimal(draw.randrange(10 ** draw.randint(1, 9))).scaleb(-draw.randint(0, 6))
        quantity = Decimal(draw.randrange(1, 10 ** draw.randint(1, 6))).scaleb(-draw.randint(0, 6))
        given_discount = draw.random() < 0.3
        kept = Decimal(draw.choice((0, 5, 50, "66.67", 90))) / 100 if given_discount else 1
        # What Odoo books: rounded, and a cent more or less of the document's rounding.
        amount = amounts.money(unit * quantity * kept) + draw.choice((0, 0, 1, -1)) * amounts.CENT
        amount = min(max(amount, amounts.ZERO), Decimal(10**12))
        if unit * quantity > 10**12:
            continue  # doubles do not carry cents much further
        fitted = line_amounts.fit_line(unit, quantity, amount, given_discount)
        assert fitted, (unit, quantity, amount)
        price, told_quantity, discount = fitted
        assert js.line_is_right(*map(float, (price, told_quantity, discount, amount)))
        assert min(price, told_quantity, discount) >= 0
        assert told_quantity == line_amounts.round_half_up(quantity, 6)
        if not given_discount and abs(unit * quantity - amount) < Decimal("0.005"):
            assert discount == 0
            assert abs(price - unit) * quantity <= Decimal("0.011")


@pytest.mark.parametrize(
    ("unit", "quantity", "amount", "discounted", "expected"),
    [
        ("1245.5", "24", "29892", False, ("1245.50", "24", "0")),
        ("9800", "8", "70560", True, ("9800", "8", "7840")),
        ("5.125", "3", "15.38", False, ("5.125", "3", "0")),  # 5.13 would come to 15.39
        ("50.485", "1", "50.49", False, ("50.485", "1", "0")),
        ("0.3333", "3", "1", False, ("0.3333", "3", "0")),
        ("86.206896551724", "1", "86.21", False, ("86.21", "1", "0")),
        ("10", "3", "30.01", False, ("10.003", "3", "0")),  # a cent of rounding
        ("10", "0", "0", False, ("10", "0", "0")),
        ("10", "0", "0.01", False, ("0.01", "1", "0")),
        ("8", "1", "0", True, ("8", "1", "8")),
        ("0.01", "1000000", "10000.01", False, ("0.01000001", "1000000", "0")),
        ("0.01", "99999999", "1000000.50", False, ("0.02", "99999999", "999999.48")),
    ],
)
def test_the_price_that_was_typed_is_kept_where_it_can_be(
    unit, quantity, amount, discounted, expected
):
    fitted = line_amounts.fit_line(*map(Decimal, (unit, quantity, amount)), discounted)
    assert tuple(fitted) == tuple(map(Decimal, expected))


@given(
    st.lists(st.integers(0, 10**9), min_size=1, max_size=40).filter(any),
    st.integers(0, 100),
)
def test_shares_add_up_and_none_exceeds_its_weight(weights, part):
    weights = [Decimal(weight).scaleb(-2) for weight in weights]
    total = Decimal(int(sum(weights) * part)).scaleb(-2)
    shares = line_amounts.share(total, weights)
    assert sum(shares) == total
    assert all(0 <= share <= weight for share, weight in zip(shares, weights, strict=True))


@given(st.text(max_size=400), st.integers(10, 300))
def test_texts_fit_and_hold_nothing_illegal(text, length):
    line = texts.shorten(text, length)
    assert len(line) <= length
    assert line.isprintable()
    assert line == " ".join(line.split())
    line.encode()


def test_texts_are_cut_at_a_word():
    assert texts.shorten("uno dos tres", 12) == "uno dos tres"
    assert texts.shorten("uno dos tres cuatro", 13) == "uno dos tres…"
    assert texts.shorten("uno dos tres cuatro", 12) == "uno dos…"
    assert texts.shorten("x" * 20, 10) == "x" * 9 + "…"
    assert texts.one_line("a\u00adb\u0000c\ud800d\ue000e\n f") == "ab c d e f"

"""How near the bases of a document come to a total, and what is left of it."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from smart_api import amounts
from smart_api.rates import RATES
from smart_api.reach import largest_base, reach, take_off

CENTS = st.integers(0, 10**9).map(lambda cents: Decimal(cents) / 100)
BASES = st.dictionaries(st.sampled_from(sorted(RATES)), CENTS, min_size=1)


def worth(base, rate):
    return base + amounts.service_tax(base, rate)


def test_a_total_that_no_base_leads_to_leaves_a_cent():
    reached = reach(Decimal("99.94"), {"general": Decimal("86.16")}, {"general"})
    assert reached.bases == {"general": Decimal("86.15")}
    assert reached.taxes == {"general": Decimal("13.78")}
    assert reached.rest == Decimal("0.01")


def test_a_tax_that_lacks_a_cent_leaves_it_and_no_base_changes():
    bases = {"general": Decimal("86.12")}
    total = worth(bases["general"], Decimal(16)) + amounts.CENT
    assert reach(total, bases) == (bases, {"general": Decimal("13.78")}, amounts.CENT)


def test_what_is_exempt_is_reduced_last():
    bases = {"exempt": Decimal(500), "reduced": Decimal(10), "general": Decimal(20)}
    reached = reach(Decimal("534.00") - Decimal("0.03"), bases, {"reduced"})
    assert reached.bases["exempt"] == 500
    assert reached.bases["general"] == 20
    assert reached.bases["reduced"] == Decimal("9.97")
    assert reached.rest == 0 or reached.rest == amounts.CENT


def test_nothing_leads_to_less_than_nothing():
    assert reach(Decimal("-0.01"), {"general": Decimal(1)}) is None


@given(CENTS, st.sampled_from(sorted(RATES)))
def test_the_largest_base_fits_and_a_cent_more_does_not(total, kind):
    base = largest_base(total, RATES[kind])
    assert worth(base, RATES[kind]) <= total or base == 0
    assert worth(base + amounts.CENT, RATES[kind]) > total


@given(BASES, st.integers(-100, 100), st.sets(st.sampled_from(sorted(RATES))))
def test_bases_taxes_and_rest_are_the_total_and_no_base_grows(bases, cents, first):
    whole = sum((worth(base, RATES[kind]) for kind, base in bases.items()), amounts.ZERO)
    total = whole + cents * amounts.CENT
    reached = reach(total, bases, first)
    if total < 0:
        assert reached is None
        return
    assert sum(reached.bases.values()) + sum(reached.taxes.values()) + reached.rest == total
    assert all(0 <= reached.bases[kind] <= base for kind, base in bases.items())
    for kind, tax in reached.taxes.items():
        assert amounts.service_tax(reached.bases[kind], RATES[kind]) == tax
    if cents <= 0:
        assert reached.rest <= amounts.CENT
    else:
        assert reached.rest == cents * amounts.CENT


@given(st.lists(CENTS, min_size=1), st.integers(0, 100))
def test_what_is_taken_off_is_no_more_than_is_there(weights, percent):
    off = (sum(weights) * percent / 100).quantize(amounts.CENT)
    cuts = take_off(off, weights)
    assert sum(cuts) == off
    assert all(0 <= cut <= weight for cut, weight in zip(cuts, weights, strict=True))

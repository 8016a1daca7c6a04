"""What a line says of discounts: all values whole, descriptions as long as there is room."""

import string
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smart_api.reductions import Reduction, listed, number_words, quantity_words

names = st.text(string.ascii_letters + " %", max_size=100)


@pytest.mark.parametrize(
    ("number", "words"),
    [("0.00", "0,00"), ("-10.50", "-10,50"), ("1234567.89", "1.234.567,89")],
)
def test_numbers_are_written_as_in_venezuela(number, words):
    assert number_words(Decimal(number)) == words


@pytest.mark.parametrize(
    ("quantity", "words"),
    [("2.00", "2"), ("20", "20"), ("1000.00", "1.000"), ("0.333333", "0,333333"), ("-3", "-3")],
)
def test_quantities_have_no_zeros_at_the_end(quantity, words):
    assert quantity_words(Decimal(quantity)) == words


def test_a_discount_has_description_and_value():
    discounts = [Reduction("Pronto pago 10 %", "-10,00"), Reduction("", "-1,00")]
    assert listed(discounts) == "Pronto pago 10 %: -10,00; -1,00"
    assert listed(discounts, 150) == listed(discounts)
    assert listed([], 10) == ""


def test_the_longest_descriptions_are_shortened_first():
    discounts = [Reduction("Cupón", "-1,00"), Reduction("x" * 60, "-2,00")]
    said = listed(discounts, 40)
    assert said.startswith("Cupón: -1,00; xxx")
    assert said.endswith("…: -2,00")
    assert len(said) == 40


def test_returned_goods_keep_their_quantities_too():
    returned = Reduction("Gorra " * 20, "-37,50", "10 - 3")
    said = listed([returned], 40)
    assert said.startswith("Gorra Gorra")
    assert said.endswith("… (10 - 3): -37,50")
    assert len(said) <= 40


@given(st.lists(names, min_size=1, max_size=5))
def test_five_discounts_fit_and_no_value_is_cut(described):
    discounts = [Reduction(name.strip(), f"-{n}.234.567,89") for n, name in enumerate(described)]
    said = listed(discounts, 150)
    assert len(said) <= 150
    for one in discounts:
        assert one.value in said

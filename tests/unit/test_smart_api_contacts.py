"""Phone numbers and e-mail addresses are found in what people keep in one field."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smart_api import contacts


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("0414-1234567 / 0212-9511234", "0414-1234567"),
        ("0414 1234567, 0212 9511234", "0414 1234567"),
        ("0212-9511234/35/36", "0212-9511234"),
        ("0414 1234567 Oficina", "0414 1234567"),
        ("Oficina: (0212) 951.12.34", "(0212) 951.12.34"),
        ("+58 412 1234567; +58 212 9511234", "+58 412 1234567"),
        ("tel. 2 / 0414-1234567", "0414-1234567"),
        ("04121000000\n0412 1000000", "04121000000"),
        ("llamar por la tarde", None),
        ("123456", None),
        ("", None),
        (None, None),
        (False, None),
    ],
)
def test_the_first_candidate(text, first):
    assert next(contacts.phone_candidates(text), None) == first


def test_two_numbers_with_a_space_between_are_candidates_each():
    candidates = list(contacts.phone_candidates("0414 1234567 0212 9511234"))
    assert candidates.index("0414 1234567") < candidates.index("0212 9511234")


NUMBER = st.from_regex(r"04(12|14|16|24|26)[ -]?[1-9][0-9]{6}", fullmatch=True)
BETWEEN = st.sampled_from([" / ", "/", ", ", ";", " o ", " y ", "\n", " Oficina ", " | "])


@given(first=NUMBER, between=BETWEEN, second=NUMBER, before=st.sampled_from(["", "Tel. ", "Cel: "]))
def test_a_number_among_others_is_found_whole(first, between, second, before):
    candidates = list(contacts.phone_candidates(before + first + between + second))
    assert candidates[0] == first
    assert second in candidates


@given(st.text(max_size=400) | st.text(alphabet="0123456789 -+()./", max_size=400))
def test_no_text_is_too_much(text):
    candidates = list(contacts.phone_candidates(text))
    assert len(candidates) <= 200 * 8
    for one in candidates:
        assert 7 <= sum(map(str.isdigit, one)) <= 17
        assert not one.isspace()


ADDRESSES = st.lists(st.from_regex(r"[a-z]{1,40}@[a-z]{1,20}\.ve", fullmatch=True), max_size=8)


@given(ADDRESSES, st.integers(1, 120))
def test_addresses_fit_and_none_is_left_out_that_would(addresses, length):
    kept = contacts.fitting(addresses, length)
    joined = "|".join(kept)
    assert len(joined) <= length
    assert len(set(kept)) == len(kept)
    assert [one for one in dict.fromkeys(addresses) if one in kept] == kept, "in their order"
    for one in set(addresses) - set(kept):
        assert len("|".join([*kept, one])) > length

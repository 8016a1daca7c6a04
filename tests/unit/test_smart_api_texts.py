"""What is printed is what was sent: no text means anything to the service's page."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smart_api import texts


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Terms & Conditions: https://example.com/terms", "Terms & Conditions: example.com/terms"),
        ("Ver HTTP://example.com//x", "Ver example.com/ /x"),
        ("Cable <2 mm> & Co.", "Cable ‹2 mm› & Co."),
        ("Gorra <b>roja</b><!-- x -->", "Gorra ‹b›roja‹/b›‹!-- x --›"),
        ("a|b||c", "a¦b¦¦c"),
        ("Tubo 1/2 // codo ///", "Tubo 1/2 / / codo / / /"),
        ("Calle $' y $& y $` y $$", "Calle $ ' y $ & y $ ` y $ $"),
        ("US$ 10, $10 o 10$", "US$ 10, $10 o 10$"),
        ("$$$", "$ $ $"),
        ("Pérez &amp; Co", "Pérez & Co"),
        ("&amp;lt;b&amp;gt;", "‹b›"),
        ("Ca&ntilde;a&nbsp;&#35; 3", "Caña # 3"),
        ("AT&T, Johnson & Johnson, &c.", "AT&T, Johnson & Johnson, &c."),
        ("A&region &notit; &copy", "A& region & notit; & copy"),
        ("/\u200b/ y $\u200b&", "/ / y $ &"),
        ("&#36;&amp;", "$ &"),
        ("", ""),
        (None, ""),
    ],
)
def test_a_text_reads_right(text, printed):
    assert texts.readable(text) == printed


PIECES = st.sampled_from(
    ["/", "//", "|", "<", ">", "&", "&amp;", "&lt", "&#47;", "&#x7c;", "&#36;", "&copy", "$", "$&"]
    + ["`", "'", ";", "#", "https://", "&sol;", "&vert;", "&dollar;", "a", " ", "\u200b", "\n"]
)
TEXT = st.lists(PIECES | st.text(max_size=5), max_size=20).map("".join)


@given(TEXT)
def test_nothing_means_anything_to_the_page(text):
    line = texts.readable(text)
    assert not re.search(r"//|\||<|\$[$&`']", line), line
    assert html.unescape(line) == line
    assert texts.one_line(line) == line
    assert texts.readable(line) == line


@given(TEXT, st.integers(1, 80))
def test_cutting_makes_nothing_that_does(text, length):
    line = texts.printed(text, length)
    assert len(line) <= length
    assert texts.readable(line) == line


@given(st.text(alphabet=st.characters(exclude_characters="/|<>&$")))
def test_other_texts_stay_as_they_are(text):
    assert texts.readable(text) == texts.one_line(text)

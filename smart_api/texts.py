"""Text as the wire takes it: one line, nothing that cannot be printed, cut at a word.

The service puts texts into its page as they come (observed): HTML acts as HTML, ``//`` and ``|``
cut a remark to pieces, ``$&`` repeats half the page. What is sent has to read right without that.
"""

import html
import html.entities
import re
import unicodedata

#: Control characters, lone surrogates, and what Unicode reserves for private use or nothing.
_ILLEGAL = frozenset({"Cc", "Cs", "Co", "Cn"})
#: Soft hyphens, directional marks, byte order marks: they print nothing and separate nothing.
_FORMAT = "Cf"
_ELLIPSIS = "…"

#: What HTML may read as a character's name or number, with a semicolon or without.
_ENTITY = re.compile(r"&(#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[^\s<&#;]{1,32};?)")
#: A reader needs no scheme to know an address by.
_SCHEME = re.compile(r"\bhttps?://(?=[^\s/])", re.IGNORECASE)
_SLASHES = re.compile(r"/(?=/)")
#: What a replacement pattern of the service's language begins with.
_PATTERN = re.compile(r"\$(?=[$&`'])")
#: Characters that look alike and mean nothing to the service.
_LOOK_ALIKE = str.maketrans({"<": "‹", ">": "›", "|": "¦"})


def one_line(text: str | None) -> str:
    """Return a text on one line: white space collapsed, nothing illegal left."""
    text = text or ""
    if not text.isprintable():
        text = "".join(map(_legal, text))
    return " ".join(text.split())


def _legal(character: str) -> str:
    category = unicodedata.category(character)
    return "" if category == _FORMAT else " " if category in _ILLEGAL else character


def shorten(text: str | None, length: int) -> str:
    """Return :func:`one_line` in at most ``length`` characters, cut at a word where it can be.

    A single word that is too long is cut anywhere. What was cut ends in ``…``.
    """
    line = one_line(text)
    if len(line) <= length:
        return line
    kept = line[:length]  # one more than fits before the ellipsis: it may be the space
    at_word = kept.rfind(" ")
    # Cutting at the last space must not lose most of what fits.
    kept = kept[:at_word] if at_word > length // 2 else kept[: length - 1]
    return kept.rstrip() + _ELLIPSIS


def readable(text: str | None) -> str:
    """Return :func:`one_line` in words that the service's page prints as they stand.

    ``Cable <2 mm> & Co.`` becomes ``Cable ‹2 mm› & Co.``, ``https://example.com`` becomes
    ``example.com``, ``a//b|c`` becomes ``a/ /b¦c``, ``US$$`` becomes ``US$ $``, and ``&eacute;``
    becomes ``é``. Text without any of that comes back as it is.
    """
    line = one_line(text)
    while (decoded := one_line(_ENTITY.sub(_character, line))) != line:
        line = decoded
    line = _SLASHES.sub("/ ", _SCHEME.sub("", line).translate(_LOOK_ALIKE))
    return _PATTERN.sub("$ ", line)


def _character(match: re.Match) -> str:
    entity = match[0]
    if html.unescape(entity) == entity:
        return entity
    if entity.endswith(";") and (entity[1] == "#" or entity[1:] in html.entities.html5):
        return html.unescape(entity)
    # “A&region”, which would print “A®ion”
    return f"& {entity[1:]}"


def printed(text: str | None, length: int) -> str:
    """Return :func:`readable` in at most ``length`` characters, see :func:`shorten`."""
    return shorten(readable(text), length)

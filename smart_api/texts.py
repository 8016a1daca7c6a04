"""Text as the wire takes it: one line, nothing that cannot be printed, cut at a word."""

import unicodedata

#: Control characters, lone surrogates, and what Unicode reserves for private use or nothing.
_ILLEGAL = frozenset({"Cc", "Cs", "Co", "Cn"})
#: Soft hyphens, directional marks, byte order marks: they print nothing and separate nothing.
_FORMAT = "Cf"
_ELLIPSIS = "…"


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

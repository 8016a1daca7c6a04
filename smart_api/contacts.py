"""Phone numbers and e-mail addresses as people keep them: several in one field, and words."""

import re

#: What one number is written with; everything else, an end of the line too, is between numbers.
_RUN = re.compile(r"\+?[(0-9][0-9 \t().+\-]*")
#: A field of more is no list of phone numbers.
_LONGEST_TEXT = 200
#: A number of the world has at most fifteen digits, and two zeros may stand for its plus.
_DIGITS = range(7, 18)
#: People write no number in more groups of digits.
_MOST_GROUPS = 8


def phone_candidates(text: str | None):
    """Yield what may be a phone number in a text, in its order, the longest first at each place.

    ``0414-1234567 / 0212-9511234`` has two, ``0212-9511234/35/36`` one: what follows a slash is
    a number of its own or too short. Whether one is valid, its country's plan has to say.
    """
    for run in _RUN.findall((text or "")[:_LONGEST_TEXT]):
        groups = run.split()
        for start in range(len(groups)):
            for end in range(min(len(groups), start + _MOST_GROUPS), start, -1):
                candidate = " ".join(groups[start:end])
                if sum(map(str.isdigit, candidate)) in _DIGITS:
                    yield candidate


def fitting(addresses, length: int) -> list[str]:
    """Return the addresses that fit ``length`` characters together, joined with one between.

    One that does not fit any more makes room for a shorter one behind it; none comes twice.
    """
    kept, left = [], length + 1
    for address in dict.fromkeys(addresses):
        if len(address) + 1 <= left:
            kept.append(address)
            left -= len(address) + 1
    return kept

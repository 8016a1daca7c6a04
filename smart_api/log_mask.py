"""No record of the log holds a token, whoever writes it: Odoo logs calls with their arguments.

Where those come from, nobody knows yet that one of them is a token, or which. It is known by its
looks (the parts of a JWT), also with the line breaks that copying from a PDF adds and as they are
written in Python, JSON and addresses; and by its name, when somebody pastes a piece of it.
"""

import logging
import re

from .masking import MASK

#: What whatever is masked holds: looking for it costs next to nothing.
SIGNS = ("eyJ", "smart_token")

#: White space, as it is or escaped, also twice over; and where one string ends and goes on.
_BREAK = (
    r"(?:\s|\\+(?:[nrtvf]|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4})|%[0-9a-fA-F]{2}|\+|&\#?\w{2,6};"
    r"|[\"']\s+[\"'])"
)
#: JSON that begins with a name, in base64: all parts of a token but the signature, which follows.
#: After a break it goes on with what is longer than most words: of what is shorter, nobody can
#: make anything.
_TOKEN = rf"eyJ[A-Za-z0-9_.-]*(?:{_BREAK}+[A-Za-z0-9_.-]{{8,}})*"

#: What a string holds that is given for the field: as value, argument or in a domain.
_NAMED = (
    r"(smart_token\b[\\\"'\s]*"
    r"(?:[:=]|,[\s\\\"']*(?:[=<>!]{1,2}|(?:not )?(?:=?i?like|in))[\s\\\"']*,)"
    r"[\s\[(\\]*[\"'])"
    r"(?:[^\"'\\]|\\+[^\"'\\])+"
)

_token = re.compile(_TOKEN)
_named = re.compile(_NAMED)


def mask_tokens(text):
    r"""Return a text without tokens and without what is given for the field ``smart_token``.

    >>> mask_tokens("Bearer eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl, and more")
    'Bearer [token], and more'
    >>> mask_tokens("res.company(1,).write({'smart_token': 'VyIjp7fX0.c2ln\\nbmF0dXJl', 'x': 1})")
    "res.company(1,).write({'smart_token': '[token]', 'x': 1})"
    """
    if not any(sign in text for sign in SIGNS):
        return text
    return _named.sub(rf"\1{MASK}", _token.sub(MASK, text))


def mask_record(record):
    """Mask a record of the log: its words, and those of its exception."""
    text = _words(record)
    masked = mask_tokens(text)
    if masked != text:
        record.msg, record.args = masked, None
    if isinstance(record.exc_info, tuple):
        text = logging.Formatter().formatException(record.exc_info)
        masked = mask_tokens(text)
        if masked != text:
            record.exc_text = masked  # formatters take this where it is


def _words(record):
    try:
        return record.getMessage()
    except Exception:
        # The arguments do not fit the format. Whoever writes the record says so, and shows both.
        return f"{record.msg} {record.args}"

"""Keeps tokens out of all log records: Odoo logs calls with their arguments.

The code that logs them does not know whether an argument is a token, or which one. So a token is
recognised by its form (the parts of a JWT), also with the line breaks that copying from a PDF
adds, as Python, JSON and addresses write them; and by the field's name, because somebody may
paste a piece of a token.
"""

import logging
import re

from .masking import MASK

#: Every text to mask holds one of these: looking for them costs next to nothing.
SIGNS = ("eyJ", "smart_token")

#: White space, as it is or escaped, even twice; or the place where a string ends and goes on.
_BREAK = (
    r"(?:\s|\\+(?:[nrtvf]|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4})|%[0-9a-fA-F]{2}|\+|&\#?\w{2,6};"
    r"|[\"']\s+[\"'])"
)
#: JSON that begins with a name, in base64: all parts of a token but the signature, which follows.
#: After a break a token goes on with pieces that are longer than most words; shorter pieces are
#: of no use to anybody.
_TOKEN = rf"eyJ[A-Za-z0-9_.-]*(?:{_BREAK}+[A-Za-z0-9_.-]{{8,}})*"

#: The content of a string that is given for the field: as value, argument or in a domain.
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
            record.exc_text = masked  # formatters use this if it is set


def _words(record):
    try:
        return record.getMessage()
    except Exception:
        # The arguments do not fit the format. The handler says so, and shows both.
        return f"{record.msg} {record.args}"

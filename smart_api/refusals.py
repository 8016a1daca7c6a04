"""What a refusal means: the one place that knows the service's codes and wordings.

Codes are not stable between versions and mean different things to different operations, so the
rest of the house asks for a :class:`Why`. What no row names is about the document itself.
"""

import re
from enum import Enum, auto


class Why(Enum):
    """Why the service said no."""

    TOKEN = auto()  #: it takes no call with this token
    OTHER_RIF = auto()  #: the token is of another RIF than the request's
    LOT_USED_UP = auto()  #: the issuer has no control numbers left
    NUMBER_USED = auto()  #: a document was issued under this internal number
    NUMBER_NOT_NEXT = auto()  #: the internal number is not the one that it expects
    NUMBER_OR_RIF = auto()  #: the control number is not valid, or the RIF not the token's
    UNKNOWN_NUMBER = auto()  #: it does not know the control number for this issuer
    INVALID_NUMBER = auto()  #: it does not take the control number
    NUMBER_DOES_NOT_FIT = auto()  #: control number, reason and RIF do not fit together
    NO_ADDRESS = auto()  #: the customer has no e-mail address
    BODY_TOO_LARGE = auto()  #: the request has more bytes than its web server takes
    BODY_NOT_READ = auto()  #: its web server does not read the request's kind or encoding
    DOCUMENT = auto()  #: what the document says


#: Refusals of the issuer: no document of it would be taken.
ABOUT_THE_ISSUER = frozenset({Why.TOKEN, Why.OTHER_RIF, Why.LOT_USED_UP})

#: Observed: token not valid, RIF of another issuer, no control numbers left.
_ISSUER_CODES = {1: Why.TOKEN, 3: Why.OTHER_RIF, 12: Why.LOT_USED_UP}

_CODES = {
    "issue": {**_ISSUER_CODES, 8: Why.NUMBER_USED, 9: Why.NUMBER_NOT_NEXT},  # observed
    "next_number": _ISSUER_CODES,
    # Manual v4.1: 2 RIF does not match the token, 3 document type, 4 document number, 5 the
    # number does not correspond. Observed: 2 number not valid, 3 not this issuer's; so 3 is not
    # about the token here.
    "annul": {
        1: Why.TOKEN,
        2: Why.NUMBER_OR_RIF,
        3: Why.UNKNOWN_NUMBER,
        4: Why.INVALID_NUMBER,
        5: Why.NUMBER_DOES_NOT_FIT,
        12: Why.LOT_USED_UP,
    },
    "email": {1: Why.NO_ADDRESS},  # manual v4.1
}

#: E-mails: the service refuses a token with the codes that the manual gives another meaning, and
#: only its words tell (observed).
_EMAIL_TOKEN_CODES = {1: Why.TOKEN, 3: Why.OTHER_RIF}
_TOKEN = re.compile("token", re.IGNORECASE)

#: Of HTTP. The token is refused at the door; the others come from the web server before any
#: handler runs (observed), or from a proxy in front of it: nothing was done.
_STATUSES = {401: Why.TOKEN, 413: Why.BODY_TOO_LARGE, 415: Why.BODY_NOT_READ}

#: The statuses that refuse whatever was asked, and whose body says nothing that is needed.
REFUSING_STATUSES = frozenset(_STATUSES)

#: What "not the next number" says beside its words (observed): the last one that it accepted.
_LAST_ACCEPTED = re.compile(r"Actual:\s*([0-9]{1,9})\b")


def meaning(operation: str, status: int | None, code: int | None, message: str) -> Why:
    """Return what a refusal means.

    :param operation: of the call, see :class:`outcomes.Call`
    :param status: of HTTP; some refuse whatever was asked
    """
    if status in _STATUSES:
        return _STATUSES[status]
    if operation == "email" and code in _EMAIL_TOKEN_CODES and _TOKEN.search(message):
        return _EMAIL_TOKEN_CODES[code]
    return _CODES[operation].get(code, Why.DOCUMENT)


def last_accepted(why: Why, message: str) -> int | None:
    """Return the last internal number that the service accepted, where its refusal tells."""
    told = why is Why.NUMBER_NOT_NEXT and _LAST_ACCEPTED.search(message)
    return int(told[1]) if told else None

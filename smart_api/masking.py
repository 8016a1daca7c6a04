"""Removes the token from all that the client returns, even if the other side echoes it.

A proxy's error page may quote the request with its headers. The results of the client are kept
for ever, and are read by people who must not see the token.
"""

import re
from dataclasses import replace

from .outcomes import Accepted, Refused

MASK = "[token]"

#: A shorter secret might be part of any text. SMART's tokens have hundreds of characters; the
#: signature alone has 43 (HS256).
MIN_LENGTH = 16
#: So many characters of a secret at the end of a text are no coincidence; fewer are of no use.
MIN_CUT = 8

#: Fields of answers that hold words. Numbers are not masked: nothing of them may be lost.
WORDS = ("message", "legal_footer", "document_url")


class TokenMask:
    """Replaces a token, or the signature that makes it one, wherever a text holds it.

    It is found as it is, or with its punctuation escaped as in JSON, addresses and HTML. Header
    and claims alone are no secret, and every JWT has the same header.

    >>> mask = TokenMask("eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJlIG9mIGl0")
    >>> mask("?a=eyJhbGciOiJIUzI1NiJ9%2Ee30%2Ec2lnbmF0dXJlIG9mIGl0&b=1")
    '?a=[token]&b=1'
    """

    def __init__(self, token):
        unsigned, _dot, self._secret = token.rpartition(".")
        secrets = [part for part in (token, self._secret) if len(part) >= MIN_LENGTH]
        self._pattern = secrets and re.compile("|".join(map(_escaped_or_not, secrets)))
        # Every match holds one of these; looking for them costs next to nothing.
        self._signs = [_longest_word(part) for part in (self._secret, unsigned) if part]

    def __call__(self, text):
        """Return ``text`` without the token; ``None``, or a text without one, as it is."""
        if not self._pattern or not text or not any(sign in text for sign in self._signs):
            return text
        text = self._pattern.sub(MASK, text)
        # An answer, or what was kept of it, may end in the middle of the token.
        for length in range(len(self._secret) - 1, MIN_CUT - 1, -1):
            if text.endswith(self._secret[:length]):
                return text[:-length] + MASK
        return text


def _longest_word(text):
    return max(re.split(r"[^A-Za-z0-9]", text), key=len)


def _escaped_or_not(text):
    """Return a pattern for text whose punctuation may be escaped."""
    return "".join(
        char
        if char.isalnum()
        else rf"(?:\\?{re.escape(char)}|(?i:%{ord(char):02x}|\\u00{ord(char):02x}"
        rf"|&\#{ord(char)};|&\#x{ord(char):x};))"
        for char in text
    )


def masked(outcome, mask):
    """Return an outcome without the token.

    :param outcome: made from the answer as it came, so masking cannot lose a control number
    :param TokenMask mask: the token's
    """
    call = outcome.call
    changes = {}
    body = mask(call.answer_body)
    if body != call.answer_body:
        changes["call"] = replace(call, answer_body=body)
    if isinstance(outcome, Accepted):
        words = {name: getattr(outcome.answer, name, None) for name in WORDS}
        echoed = {name: said for name, text in words.items() if (said := mask(text)) != text}
        if echoed:
            changes["answer"] = outcome.answer.model_copy(update=echoed)
    else:
        name = "message" if isinstance(outcome, Refused) else "detail"
        changes[name] = mask(getattr(outcome, name))
    return replace(outcome, **changes) if changes else outcome

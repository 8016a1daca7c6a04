"""What to do about a document in doubt where the service enforces the numbering.

The identical request may be repeated: it cannot issue twice. Mostly that settles the doubt. But a
request can be such that every attempt at it ends in doubt (the service's process dies of it, for
example), and all later documents wait behind it. What tells it from a bad line are questions for
the next internal number, which change nothing: from the second attempt in vain on, the service is
asked before the request is repeated. If it answers just before an attempt and just after it, and
that attempt is in vain all the same, then the line works and the document is *poison*.

That it was not issued is then proven by one more question: once no request can be on its way any
more (:data:`LATE`), the service must call its number free.
"""

from collections.abc import Iterable
from datetime import timedelta
from enum import Enum, auto

#: After this time no request of ours can still be on its way into the service's books.
LATE = timedelta(minutes=5)

#: So many attempts in vain, at least, make a document suspect.
VAIN_ATTEMPTS = 3


class Seen(Enum):
    """One entry of the log about a document in doubt: an attempt, or a question."""

    VAIN = auto()  #: the request left, and no answer said what became of it
    NO_EVIDENCE = auto()  #: the attempt was not sent, or the caller died: that tells nothing
    REFUSED = auto()  #: the request was refused
    ANSWERED = auto()  #: the service told its next number
    UNANSWERED = auto()  #: asked for it, it did not


class Step(Enum):
    """What to do next."""

    REPEAT = auto()  #: the identical request
    ASK = auto()  #: whether the line works: which number comes next
    JUDGE = auto()  #: not to repeat any more; once it is quiet, the next number decides


_QUESTIONS = (Seen.ANSWERED, Seen.UNANSWERED)


def next_step(log: Iterable[Seen]) -> Step:
    """Return what to do about a document in doubt.

    :param log: attempts with one and the same request, and the questions among them, as they came
    """
    vain, attempt, before, after = 0, None, [], []
    for one in log:
        if one in _QUESTIONS:
            after.append(one)
            continue
        vain = 0 if one is Seen.REFUSED else vain + (one is Seen.VAIN)
        attempt, before, after = one, after, []
    if attempt is not Seen.VAIN or vain < VAIN_ATTEMPTS - 1:
        return Step.REPEAT
    if vain >= VAIN_ATTEMPTS and before[-1:] == after[:1] == [Seen.ANSWERED]:
        return Step.JUDGE
    return Step.REPEAT if after[-1:] == [Seen.ANSWERED] else Step.ASK

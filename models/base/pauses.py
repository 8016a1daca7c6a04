"""Pauses that double with every attempt in vain, up to a longest one. Plain Python."""

import random
from dataclasses import dataclass
from datetime import timedelta

#: A share of each pause, to both sides: what failed together must not come back in one second.
JITTER = 0.2


@dataclass(frozen=True)
class Pauses:
    """How long to wait between attempts.

    :param timedelta first: the pause after the first attempt
    :param timedelta longest: what it grows to, apart from the jitter
    """

    first: timedelta
    longest: timedelta

    def after(self, attempts: int) -> timedelta:
        """Return the pause after so many attempts in vain, the last one included."""
        # Twenty times doubled is beyond every longest one; a power without bound is no number.
        pause = min(self.first * 2 ** min(attempts - 1, 20), self.longest)
        return pause * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311

    @property
    def bound(self) -> timedelta:
        """The longest pause that :meth:`after` returns."""
        return self.longest * (1 + JITTER)

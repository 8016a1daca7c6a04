"""Waiting, for a short and bounded time, for what a scheduled action does. Plain Python.

Whoever waits holds no connection in between, so many can wait at once. Nor is anything cut short
when the time is over: the scheduled action goes on, and a call that was cut would be a doubt.
"""

import time
from enum import Enum, auto

from .few_at_once import place_to_wait

#: Nobody has begun by then: the scheduler has no free thread, or is not running at all.
GRACE_SECONDS = 0.5

FIRST_PAUSE_SECONDS = 0.02
LONGEST_PAUSE_SECONDS = 0.2
GROWTH = 1.4


class Stage(Enum):
    """How far something is."""

    WAITS = auto()  #: nobody has begun
    BEGUN = auto()
    OVER = auto()  #: done, or nothing will be done soon


def wait_for(seconds, look, do_here):
    """Wait until something is over; tell whether it is. Where many wait already, do not wait.

    :param float seconds: at most so long
    :param look: returns a :class:`Stage`; called again and again
    :param do_here: called once, where nobody has begun after a short while, to do it in this
        thread if that is possible; tells whether it was
    """
    with place_to_wait() as admitted:
        return admitted and _wait(seconds, look, do_here)


def _wait(seconds, look, do_here):
    start, pause, tried = time.monotonic(), FIRST_PAUSE_SECONDS, False
    while (stage := look()) is not Stage.OVER:
        passed = time.monotonic() - start
        if stage is Stage.WAITS and not tried and passed >= min(GRACE_SECONDS, seconds):
            tried = True
            if do_here():
                return True
        left = seconds - (time.monotonic() - start)
        if left <= 0:
            return False
        time.sleep(min(pause, left))
        pause = min(pause * GROWTH, LONGEST_PAUSE_SECONDS)
    return True

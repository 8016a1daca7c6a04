"""What many requests do at once after their commits, done by few at a time. Plain Python.

A request keeps its connection until it has answered, and Odoo's pool has 64 of them for all threads
of a process. Whatever else needs one after a commit takes turns here, so that fifty who confirm at
once need fifty and a few, not a hundred.
"""

from contextlib import contextmanager
from threading import BoundedSemaphore

#: Connections that requests have beside their own, in one process.
ASIDE = 4
#: Requests that wait at the same time for what a scheduled action does. Who comes after them would
#: wait for nothing: so many are before him that his turn does not come in time.
WAITING = 16

_aside = BoundedSemaphore(ASIDE)
_waiting = BoundedSemaphore(WAITING)


@contextmanager
def aside(registry):
    """Open a cursor beside that of the request, as soon as it is this thread's turn.

    Never one inside another: each would wait for the other's.
    """
    with _aside, registry.cursor() as cr:
        yield cr


@contextmanager
def one_of_few():
    """Let code inside the ``with`` block open cursors, one after the other, when it is its turn."""
    with _aside:
        yield


@contextmanager
def place_to_wait():
    """Give a place to wait; tell whether there was one."""
    admitted = _waiting.acquire(blocking=False)
    try:
        yield admitted
    finally:
        if admitted:
            _waiting.release()

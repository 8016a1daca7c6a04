"""Stopping in order: a server that is told to stop finishes the document in flight.

How Odoo stops. A threaded server (SIGTERM) runs the functions registered by ``on_stop``, gives
requests one second, closes every connection to the database and ends. The threads of the
scheduled actions end with it, wherever they are, so ``on_stop`` must wait for senders. A
server with workers tells each worker by SIGINT to stop after its present work; the handler
notes that in ``Worker.alive``. The server kills workers that take too long (``limit_time_real``
and ``limit_time_real_cron``, since they last gave a sign of life) or compute too long
(``limit_time_cpu``), whatever they are doing. Both clocks also count the scheduled actions that
the worker ran before.
"""

import resource
import signal
import threading
from contextlib import contextmanager

from odoo.service.server import CommonServer, Worker

#: A call takes at most a minute; systemd kills after a minute and a half.
LONGEST_WAIT_SECONDS = 75.0

#: What sending one document computes at most, with a wide margin.
CPU_SECONDS = 5.0

_stopping = threading.Event()
_idle = threading.Condition()
_senders = 0


def is_stopping():
    """Tell whether this process was told to stop: no further document may be begun."""
    if _stopping.is_set():
        return True
    worker = _worker()
    return bool(worker) and (not worker.alive or _cpu_seconds_left() < CPU_SECONDS)


def give_sign_of_life():
    """Restart a worker's time limit: it does not hang, it goes on to the next document."""
    worker = _worker()
    if worker:
        worker.multi.pipe_ping(worker.watchdog_pipe)


def _worker():
    """Return the worker of this process, or None; only its handler of SIGINT leads to it."""
    worker = getattr(signal.getsignal(signal.SIGINT), "__self__", None)
    return worker if isinstance(worker, Worker) else None


def _cpu_seconds_left():
    limit, _hard = resource.getrlimit(resource.RLIMIT_CPU)
    used = resource.getrusage(resource.RUSAGE_SELF)
    if limit == resource.RLIM_INFINITY:
        return float("inf")
    return limit - used.ru_utime - used.ru_stime


@contextmanager
def sending():
    """Make a stopping server wait for the end of this block."""
    global _senders
    with _idle:
        _senders += 1
    try:
        yield
    finally:
        with _idle:
            _senders -= 1
            _idle.notify_all()


def _wait_for_senders():
    _stopping.set()
    with _idle:
        _idle.wait_for(lambda: not _senders, LONGEST_WAIT_SECONDS)


CommonServer.on_stop(_wait_for_senders)

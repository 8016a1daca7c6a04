"""The transactions of whoever holds a lock: what each is committed on, and when it is retried."""

import logging
import time

import psycopg2

from odoo import api
from odoo.sql_db import PoolError

from .lock import LaneLostError
from .server_stop import give_sign_of_life

_logger = logging.getLogger(__name__)

#: How long a step is tried again if it collides with another transaction.
PATIENCE_SECONDS = 5.0

#: How long an outcome that could not be stored is tried again (a database that restarts).
SETTLE_PATIENCE_SECONDS = 300.0


class LaneSteps:
    """Runs the steps of a piece of work, each in a transaction of its own.

    :param registry: of the database
    :param int uid: on whose behalf, for the log
    :param LaneLock lock: held
    """

    def __init__(self, registry, uid, lock):
        self._registry = registry
        self._uid = uid
        self._lock = lock
        self._context = {}

    def _env(self, cr):
        # sudo: the sender acts for the lane and writes what no user may
        return api.Environment(cr, self._uid, self._context, su=True)

    def _under_lock(self, step, *args):
        """Run ``step(env, *args)`` in a transaction that commits only while the lock is held.

        :raises LaneLostError: if it is no longer held
        """
        return self._retrying(self._lock.transaction, step, *args)

    def _even_without_lock(self, step, *args):
        """Run ``step(env, *args)``, which must be committed whatever becomes of the lock."""
        try:
            return self._under_lock(step, *args)
        except (LaneLostError, psycopg2.Error, PoolError) as error:
            _logger.info("%r: storing on another connection", error)
        return self._retrying(self._registry.cursor, step, *args, patience=SETTLE_PATIENCE_SECONDS)

    def _retrying(self, cursor, step, *args, patience=PATIENCE_SECONDS):
        """Run ``step(env, *args)`` in a transaction of its own, again if it collides.

        :param cursor: returns a cursor, as a context manager that commits
        :param float patience: seconds during which a lost or colliding transaction is retried
        """
        deadline = time.monotonic() + patience
        pause = 0.05
        while True:
            try:
                with cursor() as cr:
                    return step(self._env(cr), *args)
            except (psycopg2.Error, PoolError) as error:
                if not is_passing(error) or time.monotonic() >= deadline:
                    raise
                _logger.info("%s; trying again", error)
            # A worker that waits for the database with an answer in hand must not be killed.
            give_sign_of_life()
            time.sleep(pause)
            pause = min(pause * 2, 2.0)


def is_passing(error):
    """Tell whether the same transaction may succeed later.

    Serialisation failures, lock time-outs, a database that restarts, a pool that is full. A
    bare ``DatabaseError`` is how psycopg2 reports some broken connections.
    """
    return type(error) is psycopg2.DatabaseError or isinstance(
        error, (psycopg2.OperationalError, psycopg2.InterfaceError, PoolError)
    )

"""Work that begins once the running transaction has committed: one at once, several later.

A user who does one thing waits for it and sees how it ended; a batch goes to the scheduled action.
A transaction that is rolled back begins nothing, because its hooks are dropped.
"""

import logging
from functools import partial

import odoo

_logger = logging.getLogger(__name__)


def after_commit(env, kind, ids, now, later):
    """Run work after the transaction of ``env`` has committed.

    :param str kind: name of the work; ids of one kind are collected over the transaction
    :param ids: ids of the records to work on
    :param now: called after the commit with the id, the registry and the user's id, if there is
        only one id; its errors are only logged, because the transaction is committed already
    :param later: called at once if there are several ids, to trigger the scheduled action
    """
    callbacks = env.cr.postcommit
    pending = callbacks.data.setdefault(f"l10n_ve_edi_smart.{kind}", set())
    if not pending:
        callbacks.add(partial(_run, env, kind, now))
    pending.update(ids)
    # The evented server is killed without warning when Odoo stops: it does nothing itself.
    if len(pending) > 1 or odoo.evented:
        later()


def waiting(env, kind):
    """Return the ids of a kind that wait for the commit of the transaction of ``env``."""
    return env.cr.postcommit.data.get(f"l10n_ve_edi_smart.{kind}", frozenset())


def _run(env, kind, now):
    pending = env.cr.postcommit.data.pop(f"l10n_ve_edi_smart.{kind}", set())
    if len(pending) != 1 or odoo.evented or not env.registry.ready:
        return
    [one] = pending
    try:
        now(one, env.registry, env.uid)
    except Exception:
        # The user's transaction is committed: an error here must not look as if it had failed.
        # The scheduled action tries again.
        _logger.exception("SMART: %s of %s after the commit failed", kind, one)

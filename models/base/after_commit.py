"""Work that begins once the running transaction has committed: one at once, several later.

A user who does one thing waits for it and sees how it ended; a batch goes to the scheduled action.
A transaction that is rolled back begins nothing, because its hooks are dropped.
"""

import logging
from functools import partial

import odoo

_logger = logging.getLogger(__name__)


def after_commit(records, kind, now, later):
    """Run work after the running transaction has committed.

    :param records: what it is to be done on; what a savepoint takes back is left out again
    :param str kind: what work it is; that of one kind in one transaction belongs together
    :param now: called after the commit with an id, the registry and the user's id, where it is
        the only one; whatever it raises is logged, for what was committed stands. ``None`` where
        nobody can wait for it
    :param later: called right away where it is not, with the ids that it was not called with
        before, to trigger the scheduled action
    """
    callbacks = records.env.cr.postcommit
    pending = callbacks.data.get(f"l10n_ve_edi_smart.{kind}")
    if pending is None:
        pending = callbacks.data[f"l10n_ve_edi_smart.{kind}"] = set()
        callbacks.add(partial(_run, records.browse(), kind, now))
    pending.intersection_update(records.browse(pending).exists().ids)
    new = set(records.ids) | (pending if len(pending) == 1 else set())
    pending.update(records.ids)
    # The evented server is killed without warning when Odoo stops: it does nothing itself.
    if len(pending) > 1 or odoo.evented or not now:
        later(new)


def waiting(env, kind):
    """Return the ids of a kind that wait for the commit of the transaction of ``env``."""
    return env.cr.postcommit.data.get(f"l10n_ve_edi_smart.{kind}", frozenset())


def _run(model, kind, now):
    env = model.env
    pending = env.cr.postcommit.data.pop(f"l10n_ve_edi_smart.{kind}", set())
    if not now or odoo.evented or not env.registry.ready:
        return
    if len(pending) > 1:
        pending = model.browse(pending).exists().ids
    if len(pending) != 1:
        return
    [one] = pending
    try:
        now(one, env.registry, env.uid)
    except Exception:
        # The user's transaction is committed: an error here must not look as if it had failed.
        # The scheduled action tries again.
        _logger.exception("SMART: %s of %s after the commit failed", kind, one)

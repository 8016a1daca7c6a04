"""Carrying out a plan: documents are confirmed, faults come, and everything settles."""

import contextlib
import queue
import random
import threading
import time

from servers import OdooError

from . import plan as plans
from .world import Database

#: The next fault comes even when nothing goes on: so many seconds after the one before.
FAULT_SECONDS = 5.0

#: Without any change for so long, whatever is left will not settle.
STUCK_SECONDS = 150.0

SETTLED = "SELECT count(*) FROM smart_document WHERE state NOT IN ('queued', 'sending')"

#: What is still to be sent, or to be found out by repeating.
TO_SETTLE = """
    SELECT count(*) FROM smart_document AS document
 LEFT JOIN smart_document AS related ON related.id = document.related_document_id
     WHERE document.state = 'sending'
        OR document.state = 'queued' AND (related.id IS NULL OR related.state = 'issued')
        OR document.state = 'unknown' AND document.repeatable AND NOT document.proven_issued
"""
CHANGES = "SELECT count(*), (SELECT max(id) FROM smart_exchange) FROM smart_document"


class Run:
    """One run of a plan on a world.

    :param move_ids: the drafts' ids, in the order of the plan's documents
    """

    def __init__(self, world, plan, move_ids, say):
        self._world = world
        self._plan = plan
        self._move_ids = move_ids
        self._say = say
        self._todo = queue.SimpleQueue()
        for confirmation in plan.confirmations:
            self._todo.put(confirmation)
        self.faults = {}
        self.refusals = {}
        self._confirmed = threading.Event()
        self._stuck = threading.Event()

    def carry_out(self):
        """Confirm everything while the faults come; then wait until nothing moves."""
        threads = [
            threading.Thread(target=self._confirm_all, args=(place,), daemon=True)
            for place in self._world.places
        ]
        for thread in threads:
            thread.start()
        monkey = threading.Thread(target=self._fire_all, daemon=True)
        monkey.start()
        for thread in threads:
            thread.join()
        self._confirmed.set()
        monkey.join()
        self._say("every document is confirmed, every fault has come; waiting for the rest")
        self._settle()

    # -- confirming ------------------------------------------------------------------------

    def _confirm_all(self, place):
        database = Database(self._world.database)
        while True:
            try:
                confirmation = self._todo.get_nowait()
            except queue.Empty:
                database.close()
                return
            self._confirm(place, database, confirmation.documents)
            for document in confirmation.taken_back:
                # Odoo refuses where the document is being sent already: that is fine.
                with contextlib.suppress(OdooError, OSError, ValueError):
                    self._world.call("account.move", "button_draft", [self._move_ids[document]])
                self._confirm(place, database, (document,))

    def _confirm(self, place, database, documents):
        origins = {self._plan.documents[document].origin for document in documents} - {None}
        while self._drafts(database, origins):
            if self._stuck.is_set():
                return
            time.sleep(0.1)  # another one confirms them
        deadline = time.monotonic() + STUCK_SECONDS
        while drafts := self._drafts(database, documents):
            if time.monotonic() > deadline:
                self._say(f"documents {drafts} cannot be confirmed")
                self._stuck.set()
                return
            try:
                self._world.call("account.move", "action_post", drafts, server=place.server())
            except OdooError as error:
                self.refusals[str(error)] = self.refusals.get(str(error), 0) + 1
                time.sleep(0.2)
            except (OSError, ValueError):
                time.sleep(0.2)  # the server died under it; who knows what it has done

    def _drafts(self, database, documents):
        ids = [self._move_ids[document] for document in documents]
        rows = database.rows(
            "SELECT id FROM account_move WHERE id = ANY(%s) AND state = 'draft' ORDER BY id", ids
        )
        return [row[0] for row in rows]

    # -- faults ----------------------------------------------------------------------------

    def _fire_all(self):
        database = Database(self._world.database)
        rng = random.Random(0)  # noqa: S311 - picks a running process
        last = time.monotonic()
        for fault in self._plan.faults:
            while (
                database.value(SETTLED) < fault.at * len(self._plan.documents)
                and time.monotonic() - last < FAULT_SECONDS
            ):
                time.sleep(0.05)
            deadline = time.monotonic() + 60
            while not self._fire(fault, rng) and time.monotonic() < deadline:
                time.sleep(0.2)
            last = time.monotonic()
        database.close()

    def _fire(self, fault, rng):
        """Do it; False where it cannot be done now."""
        world = self._world
        own = {
            plans.KILL_SERVER: world.kill_server,
            plans.KILL_WORKER: world.kill_worker,
            plans.STOP_SERVER: world.stop_server,
            plans.KILL_SIMULATOR: world.kill_simulator,
            plans.POSTGRES_FAST: lambda _rng: world.own.restart(immediate=False) or True,
            plans.POSTGRES_IMMEDIATE: lambda _rng: world.own.restart(immediate=True) or True,
        }
        if fault.kind in own:
            done = own[fault.kind](rng)
        else:
            settings = {"count": fault.count} | (
                {} if fault.seconds is None else {"seconds": fault.seconds}
            )
            try:
                world.simulator.fault(fault.kind, **settings)
                done = True
            except OSError:
                done = False  # it is just being killed
        if done:
            self.faults[fault.kind] = self.faults.get(fault.kind, 0) + 1
        return done

    # -- settling --------------------------------------------------------------------------

    def _settle(self):
        database = Database(self._world.database)
        longest = max((fault.seconds or 0 for fault in self._plan.faults), default=0)
        # What the service holds back may still be issued after its client has gone.
        quiet_for = 2 + (longest if longest > 5 else 0)
        seen, since, quiet = None, time.monotonic(), None
        while True:
            changes = database.rows(CHANGES)
            left = database.value(TO_SETTLE)
            now = time.monotonic()
            if changes != seen:
                seen, since = changes, now
            if left:
                quiet = None
            elif quiet is None:
                quiet = now
            elif now - quiet > quiet_for:
                break
            if now - since > STUCK_SECONDS:
                self._say(f"{left} documents do not move any more")
                break
            if left:
                # Nobody is left to confirm anything: wake the queue, as the button does.
                with contextlib.suppress(OdooError, OSError, ValueError):
                    lanes = [row[0] for row in database.rows("SELECT id FROM smart_lane")]
                    self._world.call("smart.lane", "action_resume", lanes)
            time.sleep(1)
        database.close()

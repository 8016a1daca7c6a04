"""Carrying out a plan: documents are confirmed, faults come, and everything settles."""

import contextlib
import queue
import random
import threading
import time
from collections import Counter, defaultdict

from servers import OdooError

from . import plan as plans
from .owners import OWNERS
from .world import Database

#: The next fault comes even when nothing goes on: so many seconds after the one before.
FAULT_SECONDS = 5.0

#: If nothing changes for so long, the rest will not settle. Pauses do not count, but the scheduled
#: action comes back up to 70 seconds after the end of a pause.
STUCK_SECONDS = 150.0

#: The longest wait for the rest, with pauses: four of the longest ones.
SETTLE_SECONDS = 60 * 60.0

#: How long the last fault waits for each of its pauses.
PAUSE_SECONDS = 120.0

SETTLED = "SELECT count(*) FROM smart_document WHERE state NOT IN ('queued', 'sending')"

#: What is still to be sent, or to be found out by repeating.
TO_SETTLE = """
    SELECT count(*) FROM smart_document AS document
 LEFT JOIN smart_document AS related ON related.id = document.related_document_id
     WHERE document.state = 'sending'
        OR document.state = 'queued' AND (related.id IS NULL OR related.state = 'issued')
        OR document.state = 'unknown' AND document.repeatable
            AND document.proven_issued IS NOT TRUE
"""
#: Whose printed document may still be found: it was looked for less often than this.
LOOKS = 4
TO_LOOK_FOR = f"""
    SELECT count(*) FROM smart_document
     WHERE state = 'unknown' AND (coalesce(witness_attempts, 0) < {LOOKS}
           OR witness_last_exchange > 0 AND witness_last_exchange < (
               SELECT max(id) FROM smart_exchange
                WHERE operation = 'issue' AND outcome = 'accepted'))
"""  # noqa: S608 - a number of this file
PAUSED = """
    SELECT count(*) FROM smart_lane
     WHERE NOT blocked AND paused_until > now() AT TIME ZONE 'UTC'
"""
#: Calls that found nobody there while the service was out of reach.
NOT_SENT = """
    SELECT count(*) FROM smart_exchange
     WHERE outcome = 'not_sent'
       AND started_at BETWEEN (to_timestamp(%s - 1) AT TIME ZONE 'UTC')
                          AND (to_timestamp(%s) AT TIME ZONE 'UTC')
"""
CHANGES = "SELECT count(*), (SELECT max(id) FROM smart_exchange) FROM smart_document"


class Run:
    """One run of a plan on a world.

    :param owners: the drafts, in the order of the plan's documents: pairs of (model, id)
    """

    def __init__(self, world, plan, owners, say):
        self._world = world
        self._plan = plan
        self._owners = owners
        self._say = say
        self._todo = queue.SimpleQueue()
        #: Faults that were done, and how many calls those of the service were to meet.
        self.faults, self.armed = Counter(), Counter()
        self._refusals = []
        self.refusals = {}
        self.gave_up = []
        self._stuck = threading.Event()
        self._confirmed = 0
        #: The share of the documents at which the next fault comes.
        self._next_at = min((fault.at for fault in plan.faults[:-1]), default=float("inf"))

    def carry_out(self):
        """Confirm everything while the faults come; then wait until nothing moves.

        In the last part nobody ends pauses: there the service cannot be reached while the last
        documents are confirmed, and the queue has to find its way back alone.
        """
        first, last = self._plan.parts()
        self._confirm_while(first, self._fire_all)
        self._wait_for_calls()
        self._say("all but one fault have come; nobody ends pauses any more")
        self._world.person.leave_pauses()
        *last, closing = last
        self._cut()
        self._confirm_while(last, self._cut_off)
        self._say("every fault has come, all documents but the last are confirmed; settling")
        self._settle()
        # A company goes on: what is issued when it has been quiet closes the sequence of numbers.
        time.sleep(self._plan.quiet_seconds())
        self._confirm_while([closing], lambda: None)
        self._say("every document is confirmed; waiting for the rest")
        self._settle()

    def _confirm_while(self, confirmations, disturb):
        for confirmation in confirmations:
            self._todo.put(confirmation)
        threads = [threading.Thread(target=disturb, daemon=True)]
        threads += [
            threading.Thread(target=self._confirm_all, args=(place,), daemon=True)
            for place in self._world.places
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    # -- confirming ------------------------------------------------------------------------

    def _confirm_all(self, place):
        database = Database(self._world.database)
        while True:
            try:
                confirmation = self._todo.get_nowait()
            except queue.Empty:
                database.close()
                return
            # Or everything is sent before the faults have come that are to meet it.
            while self._confirmed > self._next_at * len(self._plan.documents):
                time.sleep(0.05)
            self._confirmed += len(confirmation.documents)
            self._confirm(place, database, confirmation.documents)
            for document in confirmation.taken_back:
                # Odoo refuses where the document is being sent already: that is fine.
                with contextlib.suppress(OdooError, OSError, ValueError):
                    model, owner_id = self._owners[document]
                    self._world.call(model, OWNERS[model].take_back, [owner_id])
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
                self.gave_up.append(f"documents {drafts} could not be confirmed")
                self._stuck.set()
                return
            try:
                for (model, method), ids in drafts.items():
                    self._world.call(model, method, ids, server=place.server())
            except OdooError as error:
                self.refusals[str(error)] = self.refusals.get(str(error), 0) + 1
                time.sleep(0.2)
            except (OSError, ValueError):
                time.sleep(0.2)  # the server died under it; who knows what it has done

    def _drafts(self, database, documents):
        """Return what is still to be confirmed: (model, method) -> ids."""
        found = defaultdict(list)
        for model, owner in OWNERS.items():
            mine = [self._owners[document] for document in documents]
            if ids := [owner_id for its_model, owner_id in mine if its_model == model]:
                for owner_id, method in database.rows(owner.to_do, ids):
                    found[model, method].append(owner_id)
        return dict(found)

    # -- faults ----------------------------------------------------------------------------

    def _fire_all(self):
        database = Database(self._world.database)
        rng = random.Random(0)  # noqa: S311 - picks a running process
        last = time.monotonic()
        for fault in self._plan.faults[:-1]:
            self._next_at = fault.at
            while (
                database.value(SETTLED) < fault.at * len(self._plan.documents)
                and time.monotonic() - last < FAULT_SECONDS
            ):
                time.sleep(0.05)
            deadline = time.monotonic() + 60
            while not self._fire(fault, rng) and time.monotonic() < deadline:
                time.sleep(0.2)
            last = time.monotonic()
        self._next_at = float("inf")
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
        done = own[fault.kind](rng) if fault.kind in own else self._arm(fault)
        if done:
            self.faults[fault.kind] += 1
        return done

    def _arm(self, fault):
        """Have the next calls meet a fault; False while the service is down.

        A fault that is handed over while the service dies may be lost, or come twice.
        """
        settings = {} if fault.seconds is None else {"seconds": fault.seconds}
        began = time.time()
        try:
            self._world.simulator.fault(fault.kind, count=fault.count, **settings)
        except OSError:
            return False
        self.armed[fault.kind] += fault.count
        if fault.kind == plans.REFUSE:
            self._refusals.append((began, began + fault.seconds))
        return True

    def _wait_for_calls(self):
        """Wait until calls have met every fault, or no call is left to be made.

        Faults that no call met are then disarmed: the last part has a fault of its own, and each
        of these would cost it a longer pause.
        """
        database = Database(self._world.database)
        deadline = time.monotonic() + STUCK_SECONDS
        while database.value(TO_SETTLE) and time.monotonic() < deadline:
            self._world.wake_scheduler()
            with contextlib.suppress(OSError):
                if not self._world.simulator.control("GET", "/faults")["pending"]:
                    break
            time.sleep(0.2)
        database.close()
        self._world.simulator.wait_until_listening()
        self._world.simulator.control("DELETE", "/faults")

    def _cut(self):
        """Keep the service out of reach for a while."""
        fault = self._plan.last_fault()
        with contextlib.suppress(OSError):
            if fault:
                self._world.simulator.fault(fault.kind, seconds=fault.seconds)

    def _cut_off(self):
        """Keep the service out of reach until as many pauses were seen as the plan wants."""
        fault = self._plan.last_fault()
        if not fault:
            return
        began = time.time()
        deadline = time.monotonic() + PAUSE_SECONDS * fault.count
        while self._world.person.pauses_left < fault.count and time.monotonic() < deadline:
            self._cut()
            time.sleep(fault.seconds / 4)
        self._refusals.append((began, time.time()))
        self.faults[fault.kind] += 1
        self.armed[fault.kind] += 1

    def met(self):
        """Return how many calls met each fault of the service.

        The service counts them across its deaths, except calls that could not reach it: these are
        found in Odoo's log of exchanges.
        """
        database = Database(self._world.database)
        met = dict(self._world.simulator.control("GET", "/faults")["applied"])
        met[plans.REFUSE] = sum(
            database.value(NOT_SENT, *refusal) > 0 for refusal in self._refusals
        )
        database.close()
        return met

    # -- settling --------------------------------------------------------------------------

    def _settle(self):
        database = Database(self._world.database)
        longest = max((fault.seconds or 0 for fault in self._plan.faults), default=0)
        # What the service holds back may still be issued after its client has gone.
        quiet_for = 2 + (longest if longest > 5 else 0)
        seen, since, quiet = None, time.monotonic(), None
        deadline = since + SETTLE_SECONDS
        while True:
            changes = database.rows(CHANGES)
            left = database.value(TO_SETTLE) + database.value(TO_LOOK_FOR)
            now = time.monotonic()
            if changes != seen or database.value(PAUSED):
                seen, since = changes, now
            if left:
                quiet = None
            elif quiet is None:
                quiet = now
            elif now - quiet > quiet_for:
                break
            self._world.wake_scheduler()
            if now - since > STUCK_SECONDS or now > deadline:
                self.gave_up.append(f"{left} documents do not move any more")
                break
            time.sleep(1)
        database.close()

"""What will be done to whom: drawn from a seed, so that the same seed draws the same plan.

Only the plan repeats. Which call meets which fault, and what a killed process was doing,
depends on threads and sockets and is another in each run.
"""

import random
from dataclasses import dataclass, field

from lab.simulator.acts import ACTS
from lab.simulator.control import REFUSE

KILL_SERVER = "kill -9 a server"
KILL_WORKER = "kill -9 a worker"
STOP_SERVER = "SIGTERM a server"
KILL_SIMULATOR = "kill -9 the service"
POSTGRES_FAST = "restart PostgreSQL"
POSTGRES_IMMEDIATE = "crash PostgreSQL"

#: Faults of processes, and how many of a hundred faults each is; the rest are the simulator's.
PROCESS_FAULTS = {
    KILL_SERVER: 3,
    KILL_WORKER: 4,
    STOP_SERVER: 2,
    KILL_SIMULATOR: 3,
    POSTGRES_FAST: 1.5,
    POSTGRES_IMMEDIATE: 1.5,
}
POSTGRES_FAULTS = (POSTGRES_FAST, POSTGRES_IMMEDIATE)
SERVICE_FAULTS = (REFUSE, *ACTS)

#: Faults between two that make a call longer than any time-out of the client.
FAULTS_PER_LONG = 150

#: The share of the documents that is confirmed when nobody ends pauses any more.
LAST_SHARE = 0.05

#: It is of so many confirmations at least: the last one closes the run, when all is quiet.
LAST_CONFIRMATIONS = 3

#: Where the last fault stands: behind every other.
LAST = 1.0

#: From so many faults on the last one causes two pauses in a row, the second one longer.
FAULTS_FOR_TWO_PAUSES = 100

#: How every attempt to issue a poisonous document ends, and whether it is issued all the same.
POISONS = {
    "text_400_before": False,
    "text_400": True,
    "die_before": False,
    "too_large": False,
    "die": True,
}

#: So many documents for one that is poisonous, and how many are at most: some take their time.
DOCUMENTS_PER_POISON, MOST_POISONS = 20, 10

#: No request is on its way any more so long after the longest delay: what the servers wait before
#: they judge a document that SMART does not take.
QUIET_SECONDS = 10.0

POISON = "poison"
INVOICE, CREDIT, DEBIT, REFUSED = "invoice", "credit_note", "debit_note", "refused"
WEIGHTS = {INVOICE: 70, CREDIT: 12, DEBIT: 12, REFUSED: 6}
#: Where goods are moved: guías de despacho of deliveries, notas de entrega between warehouses.
GUIDE, DELIVERY_NOTE = "dispatch_guide", "delivery_note"
DELIVERY_WEIGHTS = {GUIDE: 18, DELIVERY_NOTE: 12}


@dataclass(frozen=True)
class Document:
    """A draft; ``origin`` is the index of the document that a note is about.

    ``poison``: see :data:`POISONS`.
    """

    kind: str
    price: float
    origin: int | None = None
    poison: str | None = None


@dataclass(frozen=True)
class Fault:
    """``at`` is the share of documents that are settled when it comes.

    The one at :data:`LAST` keeps the service from being reached until ``count`` pauses were
    seen; of any other, ``count`` calls meet it.
    """

    at: float
    kind: str
    count: int = 1
    seconds: float | None = None


@dataclass(frozen=True)
class Confirmation:
    """Documents confirmed together; afterwards some are taken back and confirmed again."""

    documents: tuple[int, ...]
    taken_back: tuple[int, ...] = ()


@dataclass
class Plan:
    """See :func:`draw`."""

    documents: list = field(default_factory=list)
    confirmations: list = field(default_factory=list)
    faults: list = field(default_factory=list)

    def parts(self):
        """Return the confirmations of the first part of a run, and those of the last one."""
        wanted = max(len(self.documents) * LAST_SHARE, 1)
        first, last, count = list(self.confirmations), [], 0
        while first and (count < wanted or len(last) < LAST_CONFIRMATIONS):
            last.insert(0, first.pop())
            count += len(last[0].documents)
        return first, last

    def quiet_seconds(self):
        """Return after how long no request can be on its way any more."""
        return max((fault.seconds or 0 for fault in self.faults), default=0) + QUIET_SECONDS

    def last_fault(self):
        """Return the fault of the last part, or None in a plan without faults."""
        return self.faults[-1] if self.faults else None


def draw(seed, documents, faults, postgres=True, deliveries=False):
    """Return the plan of a seed.

    :param int documents: how many
    :param int faults: how many
    :param bool postgres: whether PostgreSQL may be restarted
    :param bool deliveries: whether goods are moved, too
    """
    rng = random.Random(seed)  # noqa: S311 - a seed is what it is for
    plan = Plan()
    weights = WEIGHTS | (DELIVERY_WEIGHTS if deliveries else {})
    plan.documents = _documents(rng, documents, weights)
    plan.confirmations = _confirmations(rng, plan.documents)
    first = 1 - max(LAST_SHARE, LAST_CONFIRMATIONS / documents)
    plan.faults = sorted(_faults(rng, faults, postgres, first), key=lambda fault: fault.at)
    return plan


def _documents(rng, count, weights):
    documents, uncredited = [], []
    poisonous = rng.sample(range(count), min(count // DOCUMENTS_PER_POISON, MOST_POISONS))
    kinds = list(POISONS)
    first = rng.randrange(len(kinds))
    poisons = {number: kinds[(first + n) % len(kinds)] for n, number in enumerate(poisonous)}
    for number in range(count):
        kind = rng.choices(list(weights), list(weights.values()))[0]
        if kind in (CREDIT, DEBIT) and not uncredited:
            kind = INVOICE
        # No two prices are equal: a control number on the wrong document shows.
        price, origin = 100 + number, None
        if number in poisons:
            kind = POISON  # nothing refers to it
        elif kind == INVOICE:
            uncredited.append(number)
        elif kind == DEBIT:
            origin = rng.choice(uncredited)
        elif kind == CREDIT:
            # One for each invoice, or it would take back more than was invoiced.
            origin = uncredited.pop(rng.randrange(len(uncredited)))
            price = documents[origin].price - 50 + number / 100_000
        documents.append(Document(kind, round(price, 2), origin, poisons.get(number)))
    return documents


def _confirmations(rng, documents):
    confirmations, number = [], 0
    alone = len(documents) - LAST_CONFIRMATIONS
    while number < len(documents):
        size = 1 if rng.random() < 0.5 or number >= alone else rng.randint(2, 15)
        chosen = []
        while number < len(documents) and len(chosen) < size:
            if number == alone and chosen:
                break
            if documents[number].origin in chosen:
                break  # a note is confirmed after its origin
            chosen.append(number)
            number += 1
        taken_back = [one for one in chosen if len(chosen) > 1 and rng.random() < 0.04]
        confirmations.append(Confirmation(tuple(chosen), tuple(taken_back)))
    return confirmations


def _faults(rng, count, postgres, first):
    if not count:
        return []
    pauses = 1 if count < FAULTS_FOR_TWO_PAUSES else 2
    faults = [Fault(LAST, REFUSE, pauses, 2.0)]
    count -= 1
    kinds = []
    for kind, share in PROCESS_FAULTS.items():
        if postgres or kind not in POSTGRES_FAULTS:
            kinds += [kind] * max(round(count * share / 100), 1)
    kinds = kinds[:count]
    while len(kinds) < count:
        # Each in turn, in another order each time: all of them come, as far as there is room.
        kinds += rng.sample(SERVICE_FAULTS, min(len(SERVICE_FAULTS), count - len(kinds)))
    rng.shuffle(kinds)
    long_left = (count + 1) // FAULTS_PER_LONG
    for kind in kinds:
        seconds, times = None, 1
        if kind == REFUSE:
            seconds = round(rng.uniform(0.2, 2), 2)
        elif kind in ("delay", "delay_before"):
            seconds = round(rng.uniform(0.1, 2), 2)
            if long_left:
                seconds, long_left = 33.0, long_left - 1
        elif kind == "slow_drip":
            seconds = 0.001
        elif kind in ACTS and rng.random() < 0.1:
            times = rng.randint(2, 3)
        faults.append(Fault(rng.uniform(0, 0.97 * max(first, 0)), kind, times, seconds))
    return faults

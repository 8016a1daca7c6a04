"""Which fault a call meets: the next in a queue, or that of what its document says.

Both survive the death of the process.
"""

from collections import Counter
from dataclasses import asdict, dataclass

from .ledger import Ledger


@dataclass
class Fault:
    """A fault for the next ``count`` calls to ``path`` (None: to any path).

    ``seconds`` is the length of delays and refusals; None takes the fault's own default.
    """

    fault: str
    count: int = 1
    seconds: float | None = None
    path: str | None = None


class FaultQueue:
    """Pending faults in the order in which they were asked for, and what was applied.

    Kept in the ledger's settings and written before a fault acts: a fault that kills
    the process must be found used up by the next one.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        stored = ledger.setting("faults", {"pending": [], "applied": {}})
        self._pending = [Fault(**fault) for fault in stored["pending"]]
        self._applied = Counter(stored["applied"])

    def add(self, fault: Fault) -> None:
        self._pending.append(fault)
        self._store()

    def take(self, path: str) -> Fault | None:
        """Use up one application of the first pending fault that fits a path."""
        for fault in self._pending:
            if fault.path in (None, path):
                fault.count -= 1
                if not fault.count:
                    self._pending.remove(fault)
                self.note(fault.fault)
                return fault
        return None

    def note(self, name: str) -> None:
        """Count a fault as applied."""
        self._applied[name] += 1
        self._store()

    def clear(self) -> None:
        """Forget the pending faults; the counts of what was applied stay."""
        self._pending.clear()
        self._store()

    def reset(self) -> None:
        self._applied.clear()
        self.clear()

    def state(self) -> dict:
        return {
            "pending": [asdict(fault) for fault in self._pending],
            "applied": dict(self._applied),
        }

    def _store(self) -> None:
        self._ledger.set_setting("faults", self.state())


class Poisons:
    """Texts, and how every attempt to issue a document that contains one of them ends."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._poisons = ledger.setting("poisons", {})

    def add(self, marker: str, fault: str) -> None:
        self._poisons[marker] = fault
        self._ledger.set_setting("poisons", self._poisons)

    def find(self, text: str) -> str | None:
        """Return the fault of a document, given its request."""
        return next((fault for marker, fault in self._poisons.items() if marker in text), None)

    def state(self) -> dict[str, str]:
        return dict(self._poisons)

    def clear(self) -> None:
        self._poisons.clear()
        self._ledger.set_setting("poisons", self._poisons)

"""The last calls that the service received, for tests to look at."""

from collections import deque

KEPT = 10_000


class CallLog:
    """A bounded list of calls, each a dict that is completed when it is answered."""

    def __init__(self) -> None:
        self._calls: deque[dict] = deque(maxlen=KEPT)

    def open(self, path: str, time: str, client_port: int | None) -> dict:
        """Add a call that has just arrived; ``status`` stays None if nobody gets an answer."""
        call = {
            "path": path,
            "time": time,
            "client_port": client_port,
            "rif": None,
            "document_type": None,
            "internal_number": None,
            "fault": None,
            "status": None,
            "code": None,
            "control_number": None,
        }
        self._calls.append(call)
        return call

    def last(self, limit: int | None = None) -> list[dict]:
        """Return the last ``limit`` calls (default: all kept), oldest first."""
        calls = list(self._calls)
        return calls if limit is None else calls[max(0, len(calls) - limit) :]

    def clear(self) -> None:
        self._calls.clear()

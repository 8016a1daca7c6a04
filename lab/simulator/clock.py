"""The clock of the service: local time of Venezuela, which has no summer time."""

from datetime import datetime, timedelta, timezone

VENEZUELA = timezone(timedelta(hours=-4), "VET")


class Clock:
    """The local time of Venezuela, ``offset`` seconds ahead of the machine's clock."""

    def __init__(self, offset: float = 0.0) -> None:
        self._offset = timedelta(seconds=offset)

    def now(self) -> datetime:
        return datetime.now(VENEZUELA) + self._offset

"""What came of a set of addons."""

from dataclasses import dataclass, field


@dataclass
class Outcome:
    """What came of a set of addons."""

    addons: list
    versions: dict
    seconds: float = 0
    broken: dict = field(default_factory=dict)  # by order: step, why, log
    without: dict | None = None  # the same without ours: empty if it works there

    @property
    def ok(self):
        """Whether everything went as it should."""
        return not self.broken

    @property
    def ours(self):
        """Whether what broke works without our addon."""
        return bool(self.broken) and not self.without

"""How documents are printed: in which layout, late, never, or wrong. Settings that tests make."""

import json
from dataclasses import asdict, dataclass, field

from .ledger import Ledger

#: See :data:`lab.simulator.pdf.LAYOUTS`, which is loaded only when something is printed.
LAYOUT_NAMES = ("plain", "dotted", "below", "columns")


@dataclass
class Print:
    """What is seen under the address of a document.

    :param missing: so many requests find nothing; a negative number: none ever finds anything
    :param shows: the control number of another document, which is rendered instead
    :param content: sent as it is, whatever it is
    :param values: over those of the document: ``control_number``, ``internal_number``…, and
        ``request`` over those of its request
    :param layout: one of :data:`LAYOUT_NAMES`
    """

    missing: int = 0
    shows: str | None = None
    content: str | None = None
    values: dict = field(default_factory=dict)
    layout: str | None = None

    def is_missing(self) -> bool:
        """Tell whether this request finds nothing, and count it."""
        missing, self.missing = self.missing, self.missing - (self.missing > 0)
        return missing != 0

    def over(self, document: dict) -> dict:
        """Return a row of the ledger with the values that differ."""
        request = json.loads(document["request"]) | self.values.get("request", {})
        return document | self.values | {"request": json.dumps(request)}


class Prints:
    """The prints that differ, by control number; ``*`` is for all others. Survives a restart."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        stored = ledger.setting("prints", {"layout": "plain", "differing": {}})
        self.layout = stored["layout"]
        self._differing = {number: Print(**one) for number, one in stored["differing"].items()}

    def set(self, control_number: str, print_: Print) -> None:
        self._differing[control_number] = print_
        self._store()

    def set_layout(self, layout: str) -> None:
        self.layout = layout
        self._store()

    def of(self, control_number: str) -> Print:
        return self._differing.get(control_number) or self._differing.get("*") or Print()

    def reset(self) -> None:
        self.layout = "plain"
        self._differing.clear()
        self._store()

    def _store(self) -> None:
        differing = {number: asdict(one) for number, one in self._differing.items()}
        self._ledger.set_setting("prints", {"layout": self.layout, "differing": differing})

"""The rates of VAT that the service knows, and the amounts that a document states of each.

This table is where a rate begins: checks, taxes, amounts, report and book are derived from it.
``docs/architecture.md`` lists what else a new one touches.
"""

from decimal import Decimal
from typing import NamedTuple


class VatRate(NamedTuple):
    """A rate and its slot on the wire (manual rows 20 to 25).

    :param kind: what it is called in Odoo, and in the names of fields: ``general_base``
    :param percent: of the base
    :param letter: how the manual's keys end: ``tasag``, ``baseg``, ``impuestog``
    :param label: of a tax of this kind, for people
    :param optional: the keys are left out of a document that has nothing at this rate (observed)
    """

    kind: str
    percent: Decimal
    letter: str
    label: str
    optional: bool = False


VAT = (
    VatRate("general", Decimal(16), "g", "General VAT (16 %)"),
    VatRate("reduced", Decimal(8), "r", "Reduced VAT (8 %)"),
    VatRate("luxury", Decimal(31), "a", "Luxury VAT (31 %)", optional=True),
)
EXEMPT = "exempt"
IGTF_RATE = Decimal(3)

#: Kind -> percent, of everything that a line can be sold at.
RATES = {**{rate.kind: rate.percent for rate in VAT}, EXEMPT: Decimal(0)}

#: The amounts that a document states, named as in :class:`schemas.IssueRequest`.
PARTS = (
    EXEMPT,
    *(f"{rate.kind}_{part}" for rate in VAT for part in ("base", "tax")),
    "igtf_base",
    "igtf_tax",
)

#: The amounts that add up to the total; the base of the IGTF repeats what the others state.
ADDENDS = tuple(part for part in PARTS if part != "igtf_base")

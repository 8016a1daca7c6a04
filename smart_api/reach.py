"""Totals that no base and its tax add up to: how near one comes, and what is left.

At 16 % one total in seven is such a one: 86.15 and its tax are 99.93, 86.16 and its tax are 99.95,
so 99.94 can be no document's total unless something exempt makes up the cent.
"""

from collections.abc import Collection, Mapping
from decimal import ROUND_FLOOR, Decimal
from typing import NamedTuple

from . import amounts
from .rates import EXEMPT, RATES


class Reached(NamedTuple):
    """Bases and taxes, by kind of rate, that together with ``rest`` are the total."""

    bases: dict[str, Decimal]
    taxes: dict[str, Decimal]
    rest: Decimal


def reach(
    total: Decimal, bases: Mapping[str, Decimal], first: Collection[str] = ()
) -> Reached | None:
    """Reduce bases so that they, with the taxes that the service computes, fit into a total.

    :param total: what the customer pays, two decimals
    :param bases: by kind of rate (:data:`rates.RATES`), two decimals, not negative
    :param first: kinds to be reduced before others; what is exempt comes last, if not named here
    :returns: ``None`` if the total is negative
    """
    reduced = dict(bases)

    def worth(kind):
        return reduced[kind] + amounts.service_tax(reduced[kind], RATES[kind])

    over = sum(map(worth, reduced), amounts.ZERO) - total
    for kind in sorted(
        reduced, key=lambda kind: (kind not in first, kind == EXEMPT, -reduced[kind], kind)
    ):
        if over <= 0:
            break
        before = worth(kind)
        reduced[kind] = largest_base(before - over, RATES[kind])
        over -= before - worth(kind)
    if over > 0:
        return None
    taxes = {kind: amounts.service_tax(base, RATES[kind]) for kind, base in reduced.items()}
    return Reached(reduced, taxes, -over + amounts.ZERO)


def largest_base(total: Decimal, rate: Decimal) -> Decimal:
    """Return the largest base that comes, with its tax, to no more than a total; never negative.

    :param rate: percent
    """
    exact = total / (1 + rate / 100)
    base = exact.quantize(amounts.CENT, rounding=ROUND_FLOOR) + amounts.CENT
    while base > 0 and base + amounts.service_tax(base, rate) > total:
        base -= amounts.CENT
    return max(base, amounts.ZERO)


def take_off(off: Decimal, weights: Collection[Decimal]) -> list[Decimal]:
    """Split what is taken off: from the largest, and from the next only what that cannot bear.

    :param off: not negative, and at most the sum of the weights that are positive
    :returns: as many amounts as weights, each at most its weight, whose sum is ``off``
    """
    weights = list(weights)
    cuts = [amounts.ZERO] * len(weights)
    for index in sorted(range(len(weights)), key=weights.__getitem__, reverse=True):
        cuts[index] = min(off, max(weights[index], amounts.ZERO))
        off -= cuts[index]
    return cuts

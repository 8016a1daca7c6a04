"""What a line says of the discounts worked into it: the law asks for description and value.

Odoo has a discount on an order as a line of its own, with a negative amount. SMART takes none, so
it is taken off other lines, whose ``comentario`` tells of it.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from . import texts

#: Between what is said of one line.
SEPARATOR = "; "
#: A description keeps at least so many characters.
_SHORTEST = 8

_VENEZUELAN = str.maketrans(",.", ".,")


class Reduction(NamedTuple):
    """One discount: ``Descuento por pronto pago 10 %`` and ``-1.234,50``.

    ``quantities`` says of goods that were returned how many of how many: ``10 - 3``.
    """

    name: str
    value: str
    quantities: str = ""

    def __str__(self) -> str:
        quantities = f"({self.quantities})" if self.quantities else ""
        named = " ".join(filter(None, (self.name, quantities)))
        return f"{named}: {self.value}" if named else self.value


def number_words(number: Decimal) -> str:
    """Return a number as it is written in Venezuela.

    >>> number_words(Decimal("-1234.50")), number_words(Decimal("2.000"))
    ('-1.234,50', '2,000')
    """
    return f"{number:,f}".translate(_VENEZUELAN)


def quantity_words(quantity: Decimal) -> str:
    """Return a quantity without zeros at its end.

    >>> quantity_words(Decimal("20.00")), quantity_words(Decimal("0.333333"))
    ('20', '0,333333')
    """
    return number_words(quantity.normalize())


def listed(reductions: Sequence[Reduction], length: int | None = None) -> str:
    """Return all of them in one line.

    :param length: the most characters, ``None`` for any number. Descriptions are shortened then,
        the longest first, values are not; of very many discounts it may be longer all the same
    """
    if length is not None:
        longest = _longest_names([len(one.name) for one in reductions], length - _fixed(reductions))
        reductions = [one._replace(name=texts.shorten(one.name, longest)) for one in reductions]
    return SEPARATOR.join(map(str, reductions))


def _fixed(reductions: Sequence[Reduction]) -> int:
    """Return how many characters there are besides the descriptions."""
    return len(SEPARATOR.join(str(one) for one in reductions)) - sum(
        len(one.name) for one in reductions
    )


def _longest_names(lengths: Sequence[int], room: int) -> int:
    """Return to how many characters each description is cut so that all fit into the room."""
    longest = max(lengths, default=0)
    while longest > _SHORTEST and sum(min(length, longest) for length in lengths) > room:
        longest -= 1
    return longest

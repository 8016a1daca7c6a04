"""Documents in foreign currency: every amount in bolívares, with four decimals."""

import math
from collections.abc import Mapping

from . import arithmetic as js
from .checks import amount, entries

_DOCUMENT = (
    *("subtotal", "exento", "baseg", "impuestog", "baser", "impuestor", "basea", "impuestoa"),
    *("baseigtf", "impuestoigtf", "total"),
)
_LINE = ("precio", "impuesto", "descuento", "monto")


def to_bolivares(body: Mapping) -> dict | None:
    """Return the amounts of a USD or EUR document in bolívares, None for one in bolívares.

    The shape is the request's own: document amounts by key, lines in ``cuerpofactura``.
    """
    if not amount(body, "tipomoneda") > 1:
        return None
    rate = amount(body, "tasacambio")
    converted: dict = _converted(body, _DOCUMENT, rate)
    lines = entries(body, "cuerpofactura")
    converted["cuerpofactura"] = [_converted(line, _LINE, rate) for line in lines]
    return converted


def _converted(source: Mapping, keys: tuple[str, ...], rate: float) -> dict:
    amounts = {key: amount(source, key) * rate for key in keys if key in source}
    # JSON has no NaN: what was not a number has no amount in bolívares either.
    return {
        key: float(js.to_fixed(value, 4)) for key, value in amounts.items() if math.isfinite(value)
    }

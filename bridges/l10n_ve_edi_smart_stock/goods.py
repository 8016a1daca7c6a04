"""What is moved, and what it is worth. Plain Python, alive for one conversion."""

from decimal import Decimal
from typing import NamedTuple

from odoo import models


class Goods(NamedTuple):
    """What is moved, and what it is worth.

    :param lines: pairs of ``stock.move`` and its :class:`WireLine`
    :param total: including the VAT that the document states
    """

    currency: models.BaseModel
    lines: list
    total: Decimal


class Price(NamedTuple):
    """What one unit of a move's own unit costs without tax."""

    amount: Decimal
    currency: models.BaseModel

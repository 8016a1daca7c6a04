"""What an owner states of its document, apart from lines and payments. Plain Python."""

from dataclasses import dataclass
from datetime import date

from odoo import models


@dataclass(frozen=True)
class Stated:
    """The head of a document, whatever model it comes from.

    :param name: its number in Odoo; of a draft, what it has
    :param company: ``res.company`` whose document it is; the issuer may be a parent
    :param contact: ``res.partner`` that it is made out to
    :param customer: the contact's company, which is identified
    :param day: date of the rate of exchange; ``None`` for today
    :param currency: ``res.currency`` of all amounts
    :param total: including taxes
    :param rate: units of the currency for one of the company's, as somebody left it on the
        document; 0 for that of the table
    :param remark: plain text, of any length
    :param branch: the record that names the branch, with the fields ``smart_branch_code`` and
        ``smart_branch_address``: a journal, a warehouse; ``None`` for the company's
    """

    name: str
    company: models.BaseModel
    contact: models.BaseModel
    customer: models.BaseModel
    day: date | None
    currency: models.BaseModel
    total: float
    rate: float = 0.0
    remark: str = ""
    branch: models.BaseModel | None = None

"""The table of what SMART would not take, with the record, the field and the words that name it.

Each function takes the test, and returns the draft. The words are those of the message: what is
wrong and what to do, in English and in Spanish.
"""

from itertools import count
from typing import NamedTuple

from odoo import Command

BAD_INPUTS = {}
SERIAL = count(1)


class BadInput(NamedTuple):
    """A case of the table."""

    make: object
    #: The model of the record that has to be mended, and its field.
    model: str
    field: str
    english: str
    cure: str
    spanish: str
    remedio: str


def bad(model, field, english, cure, spanish, remedio):
    def add(function):
        BAD_INPUTS[function.__name__] = BadInput(
            function, model, field, english, cure, spanish, remedio
        )
        return function

    return add


MOVE, LINE, PARTNER, COMPANY = "account.move", "account.move.line", "res.partner", "res.company"
TAX, CURRENCY, JOURNAL = "account.tax", "res.currency", "account.journal"


def line(test, price=100.0, tax="general", **values):
    taxes = [Command.set(test.taxes[tax].ids if tax else [])]
    return {"name": "Servicio", "price_unit": price, "tax_ids": taxes} | values


def invoice(test, *lines, **values):
    commands = [Command.create({"sequence": n} | one) for n, one in enumerate(lines, start=1)]
    return test.make_invoice(invoice_line_ids=commands or [Command.create(line(test))], **values)


def new_tax(test, **values):
    return test.env["account.tax"].create(
        {"name": f"Tributo {next(SERIAL)}", "type_tax_use": "sale"} | values
    )


def taxed(test, *taxes):
    taxes = test.env["account.tax"].union(*taxes)
    return invoice(test, line(test) | {"tax_ids": [Command.set(taxes.ids)]})


def group(test, *children):
    children = test.env["account.tax"].union(*children)
    return new_tax(test, amount_type="group", children_tax_ids=[Command.set(children.ids)])


def customer(test, **values):
    """Return a draft for a customer who has these values; nobody checks the number before."""
    kind = values.pop("kind", None)
    if kind:
        values["l10n_latam_identification_type_id"] = test.env.ref(kind).id
    partner = test.customer.with_context(no_vat_validation=True).copy(
        {"name": "Ferretería El Rosal", **values}
    )
    return invoice(test, partner_id=partner.id)

"""What the taxes of a chart template are, whatever they are called there: their use and rate.

Plain functions on the values of a template: a mapping of xmlids to dicts, as Odoo parses them. The
chart of ``l10n_ve`` changes, so no xmlid of it is named here.
"""

import re

from ...smart_api.rates import RATES

KINDS = {float(rate): kind for kind, rate in RATES.items()}

#: Rates of VAT in percent that are no longer in force; charts still have them.
FORMER_RATES = frozenset({12.0, 22.0})

#: Rates in percent whose taxes are booked on the account of the VAT.
VAT_RATES = frozenset(rate for rate in KINDS if rate) | FORMER_RATES

#: How a tax says in English or Spanish that it is VAT.
VAT_WORDS = re.compile(r"\b(IVA|VAT)\b")

#: How it says that the customer keeps it back: 75 % of a VAT of 16 % are 12 %, 100 % are 16 %.
WITHHOLDING_WORDS = re.compile(r"\bRET|WITHH")


def rate_of(values, taxes):
    """Return the rate in percent of the base; ``None`` if the tax is no such percentage.

    :param values: of the tax
    :param taxes: all of the template, where the parts of a group are found
    """
    if _is_withheld(values):
        return None
    amount_type = values.get("amount_type", "percent")
    if amount_type == "percent":
        return float(values.get("amount", 0))
    children = values.get("children_tax_ids")
    if amount_type != "group" or not isinstance(children, str):
        return None
    parts = [taxes.get(xmlid.strip(), {}) for xmlid in children.split(",")]
    rates = [rate_of(part, taxes) if part else None for part in parts]
    on_a_tax = len(parts) > 1 and any(part.get("include_base_amount") for part in parts)
    if on_a_tax or any(rate is None or rate < 0 for rate in rates):
        return None
    return sum(rates)


def _is_withheld(values):
    flag = values.get("is_withholding_tax_on_payment")  # of 'l10n_account_withholding_tax'
    return bool(flag or WITHHOLDING_WORDS.search(_words(values)))


def _words(values):
    """Return all texts of a tax, in capitals."""
    return " ".join(value for value in values.values() if isinstance(value, str)).upper()


def meaning_of(values, taxes):
    """Return use and kind, such as ``("sale", "general")``; ``None`` if it is no VAT in force."""
    use, kind = values.get("type_tax_use", "sale"), KINDS.get(rate_of(values, taxes))
    return (use, kind) if kind and use in ("sale", "purchase") else None


def by_meaning(taxes):
    """Return the xmlid of the tax that stands for each meaning, see :func:`meaning_of`.

    Of several it is one that is offered, and that replaces no other tax abroad.
    """
    found = {}
    for xmlid in sorted(taxes, key=lambda xmlid: _is_special(taxes[xmlid])):
        if meaning := meaning_of(taxes[xmlid], taxes):
            found.setdefault(meaning, xmlid)
    return found


def _is_special(values):
    return not values.get("active", True), bool(values.get("original_tax_ids"))


def is_former_vat(values, taxes):
    """Tell whether a tax is VAT at a rate that is no longer in force."""
    return rate_of(values, taxes) in FORMER_RATES and bool(VAT_WORDS.search(_words(values)))


def account_of(use, taxes):
    """Return the xmlid of the account on which VAT of a use is booked; ``None`` if none is."""
    for values in taxes.values():
        if values.get("type_tax_use", "sale") == use and rate_of(values, taxes) in VAT_RATES:
            for line in tax_lines(values):
                if line.get("account_id"):
                    return line["account_id"]
    return None


def tax_lines(values):
    """Return the values of those repartition lines that book the tax itself."""
    lines = [command[2] for command in values.get("repartition_line_ids", ())]
    return [line for line in lines if line.get("repartition_type") == "tax"]

"""The IGTF of a till's order: what is taxed of a sale, and what of it a return gives back.

``static/src/app/igtf/igtf_math.js`` says the same to the cashier; a test holds one to the other.
"""

from odoo.addons.l10n_ve_edi_smart.smart_api import amounts, rates


def igtf_of(base):
    """Return the IGTF of what is paid in foreign currency.

    :param decimal.Decimal base: in the order's currency, without the IGTF itself
    """
    return amounts.service_tax(base, rates.IGTF_RATE)


def foreign_part(total, payments):
    """Return how much of an order is paid in foreign currency: the base of its IGTF.

    Each payment pays what is open of the order first, in the order in which the cashier enters
    them; what is left of it pays IGTF, which is no part of the base, or is given back as change.

    :param decimal.Decimal total: of the order, without IGTF
    :param payments: pairs of (amount, whether it is in foreign currency)
    """
    left, part = max(total, amounts.ZERO), amounts.ZERO
    for amount, foreign in payments:
        taken = min(max(amount, amounts.ZERO), left)
        left -= taken
        part += taken if foreign else amounts.ZERO
    return part


def base_to_give_back(base, tax, share, limit, given_base, given_tax):
    """Return of what base a return gives IGTF back.

    All that was taken back so far has its share of the base, less what was given back already; and
    never more IGTF than is left, nor of more than this return takes back, whatever the roundings.

    :param decimal.Decimal base: of the IGTF of the sold order, with its ``tax``
    :param float share: of the sold order's total that is taken back by now, with this return
    :param decimal.Decimal limit: what this return takes back of the sold order
    :param decimal.Decimal given_base: that earlier returns gave IGTF back of, with ``given_tax``
    """
    back = amounts.money(float(base) * min(max(share, 0.0), 1.0)) - given_base
    back = min(back, limit)
    while back > 0 and igtf_of(back) > tax - given_tax:
        back -= amounts.CENT
    return max(back, amounts.ZERO)

from datetime import timedelta
from decimal import Decimal

from odoo import api, models
from odoo.tools import float_compare, format_date

from ...smart_api.line_amounts import decimal
from ..terms import RATE_BY_HAND, RATE_OF_ORIGIN, RATE_OF_TABLE
from .payload_currency import is_bolivar
from .problem import Conversion, Quote

#: Among so many days of the table is looked for the one of which a document has the rate.
DAYS_LOOKED_AT = 30

FRIDAY = 4


class SmartPayload(models.AbstractModel):
    """The rate of exchange: of which day it is, and whether that is the document's day."""

    _inherit = "smart.payload"

    @api.model
    def _check_rate(self, owner):
        """Convert no more of a document than its currency, for what that says of the rate.

        :returns: a :class:`Conversion` with its ``quote``, if there is one, and its problems
        """
        conversion = Conversion(owner, stated=owner._smart_stated())
        self._add_currency(conversion)
        return conversion

    @api.model
    def _check_rate_on_paper(self, owner, shared=None):
        """Check the rate of a document on numbered paper, which SMART never sees.

        It may be in any currency. One in bolívares needs none, where the books are in bolívares.

        :param shared: what the documents of one batch have in common
        :returns: as :meth:`_check_rate`
        """
        conversion = Conversion(owner, {} if shared is None else shared)
        currencies = owner.currency_id | owner.company_id.currency_id
        if foreign := currencies.filtered(lambda currency: not is_bolivar(currency))[:1]:
            conversion.stated = owner._smart_stated()
            conversion.quote = self._bolivares_for(conversion, foreign)
        return conversion

    @api.model
    def _rate_day(self, conversion):
        """Return the day whose rate is the right one: no rate of tomorrow is used today."""
        today = self._today()
        return min(conversion.stated.day or today, today)

    @api.model
    def _units_per_company_unit(self, conversion, currency):
        """Return how many units of a currency one of the company's currency is worth.

        :rtype: conversion.problem.Quote | None
        """
        stated = conversion.stated
        if currency == stated.company.currency_id:
            return Quote(currency, Decimal(1))
        rate, entered = self._table_rate(conversion, currency)
        on_document = stated.rate if currency == stated.currency else 0.0
        if on_document > 0 and float_compare(on_document, rate, precision_digits=9):
            return self._quote_of_document(conversion, on_document, entered)
        if not entered:
            conversion.problem(
                currency,
                "rate_ids",
                self.env._(
                    "%(currency)s has no exchange rate on or before %(date)s.",
                    currency=currency.name,
                    date=format_date(self.env, self._rate_day(conversion)),
                ),
                self._cure_of_rate(),
            )
            return None
        self._tell_age(conversion, currency, entered)
        return Quote(currency, decimal(on_document or rate), RATE_OF_TABLE, entered)

    @api.model
    def _quote_of_document(self, conversion, rate, entered):
        """Return what a document has that does not have the rate of its day.

        Somebody typed it, and it stays; or Odoo filled it in, before the rate of the day was there
        or because the document is dated tomorrow, and then somebody has to know.

        :param entered: the day of the rate that it should have; ``None`` if there is none
        """
        stated = conversion.stated
        currency = stated.currency
        if stated.origin_rate and not float_compare(rate, stated.origin_rate, precision_digits=9):
            return Quote(currency, decimal(rate), RATE_OF_ORIGIN)
        day = self._day_of(conversion, rate)
        if not day:
            return Quote(currency, decimal(rate), RATE_BY_HAND)
        if day > self._today():
            conversion.problem_of_owner(
                "rate",
                self.env._(
                    "The document has the exchange rate of %s, which is not in force yet.",
                    format_date(self.env, day),
                ),
                self.env._("Set the date to today, and press the arrows beside the rate."),
            )
        elif entered and day < entered:
            conversion.problem_of_owner(
                "rate",
                self.env._(
                    "The document has the exchange rate of %(date)s, but there is one of "
                    "%(newer)s.",
                    date=format_date(self.env, day),
                    newer=format_date(self.env, entered),
                ),
                self.env._("Press the arrows beside the rate to take that one."),
                warning=not self._is_too_old(conversion, day),
            )
        return Quote(currency, decimal(rate), RATE_OF_TABLE, day)

    @api.model
    def _day_of(self, conversion, rate):
        """Return the day of which a document has the rate; ``None`` if no recent one has it."""
        stated = conversion.stated
        currency, company = stated.currency, stated.company
        key = ("day of rate", currency, company, rate)
        if key not in conversion.shared:
            rows = self.env["res.currency.rate"].search(
                self._rates_of(currency, company), order="name desc", limit=DAYS_LOOKED_AT
            )
            conversion.shared[key] = next(
                (
                    day
                    for day in rows.mapped("name")
                    if not float_compare(
                        rate,
                        currency._get_conversion_rate(company.currency_id, currency, company, day),
                        precision_digits=9,
                    )
                ),
                None,
            )
        return conversion.shared[key]

    @api.model
    def _tell_age(self, conversion, currency, entered):
        """Tell of a rate that is not of the document's day: a warning, or an error."""
        age = (self._rate_day(conversion) - entered).days
        if not age:
            return
        too_old = self._is_too_old(conversion, entered)
        cure = self._cure_of_rate()
        if too_old:
            cure += " " + self.env._(
                "If the central bank has published none for it, enter the last one for that day "
                "again."
            )
        conversion.problem(
            currency,
            "rate_ids",
            self.env._(
                "The last exchange rate of %(currency)s is of %(date)s, %(age)s days before "
                "the document.",
                currency=currency.name,
                date=format_date(self.env, entered),
                age=age,
            )
            if age > 1
            else self.env._(
                "The last exchange rate of %(currency)s is of %(date)s, the day before the "
                "document.",
                currency=currency.name,
                date=format_date(self.env, entered),
            ),
            cure,
            warning=not too_old,
        )

    @api.model
    def _is_too_old(self, conversion, entered):
        """Tell whether the company refuses a rate of that day.

        For Saturday and Sunday the central bank publishes none: Friday's is in force.
        """
        stated = conversion.stated
        company, day = stated.company, self._rate_day(conversion)
        wanted = company.smart_requires_rate and (
            not is_bolivar(stated.currency) or company.smart_additional_currency_id
        )
        weekend = max(0, day.weekday() - FRIDAY)
        return bool(wanted) and entered < day - timedelta(days=weekend)

    @api.model
    def _cure_of_rate(self):
        return self.env._(
            "Enter the official rate of that day under Invoicing > Configuration > Currencies."
        )

    @api.model
    def _rates_of(self, currency, company):
        """Return the domain of the rates that a company converts a currency with."""
        return [
            ("currency_id", "=", currency.id),
            ("company_id", "in", (False, company.root_id.id)),
        ]

    @api.model
    def _table_rate(self, conversion, currency):
        """Return what Odoo converts with on the document's day, and of which day that rate is.

        Before the first rate of the table Odoo takes that one, or 1 where there is none at all:
        then it is of no day.

        :rtype: tuple[float, datetime.date | None]
        """
        company, date = conversion.stated.company, self._rate_day(conversion)
        key = ("rate", currency, company, date)
        if key not in conversion.shared:
            [[last]] = self.env["res.currency.rate"]._read_group(
                [*self._rates_of(currency, company), ("name", "<=", date)], [], ["name:max"]
            )
            rate = currency._get_conversion_rate(company.currency_id, currency, company, date)
            conversion.shared[key] = (rate, last or None)
        return conversion.shared[key]

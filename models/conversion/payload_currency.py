from decimal import Decimal

from odoo import api, models

from ...smart_api.line_amounts import round_half_up
from ...smart_api.schemas import Currency
from ..terms import RATE_BY_HAND, RATE_OF_ORIGIN, RATE_OF_TABLE
from .problem import Quote

#: Odoo's codes of the currencies that SMART knows; VEF is the bolívar's older code.
CURRENCIES = {
    "VES": Currency.BOLIVAR,
    "VEF": Currency.BOLIVAR,
    "USD": Currency.USD,
    "EUR": Currency.EUR,
}


def is_bolivar(currency):
    """Tell whether a currency of Odoo is the bolívar, by its new or its old code."""
    return CURRENCIES.get(currency.name) == Currency.BOLIVAR


class SmartPayload(models.AbstractModel):
    """The document's currency, and what a foreign one is worth in bolívares."""

    _inherit = "smart.payload"

    @api.model
    def _add_currency(self, conversion):
        currency, company = conversion.stated.currency, conversion.stated.company
        if currency.name not in CURRENCIES:
            conversion.problem_of_owner(
                "currency",
                self.env._("SMART does not know the currency %s.", currency.name),
                self.env._("Use bolívares, US dollars or euros."),
            )
            return
        if currency.decimal_places != 2:
            conversion.problem(
                currency,
                "rounding",
                self.env._("%s is not rounded to cents, as SMART's amounts are.", currency.name),
                self.env._("Set its rounding factor to 0.01."),
            )
        additional = currency
        if is_bolivar(currency):
            dollar = self._dollar()
            additional = company.smart_additional_currency_id or dollar
            if additional != dollar:
                additional.fetch(["name"])  # no other column of the currency
                if is_bolivar(additional):
                    self._add_bolivar_twice(conversion)
                    return
            if self._is_without_rates(conversion, additional):
                conversion.values.update(currency=Currency.BOLIVAR, exchange_rate=Decimal(0))
                return
        quote = self._bolivares_for(conversion, additional)
        conversion.values["currency"] = CURRENCIES[currency.name]
        if quote is None:
            return
        rounded = round_half_up(quote.units, 4)
        if rounded <= 0:
            conversion.problem_of_owner(
                "rate",
                self.env._("The exchange rate is zero when rounded to four decimals."),
                self.env._("Correct the exchange rate."),
            )
        conversion.values["exchange_rate"] = rounded
        conversion.quote = quote

    @api.model
    def _add_bolivar_twice(self, conversion):
        conversion.problem(
            conversion.stated.company,
            "smart_additional_currency_id",
            self.env._("The additional currency of documents in bolívares is the bolívar."),
            self.env._("Choose a foreign one in the Invoicing settings."),
        )

    @api.model
    def _is_without_rates(self, conversion, currency):
        """Tell whether a company keeps no rates of a currency at all, and warn of it.

        One that sells in bolívares only needs none: SMART takes a rate of zero there, and prints
        no amounts in another currency.
        """
        company = conversion.stated.company
        if currency == company.currency_id or self._table_rate(conversion, currency)[1]:
            return False
        key = ("without rates", currency, company)
        if key not in conversion.shared:
            conversion.shared[key] = not self.env["res.currency.rate"].search_count(
                self._rates_of(currency, company), limit=1
            )
        if not conversion.shared[key]:
            return False
        conversion.problem(
            currency,
            "rate_ids",
            self.env._(
                "%s has no exchange rate, so the document does not state what the total is worth "
                "in that currency.",
                currency.name,
            ),
            self.env._(
                "Enter the official rates, unless the company sells in bolívares and nothing else."
            ),
            warning=True,
        )
        return True

    @api.model
    def _dollar(self):
        """Return the dollar, most companies' additional currency, without reading its row."""
        data = self.env["ir.model.data"]
        return self.env["res.currency"].browse(
            data._xmlid_to_res_id("base.USD", raise_if_not_found=True)
        )

    @api.model
    def _bolivares_for(self, conversion, currency):
        """Return how many bolívares a unit of ``currency`` is worth on the document.

        Odoo states rates per unit of the company's currency. The rate of the document's own
        currency is on the document, as the user left it; any other rate is in the table.

        :rtype: conversion.problem.Quote | None
        """
        company = conversion.stated.company
        bolivar = self._bolivar(conversion)
        own, foreign = (
            self._units_per_company_unit(conversion, one) for one in (bolivar, currency)
        )
        if is_bolivar(company.currency_id):
            own = Quote(company.currency_id, Decimal(1))
        if own is None or foreign is None or not foreign.units:
            return None
        sources = {own.source, foreign.source}
        source = next(
            (one for one in (RATE_BY_HAND, RATE_OF_ORIGIN) if one in sources), RATE_OF_TABLE
        )
        days = [quote.day for quote in (own, foreign) if quote.day]
        day = min(days) if days and source == RATE_OF_TABLE else None
        return Quote(currency, own.units / foreign.units, source, day)

    @api.model
    def _bolivar(self, conversion):
        """Return the bolívar that the company uses, by its new or its old code."""
        stated = conversion.stated
        for currency in (stated.currency, stated.company.currency_id):
            if is_bolivar(currency):
                return currency
        current, former = self.env.ref("base.VES"), self.env.ref("base.VEF")
        return former if former.active and not current.active else current

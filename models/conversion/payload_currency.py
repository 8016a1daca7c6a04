from decimal import Decimal

from odoo import api, models
from odoo.tools import float_compare, format_date

from ...smart_api.line_amounts import decimal, round_half_up
from ...smart_api.schemas import Currency

#: Odoo's codes of the currencies that SMART knows; VEF is the bolívar's older code.
CURRENCIES = {
    "VES": Currency.BOLIVAR,
    "VEF": Currency.BOLIVAR,
    "USD": Currency.USD,
    "EUR": Currency.EUR,
}

#: The central bank publishes on each day that banks work: never so long without one.
FRESH_DAYS = 7


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
        rate = self._bolivares_for(conversion, additional)
        conversion.values["currency"] = CURRENCIES[currency.name]
        if rate is None:
            return
        rounded = round_half_up(rate, 4)
        if rounded <= 0:
            conversion.problem_of_owner(
                "rate",
                self.env._("The exchange rate is zero when rounded to four decimals."),
                self.env._("Correct the exchange rate."),
            )
        conversion.values["exchange_rate"] = rounded

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

        :rtype: decimal.Decimal | None
        """
        company = conversion.stated.company
        bolivar = self._bolivar(conversion)
        per_unit = [self._units_per_company_unit(conversion, one) for one in (bolivar, currency)]
        if is_bolivar(company.currency_id):
            per_unit[0] = Decimal(1)
        if None in per_unit or not per_unit[1]:
            return None
        return per_unit[0] / per_unit[1]

    @api.model
    def _bolivar(self, conversion):
        """Return the bolívar that the company uses, by its new or its old code."""
        stated = conversion.stated
        for currency in (stated.currency, stated.company.currency_id):
            if is_bolivar(currency):
                return currency
        current, former = self.env.ref("base.VES"), self.env.ref("base.VEF")
        return former if former.active and not current.active else current

    @api.model
    def _units_per_company_unit(self, conversion, currency):
        """Return how many units of a currency one of the company's currency is worth."""
        stated = conversion.stated
        if currency == stated.company.currency_id:
            return Decimal(1)
        rate, entered = self._table_rate(conversion, currency)
        if currency == stated.currency:
            on_document = stated.rate
            # Without a rate in the table, it is somebody's own if it is not what Odoo fills in.
            differs = float_compare(on_document, rate, precision_digits=9)
            if on_document > 0 and (entered or differs):
                if not differs:
                    self._warn_of_age(conversion, currency, entered)
                return decimal(on_document)
        if not entered:
            date = stated.day or self._today()
            conversion.problem(
                currency,
                "rate_ids",
                self.env._(
                    "%(currency)s has no exchange rate on or before %(date)s.",
                    currency=currency.name,
                    date=format_date(self.env, date),
                ),
                self.env._(
                    "Enter the official rate of that day under Invoicing > Configuration > "
                    "Currencies."
                ),
            )
            return None
        self._warn_of_age(conversion, currency, entered)
        return decimal(rate)

    @api.model
    def _warn_of_age(self, conversion, currency, entered):
        """Warn of a rate that is older than any pause of the central bank."""
        date = conversion.stated.day or self._today()
        age = (date - entered).days
        if age > FRESH_DAYS:
            conversion.problem(
                currency,
                "rate_ids",
                self.env._(
                    "The last exchange rate of %(currency)s is of %(date)s, %(age)s days before "
                    "the document.",
                    currency=currency.name,
                    date=format_date(self.env, entered),
                    age=age,
                ),
                self.env._(
                    "Enter the official rate of that day under Invoicing > Configuration > "
                    "Currencies."
                ),
                warning=True,
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
        """Return what Odoo converts with on the document's date, and of which day that rate is.

        Before the first rate of the table Odoo takes that one, or 1 where there is none at all:
        then it is of no day.

        :rtype: tuple[float, datetime.date | None]
        """
        stated = conversion.stated
        company, date = stated.company, stated.day or self._today()
        key = ("rate", currency, company, date)
        if key not in conversion.shared:
            [[last]] = self.env["res.currency.rate"]._read_group(
                [*self._rates_of(currency, company), ("name", "<=", date)], [], ["name:max"]
            )
            rate = currency._get_conversion_rate(company.currency_id, currency, company, date)
            conversion.shared[key] = (rate, last or None)
        return conversion.shared[key]

from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL, float_compare, format_date

from ...smart_api.line_amounts import decimal, round_half_up
from ...smart_api.schemas import Currency

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
        move = conversion.owner
        currency, company = move.currency_id, move.company_id
        if currency.name not in CURRENCIES:
            conversion.problem(
                move,
                "currency_id",
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
        rate = self._bolivares_for(conversion, additional)
        conversion.values["currency"] = CURRENCIES[currency.name]
        if rate is None:
            return
        rounded = round_half_up(rate, 4)
        if rounded <= 0:
            conversion.problem(
                move,
                "invoice_currency_rate",
                self.env._("The exchange rate is zero when rounded to four decimals."),
                self.env._("Correct the exchange rate."),
            )
        conversion.values["exchange_rate"] = rounded

    @api.model
    def _add_bolivar_twice(self, conversion):
        conversion.problem(
            conversion.owner.company_id,
            "smart_additional_currency_id",
            self.env._("The additional currency of documents in bolívares is the bolívar."),
            self.env._("Choose a foreign one in the Accounting settings."),
        )

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
        company = conversion.owner.company_id
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
        move = conversion.owner
        for currency in (move.currency_id, move.company_id.currency_id):
            if is_bolivar(currency):
                return currency
        current, former = self.env.ref("base.VES"), self.env.ref("base.VEF")
        return former if former.active and not current.active else current

    @api.model
    def _units_per_company_unit(self, conversion, currency):
        """Return how many units of a currency one unit of the company's currency is worth."""
        move = conversion.owner
        if currency == move.company_id.currency_id:
            return Decimal(1)
        table = self._table_rate(conversion, currency)
        if currency == move.currency_id:
            on_document = move.invoice_currency_rate
            if on_document > 0 and (
                table is not None or self._is_entered(conversion, currency, on_document)
            ):
                return decimal(on_document)
        if table is None:
            date = move.invoice_date or self._today()
            conversion.problem(
                currency,
                "rate_ids",
                self.env._(
                    "%(currency)s has no exchange rate on or before %(date)s.",
                    currency=currency.name,
                    date=format_date(self.env, date),
                ),
                self.env._(
                    "Enter the official rate of that day under Accounting > Configuration > "
                    "Currencies."
                ),
            )
        return table

    @api.model
    def _is_entered(self, conversion, currency, rate):
        """Tell whether somebody entered a rate for a day on which the table has none.

        If nobody did, Odoo fills in the first rate of later days, or 1 if there is none at all.
        """
        move = conversion.owner
        filled_in = self.env["res.currency"]._get_conversion_rate(
            move.company_id.currency_id,
            currency,
            move.company_id,
            move.invoice_date or self._today(),
        )
        return bool(float_compare(rate, filled_in, precision_digits=9))

    @api.model
    def _table_rate(self, conversion, currency):
        """Return the table's rate on the document's date, ``None`` if there is none."""
        move = conversion.owner
        company, date = move.company_id, move.invoice_date or self._today()
        key = ("rate", currency, company, date)
        if key not in conversion.shared:
            conversion.shared[key] = self._ask_table_rate(company, currency, date)
        return conversion.shared[key]

    @api.model
    def _ask_table_rate(self, company, currency, date):
        """Return what ``res.currency._get_conversion_rate`` does, ``None`` before the first rate.

        In one query: Odoo's method takes one, after another one that tells if there is a rate.
        """
        self.env["res.currency.rate"].flush_model(["currency_id", "company_id", "name", "rate"])
        # Odoo takes the company's own rates first; for the company's currency also a later one.
        [[rate, of_company]] = self.env.execute_query(
            SQL(
                """
                SELECT (SELECT rate
                          FROM res_currency_rate
                         WHERE currency_id = %(currency)s AND name <= %(date)s
                           AND (company_id IS NULL OR company_id = %(company)s)
                      ORDER BY company_id, name DESC
                         LIMIT 1),
                       (SELECT rate
                          FROM res_currency_rate
                         WHERE currency_id = %(own)s
                           AND (company_id IS NULL OR company_id = %(company)s)
                      ORDER BY name <= %(date)s DESC, company_id,
                               CASE WHEN name <= %(date)s THEN name END DESC, name
                         LIMIT 1)
                """,
                currency=currency.id,
                own=company.currency_id.id,
                company=company.root_id.id,
                date=date,
            )
        )
        # The same steps as Odoo's, for the same double.
        return decimal(1 / ((of_company or 1.0) / rate)) if rate else None

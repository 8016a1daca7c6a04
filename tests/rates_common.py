"""A company whose table of rates begins empty, at noon of a Wednesday."""

from datetime import date

from freezegun import freeze_time

from odoo.tools import SQL

from ..models.conversion.problem import SmartPreflightError
from .common import SmartCommon

#: A Wednesday, at noon in Caracas.
NOON = "2027-03-10 16:00:00"
WEDNESDAY = date(2027, 3, 10)
YESTERDAY, TOMORROW = date(2027, 3, 9), date(2027, 3, 11)


class RatesCommon(SmartCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.usd.sudo().rate_ids.unlink()
        cls.startClassPatcher(freeze_time(NOON))

    def enter(self, **rates):
        """Enter rates of the dollar: ``_0310=41.5`` for the tenth of March."""
        return (
            self.env["res.currency.rate"]
            .sudo()
            .create(
                [
                    {
                        "currency_id": self.usd.id,
                        "company_id": self.company.id,
                        "name": f"2027-{day[1:3]}-{day[3:]}",
                        "inverse_company_rate": value,
                    }
                    for day, value in rates.items()
                ]
            )
        )

    def dollars(self, **values):
        return self.make_invoice(currency_id=self.usd.id, **values)

    def made(self, records, moment):
        """Have records be made at a moment: the clock of the database is not frozen."""
        records.flush_recordset()
        for record in records:
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET create_date = %s WHERE id = %s",
                    SQL.identifier(record._table),
                    moment,
                    record.id,
                )
            )
        records.invalidate_recordset()

    def assert_refused(self, move, words):
        with self.assertRaisesRegex(SmartPreflightError, words), self.cr.savepoint():
            self.confirm(move)
        self.env.invalidate_all()
        self.assertEqual(move.state, "draft")

    def problems(self, move):
        """Return (is it a warning, what it says) of the problems with the rate."""
        conversion = self.env["smart.payload"]._check_rate(move)
        return [(one.warning, f"{one.what} {one.cure}") for one in conversion.problems]

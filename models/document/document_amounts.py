from datetime import timezone

from odoo import api, fields, models
from odoo.tools import format_date, formatLang

from ..terms import CARACAS, RATE_BY_HAND, RATE_OF_ORIGIN, RATE_SOURCES


def rate_words(env, currency, bolivares, source, day):
    """Return in words which rate of which day is used: “1 USD = Bs. 40.5647, of 11/29/2026”.

    :param currency: ``res.currency`` that is worth so many bolívares; it may be empty
    :param source: one of ``terms.RATE_SOURCES``, or ``False``
    :param day: of the rate, or ``False``
    """
    rate = formatLang(env, float(bolivares), digits=4)
    words = env._("1 %(currency)s = Bs. %(rate)s", currency=currency.name or "-", rate=rate)
    if source == RATE_OF_ORIGIN:
        return env._("%s, as on the document that it corrects", words)
    if source == RATE_BY_HAND:
        return env._("%s, entered by hand", words)
    if day:
        return env._("%(rate)s, of %(day)s", rate=words, day=format_date(env, day))
    return words


class SmartDocument(models.Model):
    """What the document says, in columns: for look-ups, sums and the control-number book.

    Taken from the request when the document is queued: so they stay what SMART was told, even if
    the customer's name or the invoice changes. Amounts in the document's currency are as on the
    document. Amounts in bolívares are signed (credit notes are negative) and can be added up.

    If the company keeps its books in bolívares, these are the amounts of its journal items.
    Otherwise they are computed with the rate that the document states.
    """

    _inherit = "smart.document"

    customer_name = fields.Char(
        string="Customer's Name", readonly=True, copy=False, help="As it was sent to SMART."
    )
    customer_vat = fields.Char(
        string="RIF or Cédula",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The customer's identification, as it was sent to SMART.",
    )
    issue_date = fields.Date(
        string="Fiscal Date",
        compute="_compute_issue_date",
        store=True,
        index="btree_not_null",
        help="The day of issue in Caracas.",
    )
    branch_code = fields.Char(string="Branch", readonly=True, copy=False)
    exchange_rate = fields.Float(
        digits=(16, 4),
        readonly=True,
        copy=False,
        aggregator=None,
        help="Bolívares per unit of the foreign currency, as the document states it.",
    )
    exchange_rate_currency_id = fields.Many2one(
        comodel_name="res.currency", string="Rate: Currency", readonly=True, copy=False
    )
    exchange_rate_source = fields.Selection(
        selection=RATE_SOURCES, string="Rate: Source", readonly=True, copy=False
    )
    exchange_rate_day = fields.Date(
        string="Rate: Day",
        readonly=True,
        copy=False,
        help="The day of the official rate; empty if the rate was entered by hand, or is that of "
        "the document that this one corrects.",
    )
    exchange_rate_words = fields.Char(string="Rate Used", compute="_compute_exchange_rate_words")
    bolivar_id = fields.Many2one(
        comodel_name="res.currency", string="Bolívar", readonly=True, copy=False
    )

    exempt = fields.Monetary(readonly=True, copy=False)
    general_base = fields.Monetary(string="Base 16 %", readonly=True, copy=False)
    general_tax = fields.Monetary(string="VAT 16 %", readonly=True, copy=False)
    reduced_base = fields.Monetary(string="Base 8 %", readonly=True, copy=False)
    reduced_tax = fields.Monetary(string="VAT 8 %", readonly=True, copy=False)
    luxury_base = fields.Monetary(string="Base 31 %", readonly=True, copy=False)
    luxury_tax = fields.Monetary(string="VAT 31 %", readonly=True, copy=False)
    igtf_base = fields.Monetary(string="IGTF Base", readonly=True, copy=False)
    igtf_tax = fields.Monetary(string="IGTF", readonly=True, copy=False)

    exempt_signed = fields.Monetary(
        string="Exempt (Bs.)", currency_field="bolivar_id", readonly=True, copy=False
    )
    general_base_signed = fields.Monetary(
        string="Base 16 % (Bs.)", currency_field="bolivar_id", readonly=True, copy=False
    )
    general_tax_signed = fields.Monetary(
        string="VAT 16 % (Bs.)", currency_field="bolivar_id", readonly=True, copy=False
    )
    reduced_base_signed = fields.Monetary(
        string="Base 8 % (Bs.)", currency_field="bolivar_id", readonly=True, copy=False
    )
    reduced_tax_signed = fields.Monetary(
        string="VAT 8 % (Bs.)", currency_field="bolivar_id", readonly=True, copy=False
    )
    luxury_base_signed = fields.Monetary(
        string="Base 31 % (Bs.)", currency_field="bolivar_id", readonly=True, copy=False
    )
    luxury_tax_signed = fields.Monetary(
        string="VAT 31 % (Bs.)", currency_field="bolivar_id", readonly=True, copy=False
    )
    igtf_base_signed = fields.Monetary(
        string="IGTF Base (Bs.)", currency_field="bolivar_id", readonly=True, copy=False
    )
    igtf_tax_signed = fields.Monetary(
        string="IGTF (Bs.)", currency_field="bolivar_id", readonly=True, copy=False
    )
    amount_total_signed = fields.Monetary(
        string="Total (Bs.)",
        currency_field="bolivar_id",
        readonly=True,
        copy=False,
        help="Credit notes are negative.",
    )

    @api.depends("exchange_rate", "exchange_rate_currency_id", "exchange_rate_source")
    @api.depends_context("lang")
    def _compute_exchange_rate_words(self):
        for document in self:
            currency = document.exchange_rate_currency_id
            document.exchange_rate_words = bool(currency) and rate_words(
                self.env,
                currency,
                document.exchange_rate,
                document.exchange_rate_source,
                document.exchange_rate_day,
            )

    @api.depends("issued_at")
    def _compute_issue_date(self):
        for document in self:
            moment = document.issued_at
            document.issue_date = (
                moment and moment.replace(tzinfo=timezone.utc).astimezone(CARACAS).date()
            )

from datetime import timezone

from odoo import api, fields, models

from ..terms import CARACAS


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

    @api.depends("issued_at")
    def _compute_issue_date(self):
        for document in self:
            moment = document.issued_at
            document.issue_date = (
                moment and moment.replace(tzinfo=timezone.utc).astimezone(CARACAS).date()
            )

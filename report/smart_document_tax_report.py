from odoo import fields, models
from odoo.tools import SQL

from ..models.terms import DOCUMENT_TYPES, ENVIRONMENTS, STATES

#: Kind of tax -> its base and tax columns of ``smart.document``.
KINDS = {
    "general": ("general_base", "general_tax"),
    "reduced": ("reduced_base", "reduced_tax"),
    "luxury": ("luxury_base", "luxury_tax"),
    "exempt": ("exempt", None),
    "igtf": ("igtf_base", "igtf_tax"),
}


class SmartDocumentTaxReport(models.Model):
    """One row per fiscal document and rate, for pivots and graphs by rate."""

    _name = "smart.document.tax.report"
    _description = "Fiscal Documents by Rate"
    _auto = False
    _depends = {
        "smart.document": [
            "branch_code",
            "company_id",
            "currency_id",
            "document_type",
            "environment",
            "issue_date",
            "partner_id",
            "state",
            *filter(None, (name for columns in KINDS.values() for name in columns)),
        ]
    }
    _order = "issue_date desc, document_id desc"
    _rec_name = "document_id"

    document_id = fields.Many2one(
        comodel_name="smart.document", string="Fiscal Document", readonly=True
    )
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    partner_id = fields.Many2one(comodel_name="res.partner", string="Customer", readonly=True)
    issue_date = fields.Date(string="Fiscal Date", readonly=True)
    document_type = fields.Selection(selection=DOCUMENT_TYPES, readonly=True)
    state = fields.Selection(selection=STATES, readonly=True)
    environment = fields.Selection(selection=ENVIRONMENTS, readonly=True)
    branch_code = fields.Char(string="Branch", readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    bolivar_id = fields.Many2one(comodel_name="res.currency", string="Bolívar", readonly=True)
    rate = fields.Selection(
        selection=[
            ("general", "VAT 16 %"),
            ("reduced", "VAT 8 %"),
            ("luxury", "VAT 31 %"),
            ("exempt", "Exempt"),
            ("igtf", "IGTF 3 %"),
        ],
        readonly=True,
    )
    base = fields.Monetary(readonly=True, help="In the currency of the document.")
    tax = fields.Monetary(readonly=True, help="In the currency of the document.")
    base_signed = fields.Monetary(string="Base (Bs.)", currency_field="bolivar_id", readonly=True)
    tax_signed = fields.Monetary(string="Tax (Bs.)", currency_field="bolivar_id", readonly=True)

    @property
    def _table_query(self):
        return SQL(" UNION ALL ").join(
            SQL(
                """
                SELECT id * 8 + %(number)s AS id, id AS document_id, company_id, partner_id,
                       issue_date, document_type, state, environment, branch_code, currency_id,
                       bolivar_id, %(kind)s AS rate, %(base)s AS base, %(tax)s AS tax,
                       %(base_signed)s AS base_signed, %(tax_signed)s AS tax_signed
                  FROM smart_document
                 WHERE %(base)s <> 0
                """,
                number=number,
                kind=kind,
                base=SQL.identifier(base),
                tax=SQL.identifier(tax) if tax else SQL("0"),
                base_signed=SQL.identifier(f"{base}_signed"),
                tax_signed=SQL.identifier(f"{tax}_signed") if tax else SQL("0"),
            )
            for number, (kind, (base, tax)) in enumerate(KINDS.items(), start=1)
        )

import re

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from ...smart_api.schemas import stated
from ..base.labels import labels
from ..terms import NUMBERED_STATES

#: What a spreadsheet takes for the beginning of a formula (OWASP, "CSV injection").
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

#: A legal number as people type it: 12, 00000012, Invoice 12.
LEGAL_NUMBER = re.compile(r"(?P<kind>\D*?)\s*0*(?P<number>[1-9][0-9]{0,7})")


def harmless(value):
    """Return a cell that no spreadsheet computes: text gets an apostrophe before it."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


class SmartDocument(models.Model):
    """How fiscal documents are found, shown without their invoice, and exported."""

    _inherit = "smart.document"
    _rec_names_search = ["name", "legal_name"]

    legal_name = fields.Char(search="_search_legal_name")
    control_number_lookup = fields.Char(
        string="Control Number (any spelling)",
        compute="_compute_lookups",
        search="_search_control_number_lookup",
        exportable=False,
        help="Finds 00-00000123 by 123, 0000000123 or 00-00000123.",
    )
    customer_vat_lookup = fields.Char(
        string="RIF (any spelling)",
        compute="_compute_lookups",
        search="_search_customer_vat_lookup",
        exportable=False,
        help="Finds J-30984512-8 by j309845128 or 30984512.",
    )
    lines_html = fields.Html(
        string="Lines", compute="_compute_lines_html", sanitize=False, exportable=False
    )

    # The number without its lot (two digits) and leading zeros: what a person types.
    _control_number_lookup_index = models.Index(
        "(ltrim(substr(translate(control_number, '-', ''), 3), '0'))"
        " WHERE control_number IS NOT NULL"
    )

    @api.depends("control_number", "customer_vat")
    def _compute_lookups(self):
        for document in self:
            document.control_number_lookup = document.control_number
            document.customer_vat_lookup = document.customer_vat

    @api.model
    def _search_control_number_lookup(self, operator, value):
        texts = _texts(operator, value)
        if texts is NotImplemented:
            return NotImplemented
        return Domain.OR(self._control_number_domain(text) for text in texts)

    @api.model
    def _control_number_domain(self, text):
        """Return the domain of documents whose control number ``text`` means.

        Ten digits or more are lot and number; fewer are the number in any lot.
        """
        digits = re.sub(r"[\s.-]", "", text)
        if not re.fullmatch(r"[0-9]{1,18}", digits):
            return Domain("control_number", "ilike", text)
        number = digits[2:] if len(digits) >= 10 else digits

        def to_sql(model, alias, query):
            column = model._field_to_sql(alias, "control_number", query)
            bare = SQL("translate(%s, '-', '')", column)
            same_number = SQL("ltrim(substr(%s, 3), '0') = %s", bare, number.lstrip("0"))
            if len(digits) >= 10:
                return SQL("(%s AND %s = %s)", same_number, bare, digits)
            return same_number

        return Domain.custom(to_sql=to_sql)

    @api.model
    def _search_legal_name(self, operator, value):
        """Find documents by their legal number, or by their control number in any spelling."""
        if operator in ("=like", "=ilike"):  # "starts with" of Odoo's filters: of the digits
            legal = Domain("internal_number", operator, value)
            legal &= Domain("state", "in", NUMBERED_STATES)
            return legal | Domain("control_number", operator, value)
        texts = _texts(operator, value)
        if texts is NotImplemented:
            return NotImplemented
        return Domain.OR(
            self._legal_number_domain(text) | self._control_number_domain(text) for text in texts
        )

    @api.model
    def _legal_number_domain(self, text):
        """Return the domain of documents that are known by this number: ``12``, ``Invoice 12``."""
        meant = LEGAL_NUMBER.fullmatch(text.strip())
        if not meant:
            return Domain.FALSE
        kind = meant["kind"].casefold()
        domain = Domain("internal_sequence", "=", int(meant["number"])) & Domain(
            "state", "in", NUMBERED_STATES
        )
        if not kind:
            return domain
        types = labels(self, "document_type").items()
        return domain & Domain(
            "document_type",
            "in",
            [key for key, label in types if label.casefold().startswith(kind)],
        )

    @api.model
    def _search_customer_vat_lookup(self, operator, value):
        texts = _texts(operator, value)
        if texts is NotImplemented:
            return NotImplemented
        return Domain.OR(self._customer_vat_domain(text) for text in texts)

    @api.model
    def _customer_vat_domain(self, text):
        bare = re.sub(r"[\s.-]", "", text).upper()
        if not bare:
            return Domain.FALSE
        pattern = "%" + re.sub(r"([\\%_])", r"\\\1", bare) + "%"

        def to_sql(model, alias, query):
            column = model._field_to_sql(alias, "customer_vat", query)
            return SQL("upper(translate(%s, '-', '')) LIKE %s", column, pattern)

        return Domain.custom(to_sql=to_sql)

    @api.depends("request_body", "currency_id")
    @api.depends_context("lang")
    def _compute_lines_html(self):
        """Render the lines that were sent, for users who cannot read the invoice."""
        for document in self:
            said = stated(document.request_body)
            document.lines_html = said["lines"] and self.env["ir.qweb"]._render(
                "l10n_ve_edi_smart.smart_document_lines",
                {
                    "lines": said["lines"],
                    "said": said,
                    "due": format_date(self.env, said.get("due_date")),
                    "document": document,
                    "number": self._number_formatter(),
                },
            )

    @api.model
    def _number_formatter(self):
        lang = self.env["res.lang"]._lang_get(self.env.lang or "en_US")
        return lambda value, digits=2: lang.format(f"%.{digits}f", value or 0, grouping=True)

    @api.readonly
    def export_data(self, fields_to_export):
        # EXTENDS 'base': customers choose their names, and spreadsheets compute formulas
        exported = super().export_data(fields_to_export)
        exported["datas"] = [[harmless(cell) for cell in row] for row in exported["datas"]]
        return exported


class ResPartner(models.Model):
    _inherit = "res.partner"

    smart_document_ids = fields.One2many(
        comodel_name="smart.document",
        inverse_name="partner_id",
        string="Fiscal Documents",
        readonly=True,
        groups="account.group_account_readonly,account.group_account_invoice,"
        "l10n_ve_edi_smart.group_smart_auditor",
    )


def _texts(operator, value):
    """Return the texts that a search for ``value`` looks for, or ``NotImplemented``."""
    if operator in ("ilike", "like", "=") and isinstance(value, str):
        return [value]
    if operator == "in":
        return [text for text in value if isinstance(text, str)]
    return NotImplemented

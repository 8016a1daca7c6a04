import re

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..base.labels import labels

#: What people type of a number: 12, 00-00000012, Invoice C-00000012.
TYPED = re.compile(r"(?:(?P<kind>[^\d]+?)\s+)?(?P<number>[A-Z]{0,5}[-\d\s.]*\d)", re.IGNORECASE)


class SmartSheet(models.Model):
    """What a document on paper is called, and how it is found."""

    _inherit = "smart.sheet"
    _rec_names_search = ["legal_name"]

    legal_name = fields.Char(
        string="Number",
        compute="_compute_legal_name",
        search="_search_legal_name",
        help="What law and paper call it: its type and the number on the paper.",
    )

    @api.depends("document_type", "document_number", "control_number", "move_id")
    @api.depends_context("lang")
    def _compute_legal_name(self):
        types = labels(self, "document_type")
        for sheet in self:
            number = sheet.document_number or sheet.control_number
            sheet.legal_name = sheet.document_type and f"{types[sheet.document_type]} {number}"

    @api.depends("legal_name", "control_number", "document_number")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for sheet in self:
            parts = [sheet.legal_name]
            if sheet.document_number or not sheet.legal_name:
                parts.append(sheet.control_number)
            sheet.display_name = " · ".join(filter(None, parts))

    @api.model
    def _search_legal_name(self, operator, value):
        """Find sheets by either number in any spelling: ``12``, ``00-00000012``, ``Invoice 12``."""
        if operator in ("=like", "=ilike"):
            return Domain("document_number", operator, value) | Domain(
                "control_number", operator, value
            )
        if operator in ("ilike", "like", "="):
            value = [value]
        elif operator != "in":
            return NotImplemented
        return Domain.OR(
            [Domain.FALSE, *(self._number_domain(text) for text in value if isinstance(text, str))]
        )

    @api.model
    def _document_number_domain(self, number):
        """Return the domain of sheets whose document number ends in this one, after its series."""

        def to_sql(model, alias, query):
            column = model._field_to_sql(alias, "document_number", query)
            digits = SQL("ltrim(substring(%s from '[0-9]+$'), '0')", column)
            return SQL("%s = %s", digits, str(number))

        return Domain.custom(to_sql=to_sql)

    @api.model
    def _number_domain(self, text):
        meant = TYPED.fullmatch(text.strip())
        if not meant:
            return Domain("control_number", "=", text)
        bare = re.sub(r"[\s.-]", "", meant["number"])
        numbers = Domain("document_number", "=ilike", meant["number"])
        if bare.isdigit() and len(bare) <= 10:
            if len(bare) > 8:
                numbers |= Domain("control_number", "=", f"{bare[:2]}-{bare[2:]}")
            else:
                numbers |= Domain("number", "=", int(bare))
                numbers |= self._document_number_domain(int(bare))
        kind = (meant["kind"] or "").casefold()
        if not kind:
            return numbers
        types = labels(self, "document_type").items()
        keys = [key for key, label in types if label.casefold().startswith(kind)]
        return numbers & Domain("document_type", "in", keys)

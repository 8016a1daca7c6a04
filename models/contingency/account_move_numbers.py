from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

#: A field of the invoice -> the field of its fiscal document, or of its sheet, that it shows.
SHOWN = {"smart_legal_name": "legal_name", "smart_control_number": "control_number"}


class AccountMove(models.Model):
    """What is on paper is known by the number of the paper.

    These two fields show what the fiscal document says; of a document on paper, its sheet. Like
    those of the fiscal document they are not stored.
    """

    _inherit = "account.move"

    smart_legal_name = fields.Char(
        related=None,
        compute="_compute_smart_legal_name",
        compute_sudo=True,
        search="_search_smart_legal_name",
    )
    smart_control_number = fields.Char(
        related=None,
        compute="_compute_smart_control_number",
        compute_sudo=True,
        search="_search_smart_control_number",
    )

    @api.depends("smart_document_id.legal_name", "smart_sheet_id.legal_name")
    @api.depends_context("lang")
    def _compute_smart_legal_name(self):
        for move in self:
            shown = move.smart_sheet_id or move.smart_document_id
            move.smart_legal_name = shown.legal_name

    @api.depends("smart_document_id.control_number", "smart_sheet_id.control_number")
    def _compute_smart_control_number(self):
        for move in self:
            shown = move.smart_sheet_id or move.smart_document_id
            move.smart_control_number = shown.control_number

    @api.model
    def _search_smart_legal_name(self, operator, value):
        return self._smart_search_shown("smart_legal_name", operator, value)

    @api.model
    def _search_smart_control_number(self, operator, value):
        return self._smart_search_shown("smart_control_number", operator, value)

    @api.model
    def _smart_search_shown(self, name, operator, value):
        """Return the domain of the documents of which one of the two says this."""
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        paths = [f"{model}.{SHOWN[name]}" for model in ("smart_document_id", "smart_sheet_id")]
        none = operator in ("=", "in") and (not value or (operator == "in" and False in value))
        if none:
            domain = Domain.AND(
                Domain(path.partition(".")[0], "=", False) | Domain(path, "=", False)
                if SHOWN[name] == "control_number"
                else Domain(path.partition(".")[0], "=", False)
                for path in paths
            )
            if operator == "in" and (rest := [one for one in value if one]):
                domain |= self._smart_search_shown(name, "in", rest)
            return domain
        domain = Domain.OR(Domain(path, operator, value) for path in paths)
        # sudo: as for every field that is related, customers in the portal search them, too
        return Domain("id", "in", self.sudo()._search(domain))

    def _field_to_sql(self, alias, field_expr, query=None):
        # EXTENDS 'base': lists are sorted and grouped by the control number that they show
        if field_expr != "smart_control_number" or query is None:
            return super()._field_to_sql(alias, field_expr, query)
        found = []
        for name in ("smart_sheet_id", "smart_document_id"):
            other, other_alias = self._fields[name].join(self, alias, query)
            found.append(other._field_to_sql(other_alias, "control_number", query))
        return SQL("COALESCE(%s)", SQL(", ").join(found))

    def _smart_number_to_sql(self, alias, query):
        # EXTENDS 'smart.document.owner'
        Sheet, sheet = self._fields["smart_sheet_id"].join(self, alias, query)
        return SQL(
            "COALESCE(%s || COALESCE(%s, %s), %s)",
            Sheet._field_to_sql(sheet, "document_type", query),
            Sheet._field_to_sql(sheet, "document_number", query),
            Sheet._field_to_sql(sheet, "control_number", query),
            super()._smart_number_to_sql(alias, query),
        )

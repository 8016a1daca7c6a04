from odoo import models
from odoo.tools import split_every

from ..models.base.labels import labels
from ..models.terms import SHEET_ANNULLED, SHEET_USED
from ..smart_api.rates import PARTS
from .smart_book_rows import BATCH

#: Columns of the sheets that no document is on.
UNUSED = ("control_number", "printer", "date", "state", "reason", "user")


class SmartBook(models.TransientModel):
    """What was written on numbered paper, in a part of the book of its own."""

    _inherit = "smart.book"

    def _domain_of_sheets(self):
        """Return the domain of the sheets of the period, whatever became of them."""
        return [
            ("issuer_id", "=", self.issuer_id.id),
            ("company_id", "in", self._companies().ids),
            ("issue_date", ">=", self.date_from),
            ("issue_date", "<=", self.date_to),
        ]

    def _domain_of_paper(self):
        """Return the domain of the sheets that a document is on."""
        domain = [*self._domain_of_sheets(), ("move_id", "!=", False)]
        if self.document_type:
            domain.append(("document_type", "=", self.document_type))
        return domain

    def _domain_of_paper_totals(self):
        """Return the domain of the sheets that count in the sums."""
        return [*self._domain_of_paper(), ("state", "=", SHEET_USED)]

    def _paper(self):
        """Return what the book says of paper, besides the rows."""
        Sheet = self.env["smart.sheet"]
        unused = Sheet.search(
            [*self._domain_of_sheets(), ("move_id", "=", False)],
            order="printer_rif, control_number",
        )
        return {
            "count": Sheet.search_count(self._domain_of_paper()),
            "totals": self._paper_totals(),
            "columns": self._columns_of_unused(),
            "unused": [sheet._unused_row() for sheet in unused],
        }

    def _paper_rows(self):
        """Yield the rows of what is on paper, shaped as those of the book, by control number."""
        Sheet = self.env["smart.sheet"]
        types = labels(Sheet, "document_type")
        sheets = Sheet.search(self._domain_of_paper(), order="printer_rif, control_number, id")
        line = 0
        for ids in split_every(BATCH, sheets.ids):
            for sheet in Sheet.browse(ids):
                line += 1
                yield {"line": line, "type": types[sheet.document_type], **sheet._book_row()}
            Sheet.invalidate_model(flush=False)

    def _paper_totals(self):
        """Return the sums of the columns with money."""
        totals = self.env["smart.sheet"]._totals(self._domain_of_paper())
        return {**totals, "sales": totals["total"] - totals["igtf_tax"]}

    def _totals_of_all(self):
        """Return the sums over both channels: a sale is one, whatever its document is made of."""
        digital, paper = self._totals(), self._paper_totals()
        return {key: value + paper[key] for key, value in digital.items()}

    def _columns_of_unused(self):
        headings = (
            self.env._("Control No."),
            self.env._("Printing House"),
            self.env._("Date"),
            self.env._("What Became of It"),
            self.env._("Explanation"),
            self.env._("Entered by"),
        )
        return list(zip(UNUSED, headings, strict=True))

    def _cause_on_paper(self, move, booked):
        """Return in words why ledger and book differ about a document on paper."""
        sheet = move.smart_sheet_id
        if sheet.state == SHEET_ANNULLED:
            return self.env._("Annulled on paper, but still posted in the ledger.")
        if not booked:
            return self.env._("On paper, but not posted in the ledger of the period.")
        if self.date_from <= sheet.issue_date <= self.date_to:
            return self.env._("The amounts in the ledger are not those on the paper.")
        return self.env._(
            "Booked on %(booked)s, but dated %(issued)s on the paper, outside of the period.",
            booked=move.date.strftime("%d/%m/%Y"),
            issued=sheet.issue_date.strftime("%d/%m/%Y"),
        )


class SmartSheet(models.Model):
    _inherit = "smart.sheet"

    def _book_row(self):
        """Return the cells of a sheet with a document."""
        self.ensure_one()
        counts = bool(self._counting())
        amounts = {
            part: (self.amounts or {}).get(part, 0.0) + 0.0 if counts else 0.0 for part in PARTS
        }
        total = self.amount_total_signed + 0.0 if counts else 0.0
        annulled = self.env._("ANNULLED: %s", self.reason) if not counts else ""
        return {
            "date": self.issue_date,
            "vat": self.customer_vat or "",
            "customer": self.customer_name or "",
            "number": self.document_number or self.control_number,
            "control_number": self.control_number,
            "related": self.affected or "",
            **amounts,
            "sales": self.bolivar_id.round(total - amounts["igtf_tax"]),
            "total": total,
            "note": annulled or self.env._("Contingency"),
        }

    def _unused_row(self):
        """Return the cells of a sheet that no document is on."""
        self.ensure_one()
        return {
            "control_number": self.control_number,
            "printer": self.printer_name or "",
            "date": self.issue_date,
            "state": labels(self, "state")[self.state],
            "reason": self.reason or "",
            # sudo: the name of whoever said it
            "user": self.sudo().user_id.name or "",
        }

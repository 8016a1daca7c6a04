"""The book on paper and on the screen: what its template gets."""

from functools import partial

from odoo import api, models
from odoo.tools import split_every

from ..models.terms import ANNULLED, ISSUED
from .smart_book_rows import MONEY

#: Rows of one table: browsers and wkhtmltopdf lay out many short tables far faster than a long one.
TABLE_ROWS = 250

#: A screen with more rows than this shows no rows: of 50,000 the browser gets 70 MB.
SCREEN_ROWS = 2000

#: Percent of the page that a column takes; those with money take MONEY_WIDTH each, enough
#: for 999.999.999,99.
WIDTHS = {
    "line": 2.2,
    "date": 4,
    "vat": 4.8,
    "customer": 10,
    "type": 4,
    "number": 4,
    "control_number": 4.4,
    "related": 6.4,
    "note": 5.2,
}
MONEY_WIDTH = 5


class ReportSmartBook(models.AbstractModel):
    _name = "report.l10n_ve_edi_smart.report_smart_book"
    _description = "Control-number Book"

    @api.model
    def _get_report_values(self, docids, data=None):
        books = self.env["smart.book"].browse(docids)
        return {
            "docs": books,
            "content": partial(self._content, on_screen=(data or {}).get("report_type") == "html"),
            "money": MONEY,
            "number": self._number,
            "widths": {**dict.fromkeys(MONEY, MONEY_WIDTH), **WIDTHS},
        }

    @api.model
    def _content(self, book, on_screen=False):
        """Return everything that the book says; the rows of a long one are not for the screen."""
        book.check_access("read")
        book = book._in_companies()
        gaps, more_gaps = book._gaps()
        counts = book._counts()
        paper = book._paper()
        too_long = on_screen and sum(counts.values()) + paper["count"] > SCREEN_ROWS
        return {
            "heading": book._heading(),
            "id": book.id,
            "columns": book._columns(),
            "on_screen": on_screen,
            "too_long": too_long,
            "tables": () if too_long else split_every(TABLE_ROWS, book._rows()),
            "totals": book._totals(),
            "issued": counts[ISSUED],
            "annulled": counts[ANNULLED],
            "gaps": gaps,
            "more_gaps": more_gaps,
            "paper": paper,
            "paper_tables": () if too_long else split_every(TABLE_ROWS, book._paper_rows()),
            "totals_of_all": book._totals_of_all(),
            "ledger": book._ledger(),
            "parts": [
                column for column in book._columns() if column[0] in MONEY
                and column[0] not in ("sales", "igtf_base")
            ],
            "no_ledger": book._words_no_ledger(),
            "unresolved": book._unresolved(),
        }  # fmt: skip

    @api.model
    def _number(self, value):
        """Return an amount as it is written in Venezuela: 1.234,56."""
        return f"{value:,.2f}".translate(str.maketrans(",.", ".,"))

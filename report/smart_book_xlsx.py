import io

import xlsxwriter

from odoo import models

from ..models.document.document_lookup import harmless
from .smart_book_rows import MONEY

WIDTHS = {"date": 11, "vat": 14, "customer": 36, "type": 16, "related": 32, "note": 40, "name": 18}


class SmartBook(models.TransientModel):
    """The book as a workbook: rows, totals beside the ledger, missing numbers."""

    _inherit = "smart.book"

    def _file_name(self, extension):
        return "{} {:%Y-%m-%d} {:%Y-%m-%d}.{}".format(
            self.env._("Sales Book"), self.date_from, self.date_to, extension
        )

    def _workbook(self):
        """Return the bytes of the workbook; rows go through a file, not through memory."""
        output = io.BytesIO()
        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        with xlsxwriter.Workbook(output, options) as workbook:
            writer = _Writer(workbook)
            self._write_rows(writer)
            self._write_paper(writer)
            self._write_ledger(writer)
            self._write_gaps(writer)
        return output.getvalue()

    def _write_heading(self, writer):
        heading = self._heading()
        writer.row([heading["title"]], writer.title)
        writer.row([heading["issuer"], heading["vat"], heading["companies"]])
        writer.row([heading["period"], heading["environment"], heading["only"]])
        if heading["fingerprint"]:
            writer.row(
                [
                    self.env._(
                        "Fingerprint of the integrity chain, link %(position)s: %(hash)s",
                        position=heading["position"],
                        hash=heading["fingerprint"],
                    )
                ]
            )
        writer.row([])

    def _write_rows(self, writer):
        columns = [*self._columns(), ("name", self.env._("Odoo Reference"))]
        writer.sheet(self.env._("Sales Book"))
        for index, (key, _heading) in enumerate(columns):
            writer.current.set_column(index, index, WIDTHS.get(key, 14))
        self._write_heading(writer)
        writer.row([heading for _key, heading in columns], writer.head)
        writer.current.freeze_panes(writer.line, 0)
        for row in self._rows():
            writer.row([row[key] for key, _heading in columns])
        totals = self._totals()
        values = [totals.get(key, "") for key, _heading in columns]
        values[3] = self.env._("Totals")
        writer.row(values, writer.head)

    def _write_paper(self, writer):
        """Write what is on numbered paper, the sheets that count nothing, and the sums of all."""
        paper = self._paper()
        if not paper["count"] and not paper["unused"]:
            return
        columns = self._columns()
        writer.sheet(self.env._("Contingency"))
        for index, (key, _heading) in enumerate(columns):
            writer.current.set_column(index, index, WIDTHS.get(key, 14))
        writer.row([self.env._("Documents on Numbered Paper (Contingency)")], writer.title)
        writer.row([heading for _key, heading in columns], writer.head)
        for row in self._paper_rows():
            writer.row([row[key] for key, _heading in columns])
        for words, totals in (
            (self.env._("Totals on Paper"), paper["totals"]),
            (self.env._("Totals of Both Channels"), self._totals_of_all()),
        ):
            values = [totals.get(key, "") for key, _heading in columns]
            values[3] = words
            writer.row(values, writer.head)
        writer.row([])
        writer.row([heading for _key, heading in self._columns_of_unused()], writer.head)
        for row in paper["unused"]:
            writer.row([row[key] for key, _heading in self._columns_of_unused()])

    def _write_ledger(self, writer):
        ledger = self._ledger()
        writer.sheet(self.env._("Ledger"))
        writer.current.set_column(0, 0, 34)
        writer.current.set_column(1, 5, 18)
        if ledger is None:
            writer.row([self._words_no_ledger()])
            return
        writer.row(
            ["", self.env._("Book"), self.env._("Ledger"), self.env._("Difference")], writer.head
        )
        labels = dict(self._columns())
        for part in (key for key in MONEY if key in ledger["totals"]):
            book, booked = ledger["book"][part], ledger["totals"][part]
            writer.row([labels[part], book, booked, round(book - booked, 2)])
        writer.row([])
        writer.row(
            [
                self.env._("Document No."),
                self.env._("Control No."),
                self.env._("Book"),
                self.env._("Ledger"),
                self.env._("Difference"),
                self.env._("Cause"),
            ],
            writer.head,
        )
        for one in ledger["differences"]:
            writer.row(
                [one[key] for key in ("name", "control_number", "book", "ledger", "difference")]
                + [one["cause"]]
            )
        if ledger["more"]:
            writer.row([self.env._("And %s more.", ledger["more"])])

    def _words_no_ledger(self):
        return self.env._(
            "Only a book of all types, of companies that keep their books in bolívares, is "
            "compared with the ledger."
        )

    def _write_gaps(self, writer):
        gaps, more = self._gaps()
        writer.sheet(self.env._("Missing Numbers"))
        writer.current.set_column(0, 2, 26)
        writer.current.set_column(4, 4, 90)
        writer.row(
            [
                self.env._("Kind of Number"),
                self.env._("From"),
                self.env._("To"),
                self.env._("Count"),
                self.env._("Explanation"),
            ],
            writer.head,
        )
        for gap in gaps:
            writer.row([gap.kind, gap.first, gap.last, gap.count, gap.why])
        if more:
            writer.row([self.env._("And %s more.", more)])


class _Writer:
    """Writes a workbook sheet by sheet, row by row."""

    def __init__(self, workbook):
        self.workbook = workbook
        self.title = workbook.add_format({"bold": True, "font_size": 14})
        self.head = workbook.add_format(
            {"bold": True, "text_wrap": True, "bottom": 1, "num_format": "#,##0.00"}
        )
        self.money = workbook.add_format({"num_format": "#,##0.00"})
        self.date = workbook.add_format({"num_format": "dd/mm/yyyy"})
        self.current = None
        self.line = 0

    def sheet(self, name):
        self.current = self.workbook.add_worksheet(name[:31])
        self.current.set_landscape()
        self.current.fit_to_pages(1, 0)
        self.line = 0

    def row(self, values, style=None):
        for column, value in enumerate(values):
            if isinstance(value, str):
                self.current.write_string(self.line, column, harmless(value), style)
            elif isinstance(value, float):
                self.current.write_number(self.line, column, value, style or self.money)
            elif isinstance(value, int):
                self.current.write_number(self.line, column, value, style)
            else:
                self.current.write_datetime(self.line, column, value, style or self.date)
        self.line += 1

from odoo import http
from odoo.http import content_disposition, request

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class SmartBookController(http.Controller):
    @http.route(
        "/l10n_ve_edi_smart/book/<int:book_id>.xlsx", type="http", auth="user", readonly=True
    )
    def workbook(self, book_id):
        """Return the book as a workbook; rights are those of the wizard and of its documents."""
        book = request.env["smart.book"].browse(book_id).exists()
        if not book:
            raise request.not_found()
        book.check_access("read")
        book = book._in_companies()
        return request.make_response(
            book._workbook(),
            [
                ("Content-Type", XLSX),
                ("Content-Disposition", content_disposition(book._file_name("xlsx"))),
            ],
        )

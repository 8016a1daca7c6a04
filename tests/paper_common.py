"""What tests of Odoo's own print share: documents, and what is read on SMART's paper and Odoo's."""

import io
import re

from lxml import html
from pypdf import PdfReader

from odoo import Command
from odoo.tools import html2plaintext

from .notes_common import NotesCommon

PRINT = "account.report_invoice_with_payments"
COPY = "l10n_ve_edi_smart.report_invoice_copy"

SPANISH = str.maketrans(",.", ".,")
AMOUNT = re.compile(r"[0-9,]+\.[0-9]+|[0-9]+")
#: What stands in the head of SMART's paper, and how Odoo's says the same.
HEAD = {
    r"RIF (\S+) · (.*)": r"RIF: \1",
    r"Nro. de control: (.*)": r"Número de control: \1",
    r"Número interno: (.*)": r"Número: \1",
    r"Vence: (\d+)-(\d+)-(\d+).*": r"Vence: \3/\2/\1",
    r"Cliente: (.*)": r"Cliente \1",
    r"RIF/CI: (.*)": r"RIF o cédula: \1",
    r"ANULADO: (.*)": r"ANULADA: \1",
    r"Aplica a Factura: (\d+) del .*": r"Aplica a Factura \1",
}
#: Likewise of the totals, as far as the words differ.
TOTALS = {"Exento": "Total exento"}


def one_line(text):
    return re.sub(r"\s+", " ", text).strip()


class PaperCommon(NotesCommon):
    """A company whose paper can be compared with SMART's: both call it by one name."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {"name": "Emisor, C.A.", "street": "Av. Bolívar Norte, galpón 4", "city": "Valencia"}
        )
        cls.eur = cls.env.ref("base.EUR")
        cls.eur.active = True
        cls.env["res.currency.rate"].create(
            {
                "currency_id": cls.eur.id,
                "company_id": cls.company.id,
                "name": "2020-01-01",
                "inverse_company_rate": 44.1234,
            }
        )

    def item(self, name, price, kind="general", **values):
        taxes = [Command.set(self.taxes[kind].ids)]
        return Command.create({"name": name, "price_unit": price, "tax_ids": taxes} | values)

    def annul(self, move, reason):
        wizard = self.env["smart.annul.wizard"].browse(move.action_smart_annul()["res_id"])
        wizard.reason = reason
        wizard.action_annul()
        self.commit()

    # -- Odoo's paper ----------------------------------------------------------------------

    def rendered(self, move, report=PRINT):
        return self.env["ir.actions.report"]._render_qweb_html(report, move.ids)[0]

    def text(self, move, report=PRINT):
        """Return what is read on Odoo's own print, in one line."""
        body = html.fromstring(self.rendered(move, report)).find(".//div[@class='page']")
        return one_line(html2plaintext(html.tostring(body)).replace("*", ""))

    def cells(self, move, name):
        """Return the texts of the cells of those rows of Odoo's own print."""
        rows = html.fromstring(self.rendered(move)).findall(f".//tr[@name='{name}']")
        return [[one_line(cell.text_content()) for cell in row] for row in rows]

    # -- SMART's paper ---------------------------------------------------------------------

    def fetched(self, move):
        """Have SMART's print fetched, and return it."""
        self.do_errands()
        content = move.smart_document_id._file_attachment().raw
        self.assertTrue(content.startswith(b"%PDF"))
        return content

    def assert_says_what_smart_prints(self, move):
        """Compare Odoo's own print with SMART's, line by line."""
        self.assertIn(move.smart_state, ("issued", "annulled"), move.smart_last_error)
        move.smart_document_id.action_fetch_file()
        self.commit()
        content = move.smart_document_id._file_attachment().raw
        pages = PdfReader(io.BytesIO(content)).pages
        printed = [line.strip() for page in pages for line in page.extract_text().splitlines()]
        head, rest = printed[: printed.index("Código")], printed[printed.index("Monto") + 1 :]
        lines, rest = rest[: rest.index("Subtotal")], rest[rest.index("Subtotal") :]
        last = next(number for number, line in enumerate(rest) if line.startswith("TOTAL"))
        self._compare_head(move, head)
        self._compare_lines(move, lines)
        self._compare_totals(move, rest[: last + 2])
        self._compare_foot(move, rest[last + 2 :])

    def _compare_head(self, move, head):
        text = self.text(move)
        for line in head:
            if line.startswith("Fecha: "):
                self._compare_moment(text, line)
                continue
            for pattern, words in HEAD.items():
                line = re.sub(f"^{pattern}$", words, line)
            self.assertIn(line.casefold(), text.casefold())

    def _compare_moment(self, text, line):
        year, month, day, hour, minute, second = map(int, re.findall(r"\d+", line))
        half = "a.m." if hour < 12 else "p.m."
        clock = f"{(hour - 1) % 12 + 1:02}.{minute:02}.{second:02} {half}"
        self.assertIn(f"Fecha de emisión: {day:02}{month:02}{year}", text)
        self.assertIn(f"Hora de emisión: {clock}", text)

    def _compare_lines(self, move, lines):
        text = " ".join(" ".join(row) for row in self.cells(move, "smart_line"))
        said = {"0", "0.00"}  # no tax, no discount
        for line in lines:
            if line not in said:
                if AMOUNT.fullmatch(line.split()[0]):
                    line = line.translate(SPANISH)
                self.assertIn(line, text)

    def _compare_totals(self, move, totals):
        rows = [(label, amounts[0]) for label, *amounts in self.cells(move, "smart_total")]
        for label, amount in zip(totals[::2], totals[1::2], strict=True):
            words = "Total" if label.startswith("TOTAL") else TOTALS.get(label, label)
            amount = amount.translate(SPANISH)
            self.assertTrue(
                [row for row in rows if row[0].startswith(words) and row[1] == amount],
                f"no {words} {amount} in {rows}",
            )

    def _compare_foot(self, move, foot):
        text = self.text(move)
        for line in foot:
            if payment := re.fullmatch(r"Forma de pago: (.*) ([\d,]+\.\d\d)", line):
                self.assertIn(f"Forma de pago: {payment[1]}", text)
                self.assertIn(payment[2].translate(SPANISH), text)
                continue
            self.assertIn(line, text)

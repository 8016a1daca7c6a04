"""What tests of the control-number book share: books, workbooks, and many documents."""

import io
import zipfile
from xml.etree import ElementTree

from .common import SmartCommon

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def read_workbook(content):
    """Return the sheets of a workbook: name -> rows of texts and numbers."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        shared = []
        if "xl/sharedStrings.xml" in parts.namelist():
            root = ElementTree.fromstring(parts.read("xl/sharedStrings.xml"))
            shared = ["".join(item.itertext()) for item in root]
        names = [
            sheet.get("name")
            for sheet in ElementTree.fromstring(parts.read("xl/workbook.xml")).iter(SHEET + "sheet")
        ]
        sheets = {}
        for index, name in enumerate(names, start=1):
            rows = []
            root = ElementTree.fromstring(parts.read(f"xl/worksheets/sheet{index}.xml"))
            for row in root.iter(SHEET + "row"):
                cells = []
                for cell in row:
                    assert cell.find(SHEET + "f") is None, "a formula"
                    text = "".join(cell.itertext())
                    kind = cell.get("t")
                    if kind == "s":
                        text = shared[int(text)]
                    elif kind is None and text:
                        text = float(text)
                    cells.append(text)
                rows.append(cells)
            sheets[name] = rows
    return sheets


class BookCase(SmartCommon):
    def book(self, **values):
        return self.env["smart.book"].create(values)._in_companies()

    def copy_documents(self, moves, count):
        """Multiply issued documents in SQL, each with its invoice, lines and taxes.

        Names and control numbers go on where those of the documents end.
        """
        self.env.flush_all()
        documents = moves.smart_document_id
        offset = len(moves)
        self.copy_rows(
            "account_move",
            moves.ids,
            count,
            {
                "id": "(SELECT max(id) FROM account_move) + (k - 1) * {n} + i",
                "name": "'INV/2026/' || lpad(({n} * k + i)::text, 5, '0')",
                "sequence_number": "{n} * k + i",
                "sequence_prefix": "'INV/2026/'",
                "payment_reference": "NULL",
                "smart_document_id": "NULL",
            },
        )
        first = max(moves.ids)
        for index, move in enumerate(moves, start=1):
            for line in move.line_ids:
                columns = self.columns("account_move_line")
                new = f"{first} + (k - 1) * {offset} + {index}"
                chosen = [new if column == "move_id" else f"l.{column}" for column in columns]
                self.env.cr.execute(
                    f"WITH made AS (INSERT INTO account_move_line ({', '.join(columns)})"
                    f" SELECT {', '.join(chosen)} FROM account_move_line AS l,"
                    f" generate_series(1, {count}) AS k WHERE l.id = {line.id} RETURNING id)"
                    " INSERT INTO account_move_line_account_tax_rel"
                    " (account_move_line_id, account_tax_id)"
                    " SELECT made.id, rel.account_tax_id FROM made,"
                    " account_move_line_account_tax_rel AS rel"
                    f" WHERE rel.account_move_line_id = {line.id}"
                )
        self.copy_rows(
            "smart_document",
            documents.ids,
            count,
            {
                "id": "nextval('smart_document_id_seq')",
                "move_id": f"{first} + (k - 1) * {{n}} + i",
                "name": "'INV/2026/' || lpad(({n} * k + i)::text, 5, '0')",
                "control_number": "'00-' || lpad(({n} * k + i)::text, 8, '0')",
                "internal_number": "lpad(({n} * k + i)::text, 8, '0')",
                "internal_sequence": "{n} * k + i",
            },
        )
        self.env.cr.execute(
            "UPDATE account_move SET smart_document_id = d.id FROM smart_document AS d"
            " WHERE d.move_id = account_move.id AND account_move.smart_document_id IS NULL"
        )
        self.env.cr.execute("SELECT setval('account_move_id_seq', max(id)) FROM account_move")
        self.env.cr.execute("ANALYZE account_move, account_move_line, smart_document")
        self.env.invalidate_all()

    def columns(self, table):
        self.env.cr.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
            " AND NOT attisdropped AND attname != 'id' AND attgenerated = ''",
            [table],
        )
        return [row[0] for row in self.env.cr.fetchall()]

    def copy_rows(self, table, ids, count, values):
        columns = [*self.columns(table), "id"]
        chosen = [
            values[column].format(n=len(ids)) if column in values else f"r.{column}"
            for column in columns
        ]
        self.env.cr.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(chosen)}"
            f" FROM {table} AS r JOIN unnest(%s) WITH ORDINALITY AS o (id, i) ON o.id = r.id,"
            f" generate_series(1, {count}) AS k",
            [ids],
        )

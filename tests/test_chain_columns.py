"""Every column of what the chain covers is changed in the database, and the change is named.

Each column is either covered or stands below with the reason why not: a new one cannot slip
through.
"""

from odoo.tests import tagged

from ..models.invoice import account_move_content as content
from .chain_common import ChainCommon

DOCUMENT_UNCOVERED = {
    "id": "what links are filed by",
    "lane_id": "issuer and environment say which, and are covered",
    "last_error": "words for who has to act",
    "repeating": "a call is under way",
    "stumbles": "defects before a document is issued",
    "watched": "whether somebody looks at it while it is sent",
    "proven_issued": "tells something only while a document is in doubt",
    "reserved_sequence": "numbering, before a document is issued",
    "doubted_sequence": "numbering, before a document is issued",
    "exchange_rate_currency_id": "where the rate is from, which is covered",
    "exchange_rate_source": "as above",
    "exchange_rate_day": "as above",
    "file_next_at": "when the file is fetched",
    "file_attempts": "how often that was tried",
    "file_error": "why it failed",
    "witness_id": "the resolution has the digest of the print that proved it",
    "witness_next_at": "when the print is looked for again",
    "witness_looked_at": "when that was done",
    "witness_attempts": "how often",
    "witness_last_exchange": "what was issued last by then",
    "owner_step": "what its owner is still to be told",
    "annulment_state": "how far it has got; whether there is one is covered",
    "annulment_next_attempt": "when SMART is asked again",
    "annulment_error": "words for who has to act",
    "write_uid": "changes with every column",
    "write_date": "changes with every column",
}
EXCHANGE_UNCOVERED = {"id": "what links are filed by"}
LINK_UNCOVERED = {
    "id": "the order of what waits, until positions are given",
    "create_uid": "never filled",
    "create_date": "the link says it",
    "write_uid": "never filled",
    "write_date": "never filled",
}

COLUMNS, FOREIGN_KEYS = {}, {}


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestChainColumns(ChainCommon):
    def columns(self, table):
        """Return column -> type of data."""
        if table not in COLUMNS:
            COLUMNS[table] = self.pairs(
                "SELECT column_name, data_type FROM information_schema.columns"
                " WHERE table_schema = current_schema AND table_name = %s",
                table,
            )
        return COLUMNS[table]

    def foreign_keys(self, table):
        """Return column -> table of the records that it names."""
        if table not in FOREIGN_KEYS:
            FOREIGN_KEYS[table] = self.pairs(
                "SELECT attname, confrelid::regclass::text FROM pg_constraint"
                "  JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]"
                " WHERE contype = 'f' AND conrelid = %s::regclass",
                table,
            )
        return FOREIGN_KEYS[table]

    def pairs(self, query, *params):
        self.sql(query, *params)
        return dict(self.env.cr.fetchall())

    def change(self, table, column, row_id):
        """Change a column of a row to something else of its kind."""
        kind = self.columns(table)[column]
        named = self.foreign_keys(table).get(column)
        if named:
            other = f"(SELECT max(id) FROM {named} WHERE id IS DISTINCT FROM {table}.{column})"
        elif kind in ("integer", "numeric", "double precision"):
            other = f"coalesce({column}, 0) + 1"
        elif kind == "boolean":
            other = f"{column} IS NOT TRUE"
        elif kind == "date":
            other = f"coalesce({column}, '2020-01-01'::date) + 1"
        elif kind.startswith("timestamp"):
            other = f"coalesce({column}, '2020-01-01'::timestamp) + interval '1 day'"
        else:
            other = f"'x' || coalesce({column}, '')"
        self.sql(f"UPDATE {table} SET {column} = {other} WHERE id = %s", row_id)
        self.assertEqual(self.env.cr.rowcount, 1)

    def walk(self, table, ids, uncovered, names=None, columns=None):
        """Change every covered column of a row in turn.

        :param ids: column -> id of the row to change, or one id for all
        :param names: what the finding has to name
        """
        every = self.columns(table)
        self.assertFalse(uncovered.keys() - every.keys(), "columns that do not exist")
        self.assertFalse(self.finding())
        unnoticed = []
        for column in columns or sorted(every.keys() - uncovered.keys()):
            with self.undone():
                row_id = ids.get(column, ids[None]) if isinstance(ids, dict) else ids
                self.change(table, column, row_id)
                finding = self.finding() or ""
                if not finding or (names and names not in finding):
                    unnoticed.append((column, finding))
        self.assertFalse(unnoticed)
        for column in sorted(uncovered):
            if column in ("id", "rejected_at"):
                continue
            with self.undone():
                row_id = ids.get(column, ids[None]) if isinstance(ids, dict) else ids
                self.change(table, column, row_id)
                self.assertFalse(self.finding(), f"{column} is covered after all")

    def test_each_column_of_a_fiscal_document(self):
        document = self.doubted()
        document._decide_issued("00-00000001", document.sent_at, "Seen in the dashboard")
        document._keep_file(b"%PDF-1.4")
        self.annul(document)
        self.env["smart.lane"].sudo()._of_issuer(self.company, "test")  # to name another one
        self.walk("smart_document", document.id, DOCUMENT_UNCOVERED, names=document.control_number)

    def test_each_column_of_an_exchange(self):
        exchange = self.document().exchange_ids
        self.walk("smart_exchange", exchange.id, EXCHANGE_UNCOVERED, names=f"№ {exchange.id}")

    def test_each_column_of_a_link(self):
        document = self.issue().smart_document_id[2]
        self.seal()
        link = document.sudo().chain_link_ids
        self.walk("smart_chain_link", link.id, LINK_UNCOVERED)

    def test_each_column_of_an_invoice_that_is_fiscal_content(self):
        invoice = self.confirm(self.make_invoice(("general", 100.0), ("exempt", 50.0)))
        covered = [*content.OF_MOVE.values(), *content.AMOUNTS_OF_MOVE.values()]
        uncovered = self.columns("account_move").keys() - set(covered)
        # Those that say what it is worth, to whom and when stand in the list.
        for column in ("amount_residual", "payment_state", "invoice_date_due", "ref", "narration"):
            self.assertIn(column, uncovered)
        self.walk("account_move", invoice.id, {}, columns=[*covered, "state"])

    def test_each_column_of_a_line_that_is_fiscal_content(self):
        invoice = self.confirm(self.make_invoice(("general", 100.0), ("exempt", 50.0)))
        covered = [*content.OF_LINE.values(), *content.AMOUNTS_OF_LINE.values()]
        repeated = ["parent_state", "date", "invoice_date", "move_name", "journal_id",
                    "company_id", "partner_id", "currency_id"]  # fmt: skip
        tax = invoice.line_ids.filtered("tax_line_id")
        terms = invoice.line_ids.filtered(lambda line: line.display_type == "payment_term")
        for line in (invoice.invoice_line_ids[0], tax):
            with self.subTest(line.display_type):
                columns = [*covered, *repeated]
                columns.remove("id")
                columns.remove("debit")  # PostgreSQL itself refuses it beside a credit
                self.walk(
                    "account_move_line", line.id, {}, columns=columns, names=invoice.smart_number
                )
        self.walk(
            "account_move_line", terms.id, {}, columns=["balance", "amount_currency", *repeated]
        )

    def test_lines_and_taxes_that_come_and_go(self):
        invoice = self.confirm(self.make_invoice(("general", 100.0), ("exempt", 50.0)))
        line = invoice.invoice_line_ids[0]
        self.assertFalse(self.finding())
        for query in (
            f"DELETE FROM account_move_line WHERE id = {line.id}",
            f"DELETE FROM account_move_line_account_tax_rel WHERE account_move_line_id = {line.id}",
            f"UPDATE account_move_line_account_tax_rel SET account_tax_id ="
            f" {self.taxes['reduced'].id} WHERE account_move_line_id = {line.id}",
            "INSERT INTO account_move_line (move_id, display_type, name, account_id, currency_id,"
            " company_id, journal_id, balance) SELECT move_id, 'product', 'Also', account_id,"
            f" currency_id, company_id, journal_id, 0 FROM account_move_line WHERE id = {line.id}",
        ):
            with self.subTest(query), self.undone():
                self.sql(query)
                self.assertIn(f"{invoice.smart_number}, its lines, taxes or totals", self.finding())

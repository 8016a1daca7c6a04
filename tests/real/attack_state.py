"""What must hold whatever is tried: the rows that count, compared and put back in SQL."""

import contextlib
import json

import psycopg2

#: Of rows that a harmless write may touch: who saved it last, the link of the portal.
UNTOLD = (
    "write_uid", "write_date", "access_token", "message_main_attachment_id",
    "is_manually_modified",
)  # fmt: skip

#: What is compared beside the addon's own tables: each a condition on rows. What there was in
#: the beginning stays among them whatever is done to it.
WATCHED = {
    "res_company": "true",
    "res_partner": "id IN ({contacts})",
    "account_move": "id <= {last_move} OR state != 'draft' OR smart_document_id IS NOT NULL",
    "account_move_line": "id <= {last_line} OR move_id <= {last_move}",
    "account_move_line_account_tax_rel": "account_move_line_id <= {last_line}",
    "account_account_tag_account_move_line_rel": "account_move_line_id <= {last_line}",
    "account_tax": "id IN ({taxes})",
    "account_tax_repartition_line": "id IN ({repartition}) OR tax_id IN ({taxes})",
    "account_journal": "id IN ({journals})",
    "mail_message": "id <= {last_message}",
    "mail_tracking_value": "id <= {last_tracking}",
    "ir_attachment": "id IN ({files}) OR res_model LIKE 'smart.%' OR res_model = 'account.move'"
    " AND res_field IS NOT NULL AND res_id <= {last_move}",
    "res_groups_implied_rel": "true",
    "res_groups_users_rel": "true",
}

#: What is put back but free: the chatter is for talk, and repeats what other tables tell.
TALK = ("mail_message", "mail_tracking_value")

#: What Odoo's processes keep in memory of some of these rows.
CACHES = ("default", "groups", "stable")


class State:
    """The rows of a database that count, and the calls that SMART received.

    How they are before the first attack is remembered; that is how they are to stay.

    :param tables: the addon's own
    :param simulator: whose calls count
    """

    def __init__(self, database, tables, companies, simulator):
        self._simulator = simulator
        # One for all questions: to connect takes longer than most answers.
        self._connection = psycopg2.connect(dbname=database)
        self._connection.autocommit = True
        of_companies = f"WHERE company_id IN ({', '.join(map(str, companies))})"
        places = {
            name: ", ".join(self._ids(f"SELECT {column} FROM {rows}")) or "0"
            for name, column, rows in (
                ("contacts", "partner_id", "res_company"),
                ("taxes", "id", f"account_tax {of_companies}"),
                ("repartition", "id", f"account_tax_repartition_line {of_companies}"),
                ("journals", "id", f"account_journal {of_companies}"),
                ("files", "id", "ir_attachment WHERE res_model LIKE 'smart.%'"),
                ("last_move", "max(id)", "account_move"),
                ("last_line", "max(id)", "account_move_line"),
                ("last_message", "max(id)", "mail_message"),
                ("last_tracking", "max(id)", "mail_tracking_value"),
            )
        }
        watched = dict.fromkeys(tables, "true") | WATCHED
        self._watched = {table: where.format(**places) for table, where in watched.items()}
        self._quick = self._digest_query()
        self._remembered = self._digest = None

    def close(self):
        self._connection.close()

    def _rows(self, query):
        with self._connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchall()

    def _ids(self, query):
        return [str(one) for (one,) in self._rows(query) if one is not None]

    def _execute(self, statement):
        with self._connection.cursor() as cursor:
            cursor.execute(statement)

    def _digest_query(self):
        """Return the query for a digest of all that counts; far quicker than the rows."""
        columns = self._rows(
            "SELECT table_name, string_agg(format('%I', column_name), ', ')"
            " FROM information_schema.columns WHERE table_schema = 'public'"
            f" AND column_name NOT IN ({', '.join(map(_literal, UNTOLD))})"
            " GROUP BY table_name"
        )
        columns = dict(columns)
        rows = " UNION ALL ".join(
            f"SELECT md5(ROW({columns[table]})::text) AS row FROM {table} AS t WHERE {where}"
            for table, where in self._watched.items()
        )
        return f"SELECT md5(string_agg(row, '' ORDER BY row)) FROM ({rows}) AS found"

    def _quick_look(self):
        return self._rows(self._quick), self._calls()

    def _calls(self):
        return self._simulator.control("GET", "/ledger?summary=1")["calls"]

    def _take(self):
        """Return each row as a dict, by its table and id."""
        query = " UNION ALL ".join(
            f"SELECT '{table}', (to_jsonb(t) - '{{{','.join(UNTOLD)}}}'::text[])::text"
            f" FROM {table} AS t WHERE {where}"
            for table, where in self._watched.items()
        )
        state = {}
        for table, row in self._rows(query):
            row = json.loads(row)
            # Rows of a relation are known by what they hold.
            state[table, row.get("id") or json.dumps(row)] = row
        return state | {("calls", "of SMART"): self._calls()}

    def remember(self):
        """Keep how everything is now, if that was not done yet."""
        if self._remembered is None:
            self._remembered, self._digest = self._take(), self._quick_look()

    @contextlib.contextmanager
    def otherwise(self):
        """Take what was changed since for granted, and put it back in the end."""
        remembered, digest = self._remembered, self._digest
        self._remembered = None
        self.remember()
        try:
            yield
        finally:
            self._remembered, self._digest = remembered, digest
            self.changes()

    def is_as_it_was(self):
        """Tell whether nothing that counts is different from what is remembered."""
        self.remember()
        return self._quick_look() == self._digest

    def changes(self):
        """Return in words what is not as it was, and put it back."""
        if self.is_as_it_was():
            return []
        before, after = self._remembered, self._take()
        found = [
            change
            for change in differences(before, after)
            if not change.startswith(tuple(f"('{table}'" for table in TALK))
        ]
        found += [f"not put back: {failed}" for failed in self._put_back(before, after)]
        # What SMART was asked cannot be undone.
        before["calls", "of SMART"], self._digest = after["calls", "of SMART"], self._quick_look()
        return found

    def _put_back(self, before, after):
        """Undo what an attack has done, so that the next one finds everything as it was.

        :returns: the statements that did not work
        """
        statements = [
            statement
            for key in before.keys() | after.keys()
            if key[0] != "calls" and before.get(key) != after.get(key)
            for statement in _undo(key, before.get(key), after.get(key))
        ]
        for _attempt in range(4):  # what refers to what: whoever comes later goes first
            failed = []
            for statement in statements:
                try:
                    self._execute(statement)
                except psycopg2.Error:
                    failed.append(statement)
            statements = failed
        for cache in CACHES:
            self._execute(f"INSERT INTO orm_signaling_{cache} DEFAULT VALUES")
        return statements


def _undo(key, old, new):
    """Yield the SQL that makes a row what it was."""
    table, row_id = key
    where = f"id = {row_id}"
    if not isinstance(row_id, int):
        where = f"to_jsonb({table}) = {_literal(row_id)}::jsonb"
    if old is None:
        yield f"DELETE FROM {table} WHERE {where}"
        return
    row = f"jsonb_populate_record(NULL::{table}, {_literal(json.dumps(old))}::jsonb)"
    if new is None:
        yield f"INSERT INTO {table} SELECT * FROM {row}"
        return
    changed = [f'"{name}"' for name in old if old[name] != new.get(name)]
    columns = ", ".join(changed)
    yield (
        f"UPDATE {table} SET ({columns}) = ROW(old.*)"
        f" FROM (SELECT {columns} FROM {row}) AS old WHERE {where}"
    )


def _literal(text):
    return "'" + text.replace("'", "''") + "'"


def differences(before, after):
    """Return in words what differs between two states."""
    found = []
    for key in before.keys() | after.keys():
        old, new = before.get(key), after.get(key)
        if old is None or new is None:
            found.append(f"{key}: {'deleted' if new is None else f'added: {new}'}"[:400])
        elif old != new:
            found += [
                f"{key} {name}: {old.get(name)!r} → {new.get(name)!r}"[:400]
                for name in old.keys() | new.keys()
                if old.get(name) != new.get(name)
            ]
    return sorted(found)

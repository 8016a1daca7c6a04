"""What must hold whatever is tried: the rows that count, compared and put back in SQL."""

import json

from servers import psql

#: Of rows that a harmless write may touch: who saved it last, the link of the portal.
UNTOLD = (
    "write_uid", "write_date", "access_token", "message_main_attachment_id",
    "is_manually_modified",
)  # fmt: skip

#: What is compared beside the addon's own tables: each a condition on rows.
WATCHED = {
    "res_company": "true",
    "res_partner": "id IN (SELECT partner_id FROM res_company)",
    "account_move": "state != 'draft' OR smart_document_id IS NOT NULL OR id <= {last_move}",
    "account_move_line": "move_id IN (SELECT id FROM account_move WHERE state != 'draft'"
    " OR smart_document_id IS NOT NULL)",
    "account_move_line_account_tax_rel": "true",
    "account_account_tag_account_move_line_rel": "true",
    "account_tax": "company_id IN ({companies})",
    "account_tax_repartition_line": "company_id IN ({companies})",
    "account_journal": "company_id IN ({companies})",
    # What was said before stays. What is added by hand is so by whom it names, and now.
    "mail_message": "id <= {last_message} OR model LIKE 'smart.%'"
    " AND message_type != 'user_notification'"
    " AND (abs(extract(epoch FROM date - create_date)) > 60 OR author_id IS DISTINCT FROM"
    " (SELECT partner_id FROM res_users WHERE id = t.create_uid))",
    "mail_tracking_value": "true",
    "ir_attachment": "res_model LIKE 'smart.%' OR res_model = 'account.move'"
    " AND res_field IS NOT NULL AND res_id IN (SELECT move_id FROM smart_document)",
    "res_groups_implied_rel": "true",
    "res_groups_users_rel": "true",
}

#: What Odoo's processes keep in memory of some of these rows.
CACHES = ("default", "groups", "stable")


class State:
    """The rows of a database that count.

    :param tables: the addon's own
    :param simulator: whose calls count, too
    """

    def __init__(self, database, tables, companies, simulator):
        self._database, self._simulator = database, simulator
        self._watched = dict.fromkeys(tables, "true") | WATCHED
        self._places = {
            "companies": ", ".join(map(str, companies)),
            "last_move": self._last("account_move"),
            "last_message": self._last("mail_message"),
        }

    def _last(self, table):
        return psql(f"SELECT coalesce(max(id), 0) FROM {table}", self._database)

    def take(self):
        """Return each row as a dict, by its table and id, and the calls that SMART received."""
        query = " UNION ALL ".join(
            f"SELECT '{table}', (to_jsonb(t) - '{{{','.join(UNTOLD)}}}'::text[])::text"
            f" FROM {table} AS t WHERE {where.format(**self._places)}"
            for table, where in self._watched.items()
        )
        state = {}
        for line in psql(query, self._database).splitlines():
            table, row = line.split("|", 1)
            row = json.loads(row)
            # Rows of a relation are known by what they hold.
            state[table, row.get("id") or json.dumps(row)] = row
        calls = self._simulator.control("GET", "/ledger?summary=1")["calls"]
        return state | {("calls", "of SMART"): calls}

    def put_back(self, before, after):
        """Undo what an attack has done, so that the next one finds everything as it was."""
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
                    psql(statement, self._database)
                except AssertionError:
                    failed.append(statement)
            statements = failed
        assert not statements, statements
        for cache in CACHES:
            psql(f"INSERT INTO orm_signaling_{cache} DEFAULT VALUES", self._database)


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


def changes(before, after):
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

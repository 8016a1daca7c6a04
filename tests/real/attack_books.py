"""What became of an invoice, without what is different each time: to be compared with others."""

import contextlib
import functools
import hashlib
import json
import re

import pytest
from attack_world import FORGED_FILE, served
from servers import OdooError

#: Columns that are different each time.
VARYING = {
    "id", "create_date", "write_date", "duration_ms", "hash", "previous_hash", "position",
    "queue_position", "checked_at", "checked_position", "sealed_at",
    "message_main_attachment_id", "fecha", "hora", "corelativo", "trackingid", "owner",
    "witness_last_exchange", "file_size",
}  # fmt: skip

#: What Odoo keeps of a file.
FORGED_CHECKSUM = hashlib.sha1(FORGED_FILE).hexdigest()

#: Columns of the invoice that SMART's part in it shows in.
OF_MOVES = "state, smart_igtf_base, smart_former_number, smart_note_reason, smart_note_origin_id"

#: Columns of what is said beside it. What Odoo tracks by itself is Odoo's.
OF_MESSAGES = "body, subject, author_id, email_from, message_type, subtype_id, is_internal, date"

#: A moment as PostgreSQL, JSON or SMART writes it.
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z?")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}|\d{2}/\d{2}/\d{4}")
DIGEST = re.compile(r"\b[0-9a-f]{64}\b")


class Books:
    """What the database has of invoices, with names in place of what belongs to each one.

    :param world: an :class:`attack_world.World`
    :param of: ``world.mine`` or ``world.theirs``: names of that company become ``<company>``
    :param cashier: the :class:`attack_world.Person` who confirms
    """

    def __init__(self, world, of, cashier):
        self._world = world
        self._ids = {
            "company_id": (of.company, "company"), "issuer_id": (of.company, "company"),
            "company": (of.company, "company"), "issuer": (of.company, "company"),
            "partner_id": (of.customer, "customer"),
            "user_id": (cashier.id, "cashier"), "user": (cashier.id, "cashier"),
            "created_by": (cashier.id, "cashier"), "written_by": (cashier.id, "cashier"),
            "partner": (of.customer, "customer"),
            "create_uid": (cashier.id, "cashier"), "write_uid": (cashier.id, "cashier"),
            "author_id": (cashier.who["partner"], "cashier"),
        }  # fmt: skip
        self._texts = {
            of.rif: "<RIF>",
            of.rif.replace("-", ""): "<RIF>",
            of.company_name: "<company>",
            world.simulator.url: "<SMART>",
            world.simulator.url.removeprefix("http://"): "<SMART>",
        }
        self._today = world.sql(
            "SELECT string_agg(to_char(day, form), '|') FROM unnest(array['YYYY-MM-DD',"
            " 'DD/MM/YYYY']) AS form, unnest(array[now() AT TIME ZONE 'UTC',"
            " now() AT TIME ZONE 'America/Caracas', now() AT TIME ZONE 'UTC' - interval '1 day',"
            " now() AT TIME ZONE 'UTC' + interval '1 day']) AS day"
        ).split("|")

    def of_invoice(self, move_id):
        """Return everything that belongs to an invoice."""
        move = self._rows(f"SELECT {OF_MOVES}, name FROM account_move WHERE id = {move_id}")[0]
        documents = self._rows(f"SELECT * FROM smart_document WHERE move_id = {move_id}")
        ids = ", ".join(str(one["id"]) for one in documents) or "0"
        own = dict(self._texts)
        if move["name"]:
            own[move["name"]] = "<name>"
        for document in documents:
            own |= {
                text: name
                for text, name in (
                    (document["control_number"], "<control number>"),
                    (document["internal_number"], "<internal number>"),
                    ((document["control_number"] or "").replace("-", ""), "<control number>"),
                )
                if text
            }
        found = {"move": [move], "documents": documents}
        for table in ("smart_exchange", "smart_email", "smart_witness", "smart_chain_link"):
            found[table] = self._rows(
                f"SELECT * FROM {table} WHERE document_id IN ({ids})"
                + (
                    " OR exchange_id IN (SELECT id FROM smart_exchange"
                    f" WHERE document_id IN ({ids}))"
                    if table == "smart_chain_link"
                    else ""
                )
                + " ORDER BY id"
            )
        ids_of = {"witness_id": {one["id"] for one in found["smart_witness"]}}
        ids_of["document_id"] = ids_of["document"] = {one["id"] for one in documents}
        found["files"] = self._rows(
            f"SELECT name, checksum = '{FORGED_CHECKSUM}' AS forged, res_field FROM ir_attachment"
            f" WHERE res_model = 'smart.document' AND res_id IN ({ids})"
            " OR res_model = 'smart.witness' AND res_id IN"
            f" (SELECT id FROM smart_witness WHERE document_id IN ({ids})) ORDER BY id"
        )
        found["said"] = self._rows(
            f"SELECT {OF_MESSAGES} FROM mail_message WHERE model = 'account.move'"
            f" AND res_id = {move_id} AND body != '' ORDER BY id"
        )
        return {
            name: [self._plain(row, own, ids_of, move_id) for row in rows]
            for name, rows in found.items()
        }

    def of_issuer(self, company):
        """Return the rows that there are of an issuer, not of a document."""
        tables = ("smart_numbering", "smart_lane", "smart_chain")
        return {
            table: [
                self._plain(row, self._texts, {}, 0)
                for row in self._rows(
                    f"SELECT * FROM {table} WHERE issuer_id = {company} ORDER BY id"
                )
            ]
            for table in tables
        }

    def _rows(self, query):
        lines = self._world.sql(f"SELECT to_jsonb(t) FROM ({query}) AS t")
        return [json.loads(line) for line in lines.splitlines()]

    def _plain(self, value, own, ids_of, move_id, column=None):
        """Return a value with names in place of what belongs to its invoice and company."""
        if isinstance(value, dict):
            return {
                key: self._plain(one, own, ids_of, move_id, key)
                for key, one in value.items()
                if key not in VARYING
            }
        if isinstance(value, list):
            return [self._plain(one, own, ids_of, move_id) for one in value]
        if isinstance(value, str):
            if column == "numerointerno":  # of a request that waits: the one that it may get
                return "<internal number>"
            if value[:1] in "{[":
                try:
                    return self._plain(json.loads(value), own, ids_of, move_id)
                except ValueError:
                    pass  # a text that only begins like JSON
            # Of an issuer's lot, which may begin with this one's number.
            footer = column in ("legal_footer", "piedepagina")
            return self._text(value, self._texts if footer else own)
        if isinstance(value, bool) or value is None:
            return value
        if column in ids_of or column == "exchange_id":
            return f"<{column}>" if value in ids_of.get(column, (value,)) else value
        if column == "move_id":
            return "<move>" if value == move_id else value
        if column == "lane_id":
            return self._lane(value)
        known = self._ids.get(column)
        if known:
            return f"<{known[1]}>" if value == known[0] else value
        if column == "internal_sequence":
            return own.get(f"{value:08d}", value)
        return value

    def _lane(self, lane_id):
        """Return the environment of a lane of this company, and any other lane as it is."""
        mine = self._ids["issuer_id"][0]
        environment = self._world.sql(
            f"SELECT environment FROM smart_lane WHERE id = {lane_id} AND issuer_id = {mine}"
        )
        return environment and f"<lane: {environment}>" or lane_id

    def _text(self, value, own):
        for text in sorted(own, key=len, reverse=True):
            value = value.replace(text, own[text])
        value = MOMENT.sub(self._moment, DIGEST.sub("<digest>", value))
        return DAY.sub(self._moment, value)

    def _moment(self, match):
        """Return ``<now>`` for a moment of these days, and any other as it is."""
        text = match[0]
        return "<now>" if any(text.startswith(day) for day in self._today) else text


def draft(world, of, cashier):
    """Return a draft that the cashier makes."""
    [move] = world[cashier].call("account.move", "create", [{
        "move_type": "out_invoice", "partner_id": of.customer, "currency_id": of.currency,
        "invoice_line_ids": [[0, 0, {
            "name": "Asesoría", "price_unit": 100.0, "tax_ids": [[6, 0, [of.tax]]]}]],
    }])  # fmt: skip
    return move


def confirmed(world, of, cashier):
    """Return an invoice that the cashier makes and confirms."""
    move = draft(world, of, cashier)
    world[cashier].call("account.move", "action_post", [move])
    return move


def found_in_print(world, of, cashier, move=None):
    """Return an invoice without an answer, a new one if none is given, found in print."""
    confirmed(world, of, cashier)  # tells where the next one lies
    move = move or draft(world, of, cashier)
    world.simulator.fault("drop_after")
    world[cashier].call("account.move", "action_post", [move])
    # The company's scheduled action.
    action = world.sql(f"SELECT smart_errands_action_id FROM res_company WHERE id = {of.company}")
    world["admin"].call("ir.cron", "method_direct_trigger", [int(action)])
    return move


def contest(world, move, context):
    """Have the manager contest what a print has settled, and record it by hand after all."""
    row = f"SELECT id, control_number, issued_at FROM smart_document WHERE move_id = {move}"
    document, number, issued_at = world.sql(row).split("|")
    values = {"document_id": int(document), "explanation": "Vista en el tablero"}
    resolve = functools.partial(world["manager"].wizard, "smart.resolve.wizard", context=context)
    resolve(values, "action_contest")
    resolve({**values, "control_number": number, "issued_at": issued_at[:19]}, "action_issued")


def next_control_number(world, of, ahead=1):
    """Return the control number that SMART is going to give after some others."""
    issued = world.simulator.control("GET", f"/ledger?summary=1&rif={of.rif}")["documents"]
    return f"00-{len(issued) + ahead:08d}"


def must_be_same(expected, found):
    """Fail where two things differ, with the places in which they do."""
    one, other = dict(_leaves(expected)), dict(_leaves(found))
    places = [
        f"{place}: {one.get(place, 'nothing')!r:.100} → {other.get(place, 'nothing')!r:.100}"
        for place in one | other
        if one.get(place, "nothing") != other.get(place, "nothing")
    ]
    if places:
        pytest.fail("\n".join(places[:30]), pytrace=False)


@contextlib.contextmanager
def not_hindered():
    """Fail in few words where an attack keeps others from their work."""
    try:
        yield
    except OdooError as error:
        pytest.fail(f"hindered: {error}", pytrace=False)


def _leaves(value, place=""):
    """Yield each single value in nested ones, with its place."""
    inner = value.items() if isinstance(value, dict) else enumerate(value, start=1)
    for key, one in inner:
        if isinstance(one, dict | list):
            yield from _leaves(one, f"{place}{key}/")
        else:
            yield f"{place}{key}", one


class Worlds:
    """A served world, and another one as soon as something went wrong in it."""

    def __init__(self, ready, tmp_path_factory):
        self._ready, self._folders = ready, tmp_path_factory
        self._stack = contextlib.ExitStack()
        self._world = None

    def healthy(self):
        """Return a world in which everything that was sent is issued, and nothing waits."""
        if self._world and not self._is_healthy():
            self.close()
        if not self._world:
            folder = self._folders.mktemp("afresh")
            self._world = self._stack.enter_context(served(self._ready, folder))
        return self._world

    def fresh(self):
        """Return a world in which nothing was issued yet."""
        self.close()
        return self.healthy()

    def _is_healthy(self):
        world = self._world
        world.simulator.control("DELETE", "/faults")
        world.forget_defaults()
        troubles = world.sql(
            "SELECT (SELECT count(*) FROM smart_document WHERE state NOT IN"
            " ('issued', 'annulled') OR conflicting_number IS NOT NULL)"
            " + (SELECT count(*) FROM smart_lane WHERE blocked OR paused_until IS NOT NULL)"
            " + (SELECT count(*) FROM account_move WHERE state = 'posted'"
            " AND smart_document_id IS NULL AND journal_id IN"
            f" ({world.mine.journal}, {world.theirs.journal}))"
        )
        numbers = world.sql("SELECT sum(next_number - 1) FROM smart_numbering") or "0"
        return troubles == "0" and int(numbers) == len(world.simulator.issued())

    def close(self):
        self._stack.close()
        self._world = None

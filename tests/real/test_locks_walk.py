"""A walk over every field of an issued document: only the columns of a frozen list change.

Each field, those that a later Odoo or another addon adds included, is written with another value
over JSON-RPC, as each kind of user; then the rows are compared in SQL. What is allowed is stated
here, not taken from the code that is under test.
"""

import base64
import json
import re
from dataclasses import dataclass, field

import pytest
from issued_world import served
from servers import OdooError, psql

#: Why a write of a locked field is refused: in words of this addon, or no rights on the model.
REFUSED = re.compile(
    r"(INV/\d+/\d+|(Invoice|Credit Note|Debit Note) \d{8})"
    r" (was (issued|sent|annulled)|is (confirmed|being sent))"
    "|The tax (group )?.* stays as it is|cannot be set by hand|not allowed to modify"
)

USERS = {
    "cashier": ("account.group_account_invoice",),
    "manager": ("account.group_account_manager",),
    "administrator": ("account.group_account_manager", "base.group_system"),
}

#: What no write of a client changes, and says so by silence.
MAGIC = {"id", "create_uid", "create_date", "write_uid", "write_date"}


@dataclass(frozen=True)
class Walked:
    """A row that everybody tries to change, and what of it may change.

    To walk another model with the documents (pickings, orders of the till), add it to WALK.

    :param model: of the record
    :param key: under which the world knows its id
    :param free: names of fields that may be written, x2many ones included
    :param follows: columns that Odoo computes anew from what is free
    """

    model: str
    key: str
    free: frozenset = field(default=frozenset())
    follows: frozenset = field(default=frozenset())

    def may_change(self):
        return self.free | self.follows | {"write_uid", "write_date"}


MOVE = frozenset(
    {
        "activity_ids", "activity_summary", "activity_type_id", "attachment_ids", "checked",
        "invoice_date_due", "invoice_user_id", "matched_payment_ids", "message_follower_ids",
        "message_main_attachment_id", "message_partner_ids", "narration", "no_followup",
        "partner_bank_id", "payment_reference", "preferred_payment_method_line_id",
        "qr_code_method", "ref", "team_id",
    }
)  # fmt: skip
LINE = frozenset(
    {
        "analytic_distribution", "analytic_line_ids", "date_maturity", "no_followup",
        "reconciled_lines_ids",
    }
)  # fmt: skip
TAX = frozenset(
    {
        "active", "fiscal_position_ids", "message_follower_ids", "message_partner_ids",
        "original_tax_ids", "replacing_tax_ids", "sequence",
    }
)  # fmt: skip
REPARTITION = frozenset({"account_id", "tag_ids", "use_in_tax_closing"})
GROUP = frozenset(
    {
        "advance_tax_payment_account_id", "pos_receipt_label", "tax_payable_account_id",
        "tax_receivable_account_id",
    }
)  # fmt: skip

#: The chatter, where changes are noted.
MESSAGES = ("audit_trail_message_ids", "message_ids", "website_message_ids")

WALK = [
    # Odoo notes on an entry that somebody wrote on it.
    Walked(
        "account.move",
        "issued",
        MOVE,
        frozenset({"is_manually_modified", *MESSAGES}),
    ),
    Walked("account.move.line", "line", LINE, frozenset({"ref"})),
    Walked("account.move.line", "tax_line", LINE, frozenset({"ref"})),
    # Its label is made of the references.
    Walked("account.move.line", "term_line", LINE, frozenset({"ref", "name"})),
    Walked("account.tax", "tax", TAX, frozenset({"is_domestic", *MESSAGES})),
    Walked("account.tax.repartition.line", "repartition", REPARTITION),
    Walked("account.tax.group", "tax_group", GROUP),
]

PREPARE = """
for login, groups in USERS.items():
    env["res.users"].create({
        "name": login, "login": login, "password": login, "company_id": company.id,
        "company_ids": [(6, 0, company.ids)],
        "group_ids": [(6, 0, [env.ref(one).id for one in ("base.group_user", *groups)])],
    })
cr.commit(); cr.close()
"""


@pytest.fixture(scope="module")
def world(prepared, tmp_path_factory):
    with served(prepared, tmp_path_factory.mktemp("walk") / "odoo.log") as world:
        world.script(f"USERS = {USERS!r}\n{PREPARE}")
        world.last_ids = {}
        yield world


def rows(world, query):
    """Return the rows of a query as dictionaries."""
    return json.loads(psql(f"SELECT coalesce(json_agg(t), '[]') FROM ({query}) t", world.database))


def table(model):
    return model.replace(".", "_")


class Record:
    """One record with all that the database has of it."""

    def __init__(self, world, walked):
        self.world, self.walked = world, walked
        self.id = getattr(world, walked.key)
        self.fields = rows(
            world,
            "SELECT name, ttype, store, readonly, relation, relation_field, relation_table,"
            f" column1, column2 FROM ir_model_fields WHERE model = '{walked.model}' ORDER BY name",
        )
        columns = rows(
            world,
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = 'public'",
        )
        self.columns = {(one["table_name"], one["column_name"]) for one in columns}

    def snapshot(self):
        """Return its columns, and what its x2many fields name, by the name of the field."""
        [found] = rows(self.world, f"SELECT * FROM {table(self.walked.model)} WHERE id = {self.id}")
        queries = {}
        for one in self.fields:
            if not one["store"]:
                continue
            if one["ttype"] == "many2many":
                queries[one["name"]] = (
                    f"SELECT {one['column2']} FROM {one['relation_table']}"
                    f" WHERE {one['column1']} = {self.id}"
                )
            inverse = (table(one["relation"] or ""), one["relation_field"])
            if one["ttype"] == "one2many" and inverse in self.columns:
                queries[one["name"]] = f"SELECT id FROM {inverse[0]} WHERE {inverse[1]} = {self.id}"
            if one["ttype"] == "binary":
                queries[one["name"]] = (
                    "SELECT checksum FROM ir_attachment"
                    f" WHERE res_model = '{self.walked.model}' AND res_id = {self.id}"
                    f" AND res_field = '{one['name']}'"
                )
        if queries:
            parts = [f"ARRAY({one} ORDER BY 1)::text AS {name}" for name, one in queries.items()]
            [related] = rows(self.world, "SELECT " + ", ".join(parts))
            found |= related
        return found

    def another(self, one, value):
        """Return a value that the field does not have, of a kind that it could have."""
        kind = one["ttype"]
        if kind in ("one2many", "many2many"):
            return [[5], [4, self._other_id(one, None)]]
        if kind in ("many2one", "many2one_reference"):
            return self._other_id(one, value)
        if kind == "selection":
            options = self.world.options(self.walked.model, one["name"])
            return next((option for option in options if option != value), "another")
        return {
            "boolean": lambda: not value,
            "char": lambda: f"{value or ''} X",
            "text": lambda: f"{value or ''} X",
            "html": lambda: "<p>X</p>",
            "integer": lambda: (value or 0) + 7,
            "float": lambda: (value or 0) + 1.25,
            "monetary": lambda: (value or 0) + 1.25,
            "date": lambda: "2001-02-03",
            "datetime": lambda: "2001-02-03 04:05:06",
            "json": lambda: {"x": 1},
            "binary": lambda: base64.b64encode(b"%PDF-1.4 another").decode(),
        }[kind]()

    def _other_id(self, one, value):
        """Return the id of a record that the field does not name, if there is one."""
        model = one["relation"] or self.walked.model
        if model not in self.world.last_ids:
            known = (table(model), "id") in self.columns
            query = f"SELECT id FROM {table(model)} ORDER BY id DESC LIMIT 3"
            self.world.last_ids[model] = rows(self.world, query) if known else []
        others = [row["id"] for row in self.world.last_ids[model]]
        return next((other for other in others if other not in (value, self.id)), 999_999_999)

    def try_all(self, server, but=()):
        """Write each field but some; return what was answered, by the name of the field."""
        present, answers = self.snapshot(), {}
        # What may succeed comes last: Odoo computes others anew from it.
        for one in sorted(
            self.fields, key=lambda one: not one["store"] or one["name"] in self.walked.free
        ):
            name = one["name"]
            # What is neither stored nor may be written has nowhere to go.
            if name in MAGIC or name in but or (one["readonly"] and not one["store"]):
                continue
            value = self.another(one, present.get(name))
            try:
                server.call(
                    self.walked.model, "write", [self.id], {name: value},
                    company=self.world.company, context={"skip_readonly_check": True},
                )  # fmt: skip
                answers[name] = None
            except OdooError as error:
                answers[name] = str(error)
        return answers

    def walk(self, server, but=()):
        """Try all fields; check that only what is free has changed, and that the rest is told."""
        before, content = self.snapshot(), self.world.content()
        answers = self.try_all(server, but)
        after = self.snapshot()
        changed = {
            name: (before[name], after[name], answers.get(name))
            for name in before.keys() - self.walked.may_change()
            if before[name] != after[name]
        }
        assert not changed
        assert self.world.content() == content
        stored = {one["name"] for one in self.fields if one["store"]} - MAGIC - set(but)
        assert stored <= answers.keys(), "every stored field was tried"
        silent = {
            name: answers[name]
            for name in stored - self.walked.free
            if not REFUSED.search(answers[name] or "")
        }
        assert not silent


@pytest.mark.parametrize("who", USERS)
@pytest.mark.parametrize("walked", WALK, ids=lambda one: one.key)
def test_of_what_was_issued_only_the_free_columns_change(world, walked, who):
    server = world.server.another_client(who, who)
    Record(world, walked).walk(server)


@pytest.fixture(params=["queued", "sending", "unknown", "refused", "annulled"])
def state(request, world):
    """Have all documents in another state than issued; nobody sends here."""
    psql(f"UPDATE smart_document SET state = '{request.param}'", world.database)
    yield request.param
    psql("UPDATE smart_document SET state = 'issued'", world.database)


@pytest.mark.parametrize("key", ["issued", "line", "tax", "repartition"])
def test_what_waits_or_may_be_issued_or_was_annulled_is_locked_as_well(world, state, key):
    server = world.server.another_client("manager", "manager")
    [walked] = [one for one in WALK if one.key == key]
    # Setting what waits back to draft withdraws it: then it is free as a whole.
    may_be_withdrawn = key == "issued" and state in ("queued", "refused")
    Record(world, walked).walk(server, but={"state"} if may_be_withdrawn else ())

"""Attacks on the engine's own records, by their ORM methods and past them: nothing changes."""

import pytest
from attack_world import FORGED, FORGED_NUMBER, rows, served

EVERYBODY = (
    "cashier", "manager", "admin", "access", "auditor", "reader", "employee", "portal",
    "stranger", "public",
)  # fmt: skip

#: The engine's models, and which record of its own company is attacked.
ENGINE = {
    "smart.document": lambda w: w.mine.documents["issued"],
    "smart.exchange": lambda w: w.mine.exchange,
    "smart.email": lambda w: w.mine.email,
    "smart.witness": lambda w: w.mine.witness,
    "smart.numbering": lambda w: w.mine.numbering,
    "smart.lane": lambda w: w.mine.lane,
    "smart.chain": lambda w: w.mine.chain,
    "smart.chain.link": lambda w: w.mine.link,
    "smart.sheet": lambda w: w.mine.sheet,
}

#: What Odoo offers on every model, as (method, arguments); ``one`` is the record, ``values``
#: are forged for all its stored fields.
METHODS = {
    "create nothing": lambda me, model, one, values: me.call(model, "create", [{}]),
    "create": lambda me, model, one, values: me.call(model, "create", [values]),
    "create by JSON-2": lambda me, model, one, values: me.json2(
        model, "create", vals_list=[values]
    ),
    "create by the old API": lambda me, model, one, values: me.jsonrpc(model, "create", values),
    "name_create": lambda me, model, one, values: me.call(model, "name_create", FORGED),
    "write": lambda me, model, one, values: me.call(model, "write", [one], values),
    "write by JSON-2": lambda me, model, one, values: me.json2(
        model, "write", ids=[one], vals=values
    ),
    "write by the old API": lambda me, model, one, values: me.xmlrpc(
        model, "write", [one], values
    ),
    "web_save": lambda me, model, one, values: me.call(model, "web_save", [one], values, {}),
    "web_save of a new one": lambda me, model, one, values: me.call(
        model, "web_save", [], values, {}
    ),
    "web_save_multi": lambda me, model, one, values: me.call(
        model, "web_save_multi", [one], [values], {}
    ),
    "web_resequence": lambda me, model, one, values: me.call(
        model, "web_resequence", [one], {}, field_name=_some(values), offset=4242
    ),
    "copy": lambda me, model, one, values: me.call(model, "copy", [one]),
    "copy with values": lambda me, model, one, values: me.call(
        model, "copy", [one], default=values
    ),
    "unlink": lambda me, model, one, values: me.call(model, "unlink", [one]),
    "unlink by force": lambda me, model, one, values: me.call(
        model, "unlink", [one], context={"force_delete": True, "_force_unlink": True}
    ),
    "archive": lambda me, model, one, values: me.call(model, "action_archive", [one]),
    "unarchive": lambda me, model, one, values: me.call(model, "action_unarchive", [one]),
    "toggle_active": lambda me, model, one, values: me.call(model, "toggle_active", [one]),
    "import": lambda me, model, one, values: me.load(
        model, [".id", _some(values)], [one, 4242]
    ),
    "import of a new one": lambda me, model, one, values: me.load(
        model, [_some(values)], [4242]
    ),
    "translations": lambda me, model, one, values: me.call(
        model, "web_override_translations", [one], values
    ),
    "private method": lambda me, model, one, values: me.call(model, "_write", [one], values),
    "the engine's door": lambda me, model, one, values: me.call(
        model, "_engine_write", [one], values
    ),
}  # fmt: skip

#: What odoo keeps of every record by itself.
AUTOMATIC = {"id", "create_uid", "create_date", "write_uid", "write_date"}


#: An accounting manager may set it, to a higher one.
FREE = {("smart.numbering", "next_number")}


def _some(values):
    """Return the name of a field, if possible of a number."""
    numbers = [name for name, value in values.items() if value == 4242]
    return (numbers or list(values))[0]


@pytest.fixture(scope="module")
def world(attacked, tmp_path_factory):
    with served(attacked, tmp_path_factory.mktemp("records")) as world:
        yield world


def stored(world, model):
    """Return forged values for every stored field of a model that no person may write."""
    return {
        name: world.forged(model, name)
        for name, described in world.fields[model].items()
        if described["store"]
        and name not in AUTOMATIC
        and described["type"] not in ("one2many", "many2many")
        and (model, name) not in FREE
    }


@pytest.mark.parametrize("model", ENGINE)
@pytest.mark.parametrize("who", EVERYBODY)
def test_no_method_of_the_orm_touches_a_record_of_the_engine(world, who, model):
    one, values = ENGINE[model](world), stored(world, model)
    world.judge_all(
        who,
        {
            name: lambda _w, me, method=method: method(me, model, one, values)
            for name, method in METHODS.items()
        },
    )


@pytest.mark.parametrize("model", ENGINE)
@pytest.mark.parametrize("who", EVERYBODY)
def test_no_field_of_a_record_of_the_engine_is_written_by_itself(world, who, model):
    one = ENGINE[model](world)
    fields = {
        name: world.forged(model, name)
        for name in world.fields[model].keys() - AUTOMATIC
        if (model, name) not in FREE
        and not name.startswith(("activity_", "message_"))  # Odoo's own, for talk
    }
    world.judge_all(
        who,
        {
            name: lambda _w, me, values={name: value}: me.call(model, "write", [one], values)
            for name, value in fields.items()
        },
    )


# -- through other models ------------------------------------------------------------------


def command(model, record, field, *commands):
    """Return an attack by commands of a relation."""

    def attack(world, me):
        return me.call(
            model, "write", [record(world)], {field: [one(world) for one in commands]},
            context={"skip_readonly_check": True},
        )  # fmt: skip

    return attack


def _new_document(world):
    return {
        "name": FORGED, "company_id": world.mine.company, "issuer_id": world.mine.company,
        "environment": "custom", "document_type": "invoice", "state": "issued",
        "control_number": FORGED_NUMBER,
    }  # fmt: skip


def _forged_exchange(world):
    return {
        "operation": "issue", "outcome": "accepted", "environment": "custom",
        "issuer_id": world.mine.company, "company_id": world.mine.company,
        "started_at": "2020-01-01 00:00:00", "document_id": world.mine.documents["issued"],
    }  # fmt: skip


WRITERS = "cashier, manager, admin, stranger"

COMMANDS = {
    "a document of one's own on a draft": (WRITERS, command(
        "account.move", lambda w: w.mine.draft, "smart_document_ids",
        lambda w: [0, 0, _new_document(w)])),
    "another invoice's document on a draft": (WRITERS, command(
        "account.move", lambda w: w.mine.draft, "smart_document_ids",
        lambda w: [4, w.mine.documents["issued"]])),
    "documents replaced": (WRITERS, command(
        "account.move", lambda w: w.mine.issued, "smart_document_ids",
        lambda w: [6, 0, [w.mine.documents["other"]]])),
    "the document changed through its invoice": (WRITERS, command(
        "account.move", lambda w: w.mine.issued, "smart_document_ids",
        lambda w: [1, w.mine.documents["issued"], {"control_number": FORGED_NUMBER}])),
    "the document deleted through its invoice": (WRITERS, command(
        "account.move", lambda w: w.mine.issued, "smart_document_ids",
        lambda w: [2, w.mine.documents["issued"]])),
    "an exchange added through the invoice": (WRITERS, command(
        "account.move", lambda w: w.mine.issued, "smart_exchange_ids",
        lambda w: [0, 0, _forged_exchange(w)])),
    "an exchange changed through the invoice": (WRITERS, command(
        "account.move", lambda w: w.mine.issued, "smart_exchange_ids",
        lambda w: [1, w.mine.exchange, {"outcome": "refused"}])),
    "exchanges taken off the document": (WRITERS, command(
        "smart.document", lambda w: w.mine.documents["issued"], "exchange_ids",
        lambda w: [5])),
    "an e-mail added to the document": (WRITERS, command(
        "smart.document", lambda w: w.mine.documents["issued"], "email_ids",
        lambda w: [0, 0, {"addresses": "evil@example.com"}])),
    "a link added to the exchange": (WRITERS, command(
        "smart.exchange", lambda w: w.mine.exchange, "chain_link_ids",
        lambda w: [0, 0, {"kind": "exchange", "content": "{}"}])),
    "an invoice made with somebody's document": (WRITERS, lambda w, me: me.call(
        "account.move", "create", [{
            "move_type": "out_invoice", "partner_id": w.mine.customer,
            "smart_document_ids": [[4, w.mine.documents["issued"]]]}])),
    "an invoice made with a document of its own": (WRITERS, lambda w, me: me.call(
        "account.move", "create", [{
            "move_type": "out_invoice", "partner_id": w.mine.customer,
            "smart_document_ids": [[0, 0, _new_document(w)]]}])),
    "a copy with the document": (WRITERS, lambda w, me: me.call(
        "account.move", "copy", [w.mine.issued],
        default={"smart_document_ids": [[4, w.mine.documents["issued"]]]})),
    "the invoice saved with all of SMART's fields": (WRITERS, lambda w, me: me.call(
        "account.move", "web_save", [w.mine.issued], {
            name: w.forged("account.move", name) for name in w.fields["account.move"]
            if name.startswith("smart_")}, {})),
    "the file of a document": (WRITERS, lambda w, me: me.call(
        "ir.attachment", "write", [w.mine.file], {"datas": "JVBERi0xLjQK"})),
    "the file taken over by another record": (WRITERS, lambda w, me: me.call(
        "ir.attachment", "write", [w.mine.file],
        {"res_model": "res.partner", "res_id": me.who["partner"]})),
    "the file deleted": (WRITERS, lambda w, me: me.call(
        "ir.attachment", "unlink", [w.mine.file])),
    "evidence added to a document": (WRITERS, command(
        "smart.document", lambda w: w.mine.documents["unknown"], "witness_ids",
        lambda w: [0, 0, {"control_number": FORGED_NUMBER, "verdict": "proof"}])),
    "another document's evidence": (WRITERS, command(
        "smart.document", lambda w: w.mine.documents["unknown"], "witness_ids",
        lambda w: [4, w.mine.witness])),
    "evidence deleted through its document": (WRITERS, command(
        "smart.document", lambda w: w.mine.documents["printed"], "witness_ids",
        lambda w: [2, w.mine.witness])),
    "the file of the evidence": (WRITERS, lambda w, me: me.call(
        "ir.attachment", "write", [w.mine.evidence], {"datas": "JVBERi0xLjQK"})),
    "the file of the evidence taken over": (WRITERS, lambda w, me: me.call(
        "ir.attachment", "write", [w.mine.evidence],
        {"res_model": "res.partner", "res_id": me.who["partner"]})),
    "the file of the evidence deleted": (WRITERS, lambda w, me: me.call(
        "ir.attachment", "unlink", [w.mine.evidence])),
    "a second file put beside the evidence": (WRITERS, lambda w, me: me.call(
        "ir.attachment", "create", [{
            "name": "file", "res_model": "smart.witness", "datas": "JVBERi0xLjQK",
            "res_field": "file", "res_id": w.mine.witness}])),
    "a second file put in its place": (WRITERS, lambda w, me: me.call(
        "ir.attachment", "create", [{
            "name": "document_file", "res_model": "smart.document", "datas": "JVBERi0xLjQK",
            "res_field": "document_file", "res_id": w.mine.documents["issued"]}])),
}  # fmt: skip


@pytest.mark.parametrize(("who", "attack"), rows(COMMANDS))
def test_no_other_model_is_a_way_to_the_records_of_the_engine(world, who, attack):
    world.judge(who, attack)

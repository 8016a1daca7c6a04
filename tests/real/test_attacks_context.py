"""Attacks by keys of the context: what is done is done as without them, or not at all."""

import contextlib

import pytest
from attack_books import (
    Books,
    Worlds,
    contest,
    draft,
    found_in_print,
    must_be_same,
    not_hindered,
)  # fmt: skip
from attack_world import FORGED, FORGED_MOMENT
from servers import OdooError

ENGINE = (
    "smart.document", "smart.exchange", "smart.email", "smart.numbering", "smart.lane",
    "smart.chain", "smart.chain.link", "smart.witness",
)  # fmt: skip


def defaults(*models):
    """Return a function that makes ``default_`` keys for every field of some models."""
    return lambda world: {
        f"default_{name}": world.forged(model, name)
        for model in models
        for name in world.fields[model]
        if not (model == "account.move" and not name.startswith("smart_"))
    }


def fixed(**keys):
    return lambda _world: keys


#: What the notes in the chatter would be made of.
OF_MESSAGES = {
    "default_author_id": 3, "default_body": FORGED, "default_date": FORGED_MOMENT,
    "default_email_from": "evil@example.com", "default_subject": FORGED,
    "default_message_type": "comment", "default_subtype_id": 1, "default_is_internal": False,
    "default_model": "res.partner", "default_res_id": 1, "default_parent_id": 1,
}  # fmt: skip

SWITCHES = {
    "tracking_disable": True, "install_mode": True, "mail_create_nolog": True,
    "mail_notrack": True, "mail_create_nosubscribe": True, "import_file": True,
    "mail_auto_subscribe_no_notify": True, "bin_size": True, "active_test": False,
    "prefetch_fields": False, "force_delete": True, "_force_unlink": True, "module": "x",
    "no_reset_password": True, "recompute": False,
}  # fmt: skip

#: What Odoo's accounting asks of itself by the context.
OF_ACCOUNTING = {
    "check_move_validity": False, "skip_invoice_sync": True, "skip_readonly_check": True,
    "skip_account_move_synchronization": True, "skip_invoice_line_sync": True,
    "dynamic_unlink": True, "move_reverse_cancel": True, "validate_analytic": True,
    "skip_is_manually_modified": True, "bypass_lock_check": True, "disable_abnormal_invoice": True,
}  # fmt: skip

CONTEXTS = {
    **{f"defaults of {model}": defaults(model) for model in ENGINE},
    "defaults of SMART's fields of invoices": defaults("account.move"),
    "defaults of everything": defaults(*ENGINE, "account.move"),
    "defaults of messages": fixed(**OF_MESSAGES),
    "defaults of another company": lambda w: {
        "default_company_id": w.theirs.company, "default_issuer_id": w.theirs.company,
        "default_journal_id": w.theirs.journal, "default_partner_id": w.theirs.customer},
    "switches": fixed(**SWITCHES),
    "accounting's own": fixed(**OF_ACCOUNTING),
    "the superuser": fixed(uid=1, su=True, sudo=True, user=1),
    "companies: another": lambda w: {"allowed_company_ids": [w.theirs.company]},
    "companies: both": lambda w: {"allowed_company_ids": [w.mine.company, w.theirs.company]},
    "companies: none": fixed(allowed_company_ids=[]),
    "companies: no list": fixed(allowed_company_ids="x"),
    "company forced": lambda w: {
        "force_company": w.theirs.company, "company_id": w.theirs.company},
    "active ids of another company": lambda w: {
        "active_model": "res.company", "active_id": w.theirs.company,
        "active_ids": [w.theirs.company]},
    "language: none such": fixed(lang="xx_XX"),
    "language: a path": fixed(lang="../../etc/passwd"),
    "language: a number": fixed(lang=42),
    "time zone: none such": fixed(tz="Mars/Olympus"),
    "time zone: a number": fixed(tz=5),
    "cancelling: true": fixed(smart_cancel_annulled=True),
    "cancelling: an object": fixed(smart_cancel_annulled={}),
    "the engine's door": fixed(
        smart_door=True, smart_engine=True, smart_engine_write=True, smart_posting=True,
        smart_token=True, smart_states=["issued"], _engine=True, engine=True,
        smart_retention=True, smart_chain=True, smart_sudo=True,
    ),
}  # fmt: skip

#: One by one what is written on behalf of who acts: (act, model, fields).
ONE_BY_ONE = (
    ("resolve", "smart.exchange", (
        "user_id", "answer_body", "http_status", "url", "request_body", "outcome", "code",
        "reason", "duration_ms", "operation", "started_at", "shortened_at", "environment")),
    ("e-mail", "smart.email", (
        "user_id", "state", "message", "sent_at", "addresses")),
    ("contest", "smart.witness", (
        "control_number", "verdict", "about", "url", "asked_at", "document_id", "issuer_id",
        "company_id", "environment", "total_finding", "file", "file_sha256")),
)  # fmt: skip

#: For all that is done beside confirming.
ELSEWHERE = (
    "defaults of smart.document", "defaults of smart.exchange", "defaults of smart.email",
    "defaults of smart.witness", "defaults of messages", "switches", "the superuser",
    "companies: another",
    "companies: both", "cancelling: true", "the engine's door",
)  # fmt: skip


@pytest.fixture(scope="module")
def worlds(attacked_afresh, tmp_path_factory):
    worlds = Worlds(attacked_afresh, tmp_path_factory)
    yield worlds
    worlds.close()


@pytest.fixture
def world(worlds):
    return worlds.healthy()


@pytest.fixture(scope="module")
def honest(worlds):
    """Return what becomes of an invoice by each act without any context."""
    world = worlds.fresh()
    return {name: done(world, name, {}) for name in ACTS}


# -- acts: each prepares an invoice, and returns what is to be called with the context --------


def confirm(world, move):
    return lambda context: world["cashier"].call(
        "account.move", "action_post", [move], context=context
    )


def confirm_by_json2(world, move):
    return lambda context: world["cashier"].json2(
        "account.move", "action_post", ids=[move], context=context
    )


def confirm_by_the_old_api(world, move):
    return lambda context: world["cashier"].jsonrpc(
        "account.move", "action_post", [move], context=context
    )


def send_again(world, move):
    world.simulator.fault("refuse", seconds=600)
    confirm(world, move)({})
    world.simulator.control("DELETE", "/faults")
    return lambda context: world["cashier"].call(
        "account.move", "action_smart_send", [move], context=context
    )


def email(world, move):
    confirm(world, move)({})

    def act(context):
        me = world["cashier"]
        action = me.call("account.move", "action_smart_email", [move], context=context)
        me.call("smart.email.wizard", "action_send", [action["res_id"]], context=context)

    return act


def annul(world, move):
    confirm(world, move)({})
    return lambda context: world["manager"].annul(move, context=context)


def resolve(world, move):
    world.simulator.fault("drop_after")
    confirm(world, move)({})
    [document, issued_at] = world.sql(
        f"SELECT id, sent_at FROM smart_document WHERE move_id = {move}"
    ).split("|")
    values = {
        "document_id": int(document),
        "control_number": world.simulator.documents()[-1]["control_number"],
        "issued_at": issued_at[:19],
        "explanation": "Vista en el tablero",
    }
    return lambda context: world["manager"].wizard(
        "smart.resolve.wizard", values, "action_issued", context=context
    )


def contest_a_print(world, move):
    found_in_print(world, world.mine, "cashier", move)
    return lambda context: contest(world, move, context)


ACTS = {
    "confirm": confirm,
    "confirm by JSON-2": confirm_by_json2,
    "confirm by the old API": confirm_by_the_old_api,
    "send again": send_again,
    "e-mail": email,
    "annul": annul,
    "resolve": resolve,
    "contest": contest_a_print,
}


def done(world, name, context):
    """Return what the database has of an invoice after an act, or ``None`` if it was refused.

    What is refused must leave nothing, and can be done without the context.
    """
    books = Books(world, world.mine, world["cashier"])
    move = draft(world, world.mine, "cashier")
    act = ACTS[name](world, move)
    before = books.of_invoice(move)
    try:
        act({"lang": "en_US"} | context)
    except OdooError:
        must_be_same(before, books.of_invoice(move))
        with not_hindered():
            act({"lang": "en_US"})
    return books.of_invoice(move)


@pytest.mark.parametrize(
    ("act", "context"),
    [
        *(("confirm", context) for context in CONTEXTS),
        *(
            (act, context)
            for act in ACTS
            if act != "confirm"
            for context in ELSEWHERE
        ),
    ],
)  # fmt: skip
def test_no_context_has_an_effect_on_what_is_done(honest, world, act, context):
    must_be_same(honest[act], done(world, act, CONTEXTS[context](world)))


@pytest.mark.parametrize(
    ("act", "model", "name"),
    [(act, model, name) for act, model, names in ONE_BY_ONE for name in names],
)
def test_no_key_forges_what_is_written_on_behalf_of_somebody(honest, world, act, model, name):
    forged = world.forged(model, name)
    must_be_same(honest[act], done(world, act, {f"default_{name}": forged}))


@pytest.mark.parametrize("key", OF_MESSAGES)
@pytest.mark.parametrize("act", ["resolve", "e-mail", "annul", "contest"])
def test_no_key_forges_what_is_noted_beside_the_invoice(honest, world, act, key):
    must_be_same(honest[act], done(world, act, {key: OF_MESSAGES[key]}))


@pytest.mark.parametrize("context", ["defaults of everything", "defaults of another company"])
def test_a_note_made_with_keys_of_the_context_has_nothing_of_smart(world, context):
    me, move = world["cashier"], draft(world, world.mine, "cashier")
    me.call("account.move", "action_post", [move])
    active = {"active_model": "account.move", "active_ids": [move], "active_id": move}
    values = {"reason": "Devolución", "journal_id": world.mine.journal}
    last = world.sql("SELECT max(id) FROM account_move")
    with contextlib.suppress(OdooError):  # nothing was made, then
        me.wizard(
            "account.move.reversal",
            values,
            "refund_moves",
            context=CONTEXTS[context](world) | active,
        )
    made = world.sql(
        "SELECT company_id, smart_document_id, nullif(smart_igtf_base, 0), smart_former_number,"
        f" state FROM account_move WHERE id > {last} AND move_type = 'out_refund'"
    )
    assert made in ("", f"{world.mine.company}||||draft")

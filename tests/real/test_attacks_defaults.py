"""Attacks by defaults, of a person and of a company: what is issued is as without them."""

import os

import pytest
from attack_books import (
    Books,
    Worlds,
    confirmed,
    contest,
    found_in_print,
    must_be_same,
    next_control_number,
    not_hindered,
)  # fmt: skip
from attack_world import FORGED, FORGED_NUMBER

#: Who sets defaults, and for whom: arguments of ``ir.default.set``.
SCOPES = {
    "cashier, for itself": ("cashier", {"user": True}),
    "administrator, for all": ("admin", {"user": False}),
    "administrator, for the company": ("admin", {"user": False, "company": True}),
}

ENGINE = (
    "smart.document", "smart.exchange", "smart.email", "smart.numbering", "smart.lane",
    "smart.chain", "smart.chain.link", "smart.witness",
)  # fmt: skip

#: Documents of each twin.
MANY = 50 if os.environ.get("SMART_DEV_LONG") else 14

#: One by one what a default has forged before, and what else a print shows.
ONE_BY_ONE = (
    ("smart.document", "control_number"), ("smart.document", "issued_at"),
    ("smart.document", "legal_footer"), ("smart.document", "document_url"),
    ("smart.document", "annulment_state"), ("smart.document", "resolution"),
    ("smart.document", "resolved_by"), ("smart.document", "conflicting_number"),
    ("smart.document", "sent_at"), ("smart.document", "proven_issued"),
    ("smart.document", "reserved_sequence"), ("smart.document", "doubted_sequence"),
    ("smart.document", "related_document_id"), ("smart.document", "document_file"),
    ("smart.document", "file_next_at"), ("smart.document", "igtf_tax"),
    ("smart.document", "state"), ("smart.exchange", "user_id"),
    ("smart.exchange", "http_status"), ("smart.exchange", "shortened_at"),
    ("account.move", "smart_document_id"), ("account.move", "smart_igtf_base"),
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
    """Return what becomes of invoices without any default, by how SMART was there."""
    world = worlds.fresh()
    return {line: life(world, line) for line in ("up", "down")}


def defaults(world, model):
    """Return forged values for every stored field of a model that nobody is to fill.

    Of invoices those of SMART that are read-only: what else a person may type, a person may
    have typed by a default.
    """
    values = {
        name: world.forged(model, name)
        for name, described in world.fields[model].items()
        if model.startswith("smart.")
        and described["store"]
        or name.startswith("smart_")
        and described["readonly"]
    }
    if model == "smart.document":
        values["control_number"] = next_control_number(world, world.mine)
    return {name: value for name, value in values.items() if value is not None}


def life(world, line, before=lambda: None):
    """Return what the database has of an invoice after each step of its life.

    :param line: whether SMART is ``up`` or ``down`` when it is confirmed
    :param before: called first
    """
    books = Books(world, world.mine, world["cashier"])
    steps = {}
    if line == "down":
        world.simulator.fault("refuse", seconds=600)
    before()
    move = confirmed(world, world.mine, "cashier")
    printed = world["cashier"].get(f"/report/html/account.report_invoice/{move}")
    steps["printed"] = {text: text in printed for text in (FORGED, FORGED_NUMBER, "2020")}
    steps["confirmed"] = books.of_invoice(move)
    if line == "down":
        world.simulator.control("DELETE", "/faults")
        world["cashier"].call("account.move", "action_smart_send", [move])
        steps["sent"] = books.of_invoice(move)
    action = world["cashier"].call("account.move", "action_smart_email", [move])
    world["cashier"].call("smart.email.wizard", "action_send", [action["res_id"]])
    steps["mailed"] = books.of_invoice(move)
    world["manager"].annul(move)
    steps["annulled"] = books.of_invoice(move)
    return steps


def test_many_documents_are_issued_as_without_any_default(worlds):
    """A cashier sets every default that Odoo lets a person set; its twin sets none."""
    world = worlds.fresh()
    allowed = [
        (model, name)
        for model in (*ENGINE, "account.move")
        for name, value in defaults(world, model).items()
        if world.default("cashier", model, name, value)
    ]
    print(f"{len(allowed)} defaults are set")
    twins = []
    for of, cashier in ((world.mine, "cashier"), (world.theirs, "their cashier")):
        books = Books(world, of, world[cashier])
        issued = []
        for number in range(MANY):
            if cashier == "cashier":  # the next one, and one that comes later
                squatted = next_control_number(world, of, ahead=1 + 3 * (number % 2))
                world.default(cashier, "smart.document", "control_number", squatted)
            with not_hindered():
                issued.append(books.of_invoice(confirmed(world, of, cashier)))
        twins.append([issued, books.of_issuer(of.company)])
    forged, honest = twins
    assert {one["documents"][0]["state"] for one in honest[0]} == {"issued"}
    must_be_same(honest, forged)


@pytest.mark.parametrize("line", ["up", "down"])
@pytest.mark.parametrize(
    "model", ["smart.document", "smart.exchange", "smart.email", "smart.chain.link", "account.move"]
)
@pytest.mark.parametrize("scope", SCOPES)
def test_no_default_has_an_effect_on_what_the_engine_writes(honest, world, scope, model, line):
    who, options = SCOPES[scope]

    def forge():
        for name, value in defaults(world, model).items():
            world.default(who, model, name, value, **options)

    with not_hindered():
        found = life(world, line, forge)
    must_be_same(honest[line], found)


@pytest.fixture(scope="module")
def printed(worlds):
    """Return what becomes of an invoice that is found in print, without any default."""
    return life_in_print(worlds.healthy())


def life_in_print(world):
    """Return what the database has of an invoice found in print, and after it was contested."""
    books = Books(world, world.mine, world["cashier"])
    move = found_in_print(world, world.mine, "cashier")
    found = books.of_invoice(move)
    assert found["documents"][0]["witness_id"], found["documents"]
    contest(world, move, {})
    return {"found": found, "contested": books.of_invoice(move)}


@pytest.mark.parametrize("model", ["smart.witness", "smart.document", "smart.exchange"])
@pytest.mark.parametrize("scope", SCOPES)
def test_no_default_has_an_effect_on_what_is_found_in_print(printed, world, scope, model):
    who, options = SCOPES[scope]
    for name, value in defaults(world, model).items():
        world.default(who, model, name, value, **options)
    with not_hindered():
        found = life_in_print(world)
    must_be_same(printed, found)


@pytest.mark.parametrize("scope", SCOPES)
def test_no_default_has_an_effect_on_what_an_issuer_begins_with(worlds, scope):
    who, options = SCOPES[scope]
    begun = []
    for forging in (False, True):
        world = worlds.fresh()
        if forging:
            for model in ("smart.numbering", "smart.lane", "smart.chain"):
                for name, value in defaults(world, model).items():
                    world.default(who, model, name, value, **options)
        with not_hindered():
            confirmed(world, world.mine, "cashier")
        books = Books(world, world.mine, world["cashier"])
        begun.append(books.of_issuer(world.mine.company))
    must_be_same(*begun)


@pytest.mark.parametrize(("model", "name"), ONE_BY_ONE)
def test_a_cashier_forges_nothing_by_one_default(honest, world, model, name):
    values = defaults(world, model)
    if name not in values:
        pytest.skip(f"{model} has no stored field {name}")
    with not_hindered():
        found = life(world, "down", lambda: world.default("cashier", model, name, values[name]))
    must_be_same(honest["down"], found)

"""Attacks on the token by whatever an answer may depend on: it tells nobody anything."""

import re

import pytest
from attack_world import FORGED, served


@pytest.fixture(scope="module")
def world(attacked, tmp_path_factory):
    with served(attacked, tmp_path_factory.mktemp("token")) as world:
        yield world


#: Of an object in memory, in the traceback of a refusal.
ADDRESS = re.compile(r"0x[0-9a-f]+")

ORACLES = {
    "read": lambda me, model, name, ids, text: me.call(model, "read", ids, [name]),
    "web_read": lambda me, model, name, ids, text: me.call(model, "web_read", ids, {name: {}}),
    "search": lambda me, model, name, ids, text: me.call(
        model, "search", [[name, "=like", text + "%"]]),
    "search without case": lambda me, model, name, ids, text: me.call(
        model, "search", [[name, "=ilike", text + "%"]]),
    "count": lambda me, model, name, ids, text: me.call(
        model, "search_count", [[name, ">=", text]]),
    "search_read": lambda me, model, name, ids, text: me.call(
        model, "search_read", [["id", "in", ids]], [name]),
    "name_search": lambda me, model, name, ids, text: me.call(
        model, "name_search", "", domain=[[name, "=like", text + "%"]]),
    "order": lambda me, model, name, ids, text: me.call(
        model, "search", [], order=f"{name} {'desc' if text[0] == 'x' else 'asc'}"),
    "group": lambda me, model, name, ids, text: me.call(
        model, "formatted_read_group", [], [name], ["__count"]),
    "group of what is like it": lambda me, model, name, ids, text: me.call(
        model, "formatted_read_group", [[name, "=like", text + "%"]], [], ["__count"]),
    "aggregate": lambda me, model, name, ids, text: me.call(
        model, "formatted_read_group", [], [], [f"{name}:max"]),
    "having": lambda me, model, name, ids, text: me.call(
        model, "formatted_read_group", [], ["id"], ["__count"],
        having=[[f"{name}:max", ">=", text]]),
    "export": lambda me, model, name, ids, text: me.call(model, "export_data", ids, [name]),
    "side panel": lambda me, model, name, ids, text: me.call(
        model, "search_panel_select_range", name),
    "progress bar": lambda me, model, name, ids, text: me.call(
        model, "read_progress_bar", [], "id", {"field": name, "colors": {text: "x"}}),
    "default": lambda me, model, name, ids, text: me.call(model, "default_get", [name]),
    "onchange": lambda me, model, name, ids, text: me.call(
        model, "onchange", ids, {}, [], {name: {}}),
    "a copy": lambda me, model, name, ids, text: me.call(
        model, "web_read", me.call(model, "copy", ids), {name: {}}),
    "users by their company": lambda me, model, name, ids, text: me.call(
        "res.users", "search", [[f"company_id.{name}", "=like", text + "%"]]),
    "users by any company": lambda me, model, name, ids, text: me.call(
        "res.users", "search", [["company_ids", "any", [[name, "=like", text + "%"]]]]),
    "invoices by their company": lambda me, model, name, ids, text: me.call(
        "account.move", "search_count", [[f"company_id.{name}", "=like", text + "%"]]),
    "documents by their issuer": lambda me, model, name, ids, text: me.call(
        "smart.document", "search_count", [[f"issuer_id.{name}", "=like", text + "%"]]),
    "export through documents": lambda me, model, name, ids, text: me.call(
        "smart.document", "export_data", me.call("smart.document", "search", []),
        [f"issuer_id/{name}"]),
    "documents grouped by it": lambda me, model, name, ids, text: me.call(
        "smart.document", "formatted_read_group", [], [f"issuer_id.{name}"], ["__count"]),
    "documents in its order": lambda me, model, name, ids, text: me.call(
        "smart.document", "search", [], order=f"issuer_id.{name}"),
    "contacts by their company": lambda me, model, name, ids, text: me.call(
        "res.partner", "search_count", [[f"company_id.{name}", "=like", text + "%"]]),
    "contacts by the company that they are": lambda me, model, name, ids, text: me.call(
        "res.partner", "search_count", [[f"ref_company_ids.{name}", "=like", text + "%"]]),
    "read through the user": lambda me, model, name, ids, text: me.call(
        "res.users", "web_read", [me.id], {"company_id": {"fields": {name: {}}}}),
    "a template of a mail": lambda me, model, name, ids, text: me.call(
        "mail.template", "send_mail", me.call("mail.template", "create", [{
            "name": "x", "model_id": 1, "body_html": f"<p t-out='object.company_id.{name}'/>"}]),
        me.who["partner"]),
    "a record rule": lambda me, model, name, ids, text: by_rule(me, model, name, text),
    "a field of one's own": lambda me, model, name, ids, text: by_field(me, name),
}  # fmt: skip


def by_rule(me, model, name, text):
    """Have a record rule compare the token: what is seen tells whether it was right."""
    [model_id] = me.call("ir.model", "search", [["model", "=", model]])
    domain = f"[('{name}', '=like', '{text}%')]"
    rule = me.call("ir.rule", "create", [{
        "name": FORGED, "model_id": model_id, "domain_force": domain}])  # fmt: skip
    try:
        return me.call(model, "search_count", [])
    finally:
        me.call("ir.rule", "unlink", rule)


def by_field(me, name):
    """Read the token through a field that is related to it."""
    [model_id] = me.call("ir.model", "search", [["model", "=", "res.users"]])
    me.call("ir.model.fields", "create", [{
        "name": "x_forged", "model_id": model_id, "ttype": "char", "store": False,
        "related": f"company_id.{name}", "readonly": True}])  # fmt: skip
    return me.call("res.users", "read", [me.id], ["x_forged"])


def forget_fields(world):
    """Remove what an attack has added to a model."""
    if world.sql("SELECT id FROM ir_model_fields WHERE name = 'x_forged'"):
        admin = world["admin"]
        fields = admin.call("ir.model.fields", "search", [["name", "=", "x_forged"]])
        admin.call("ir.model.fields", "unlink", fields)


def places(world):
    """Return each (model, field, ids) in which the token, or a part of it, may be kept."""
    admin = world["admin"]
    found = admin.call("ir.model.fields", "search_read", [
        "|", "&", ["name", "like", "smart"], ["name", "like", "token"],
        "&", ["model", "like", "smart."], "|", "|", ["name", "like", "token"],
        ["name", "like", "secret"], ["name", "like", "cipher"],
    ], ["model", "name"])  # fmt: skip
    for one in found:
        ids = [world.mine.company] if one["model"] == "res.company" else [1]
        yield one["model"], one["name"], ids


@pytest.mark.parametrize("oracle", ORACLES)
@pytest.mark.parametrize(
    "who", ["cashier", "manager", "access", "auditor", "employee", "portal", "stranger"]
)
def test_no_answer_depends_on_the_token(world, who, oracle):
    world.state.remember()
    token = world.token_of_mine
    right, wrong = token[: len(token) - 8], "x" + token[1 : len(token) - 8]
    for model, name, ids in places(world):
        for _again in range(3):  # what a cache made different is alike the next time
            answers = []
            for text in (right, wrong):
                ask = lambda _w, me: ORACLES[oracle](me, model, name, ids, text)  # noqa: B023, E731
                answers.append(world.attempt(who, ask))
                forget_fields(world)
            # A refusal may repeat what was asked: who asks knows that.
            answers = [
                ADDRESS.sub("", answer.replace(text, ""))
                for answer, text in zip(answers, (right, wrong), strict=True)
            ]
            world.check_answer(who, "\n".join(answers))
            if answers[0] == answers[1]:
                break
        assert answers[0] == answers[1], (model, name)
    if oracle == "a copy":  # who may make companies makes one, without a token
        world.state.changes()
    world.check()


#: What the company must have: who empties it is told why not, maybe with the whole row.
REQUIRED = (
    "name", "partner_id", "currency_id", "sequence", "smart_environment", "fiscalyear_last_day",
    "fiscalyear_last_month", "account_price_include", "create_uid", "parent_path",
)  # fmt: skip


@pytest.mark.parametrize("name", REQUIRED)
@pytest.mark.parametrize("who", ["access", "manager", "cashier"])
def test_no_refusal_of_the_database_tells_the_token(world, who, name):
    world.state.remember()
    for value in (False, "x" * 5000, -1, 10**12):
        write = lambda w, me: me.call(  # noqa: E731
            "res.company",
            "write",
            [w.mine.company],
            {name: value},  # noqa: B023
        )
        answer = world.attempt(who, write)
        world.state.changes()  # puts back what this user may write
        world.check_answer(who, answer)

"""Attacks on the issuer: its address, token and RIF, and on who has which rights."""

import contextlib

import pytest
from attack_world import FORGED, rows, served
from servers import OdooError

EVIL = "https://evil.example.com/"
AUDITOR = "l10n_ve_edi_smart.group_smart_auditor"


@pytest.fixture(scope="module")
def world(attacked, tmp_path_factory):
    with served(attacked, tmp_path_factory.mktemp("settings")) as world:
        yield world


def company(**values):
    """Return an attack that writes on the company."""
    return lambda w, me: me.call("res.company", "write", [w.mine.company], values)


def settings(**values):
    """Return an attack by the settings, as their form saves them."""
    return lambda w, me: me.wizard(
        "res.config.settings", {"company_id": w.mine.company, **values}, "execute"
    )


def contact(**values):
    """Return an attack that writes on the contact of the company."""
    return lambda w, me: me.call(
        "res.partner", "write", [w.mine.contact],
        {key: one(w) if callable(one) else one for key, one in values.items()},
    )  # fmt: skip


#: Everybody but whom the settings belong to.
NO_SETTINGS = "access, manager, cashier, employee, reader, auditor, portal, stranger, public"
CLERKS = "cashier, manager, access, employee, stranger"

ISSUER = {
    "address": (NO_SETTINGS, company(smart_base_url=EVIL)),
    "address and environment": ("access, manager", company(
        smart_base_url=EVIL, smart_environment="custom")),
    "environment": (NO_SETTINGS, company(smart_environment="test")),
    "switched off": ("access, manager, cashier", company(smart_environment="disabled")),
    "token": ("access, manager, cashier, stranger, auditor", company(smart_token="a.b.c")),
    "no token": ("access, manager, cashier", company(smart_token=False)),
    "what is read of the token": ("access, manager", company(
        smart_holder_rif="J-00000000-0", smart_enforces_numbering=False, smart_rif="x")),
    "address by the settings": ("access, manager, cashier, employee", settings(
        smart_base_url=EVIL)),
    "environment by the settings": ("access, manager, cashier", settings(
        smart_environment="test")),
    "token by the settings": ("access, manager, cashier", settings(smart_token="a.b.c")),
    "address by web_save": ("access, manager", lambda w, me: me.call(
        "res.company", "web_save", [w.mine.company], {"smart_base_url": EVIL}, {})),
    "address by import": ("access, manager", lambda w, me: me.load(
        "res.company", [".id", "smart_base_url"], [w.mine.company, EVIL])),
    "address by JSON-2": ("access, manager", lambda w, me: me.json2(
        "res.company", "write", ids=[w.mine.company], vals={"smart_base_url": EVIL})),
    "address through a user": ("access", lambda w, me: me.call(
        "res.users", "write", [me.id], {"company_ids": [
            [1, w.mine.company, {"smart_base_url": EVIL}]]})),
    "address through the contact": ("access, cashier", lambda w, me: me.call(
        "res.partner", "write", [w.mine.contact], {"ref_company_ids": [
            [1, w.mine.company, {"smart_base_url": EVIL}]]})),
    "address by a translation": ("access", lambda w, me: me.call(
        "res.company", "web_override_translations", [w.mine.company],
        {"smart_base_url": EVIL})),
    "address as a default of the settings": ("access, manager, cashier", lambda w, me: (
        me.call("ir.default", "set", "res.config.settings", "smart_base_url", EVIL, user_id=True),
        me.call("res.config.settings", "execute", me.call("res.config.settings", "create", [{}])))),
    "a new company with an address": ("access, manager", lambda w, me: me.call(
        "res.company", "create", [{
            "name": FORGED, "smart_environment": "custom", "smart_base_url": EVIL}])),
    "a branch with an address": ("access, manager", lambda w, me: me.call(
        "res.company", "create", [{
            "name": FORGED, "parent_id": w.mine.company, "smart_environment": "custom",
            "smart_base_url": EVIL}])),
    "the contact exchanged": ("access, manager, admin", company(partner_id=3)),
    "under another company": ("access, manager, admin", lambda w, me: me.call(
        "res.company", "write", [w.mine.company], {"parent_id": w.theirs.company})),
    # -- the RIF, while documents wait --
    "RIF": ("access, manager, admin", company(vat="J-50234567-1")),
    "RIF by the settings' form": ("admin", lambda w, me: me.call(
        "res.company", "web_save", [w.mine.company], {"vat": "J-50234567-1"}, {})),
    "RIF by the contact": ("cashier, manager, access, employee, admin", contact(
        vat="J-50234567-1")),
    "no RIF by the contact": ("cashier, manager, admin", contact(vat=False)),
    "RIF by a parent of the contact": ("cashier, manager, admin", contact(
        parent_id=lambda w: w.mine.customer)),
    "RIF by import": ("cashier, manager", lambda w, me: me.load(
        "res.partner", [".id", "vat"], [w.mine.contact, "J-50234567-1"])),
    "RIF by web_save": ("cashier, manager", lambda w, me: me.call(
        "res.partner", "web_save", [w.mine.contact], {"vat": "J-50234567-1"}, {})),
    "RIF by merging the contact into another": ("cashier, manager, admin", lambda w, me: merge(
        me, w.mine.contact, w.mine.neighbour)),
    "RIF by merging another into the contact": ("cashier, manager, admin", lambda w, me: merge(
        me, w.mine.draft_buyer, w.mine.contact)),
    "RIF through another contact": ("cashier, manager", lambda w, me: me.call(
        "res.partner", "write", [w.mine.neighbour], {
            "child_ids": [[4, w.mine.contact]]})),
    "RIF through a user": ("cashier, manager, access", lambda w, me: me.call(
        "res.partner", "write", [me.who["partner"]], {
            "ref_company_ids": [[1, w.mine.company, {"vat": "J-50234567-1"}]]})),
}  # fmt: skip


def merge(me, source, target):
    return me.wizard(
        "base.partner.merge.automatic.wizard",
        {
            "state": "selection",
            "partner_ids": [[6, 0, [source, target]]],
            "dst_partner_id": target,
        },
        "action_merge",
    )


@pytest.mark.parametrize(("who", "attack"), rows(ISSUER))
def test_nobody_but_settings_says_where_and_in_whose_name_documents_go(world, who, attack):
    try:
        world.judge(who, attack)
    finally:
        world.forget_defaults()


# -- an administrator, and the token ----------------------------------------------------------

#: Addresses that only look like this machine's own; a token must never go there unencrypted.
LOOKALIKES = (
    "http://[::1]evil/", "http://[::1]evil.example.com/", "http://[::1]:80evil.example.com/",
    "http://[::1].evil.example.com/", "http://[::1%25evil]/", "http://[::ffff:8.8.8.8]/",
    "http://127.0.0.1.evil.example.com/", "http://127.0.0.1@evil.example.com/",
    "http://localhost.evil.example.com/", "http://localhost@evil.example.com/",
    "http://evil.example.com/?127.0.0.1", "http://evil.example.com/#localhost",
    "http://evil.example.com\\@127.0.0.1/", "http://127.0.0.1\\@evil.example.com/",
    "http://127.0.0.1\\.evil.example.com/", "http://127.0.0.1%2eevil.example.com/",
    "http://127.0.0.1 .evil.example.com/", "http://127.0.0.1\t.evil.example.com/",
    "http://127.0.0.1:80@evil.example.com:80/", "http://evil.example.com:80\n127.0.0.1/",
    "//evil.example.com/", "ftp://127.0.0.1/", "file:///etc/passwd", "http:/127.0.0.1/",
    "https://user:password@evil.example.com/", "https://evil.example.com/?token=",
    "http://127.0.0.1:99999/", "http://127.0.0.1:x/", "http://0.0.0.0.evil.example.com/",
    "http://[::1]@evil.example.com/", "http://[evil.example.com]/", "https://[::1]evil/",
)  # fmt: skip


@pytest.mark.parametrize("address", LOOKALIKES, ids=repr)
def test_an_administrator_cannot_enter_an_address_that_looks_like_another(world, address):
    values = {"smart_environment": "custom", "smart_base_url": address}
    world.judge("admin", company(**values, smart_token=world.token_of_mine))


STEPS = {
    "at once": [{"smart_base_url": EVIL}],
    "with the environment": [{"smart_environment": "custom", "smart_base_url": EVIL}],
    "while it is not used": [
        {"smart_environment": "test"}, {"smart_base_url": EVIL}, {"smart_environment": "custom"}],
    "while it is switched off": [
        {"smart_environment": "disabled"}, {"smart_base_url": EVIL},
        {"smart_environment": "custom"}],
    "by way of none": [
        {"smart_environment": "disabled", "smart_base_url": False},
        {"smart_environment": "custom", "smart_base_url": EVIL}],
}  # fmt: skip


@pytest.mark.parametrize("by", ["company", "settings"])
@pytest.mark.parametrize("steps", STEPS)
def test_a_changed_address_asks_for_the_token_again(world, steps, by):
    me, before = world["admin"], world.state.take()
    try:
        for values in STEPS[steps]:
            with contextlib.suppress(OdooError):
                (company if by == "company" else settings)(**values)(world, me)
        [kept] = me.call(
            "res.company", "read", [world.mine.company],
            ["smart_base_url", "smart_environment", "smart_issuer_id"],
        )  # fmt: skip
    finally:
        world.state.put_back(before, world.state.take())
    goes_there = kept["smart_base_url"] == EVIL and kept["smart_environment"] == "custom"
    # Without a token the company is no issuer.
    assert not (goes_there and kept["smart_issuer_id"]), "the next call takes the token there"


# -- the token, by whatever an answer depends on -------------------------------------------------

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
    rule = me.call("ir.rule", "create", [{
        "name": FORGED, "model_id": model_id, "domain_force": f"[('{name}', '=like', '{text}%')]"}])  # fmt: skip
    try:
        return me.call(model, "search_count", [])
    finally:
        me.call("ir.rule", "unlink", rule)


def by_field(me, name):
    """Read the token through a field that is related to it."""
    [model_id] = me.call("ir.model", "search", [["model", "=", "res.users"]])
    field = me.call("ir.model.fields", "create", [{
        "name": "x_forged", "model_id": model_id, "ttype": "char", "store": False,
        "related": f"company_id.{name}", "readonly": True}])  # fmt: skip
    try:
        return me.call("res.users", "read", [me.id], ["x_forged"])
    finally:
        me.call("ir.model.fields", "unlink", field)


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
    token, before = world.token_of_mine, world.state.take()
    right, wrong = token[: len(token) - 8], "x" + token[1 : len(token) - 8]
    for model, name, ids in places(world):
        answers = []
        for text in (right, wrong):
            ask = lambda _w, me: ORACLES[oracle](me, model, name, ids, text)  # noqa: B023, E731
            answers.append(world.attempt(who, ask))
        world.check_answer(who, "\n".join(answers))
        assert answers[0].replace(right, "") == answers[1].replace(wrong, ""), (model, name)
    if oracle == "a copy":  # who may make companies makes one, without a token
        world.state.put_back(before, world.state.take())
    world.check(before)


# -- who is locked out, and who is let in ---------------------------------------------------------

GROUPS = """
WITH RECURSIVE given (uid, gid) AS (
    SELECT uid, gid FROM res_groups_users_rel
    UNION SELECT given.uid, implied.hid FROM given
      JOIN res_groups_implied_rel AS implied ON implied.gid = given.gid
), named AS (
    SELECT given.uid, data.name FROM given JOIN ir_model_data AS data
        ON data.model = 'res.groups' AND data.res_id = given.gid
     WHERE data.name IN ('group_smart_auditor', 'group_erp_manager')
)
SELECT uid FROM named GROUP BY uid HAVING count(DISTINCT name) = 2
"""


def group(world, name):
    """Return the id of a group."""
    module, name = name.split(".")
    return int(
        world.sql(
            "SELECT res_id FROM ir_model_data WHERE model = 'res.groups'"
            f" AND module = '{module}' AND name = '{name}'"
        )
    )


def implied(name):
    """Return an attack that makes the auditor an implied group of another."""
    return lambda w, me: me.call(
        "res.groups", "write", [group(w, name)], {"implied_ids": [[4, group(w, AUDITOR)]]}
    )


def _in_two_steps(world, me):
    [made] = me.call("res.groups", "create", [{"name": FORGED, "user_ids": [[4, me.id]]}])
    return me.call("res.groups", "write", [made], {"implied_ids": [[4, group(world, AUDITOR)]]})


def _in_three_steps(world, me):
    outer, inner = me.call("res.groups", "create", [{"name": FORGED}, {"name": FORGED + "2"}])
    me.call("res.groups", "write", [outer], {"implied_ids": [[4, inner]]})
    me.call("res.users", "write", [me.id], {"group_ids": [[4, outer]]})
    return me.call("res.groups", "write", [inner], {"implied_ids": [[4, group(world, AUDITOR)]]})


IMPLIED = {
    "Settings": implied("base.group_system"),
    "access rights": implied("base.group_erp_manager"),
    "every employee": implied("base.group_user"),
    "accounting manager": implied("account.group_account_manager"),
    "a technical group": implied("base.group_no_one"),
    "from the other side": lambda w, me: me.call(
        "res.groups", "write", [group(w, AUDITOR)],
        {"implied_by_ids": [[4, group(w, "base.group_system")]]}),
    "from the other side, of every employee": lambda w, me: me.call(
        "res.groups", "write", [group(w, AUDITOR)],
        {"implied_by_ids": [[6, 0, [group(w, "base.group_user")]]]}),
    "a new group with administrators": lambda w, me: me.call("res.groups", "create", [{
        "name": FORGED, "implied_ids": [[4, group(w, AUDITOR)]], "user_ids": [[4, me.id]]}]),
    "a group that has administrators": _in_two_steps,
    "a group that a group of administrators implies": _in_three_steps,
    "administrators put into the group": lambda w, me: me.call(
        "res.groups", "write", [group(w, AUDITOR)], {"user_ids": [[4, me.id]]}),
    "administrators put into the group by all its users": lambda w, me: me.call(
        "res.groups", "write", [group(w, AUDITOR)], {"all_user_ids": [[4, me.id]]}),
    "a copy of the group for administrators": lambda w, me: me.call(
        "res.groups", "copy", [group(w, AUDITOR)],
        default={"user_ids": [[4, me.id]], "implied_ids": [[4, group(w, AUDITOR)]]}),
    "the group given to oneself": lambda w, me: me.call(
        "res.users", "write", [me.id], {"group_ids": [[4, group(w, AUDITOR)]]}),
    "the group given through its relation": lambda w, me: me.call(
        "res.users", "write", [me.id], {"group_ids": [
            [1, group(w, "base.group_erp_manager"), {
                "implied_ids": [[4, group(w, AUDITOR)]]}]]}),
    "the group by web_save": lambda w, me: me.call(
        "res.groups", "web_save", [group(w, "base.group_system")],
        {"implied_ids": [[4, group(w, AUDITOR)]]}, {}),
    "the group by import": lambda w, me: me.load(
        "res.groups", [".id", "implied_ids/.id"],
        [group(w, "base.group_system"), group(w, AUDITOR)]),
    "the group by JSON-2": lambda w, me: me.json2(
        "res.groups", "write", ids=[group(w, "base.group_system")],
        vals={"implied_ids": [[4, group(w, AUDITOR)]]}),
    "the auditor made an administrator": lambda w, me: me.call(
        "res.users", "write", [w["auditor"].id], {
            "group_ids": [[4, group(w, "base.group_system")]]}),
    "the auditor's role": lambda w, me: me.call(
        "res.users", "write", [w["auditor"].id], {"role": "group_system"}),
    "the auditor's group made one of administrators": lambda w, me: me.call(
        "res.groups", "write", [group(w, AUDITOR)],
        {"implied_ids": [[4, group(w, "base.group_system")]]}),
    "a new user with both": lambda w, me: me.call("res.users", "create", [{
        "name": FORGED, "login": FORGED, "group_ids": [
            [6, 0, [group(w, AUDITOR), group(w, "base.group_system")]]]}]),
}  # fmt: skip


@pytest.mark.parametrize("road", IMPLIED)
@pytest.mark.parametrize("who", ["admin", "access"])
def test_no_administrator_becomes_an_auditor(world, who, road):
    before = world.state.take()
    answer = world.attempt(who, IMPLIED[road])
    both = world.sql(GROUPS)
    world.state.put_back(before, world.state.take())
    assert both == "", answer
    name = world["admin"].call("res.users", "read", [world["admin"].id], ["name"])[0]["name"]
    world["admin"].call("res.users", "write", [world["admin"].id], {"name": name})


@pytest.mark.parametrize("road", IMPLIED)
@pytest.mark.parametrize("who", ["auditor", "manager"])
def test_nobody_else_gives_rights(world, who, road):
    world.judge(who, IMPLIED[road])

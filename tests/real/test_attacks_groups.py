"""Attacks on who may do what: nobody locks administrators out, nobody gives rights away."""

import pytest
from attack_world import FORGED, served

AUDITOR = "l10n_ve_edi_smart.group_smart_auditor"


@pytest.fixture(scope="module")
def world(attacked, tmp_path_factory):
    with served(attacked, tmp_path_factory.mktemp("groups")) as world:
        yield world


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
    world.state.remember()
    answer = world.attempt(who, IMPLIED[road])
    both = world.sql(GROUPS)
    world.state.changes()  # puts back what went through
    assert both == "", answer
    name = world["admin"].call("res.users", "read", [world["admin"].id], ["name"])[0]["name"]
    world["admin"].call("res.users", "write", [world["admin"].id], {"name": name})


@pytest.mark.parametrize("road", IMPLIED)
@pytest.mark.parametrize("who", ["auditor", "manager"])
def test_nobody_else_gives_rights(world, who, road):
    world.judge(who, IMPLIED[road])

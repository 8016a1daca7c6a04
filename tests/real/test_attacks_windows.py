"""Attacks through the windows that set a company up: they write companies for their users."""

import pytest
from attack_world import FORGED, rows, served

EVIL = "https://evil.example.com/"
SETTINGS, PRODUCTION = "smart.settings.window", "smart.production"

#: Who has no business in these windows; `access` gives rights, and has no books.
OTHERS = "access, cashier, employee, reader, auditor, portal, public"


@pytest.fixture(scope="module")
def world(attacked, tmp_path_factory):
    with served(attacked, tmp_path_factory.mktemp("windows")) as world:
        yield world


def mine(w, _me):
    return w.mine.company


def foreign(w, me):
    return w.foreign_to(me).company


def settings(of, **values):
    """Return an attack by the window of settings, saved by its button."""
    return lambda w, me: me.wizard(SETTINGS, {"company_id": of(w, me)} | values, "action_save")


def production(of):
    """Return an attack by the step that makes documents legal."""
    return lambda w, me: me.wizard(
        PRODUCTION,
        {"company_id": of(w, me), "token": w.token_of_mine, "understood": True},
        "action_go",
    )


def shown(model, of):
    """Return an attack by what a window shows before it is saved."""

    def attack(w, me):
        fields = me.call(model, "fields_get", [], ["type"])
        spec = {name: {} for name in fields}
        return me.call(model, "onchange", [], {"company_id": of(w, me)}, ["company_id"], spec)

    return attack


def in_context(of):
    """Return an attack by what a context, or a person's default, has a window begin with."""

    def attack(w, me):
        context = {
            "default_company_id": of(w, me), "default_smart_base_url": EVIL,
            "default_smart_environment": "test", "default_smart_send_mail": True,
            "default_smart_walk_in_address": FORGED,
        }  # fmt: skip
        window = me.call(SETTINGS, "create", [{}], context=context)
        return me.call(SETTINGS, "action_save", window, context=context)

    return attack


def by_default(w, me):
    for name, value in (("smart_base_url", EVIL), ("smart_walk_in_address", FORGED)):
        w.default(me.name, SETTINGS, name, value)
    return me.wizard(SETTINGS, {"company_id": w.mine.company}, "action_save")


WINDOWS = {
    "settings": (OTHERS, settings(mine, smart_send_mail=True, smart_walk_in_address=FORGED)),
    "the other's settings": ("manager, stranger", settings(foreign, smart_send_mail=True)),
    "environment": (OTHERS, settings(mine, smart_environment="test")),
    "the other's environment": ("manager, stranger", settings(foreign, smart_environment="test")),
    "address": (OTHERS + ", manager, stranger", settings(mine, smart_base_url=EVIL)),
    "address and environment": ("manager", settings(
        mine, smart_environment="custom", smart_base_url=EVIL)),
    "production by the settings": ("manager, cashier", settings(
        mine, smart_environment="production")),
    "token": (OTHERS, settings(mine, smart_new_token="a.b.c")),
    "token by its own name": ("manager, cashier", settings(mine, smart_token="a.b.c")),
    "a token of another RIF": ("manager", lambda w, me: settings(
        foreign, smart_new_token=w.token_of_mine)(w, me)),
    "RIF": (OTHERS, settings(mine, smart_vat="J-00000000-0")),
    "the other's RIF": ("manager, stranger", settings(foreign, smart_vat="J-00000000-0")),
    "what a context says of the other": ("manager, stranger", in_context(foreign)),
    "what a context says": ("manager, cashier", in_context(mine)),
    "what a default says": ("manager", by_default),
    "production": (OTHERS, production(mine)),
    "the other's production": ("manager, stranger", production(foreign)),
    "what the window shows of the other": ("manager, stranger", shown(SETTINGS, foreign)),
    "what the window shows": (OTHERS + ", manager", shown(SETTINGS, mine)),
    "what the step shows of the other": ("manager, stranger", shown(PRODUCTION, foreign)),
    "what the step shows": (OTHERS + ", manager", shown(PRODUCTION, mine)),
    "a test of the connection": (OTHERS + ", manager", lambda w, me: me.call(
        "smart.connection", "create", [{"tested_id": w.mine.company, "asked": FORGED}])),
    "hiding the checklist": (OTHERS, lambda w, me: me.call(
        "res.company", "action_smart_hide_setup", [w.mine.company])),
    "hiding the other's checklist": ("manager, stranger", lambda w, me: me.call(
        "res.company", "action_smart_hide_setup", [w.foreign_to(me).company])),
    "a link of the checklist": (OTHERS, lambda w, me: [
        me.call("res.company", "action_smart_setup", [w.mine.company], key)
        for key in ("token", "rate", "__class__")]),
    "a link of the other's checklist": ("manager, stranger", lambda w, me: me.call(
        "res.company", "action_smart_setup", [w.foreign_to(me).company], "token")),
}  # fmt: skip


@pytest.mark.parametrize(("who", "attack"), rows(WINDOWS))
def test_windows_set_up_no_company_but_that_of_their_managers(world, who, attack):
    try:
        world.judge(who, attack)
    finally:
        world.forget_defaults()


def test_a_manager_sets_up_the_own_company(world):
    """What is refused above is refused for who asks, or for whom, not for how it is asked."""
    manager = world["manager"]
    sent = f"SELECT smart_send_mail FROM res_company WHERE id = {world.mine.company}"
    assert world.sql(sent) != "t"
    with world.state.otherwise():
        settings(mine, smart_send_mail=True)(world, manager)
        assert world.sql(sent) == "t"


def test_an_open_window_tells_no_token(world):
    manager = world["manager"]
    for model in (SETTINGS, PRODUCTION):
        window = manager.call(model, "create", [{"company_id": world.mine.company}])
        told = manager.all_of(model, window)
        assert str(world.mine.company) in told
        world.check_answer("manager", told)


def test_a_window_is_its_users(world):
    window = world["manager"].call(SETTINGS, "create", [{"company_id": world.mine.company}])
    for who in ("cashier", "stranger", "employee"):
        world.judge(
            who,
            lambda w, me: me.call(SETTINGS, "write", window, {"smart_walk_in_address": FORGED}),
        )

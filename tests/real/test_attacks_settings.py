"""Attacks on the issuer: where its documents go, and in whose name."""

import contextlib

import pytest
from attack_world import FORGED, rows, served
from servers import OdooError

EVIL = "https://evil.example.com/"


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
    "under another company": ("access, manager, admin", lambda w, me: me.call(
        "res.company", "write", [w.mine.company], {"parent_id": w.theirs.company})),
}  # fmt: skip


@pytest.mark.parametrize(("who", "attack"), rows(ISSUER))
def test_nobody_but_settings_says_where_and_in_whose_name_documents_go(world, who, attack):
    try:
        world.judge(who, attack)
    finally:
        world.forget_defaults()


#: Ways to another RIF, while documents wait.
RIFS = {
    "the company": ("access, manager, admin", company(vat="J-50234567-1")),
    "the company by its form": ("admin, access", lambda w, me: me.call(
        "res.company", "web_save", [w.mine.company], {"vat": "J-50234567-1"}, {})),
    "another contact": ("access, manager, admin", company(partner_id=3)),
    "the contact": ("cashier, manager, access, employee, admin", contact(vat="J-50234567-1")),
    "the contact, emptied": ("cashier, manager, admin", contact(vat=False)),
    "the contact by web_save": ("cashier, manager", lambda w, me: me.call(
        "res.partner", "web_save", [w.mine.contact], {"vat": "J-50234567-1"}, {})),
    "the contact by import": ("cashier, manager", lambda w, me: me.load(
        "res.partner", [".id", "vat"], [w.mine.contact, "J-50234567-1"])),
    "the contact by JSON-2": ("cashier", lambda w, me: me.json2(
        "res.partner", "write", ids=[w.mine.contact], vals={"vat": "J-50234567-1"})),
    "a parent of the contact": ("cashier, manager, admin", contact(
        parent_id=lambda w: w.mine.customer)),
    "a parent of the contact, which is a person": ("cashier, manager, admin", contact(
        parent_id=lambda w: w.mine.customer, is_company=False)),
    "the contact put under another": ("cashier, manager", lambda w, me: me.call(
        "res.partner", "write", [w.mine.neighbour], {
            "child_ids": [[1, w.mine.contact, {"is_company": False}],
                          [4, w.mine.contact]]})),
    "the contact through a relation": ("cashier, manager", lambda w, me: me.call(
        "res.partner", "write", [w.mine.neighbour], {
            "child_ids": [[1, w.mine.contact, {"vat": "J-50234567-1"}]]})),
    "the contact merged into another": ("cashier, manager, admin", lambda w, me: merge(
        me, w.mine.contact, w.mine.draft_buyer)),
    "another merged into the contact": ("cashier, manager, admin", lambda w, me: merge(
        me, w.mine.draft_buyer, w.mine.contact)),
    "another country": ("cashier, manager", contact(country_id=1)),
    "another kind of identification": ("cashier, manager", contact(
        l10n_latam_identification_type_id=lambda w: int(w.sql(
            "SELECT res_id FROM ir_model_data WHERE module = 'l10n_latam_base'"
            " AND name = 'it_pass'")), vat="X1")),
}  # fmt: skip


@pytest.mark.parametrize(("who", "attack"), rows(RIFS))
def test_the_rif_stays_while_documents_wait(world, who, attack):
    world.state.remember()
    rif = world.sql(RIF_OF.format(w=world))
    answer = world.attempt(who, attack)
    now = world.sql(RIF_OF.format(w=world))
    world.state.changes()  # puts back what went through
    assert now == rif, answer


RIF_OF = """
SELECT company.smart_rif, contact.vat FROM res_company AS company
  JOIN res_partner AS contact ON contact.id = company.partner_id
 WHERE company.id = {w.mine.company}
"""


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
    world.state.remember()
    me = world["admin"]
    try:
        for values in STEPS[steps]:
            with contextlib.suppress(OdooError):
                (company if by == "company" else settings)(**values)(world, me)
        [kept] = me.call(
            "res.company", "read", [world.mine.company],
            ["smart_base_url", "smart_environment", "smart_issuer_id"],
        )  # fmt: skip
    finally:
        world.state.changes()  # puts back what went through
    goes_there = kept["smart_base_url"] == EVIL and kept["smart_environment"] == "custom"
    # Without a token the company is no issuer.
    assert not (goes_there and kept["smart_issuer_id"]), "the next call takes the token there"

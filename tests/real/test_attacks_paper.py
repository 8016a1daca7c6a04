"""Attacks on what is on numbered paper, over HTTP: it stays, and nobody else reads it."""

import pytest
from attack_world import FORGED, rows, served

EVERYBODY = "cashier, manager, admin, auditor, reader, employee, portal, stranger, public"
#: Who is not of the company, or has no business in its books.
OUTSIDERS = "portal, stranger, public, employee"


@pytest.fixture(scope="module")
def world(attacked, tmp_path_factory):
    with served(attacked, tmp_path_factory.mktemp("paper")) as world:
        yield world


def move(method, *args):
    return lambda w, me: me.call("account.move", method, [w.mine.on_paper], *args)


def explain(w, me):
    [made] = me.call(
        "smart.sheet.explain",
        "create",
        [{"pad_id": w.mine.pad, "number_from": "70002", "number_to": "70002", "state": "lost",
          "reason": FORGED}],
    )  # fmt: skip
    return me.call("smart.sheet.explain", "action_explain", [made])


def annul(w, me):
    opened = me.call("account.move", "action_smart_annul_sheet", [w.mine.on_paper])
    me.call("smart.sheet.annul", "write", [opened["res_id"]], {"reason": FORGED})
    return me.call("smart.sheet.annul", "action_annul", [opened["res_id"]])


#: Each attempt by each of them changes nothing.
TABLE = {
    "back to draft": (EVERYBODY, move("button_draft")),
    "cancelled": (EVERYBODY, move("button_cancel")),
    "deleted": (EVERYBODY, move("unlink")),
    "its number": (EVERYBODY, move("write", {"smart_sheet_control": "00-00070009"})),
    "its sheet": (EVERYBODY, move("write", {"smart_sheet_id": False})),
    "its status": (EVERYBODY, move("write", {"state": "draft"})),
    "its date": (EVERYBODY, move("write", {"invoice_date": "2020-01-01"})),
    "sent to SMART": (EVERYBODY, move("action_smart_send")),
    "taken back": (
        EVERYBODY,
        lambda w, me: me.call("smart.sheet", "action_take_back", [w.mine.sheet]),
    ),
    "another range": (
        EVERYBODY,
        lambda w, me: me.call("smart.pad", "write", [w.mine.pad], {"number_to": 99999}),
    ),
    "a pad deleted": (EVERYBODY, lambda w, me: me.call("smart.pad", "unlink", [w.mine.pad])),
    "annulled": (f"cashier, auditor, reader, {OUTSIDERS}", annul),
    "explained": (f"auditor, reader, {OUTSIDERS}", explain),
    "a pad of their own": (
        f"cashier, auditor, reader, {OUTSIDERS}",
        lambda w, me: me.call(
            "smart.pad",
            "create",
            [
                {
                    "journal_id": 1,
                    "number_from": 1,
                    "number_to": 9,
                    "printer_name": FORGED,
                    "printer_rif": "J-30984512-8",
                }
            ],
        ),  # fmt: skip
    ),
}


@pytest.mark.parametrize(("who", "attack"), rows(TABLE))
def test_nobody_changes_what_is_on_paper(world, who, attack):
    before = world.sql("SELECT * FROM smart_sheet ORDER BY id")
    pads = world.sql("SELECT id, number_from, number_to, active FROM smart_pad ORDER BY id")
    world.judge(who, attack)
    assert world.sql("SELECT * FROM smart_sheet ORDER BY id") == before
    pads_after = world.sql("SELECT id, number_from, number_to, active FROM smart_pad ORDER BY id")
    assert pads_after == pads


@pytest.mark.parametrize("who", ["portal", "stranger", "public", "employee"])
@pytest.mark.parametrize("model", ["smart.sheet", "smart.pad"])
def test_outsiders_read_no_paper(world, who, model):
    one = world.mine.sheet if model == "smart.sheet" else world.mine.pad
    me = world[who]
    for attempt in (
        lambda: me.call(model, "read", [one], []),
        lambda: me.call(model, "search_read", [["id", "=", one]], []),
        lambda: me.call(model, "export_data", [one], ["display_name"]),
    ):
        try:
            said = repr(attempt())
        except Exception as error:
            said = str(error)
        assert "00-00070001" not in said
        assert "La Estrella" not in said

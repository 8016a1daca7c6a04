"""Attacks through wizards: other companies' data, other people's wizards, what nobody chose."""

import contextlib

import pytest
from attack_world import rows, served
from servers import OdooError

MOVES = lambda move: {"move_ids": [[6, 0, [move]]]}  # noqa: E731
DOCUMENTS = lambda document: {"document_ids": [[6, 0, [document]]]}  # noqa: E731
LINES = lambda document: {"line_ids": [[0, 0, {"document_id": document}]]}  # noqa: E731

#: Each wizard: the model of its lines, what names a document in it, which document of a
#: company, and its buttons.
WIZARDS = {
    "annul": (
        "smart.annul.wizard", DOCUMENTS, "issued", {"reason": "Error"},
        ("action_annul", "action_show_documents")),
    "annul, by lines": (
        "smart.annul.wizard", LINES, "issued", {"reason": "Error"},
        ("action_annul", "action_show_documents")),
    "annul, pending": (
        "smart.annul.wizard", LINES, "annulled", {"reason": "Error"}, ("action_annul",)),
    "e-mail": ("smart.email.wizard", LINES, "issued", {}, ("action_send",)),
    "check": (
        "smart.preflight", lambda move: {"owner_model": "account.move", "owner_ids": [move]},
        "draft", {}, ("action_check_again",)),
    "IGTF": ("smart.igtf", lambda move: {"move_id": move}, "draft", {}, ("action_apply",)),
    "resolve": (
        "smart.resolve.wizard", lambda document: {"document_id": document}, "unknown",
        {"explanation": "x", "control_number": "00-00000099"},
        ("action_ask", "action_issued", "action_not_issued", "action_set_aside")),
    "contest": (
        "smart.resolve.wizard", lambda document: {"document_id": document}, "printed",
        {"explanation": "x"}, ("action_contest",)),
    "credit note": (
        "account.move.reversal", MOVES, "issued", {"reason": "x", "journal_id": "journal"},
        ("refund_moves", "modify_moves")),
    "debit note": ("account.debit.note", MOVES, "issued", {"reason": "x"}, ("create_debit",)),
}  # fmt: skip

#: Windows that Odoo itself makes, by a button of the document; no client can.
OPENED = {
    "smart.annul.wizard": "action_smart_annul",
    "smart.email.wizard": "action_smart_email",
    "smart.preflight": "action_smart_check",
}
#: One of each window, for what is tried on windows that are open.
ONE_OF_EACH = [name for name in WIZARDS if "," not in name]

#: Windows about fiscal documents, not about what they were issued for.
ABOUT_DOCUMENTS = {"smart.annul.wizard", "smart.email.wizard", "smart.resolve.wizard"}

LINE_MODELS = {
    "smart.annul.wizard": ("smart.annul.wizard.line", "wizard_id"),
    "smart.email.wizard": ("smart.email.wizard.line", "wizard_id"),
    "smart.preflight": ("smart.preflight.line", "preflight_id"),
}


@pytest.fixture(scope="module")
def world(attacked, tmp_path_factory):
    with served(attacked, tmp_path_factory.mktemp("wizards")) as world:
        yield world


def target(of, name, model):
    """Return what a window is opened on."""
    return of.documents[name] if model == "smart.resolve.wizard" else getattr(of, name)


def named(of, name, model):
    """Return what a window names."""
    return of.documents[name] if model in ABOUT_DOCUMENTS else getattr(of, name)


def opened(me, wizard, document, values):
    """Have a person open a wizard on a document, and fill it in; return its id in a list."""
    model, naming, *_rest = WIZARDS[wizard]
    if model not in OPENED:
        return me.call(model, "create", [naming(document) | values])
    ids = [me.call("account.move", OPENED[model], [document])["res_id"]]
    if values:
        me.call(model, "write", ids, values)
    return ids


def own(world, me):
    """Return what the company of a person has."""
    return world.mine if world.foreign_to(me) is world.theirs else world.theirs


def filled(world, me, values):
    """Return the values of a wizard with the person's own journal."""
    return {
        name: own(world, me).journal if value == "journal" else value
        for name, value in values.items()
    }


def all_told(me, model, ids, buttons=()):
    """Read all that a wizard and its lines tell, press its buttons, and read again."""
    said = []

    def read():
        said.append(me.all_of(model, ids))
        if model in LINE_MODELS:
            line_model, inverse = LINE_MODELS[model]
            lines = me.call(line_model, "search", [[inverse, "in", ids]])
            said.append(me.all_of(line_model, lines))
            for line in lines:
                with contextlib.suppress(OdooError):
                    said.append(str(me.call(line_model, "action_open", [line])))

    read()
    for button in buttons:
        try:
            said.append(str(me.call(model, button, ids)))
        except OdooError as error:
            said.append(str(error))
    read()
    return "\n".join(said)


# -- roads by which a document of another company gets into a wizard ----------------------------


def created(wizard):
    model, naming, name, values, buttons = WIZARDS[wizard]

    def attack(world, me):
        foreign = named(world.foreign_to(me), name, model)
        ids = me.call(model, "create", [naming(foreign) | filled(world, me, values)])
        return all_told(me, model, ids, buttons)

    return attack


def created_by_default(wizard):
    model, naming, name, values, buttons = WIZARDS[wizard]

    def attack(world, me):
        foreign = target(world.foreign_to(me), name, model)
        values_named = naming(named(world.foreign_to(me), name, model))
        context = {f"default_{key}": value for key, value in values_named.items()} | {
            "active_model": "account.move", "active_ids": [foreign], "active_id": foreign,
        }  # fmt: skip
        ids = me.call(model, "create", [filled(world, me, values)], context=context)
        return all_told(me, model, ids, buttons)

    return attack


def rewritten(wizard):
    model, naming, name, values, buttons = WIZARDS[wizard]

    def attack(world, me):
        mine = target(own(world, me), name, model)
        ids = opened(me, wizard, mine, filled(world, me, values))
        foreign = named(world.foreign_to(me), name, model)
        attempts = [lambda: me.call(model, "write", ids, naming(foreign))]
        if model in LINE_MODELS:
            line_model, inverse = LINE_MODELS[model]
            lines = me.call(line_model, "search", [[inverse, "in", ids]])
            field = "document_id" if model in ABOUT_DOCUMENTS else "document"
            more = {inverse: ids[0], field: foreign}
            attempts += [
                lambda: me.call(line_model, "write", lines, {field: foreign}),
                lambda: me.call(line_model, "create", [more]),
                lambda: me.call(line_model, "create", [more | {"severity": "error"}]),
            ]
        went_through = False
        for attempt in attempts:
            with contextlib.suppress(OdooError):
                attempt()
                went_through = True
        # Of one's own document alone, the buttons do what they are for.
        return all_told(me, model, ids, buttons if went_through else ())

    return attack


def opened_by_a_button(wizard):
    model, _naming, name, values, buttons = WIZARDS[wizard]

    def attack(world, me):
        foreign = target(world.foreign_to(me), name, model)
        ids = opened(me, wizard, foreign, filled(world, me, values))
        return all_told(me, model, ids, buttons)

    return attack


def saved(wizard):
    model, naming, name, values, _buttons = WIZARDS[wizard]

    def attack(world, me):
        foreign = naming(named(world.foreign_to(me), name, model))
        asked = foreign | filled(world, me, values)
        context = {f"default_{key}": value for key, value in foreign.items()}
        said = []
        for spec in specifications(me, model):
            said += [
                tried(lambda: me.call(model, "web_save", [], asked, spec)),  # noqa: B023
                tried(lambda: me.call(model, "web_save", [], {}, spec, context=context)),  # noqa: B023
                tried(lambda: me.call(model, "onchange", [], asked, list(foreign), spec)),  # noqa: B023
                tried(lambda: me.call(model, "onchange", [], {}, [], spec, context=context)),  # noqa: B023
            ]
        return "\n".join(said)

    return attack


def specifications(me, model):
    """Yield what a form may ask for: all fields, and as deep as relations go."""
    fields = me.call(model, "fields_get", [], ["type"])
    deep = {"display_name": {}, "partner_id": {"fields": {"name": {}, "email": {}}}}
    inner = {
        "document_id": {"fields": deep}, "display_name": {}, "problem": {}, "message": {},
        "control_number": {}, "addresses": {}, "what": {}, "document": {},
    }  # fmt: skip
    yield {field: {} for field in fields}
    if "line_ids" in fields:
        line_model = LINE_MODELS[model][0]
        known = me.call(line_model, "fields_get", [], ["type"])
        yield {"line_ids": {"fields": {key: spec for key, spec in inner.items() if key in known}}}
    for name in fields.keys() & {"move_ids", "document_ids"}:
        yield {name: {"fields": deep}}


def tried(call):
    """Return what a call says, be it a refusal."""
    try:
        return str(call())
    except OdooError as error:
        return str(error)


#: Who has a right to a wizard at all, of this company and of the other.
USERS = dict.fromkeys(WIZARDS, ("cashier", "manager", "stranger")) | dict.fromkeys(
    ("annul", "annul, by lines", "annul, pending", "resolve"), ("manager", "admin", "stranger")
)


@pytest.mark.parametrize(
    ("who", "road", "wizard"),
    [
        (who, road, wizard)
        for road in (created, created_by_default, opened_by_a_button, rewritten, saved)
        for wizard, users in USERS.items()
        for who in users
    ],
)
def test_no_wizard_tells_or_touches_what_another_company_has(world, who, road, wizard):
    world.judge(who, road(wizard))


OTHERS = {
    "e-mail: contacts of another company": ("cashier, manager, stranger", lambda w, me: all_told(
        me, "smart.email.wizard", me.call("smart.email.wizard", "create", [{"line_ids": [[0, 0, {
            "document_id": own(w, me).documents["issued"],
            "contact_ids": [[6, 0, [w.foreign_to(me).customer]]]}]]}]), ("action_send",))),
    "e-mail: contacts changed by a form": ("cashier, stranger", lambda w, me: me.call(
        "smart.email.wizard.line", "onchange", [], {
            "document_id": own(w, me).documents["issued"],
            "contact_ids": [[6, 0, [w.foreign_to(me).customer]]]},
        ["contact_ids"], {"addresses": {}, "contact_ids": {"fields": {"email": {}}}})),
    "annul: a line that was requested already": ("manager, admin, stranger", lambda w, me: (
        all_told(me, "smart.annul.wizard", me.call("smart.annul.wizard", "create", [{
            "line_ids": [[0, 0, {
                "document_id": w.foreign_to(me).documents["annulled"],
                "requested": True}]]}])))),
    "book: of another issuer": ("cashier, manager, reader, auditor, stranger", lambda w, me: book(
        w, me, issuer_id=w.foreign_to(me).company)),
    "book: with another company": ("cashier, manager, reader, auditor, stranger", lambda w, me: (
        book(w, me, company_ids=[[6, 0, [own(w, me).company, w.foreign_to(me).company]]]))),
    "book: of both": ("manager, auditor, stranger", lambda w, me: book(
        w, me, issuer_id=w.foreign_to(me).company,
        company_ids=[[6, 0, [w.foreign_to(me).company]]])),
    "settings of another company": ("manager, access, cashier", lambda w, me: all_told(
        me, "res.config.settings", me.call("res.config.settings", "create", [{
            "company_id": w.foreign_to(me).company}]))),
    "settings of another company by a form": ("manager, access, cashier", lambda w, me: [
        tried(lambda: me.call(
            "res.config.settings", "onchange", [], {"company_id": w.foreign_to(me).company},
            ["company_id"], {name: {}}))  # noqa: B023
        for name in w.fields["res.config.settings"] if name.startswith("smart_")]),
}  # fmt: skip


def book(world, me, **values):
    """Make a book and get all of it: by its fields, its buttons and its files."""
    [made] = me.call("smart.book", "web_save", [], values, {})
    ids = [made["id"]]
    return "\n".join([
        me.all_of("smart.book", ids),
        *(tried(lambda: me.call("smart.book", button, ids))  # noqa: B023
          for button in ("action_view", "action_pdf", "action_xlsx")),
        me.get(f"/l10n_ve_edi_smart/book/{ids[0]}.xlsx"),
        me.get(f"/report/html/l10n_ve_edi_smart.report_smart_book/{ids[0]}"),
    ])  # fmt: skip


@pytest.mark.parametrize(("who", "attack"), rows(OTHERS))
def test_nothing_of_another_company_comes_through(world, who, attack):
    world.judge(who, attack)


# -- somebody else's wizard -----------------------------------------------------------------


@pytest.mark.parametrize("wizard", ONE_OF_EACH)
def test_nobody_uses_the_wizard_of_somebody_else(world, wizard):
    model, _naming, name, values, buttons = WIZARDS[wizard]
    owner = world["other manager"]
    values = filled(world, owner, values)
    [theirs] = opened(owner, wizard, target(world.mine, name, model), values)
    # By Odoo's own wizards a person does only what that person may do anyway.
    buttons = buttons if model.startswith("smart.") else ()
    attacks = {
        "write": lambda _w, me: me.call(model, "write", [theirs], values or {"display_name": "x"}),
        "unlink": lambda _w, me: me.call(model, "unlink", [theirs]),
        **{
            button: lambda _w, me, button=button: me.call(model, button, [theirs])
            for button in buttons
        },
    }
    for who in ("manager", "cashier", "stranger", "employee", "portal", "auditor"):
        world.judge_all(who, attacks)


INJECTED = {
    "a line put into another's wizard": ("manager", "annul", {"reason": "Error"}, "action_annul"),
    "an e-mail put into another's wizard": ("cashier", "e-mail", {}, "action_send"),
}  # fmt: skip


@pytest.mark.parametrize("attack", INJECTED)
def test_nobody_has_somebody_else_do_what_was_not_chosen(world, attack):
    who, name, values, button = INJECTED[attack]
    model = WIZARDS[name][0]
    victim, line_model = world["other manager"], LINE_MODELS[model][0]
    world.state.remember()
    wizard = opened(victim, name, world.mine.corrected, values)
    with contextlib.suppress(OdooError):
        world[who].call(
            line_model,
            "create",
            [{"wizard_id": wizard[0], "document_id": world.mine.documents["issued"]}],
        )
    with contextlib.suppress(OdooError):
        victim.call(model, button, wizard)
    chosen = world.sql(touched(world))
    world.state.changes()  # puts back what was chosen
    assert str(world.mine.documents["issued"]) not in chosen.split()


def touched(world):
    """Return the query for what is to be annulled, or was e-mailed by this test."""
    return (
        "SELECT id FROM smart_document WHERE annulment_state IN ('requested', 'calling')"
        f" UNION SELECT document_id FROM smart_email WHERE id > {world.theirs.email}"
    )


#: Lines that do not belong to what the wizard says is annulled.
UNCHOSEN = {
    "another line": lambda w: {"line_ids": [
        [0, 0, {"document_id": w.mine.documents["corrected"]}],
        [0, 0, {"document_id": w.mine.documents["issued"]}]]},
    "a line of another document": lambda w: {"line_ids": [
        [0, 0, {"document_id": w.mine.documents["issued"]}]]},
    "a line without problems": lambda w: {"line_ids": [
        [0, 0, {"document_id": w.mine.documents["issued"], "problem": "", "requested": False}]]},
}  # fmt: skip


@pytest.mark.parametrize("lines", UNCHOSEN)
def test_no_line_annuls_what_is_not_among_the_chosen_documents(world, lines):
    world.state.remember()
    me = world["manager"]
    window = opened(me, "annul", world.mine.corrected, {"reason": "Error"})
    with contextlib.suppress(OdooError):
        me.call("smart.annul.wizard", "write", window, UNCHOSEN[lines](world))
    with contextlib.suppress(OdooError):
        me.call("smart.annul.wizard", "action_annul", window)
    chosen = world.sql(touched(world))
    world.state.changes()  # puts back what was chosen
    assert str(world.mine.documents["issued"]) not in chosen.split()


@pytest.mark.parametrize(
    ("wizard", "group"),
    [
        ("annul", "account.group_account_manager"),
        ("resolve", "account.group_account_manager"),
        ("contest", "account.group_account_manager"),
        ("e-mail", "account.group_account_invoice"),
    ],
)
def test_a_right_that_was_taken_away_does_not_live_on_in_a_wizard(world, wizard, group):
    model, _naming, name, values, buttons = WIZARDS[wizard]
    world.state.remember()
    me, employee = (
        world["other manager"],
        world.sql("SELECT res_id FROM ir_model_data WHERE module = 'base' AND name = 'group_user'"),
    )
    ids = opened(me, wizard, target(world.mine, name, model), values)
    world["admin"].call("res.users", "write", [me.id], {"group_ids": [[6, 0, [int(employee)]]]})
    with world.state.otherwise():
        world.judge_all(
            "other manager",
            {button: lambda _w, me, button=button: me.call(model, button, ids)
             for button in buttons},
        )  # fmt: skip

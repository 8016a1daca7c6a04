"""Attacks on the past: by an administrator's own programs, which are refused, and by SQL, which
the check of the integrity chain finds and names."""

import json

import pytest
from attack_world import FORGED, FORGED_NUMBER, rows, served
from servers import OdooError


@pytest.fixture(scope="module")
def world(attacked, tmp_path_factory):
    with served(attacked, tmp_path_factory.mktemp("history")) as world:
        yield world


# -- what an administrator can program ---------------------------------------------------------


def program(model, which, code):
    """Return an attack that runs Python on a record, as an action of an administrator.

    The action is one of contacts: Odoo asks for the right to write what an action is about.
    """

    def attack(world, me):
        [model_id] = me.call("ir.model", "search", [["model", "=", "res.partner"]])
        text = f"record = env['{model}'].browse({which(world)})\n{code.format(w=world)}"
        action = me.call("ir.actions.server", "create", [{
            "name": FORGED, "model_id": model_id, "state": "code", "code": text}])  # fmt: skip
        partner = me.who["partner"]
        active = {"active_model": "res.partner", "active_id": partner, "active_ids": [partner]}
        return str(me.call("ir.actions.server", "run", action, context=active))

    return attack


ISSUED = lambda w: w.mine.documents["issued"]  # noqa: E731
EXCHANGE = lambda w: w.mine.exchange  # noqa: E731

#: Of each of the engine's models: a record, and a change that nobody but the engine makes.
CHANGED = {
    "smart.document": (ISSUED, {"control_number": FORGED_NUMBER, "customer_name": FORGED}),
    "smart.exchange": (EXCHANGE, {"message": FORGED}),
    "smart.email": (lambda w: w.mine.email, {"addresses": FORGED}),
    "smart.witness": (lambda w: w.mine.witness, {"control_number": FORGED_NUMBER}),
    "smart.numbering": (lambda w: w.mine.numbering, {"missing_numbers": FORGED}),
    "smart.lane": (lambda w: w.mine.lane, {"blocked": False, "reason": FORGED}),
    "smart.chain": (lambda w: w.mine.chain, {"hash": FORGED}),
    "smart.chain.link": (lambda w: w.mine.link, {"content": FORGED}),
}

PROGRAMS = {
    **{
        f"{model}: {name}": ("admin", program(model, which, code))
        for model, (which, values) in CHANGED.items()
        for name, code in {
            "written": f"record.sudo().write({values!r})".replace("{", "{{").replace("}", "}}"),
            "written by the superuser": f"record.with_user(1).write({values!r})"
            .replace("{", "{{").replace("}", "}}"),
            "one field set": f"record.sudo()[{next(iter(values))!r}] = {FORGED!r}",
            "copied": "record.sudo().copy()",
            "made": f"env[record._name].sudo().create({values!r})"
            .replace("{", "{{").replace("}", "}}"),
            "deleted": "record.sudo().with_context(_force_unlink=True).unlink()",
        }.items()
    },
    "an exchange made": ("admin", program("smart.exchange", EXCHANGE, (
        "env['smart.exchange'].sudo().create({{'operation': 'issue', 'outcome': 'accepted',"
        " 'issuer_id': {w.mine.company}, 'company_id': {w.mine.company},"
        " 'environment': 'custom', 'started_at': datetime.datetime.now(),"
        " 'document_id': {w.mine.documents[unknown]}}})"))),
    "a document made": ("admin", program("smart.document", ISSUED, (
        "env['smart.document'].sudo().create({{'issuer_id': {w.mine.company}, 'state': 'issued',"
        " 'company_id': {w.mine.company}, 'environment': 'custom', 'document_type': 'invoice',"
        " 'control_number': '00-00099999', 'move_id': {w.mine.draft}}})"))),
    "customer, RIF and amount with the number again": ("admin", program(
        "smart.document", ISSUED, (
            "record.sudo().write({{'control_number': record.control_number, 'amount_total': 1,"
            " 'customer_name': 'FORGED', 'customer_vat': 'J-50234567-1'}})"))),
    "annulled without SMART": ("admin", program("smart.document", ISSUED, (
        "record.sudo().write({{'state': 'annulled', 'annulled_at': datetime.datetime.now()}})"))),
    "the file replaced": ("admin", program("smart.document", ISSUED, (
        "record.sudo().write({{'document_file': 'JVBERi0xLjQK'}})"))),
    "the invoice set to draft": ("admin", program("account.move", lambda w: w.mine.issued, (
        "record.sudo().write({{'state': 'draft'}})"))),
    "the invoice cancelled with a key of the context": ("admin", program(
        "account.move", lambda w: w.mine.issued,
        "record.sudo().with_context(smart_cancel_annulled=True).button_cancel()")),
    "the invoice's document": ("admin", program("account.move", lambda w: w.mine.issued, (
        "record.sudo().write({{'smart_document_id': {w.mine.documents[other]}}})"))),
    "a line's amount": ("admin", program("account.move.line", lambda w: w.mine.line, (
        "record.sudo().with_context(check_move_validity=False).write({{'price_unit': 1}})"))),
    "a line's residual": ("admin", program("account.move.line", lambda w: w.mine.term_line, (
        "record.sudo().write({{'amount_residual': 0, 'reconciled': True}})"))),
    "written by an action without Python": ("admin", lambda w, me: update(
        w, me, state="object_write", update_path="customer_name", value=FORGED)),
    "written by a scheduled action": ("admin", lambda w, me: scheduled(
        w, me, f"model.sudo().browse({ISSUED(w)}).write({{'customer_name': 'FORGED'}})")),
    "written with rights given to oneself": ("admin, access", lambda w, me: with_rights(
        w, me, "write", [ISSUED(w)], {"customer_name": FORGED})),
    "made with rights given to oneself": ("admin, access", lambda w, me: with_rights(
        w, me, "create", [{
            "issuer_id": w.mine.company, "company_id": w.mine.company, "environment": "custom",
            "document_type": "invoice", "state": "issued", "control_number": FORGED_NUMBER}])),
    "deleted with rights given to oneself": ("admin, access", lambda w, me: with_rights(
        w, me, "unlink", [w.mine.documents["queued"]])),
}  # fmt: skip


def update(world, me, **values):
    [model_id] = me.call("ir.model", "search", [["model", "=", "smart.document"]])
    action = me.call("ir.actions.server", "create", [{
        "name": FORGED, "model_id": model_id, **values}])  # fmt: skip
    document = ISSUED(world)
    active = {"active_model": "smart.document", "active_id": document, "active_ids": [document]}
    return str(me.call("ir.actions.server", "run", action, context=active))


def scheduled(world, me, code):
    [model_id] = me.call("ir.model", "search", [["model", "=", "smart.document"]])
    cron = me.call("ir.cron", "create", [{
        "name": FORGED, "model_id": model_id, "state": "code", "code": code,
        "interval_number": 1, "interval_type": "days", "active": True}])  # fmt: skip
    try:
        return str(me.call("ir.cron", "method_direct_trigger", cron))
    finally:
        me.call("ir.cron", "unlink", cron)


def with_rights(world, me, method, *arguments):
    """Give everybody every right on fiscal documents, then use it."""
    [model_id] = me.call("ir.model", "search", [["model", "=", "smart.document"]])
    right = me.call("ir.model.access", "create", [{
        "name": FORGED, "model_id": model_id, "perm_read": True, "perm_write": True,
        "perm_create": True, "perm_unlink": True}])  # fmt: skip
    try:
        return str(me.call("smart.document", method, *arguments))
    finally:
        me.call("ir.model.access", "unlink", right)


@pytest.mark.parametrize(("who", "attack"), rows(PROGRAMS))
def test_nothing_that_an_administrator_programs_rewrites_the_books(world, who, attack):
    world.judge(who, attack)


# -- what the check of the chain finds -----------------------------------------------------------


def document(which="issued", **columns):
    return change("smart_document", lambda w: w.mine.documents[which], columns)


def exchange(**columns):
    return change("smart_exchange", EXCHANGE, columns)


def change(table, which, columns):
    """Return a function that gives the SQL of a change."""
    sets = ", ".join(f"{name} = {value}" for name, value in columns.items())
    return lambda w: f"UPDATE {table} SET {sets} WHERE id = {which(w)}"


def blessing(w, record, kind, columns, old, new):
    """Change a record, and have Odoo seal a link that says so."""
    table, target = ("smart_document", "document_id")
    if kind == "exchange":
        table, target = ("smart_exchange", "exchange_id")
    return (
        f"UPDATE {table} SET {columns} WHERE id = {record};"
        " INSERT INTO smart_chain_link (issuer_id, company_id, environment, kind, exchange_id,"
        " document_id, content, create_date) SELECT issuer_id, company_id, environment, kind,"
        f" exchange_id, document_id, replace(content, '{old}', '{new}'), now()"
        f" FROM smart_chain_link WHERE {target} = {record} AND kind = '{kind}'"
    )


def shortening(w):
    """Hide that SMART's answer to an issue is gone."""
    content = json.dumps({"exchanges": [EXCHANGE(w)], "kind": "shortening"})
    return (
        "WITH link AS (INSERT INTO smart_chain_link (issuer_id, company_id, environment, kind,"
        f" content, create_date) VALUES ({w.mine.company}, {w.mine.company}, 'custom',"
        f" 'shortening', '{content}', now()) RETURNING id)"
        " UPDATE smart_exchange SET answer_body = NULL, shortened_at = now(),"
        f" shortening_link_id = link.id FROM link WHERE smart_exchange.id = {EXCHANGE(w)}"
    )


def swapped(w, names=("other", "issued")):
    """Have two documents change their invoices; ``names``: which one each has afterwards."""
    one, other = w.mine.documents["issued"], w.mine.documents["other"]
    first, second = (getattr(w.mine, name) for name in names)
    return (
        f"UPDATE smart_document SET move_id = NULL WHERE id IN ({one}, {other});"
        f" UPDATE smart_document SET move_id = {first} WHERE id = {one};"
        f" UPDATE smart_document SET move_id = {second} WHERE id = {other}"
    )


def forged_exchange(w, *columns):
    """Insert a copy of an exchange, about the document in doubt."""
    return (
        "INSERT INTO smart_exchange (document_id, issuer_id, company_id, environment, operation,"
        " outcome, started_at, user_id, create_date)"
        f" SELECT {w.mine.documents['unknown']}, issuer_id, company_id, environment, operation,"
        f" outcome, started_at, user_id, now() FROM smart_exchange WHERE id = {EXCHANGE(w)}"
    )


#: The SQL of a change, and one of what the finding must name.
PAST = {
    **{
        f"document: {name}": (document(**{name: value}), "issued")
        for name, value in {
            "customer_name": "'FORGED'", "customer_vat": "'J-50234567-1'", "amount_total": "1",
            "general_base": "1", "general_tax": "1", "exempt": "1", "igtf_tax": "1",
            "general_base_signed": "1", "request_body": "replace(request_body, '100', '200')",
            "control_number": "'00-00099999'", "internal_number": "'00099999'",
            "internal_sequence": "99999", "issued_at": "issued_at - interval '1 day'",
            "issue_date": "issue_date - 1", "legal_footer": "'FORGED'",
            "document_url": "'https://evil.example.com'", "name": "'FORGED'",
            "document_type": "'debit_note'", "state": "'refused'", "branch_code": "'FORGED'",
            "exchange_rate": "1", "currency_id": "1", "partner_id": "3",
            "resolved_by": "2", "resolution": "'FORGED'", "environment": "'production'",
        }.items()
    },
    **{
        f"resolved: {name}": (document("resolved", **{name: value}), "resolved")
        for name, value in {
            "resolved_by": "2", "resolution": "'FORGED'", "resolved_at": "'2020-01-01'",
            "control_number": "'00-00099999'",
        }.items()
    },
    **{
        f"annulled: {name}": (document("annulled", **{name: value}), "annulled")
        for name, value in {
            "annulled_at": "'2020-01-01'", "annulment_reason": "'FORGED'",
            "annulment_user_id": "2", "annulment_requested_at": "'2020-01-01'",
            "state": "'issued'",
        }.items()
    },
    "note: what it corrects": (document("note", related_document_id="NULL"), "note"),
    "documents swapped between invoices": (swapped, "issued"),
    "document without its invoice": (document(move_id="NULL"), "issued"),
    "document of the other company": (
        lambda w: f"UPDATE smart_document SET company_id = {w.theirs.company}"
        f" WHERE id = {ISSUED(w)}", "issued"),
    "document made issued": (
        document("unknown", state="'issued'", control_number="'00-00099999'"), "unknown"),
    "document made annulled": (
        document(state="'annulled'", annulled_at="now()", annulment_state="'done'"), "issued"),
    **{
        f"exchange: {name}": (exchange(**{name: value}), "exchange")
        for name, value in {
            "user_id": "2", "create_uid": "2", "message": "'FORGED'", "outcome": "'refused'",
            "operation": "'email'", "http_status": "500", "code": "4242", "url": "'FORGED'",
            "reason": "'FORGED'", "duration_ms": "4242", "started_at": "'2020-01-01'",
            "answer_body": "'FORGED'", "request_body": "'FORGED'", "document_id": "NULL",
        }.items()
    },
    "exchange: text with its digest": (exchange(
        answer_body="'FORGED'", answer_hash="encode(sha256('FORGED'), 'hex')"), "exchange"),
    "exchange: text gone": (exchange(answer_body="NULL"), "exchange"),
    "exchange: text gone, said to be shortened": (exchange(
        answer_body="NULL", shortened_at="now()"), "exchange"),
    "exchange: text gone, by a forged shortening": (shortening, "exchange"),
    "exchange: added": (forged_exchange, None),
    "exchange: deleted with its link": (
        lambda w: f"DELETE FROM smart_chain_link WHERE exchange_id = {EXCHANGE(w)};"
        f" DELETE FROM smart_exchange WHERE id = {EXCHANGE(w)}", None),
    "link: deleted": (
        lambda w: f"DELETE FROM smart_chain_link WHERE document_id = {ISSUED(w)}", None),
    "link: content": (
        lambda w: "UPDATE smart_chain_link SET content = replace(content, 'Almacenes', 'FORGED')"
        f" WHERE document_id = {ISSUED(w)}", "issued"),
    "link: of another document": (
        lambda w: f"UPDATE smart_chain_link SET document_id = {w.mine.documents['other']}"
        f" WHERE document_id = {ISSUED(w)}", None),
    "customer, blessed by a link that Odoo seals": (
        lambda w: blessing(w, ISSUED(w), "issue", "customer_name = 'FORGED'",
                           "Almacenes La Reserva, C.A.", FORGED), "issued"),
    "amount, blessed by a link that Odoo seals": (
        lambda w: blessing(w, ISSUED(w), "issue", "amount_total = 1", "116.00", "1.00"), "issued"),
    "reason, blessed by a link that Odoo seals": (
        lambda w: blessing(w, w.mine.documents["annulled"], "annulment",
                           "annulment_reason = 'FORGED'", "Motivo reservado", FORGED), "annulled"),
    "number, blessed by a link that Odoo seals": (
        lambda w: blessing(w, ISSUED(w), "issue", "control_number = '00-00099999'",
                           "00-00000001", FORGED_NUMBER), None),
    "answer, blessed by a link that Odoo seals": (
        lambda w: blessing(w, EXCHANGE(w), "exchange", "outcome = 'refused'",
                           "\"accepted\"", "\"refused\""), "exchange"),
    "a link of nothing that Odoo seals": (
        lambda w: "INSERT INTO smart_chain_link (issuer_id, company_id, environment, kind,"
        f" content, create_date) VALUES ({w.mine.company}, {w.mine.company}, 'custom',"
        " 'exchange', '{}', now())", None),
    "file": (
        lambda w: "UPDATE ir_attachment SET db_datas = 'FORGED', file_size = 6,"
        " checksum = md5('FORGED'), index_content = NULL"
        f" WHERE id = {w.mine.file}", "issued"),
    "file gone": (lambda w: f"DELETE FROM ir_attachment WHERE id = {w.mine.file}", "issued"),
    **{
        f"invoice: {name}": (
            lambda w, name=name, value=value: f"UPDATE account_move SET {name} = {value}"
            f" WHERE id = {w.mine.issued}", "issued")
        for name, value in {
            "amount_total": "1", "partner_id": "3", "invoice_date": "'2020-01-01'",
            "name": "'FORGED'", "state": "'draft'",
        }.items()
    },
    **{
        f"line: {name}": (
            lambda w, name=name, value=value: f"UPDATE account_move_line SET {name} = {value}"
            f" WHERE id = {w.mine.line}", "issued")
        for name, value in {
            "price_unit": "1", "quantity": "7", "name": "'FORGED'", "balance": "-1",
            "price_subtotal": "1",
        }.items()
    },
    "line: gone": (
        lambda w: f"DELETE FROM account_move_line WHERE id = {w.mine.line}", "issued"),
}  # fmt: skip


def checked(world):
    """Check the chain as a manager does; return whether it is broken, and what is said."""
    me = world["manager"]
    try:
        answer = me.call("smart.chain", "action_check", [world.mine.chain])
    except OdooError as error:
        return True, str(error)
    [chain] = me.call("smart.chain", "read", [world.mine.chain], ["broken", "finding"])
    return chain["broken"], f"{chain['finding']} {answer}"


def named(world, what):
    """Return what a finding may name a changed record by."""
    if what == "exchange":
        return [f"№ {EXCHANGE(world)}", f"№ {ISSUED(world)}", world.mine.control_numbers[0]]
    if what is None:
        return [""]
    names = world.sql(
        "SELECT concat_ws(chr(10), d.control_number, m.name, '№ ' || d.id) FROM smart_document d"
        f" JOIN account_move m ON m.id = d.move_id WHERE d.id = {world.mine.documents[what]}"
    )
    return names.splitlines()


def test_the_books_as_they_are_pass_the_check(world):
    world.state.remember()
    broken, said = checked(world)
    world.state.changes()  # puts back when it was checked
    assert not broken, said


@pytest.mark.parametrize("attack", PAST)
def test_the_check_finds_what_sql_has_changed_and_says_which_record(world, attack):
    sql, what = PAST[attack]
    world.state.remember()
    names = named(world, what)
    world.sql(sql(world))
    assert not world.state.is_as_it_was(), "the attack itself did nothing"
    try:
        broken, said = checked(world)
    finally:
        if sql is swapped:  # one at a time would be against an index
            world.sql(swapped(world, ("issued", "other")))
        world.state.changes()  # puts it back
    assert broken, "the check is green"
    assert any(name in said for name in names), said

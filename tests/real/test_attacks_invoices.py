"""Attacks on what was issued through its invoice, its lines, its taxes and its notes."""

import pytest
from attack_world import FORGED, FORGED_MOMENT, rows, served

#: Past the protection that Odoo's forms have.
PAST = {"skip_readonly_check": True, "check_move_validity": False}


@pytest.fixture(scope="module")
def world(attacked, tmp_path_factory):
    with served(attacked, tmp_path_factory.mktemp("invoices")) as world:
        yield world


def of(world, values):
    """Return values with those filled in that depend on the world."""
    return {key: one(world) if callable(one) else one for key, one in values.items()}


def move(state="issued", **values):
    """Return an attack that writes on an invoice."""
    return lambda w, me: me.call(
        "account.move", "write", [getattr(w.mine, state)], of(w, values), context=PAST
    )


def line(**values):
    """Return an attack that writes on a line of the issued invoice."""
    return lambda w, me: me.call(
        "account.move.line", "write", [w.mine.line], of(w, values), context=PAST
    )


def record(model, which, **values):
    """Return an attack that writes on what the issued invoice rests on."""
    return lambda w, me: me.call(model, "write", [getattr(w.mine, which)], values)


#: Stored fields that are computed, or another record's, or Odoo's own: nobody writes them.
OF_MOVES = {
    "amount_untaxed_in_currency_signed": 1, "amount_residual": 1, "amount_residual_signed": 1,
    "invoice_partner_display_name": FORGED, "invoice_pdf_report_file": "JVBERi0xLjQK",
    "invoice_cash_rounding_id": lambda w: w.mine.rounding, "secure_sequence_number": 4242,
    "inalterable_hash": "$4$forged", "payment_state": "paid", "posted_before": False,
    "made_sequence_gap": True, "sequence_number": 4242, "sequence_prefix": "X/",
    "commercial_partner_id": lambda w: w.mine.neighbour,
    "tax_cash_basis_origin_move_id": lambda w: w.mine.other,
    "auto_post_origin_id": lambda w: w.mine.other, "invoice_currency_rate": 42.42,
    "taxable_supply_date": "2020-01-01", "always_tax_exigible": True,
    "partner_shipping_id": lambda w: w.mine.neighbour,
    "smart_document_id": lambda w: w.mine.documents["other"], "smart_igtf_base": 42.42,
    "smart_former_number": "00-00000077", "smart_note_reason": FORGED,
    "smart_note_origin_id": lambda w: w.mine.other,
}  # fmt: skip

OF_LINES = {
    "date": "2020-01-01", "parent_state": "draft", "journal_id": lambda w: w.mine.journal + 1,
    "move_name": FORGED, "tax_base_amount": 42.42, "account_id": lambda w: w.mine.account,
    "company_currency_id": 1, "invoice_date": "2020-01-01", "reconciled": True,
    "amount_residual": 42.42, "amount_residual_currency": 42.42, "matching_number": FORGED,
    "tax_tag_ids": [[6, 0, [1]]], "is_storno": True, "group_tax_id": lambda w: w.mine.tax,
    "tax_group_id": 1, "tax_line_id": lambda w: w.mine.tax, "price_subtotal": 1,
    "price_total": 1, "display_type": "line_note", "is_imported": True,
    "extra_tax_data": {"forged": 1}, "deductible_amount": 42,
}  # fmt: skip

MOVES = {
    f"invoice: {name}": ("cashier, manager, admin", move(**{name: value}))
    for name, value in OF_MOVES.items()
}
LINES = {
    f"line: {name}": ("cashier, manager, admin", line(**{name: value}))
    for name, value in OF_LINES.items()
}

IN_DOUBT = {
    f"{state}: {name}": ("cashier, manager", move(state, **{name: value}))
    for state in ("unknown", "queued", "annulled", "resolved")
    for name, value in {
        "amount_residual": 1,
        "invoice_partner_display_name": FORGED,
        "inalterable_hash": "$4$forged",
        "invoice_date": "2020-01-01",
        "smart_document_id": False,
    }.items()
}

ROADS = {
    "lines of the invoice by its relation": ("cashier, manager, admin", lambda w, me: me.call(
        "account.move", "write", [w.mine.issued], {"line_ids": [
            [1, w.mine.line, {"move_name": FORGED, "date": "2020-01-01"}]]}, context=PAST)),
    "the residual by its relation": ("cashier, manager", lambda w, me: me.call(
        "account.move", "write", [w.mine.issued], {"line_ids": [
            [1, w.mine.term_line, {"amount_residual": 0, "reconciled": True}]]}, context=PAST)),
    "import of lines": ("cashier, manager", lambda w, me: me.load(
        "account.move.line", [".id", "move_name"], [w.mine.line, FORGED])),
    "import of the invoice": ("cashier, manager", lambda w, me: me.load(
        "account.move", [".id", "invoice_partner_display_name"], [w.mine.issued, FORGED])),
    "web_save of the term's line": ("cashier", lambda w, me: me.call(
        "account.move.line", "web_save", [w.mine.term_line],
        {"amount_residual": 0, "reconciled": True, "date": "2020-01-01"}, {})),
    "order of lines": ("cashier", lambda w, me: me.call(
        "account.move.line", "web_resequence", [w.mine.line], {}, field_name="tax_base_amount",
        offset=42)),
    "by JSON-2": ("cashier", lambda w, me: me.json2(
        "account.move", "write", ids=[w.mine.issued], vals={"inalterable_hash": "x"})),
    "by the old API": ("cashier", lambda w, me: me.jsonrpc(
        "account.move.line", "write", [w.mine.line], {"date": "2020-01-01"})),
    "SMART's fields of a draft": ("cashier, manager, admin", lambda w, me: me.call(
        "account.move", "create", [{
            "move_type": "out_invoice", "partner_id": w.mine.customer,
            "smart_document_id": w.mine.documents["issued"]}])),
    "another invoice's document by a copy": ("cashier, manager, admin", lambda w, me: me.call(
        "account.move", "copy", [w.mine.issued],
        default={"smart_document_id": w.mine.documents["issued"]})),
    "made as issued already": ("cashier, manager, admin", lambda w, me: me.call(
        "account.move", "create", [{
            "move_type": "out_invoice", "partner_id": w.mine.customer, "state": "posted",
            "name": "MIA/2026/00001", "inalterable_hash": "x"}])),
    "fiscal position applied anew": ("cashier, manager", lambda w, me: me.call(
        "account.move", "action_update_fpos_values", [w.mine.issued])),
    "rate of today": ("cashier, manager", lambda w, me: me.call(
        "account.move", "refresh_invoice_currency_rate", [w.mine.issued])),
    "type switched": ("cashier, manager", lambda w, me: me.call(
        "account.move", "action_switch_move_type", [w.mine.issued])),
    "deleted line by line": ("cashier, manager", lambda w, me: me.call(
        "account.move.line", "unlink", [w.mine.line, w.mine.tax_line, w.mine.term_line],
        context=PAST | {"force_delete": True, "dynamic_unlink": True})),
    "a reprint attached in the place of the first": ("cashier, manager", lambda w, me: me.call(
        "ir.attachment", "create", [{
            "name": "x.pdf", "res_model": "account.move", "res_id": w.mine.issued,
            "res_field": "invoice_pdf_report_file", "datas": "JVBERi0xLjQK"}])),
    "the document's file attached in its place": ("cashier, manager, admin", lambda w, me: me.call(
        "ir.attachment", "create", [{
            "name": "x.pdf", "res_model": "smart.document", "datas": "JVBERi0xLjQK",
            "res_field": "document_file", "res_id": w.mine.documents["issued"]}])),
    "a private method": ("cashier, manager, admin", lambda w, me: me.call(
        "account.move", "_smart_cancel_annulled", [w.mine.issued])),
    # -- what it rests on --
    "repartition: factor": ("manager, admin", record(
        "account.tax.repartition.line", "repartition", factor_percent=50)),
    "repartition: type": ("manager, admin", record(
        "account.tax.repartition.line", "repartition", repartition_type="base")),
    "repartition: document": ("manager, admin", record(
        "account.tax.repartition.line", "repartition", document_type="refund")),
    "repartition: of another tax": ("manager, admin", lambda w, me: me.call(
        "account.tax.repartition.line", "write", [w.mine.repartition],
        {"tax_id": w.mine.tax + 1})),
    "repartition: through the tax": ("manager, admin", lambda w, me: me.call(
        "account.tax", "write", [w.mine.tax], {"invoice_repartition_line_ids": [
            [1, w.mine.repartition, {"factor_percent": 50}]]})),
    "repartition: one more": ("manager, admin", lambda w, me: me.call(
        "account.tax", "write", [w.mine.tax], {"invoice_repartition_line_ids": [
            [0, 0, {"repartition_type": "tax", "factor_percent": -50}]]})),
    "repartition: replaced": ("manager, admin", lambda w, me: me.call(
        "account.tax", "write", [w.mine.tax], {"repartition_line_ids": [[5]]})),
    "repartition: deleted": ("manager, admin", lambda w, me: me.call(
        "account.tax.repartition.line", "unlink", [w.mine.repartition])),
    "repartition: made by itself": ("manager, admin", lambda w, me: me.call(
        "account.tax.repartition.line", "create", [{
            "tax_id": w.mine.tax, "document_type": "invoice", "repartition_type": "tax",
            "factor_percent": 100}])),
    "repartition: imported": ("manager", lambda w, me: me.load(
        "account.tax.repartition.line", [".id", "factor_percent"], [w.mine.repartition, 50])),
    "tax: affected by others": ("manager, admin", record(
        "account.tax", "tax", is_base_affected=False)),
    "tax: on payment": ("manager, admin", record(
        "account.tax", "tax", tax_exigibility="on_payment")),
    "tax: imported": ("manager", lambda w, me: me.load(
        "account.tax", [".id", "amount"], [w.mine.tax, 12])),
    "journal: another company's": ("manager, admin", lambda w, me: me.call(
        "account.journal", "write", [w.mine.journal], {"company_id": w.theirs.company})),
}  # fmt: skip


@pytest.mark.parametrize(("who", "attack"), rows(MOVES | LINES | IN_DOUBT | ROADS))
def test_what_was_issued_stays_what_it_is(world, who, attack):
    world.judge(who, attack)


def test_a_reprint_after_a_rename_shows_the_name_with_the_control_number(world):
    world.state.remember()
    me, before = world["manager"], "Almacenes La Reserva, C.A."
    page = f"/report/html/account.report_invoice/{world.mine.issued}"
    assert before in me.get(page)
    me.call("res.partner", "write", [world.mine.customer], {
        "name": "Renombrada, C.A.", "street": "Calle Nueva", "vat": "J-50234567-1"})  # fmt: skip
    try:
        printed = me.get(page)
    finally:
        world.sql(
            f"UPDATE res_partner SET name = '{before}', complete_name = '{before}',"
            " street = 'Calle Reservada 7', vat = 'J-31245678-7'"
            f" WHERE id = {world.mine.customer}"
        )
        world.state.changes()  # puts back what Odoo has computed of the name
    assert world.mine.control_numbers[0] in printed
    assert before in printed
    assert "Calle Reservada 7" in printed
    for new in ("Renombrada", "Calle Nueva", "50234567"):
        assert new not in printed


# -- what was decided about it -----------------------------------------------------------------

#: What was decided, and by whom, stands in the log; the note in the chatter only repeats it.
EVERYBODY = "cashier, other manager, manager, admin"


def logged(method, *arguments):
    """Return an attack on what the log says of a decision."""
    return lambda which: (
        lambda w, me: me.call("smart.exchange", method, [getattr(w.mine, which)], *arguments)
    )


def noted(method, *arguments):
    """Return an attack on the note that repeats it."""
    return lambda w, me: me.call("mail.message", method, [w.mine.resolution], *arguments)


DECIDED = {
    **{
        f"{which}: {name}": (EVERYBODY, attack(which))
        for which in ("decided", "renumbered")
        for name, attack in {
            "message": logged("write", {"message": FORGED}),
            "author": logged("write", {"user_id": 2}),
            "moment": logged("write", {"started_at": FORGED_MOMENT}),
            "another document": logged("write", {"document_id": 1}),
            "deleted": logged("unlink"),
            "copied": logged("copy"),
        }.items()
    },
    **{
        f"note: {name}": (EVERYBODY, attack)
        for name, attack in {
            "body": noted("write", {"body": FORGED}),
            "author": noted("write", {"author_id": 3}),
            "date": noted("write", {"date": FORGED_MOMENT}),
            "place": noted("write", {"model": "smart.document", "res_id": 1}),
            "deleted": noted("unlink"),
            "by its route": lambda w, me: me.server.post("/mail/message/update_content", {
                "message_id": w.mine.resolution,
                "update_data": {"body": FORGED, "attachment_ids": []}}),
        }.items()
    },
    "a decision of another document": (EVERYBODY, lambda w, me: me.call(
        "smart.document", "write", [w.mine.documents["resolved"]],
        {"resolution": FORGED, "resolved_by": me.id})),
}  # fmt: skip


@pytest.mark.parametrize(("who", "attack"), rows(DECIDED))
def test_what_was_decided_stays_as_it_was_logged(world, who, attack):
    world.judge(who, attack)

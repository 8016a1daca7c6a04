"""Every forbidden way to change an issued document, tried over JSON-RPC by an accountant."""

import pytest
from conftest import checked
from issued_world import served
from servers import OdooError, psql, run_script

#: Whatever is tried on the issued document, these words say why not, and what to do instead.
LOCKED = r"(?s)INV/\d+/00001.*00-00000001.*[Cc]redit or debit note"

@pytest.fixture(scope="module")
def world(prepared, tmp_path_factory):
    """One server for all roads: what is refused leaves nothing behind."""
    with served(prepared, tmp_path_factory.mktemp("locks") / "odoo.log") as world:
        yield world


# -- the invoice itself ------------------------------------------------------------------

ROADS = {
    "form: customer": lambda w: w.write(partner_id=w.other),
    "form: fiscal date": lambda w: w.write(invoice_date="2026-01-01"),
    "form: accounting date": lambda w: w.write(date="2026-01-01"),
    "form: date that the rate goes by": lambda w: w.write(taxable_supply_date="2020-06-01"),
    "form: currency": lambda w: w.write(currency_id=w.bolivar),
    "form: rate of exchange": lambda w: w.write(invoice_currency_rate=1.0),
    "form: journal": lambda w: w.write(journal_id=w.cash, name="/"),
    "form: number": lambda w: w.write(name="INV/2026/77777"),
    "form: type": lambda w: w.write(move_type="out_refund"),
    "form: what it corrects": lambda w: w.write(smart_note_origin_id=w.issued_too),
    "form: a line more": lambda w: w.write(
        invoice_line_ids=[[0, 0, {"name": "x", "price_unit": 1}]]
    ),
    "form: a line less": lambda w: w.write(invoice_line_ids=[[2, w.line]]),
    "form: price": lambda w: w.write(invoice_line_ids=[[1, w.line, {"price_unit": 1}]]),
    "form: journal items": lambda w: w.write(line_ids=[[1, w.tax_line, {"balance": -1}]]),
    "form: total": lambda w: w.write(amount_total=1.0),
    "form: status draft": lambda w: w.write(state="draft"),
    "form: status cancelled": lambda w: w.write(state="cancel"),
    "list: number of several": lambda w: w.call(
        "account.move", "write", [w.issued, w.draft], {"name": "INV/2026/88888"}
    ),
    "import": lambda w: load(w, "account.move", ["partner_id/.id"], w.issued, w.other),
    "import of lines": lambda w: load(w, "account.move.line", ["price_unit"], w.line, 5),
    "reset to draft": lambda w: w.call("account.move", "button_draft", [w.issued]),
    "cancel": lambda w: w.call("account.move", "button_cancel", [w.issued]),
    "cancel several": lambda w: w.call("account.move", "button_cancel", [w.issued, w.draft]),
    "delete": lambda w: w.call("account.move", "unlink", [w.issued]),
    "delete by force": lambda w: w.call(
        "account.move", "unlink", [w.issued], context={"force_delete": True}
    ),
    "switch to credit note": lambda w: w.call(
        "account.move", "action_switch_move_type", [w.issued]
    ),
    "renumber": lambda w: w.wizard(
        "account.resequence.wizard",
        "resequence",
        {"move_ids": [[6, 0, [w.issued]]], "first_name": "INV/2026/00099"},
        context={"active_model": "account.move", "active_ids": [w.issued]},
    ),
    # -- its lines, behind its back --
    "line: price": lambda w: w.write_line(price_unit=1),
    "line: quantity": lambda w: w.write_line(quantity=7),
    "line: discount": lambda w: w.write_line(discount=50),
    "line: text": lambda w: w.write_line(name="Otra cosa"),
    "line: product": lambda w: w.write_line(product_id=False),
    "line: tax": lambda w: w.write_line(tax_ids=[[6, 0, []]]),
    "line: amount": lambda w: w.write_line(balance=-1),
    "line: debit": lambda w: w.write_line(debit=1),
    "line: tax amount": lambda w: w.write_line(w.tax_line, amount_currency=-1),
    "line: customer": lambda w: w.write_line(w.term_line, partner_id=w.other),
    "line: to another invoice": lambda w: w.write_line(move_id=w.draft),
    "line: from another invoice": lambda w: w.write_line(w.draft_line, move_id=w.issued),
    "line: new": lambda w: w.call(
        "account.move.line",
        "create",
        [{"move_id": w.issued, "name": "x", "price_unit": 1, "account_id": w.account}],
    ),
    "line: delete": lambda w: w.call(
        "account.move.line",
        "unlink",
        [w.line],
        context={"force_delete": True, "dynamic_unlink": True},
    ),
}

# -- what issued documents rest on, and what belongs to SMART ------------------------------

OTHERS = {
    "draft set to posted by hand": (
        lambda w: w.call("account.move", "write", [w.draft], {"state": "posted"}),
        "must be issued.*Confirm it instead",
    ),
    "journal: delete": (
        lambda w: w.call("account.journal", "unlink", [w.journal]),
        "cannot be deleted. Archive it",
    ),
    "journal: type": (
        lambda w: w.call("account.journal", "write", [w.journal], {"type": "general"}),
        "Make a new journal instead, and archive this one",
    ),
    "tax: delete": (
        lambda w: w.call("account.tax", "unlink", [w.tax]),
        "cannot be deleted. Archive it",
    ),
    "tax: rate": (
        lambda w: w.call("account.tax", "write", [w.tax], {"amount": 12}),
        "Make a new tax instead, and archive this one",
    ),
    "tax: kind": (
        lambda w: w.call("account.tax", "write", [w.tax], {"smart_tax_kind": "exempt"}),
        "Make a new tax instead, and archive this one",
    ),
    "customer: delete": (
        lambda w: w.call("res.partner", "unlink", [w.customer]),
        "Archive it instead",
    ),
    "customer: become another": (
        lambda w: merge(w, w.customer, w.other),
        "J-?30984512-?8.*Merge contacts with the same identification only",
    ),
    "fiscal document: by hand": (
        lambda w: w.call("smart.document", "write", [w.document], {"state": "annulled"}),
        "not allowed to modify",
    ),
    "fiscal document: delete": (
        lambda w: w.call("smart.document", "unlink", [w.document]),
        "not allowed to delete",
    ),
    "fiscal document: give away": (
        lambda w: w.write(smart_document_id=False),
        "cannot be set by hand",
    ),
    "fiscal document: take off": (
        lambda w: w.write(smart_document_ids=[[5]]),
        "credit or debit note, or annul it. Not changed",
    ),
    "log: delete": (
        lambda w: w.call(
            "smart.exchange", "unlink", w.call("smart.exchange", "search", [], limit=1)
        ),
        "not allowed to delete|cannot be deleted",
    ),
    "reverse without the wizard": (
        lambda w: w.call("account.move", "_reverse_moves", [w.issued]),
        "[Pp]rivate",
    ),
}


def load(world, model, columns, record_id, value):
    """Import one row, as a file with the record's id does; raise what the import says."""
    result = world.call(model, "load", [".id", *columns], [[str(record_id), str(value)]])
    errors = [message["message"] for message in result["messages"]]
    if errors:
        raise OdooError({"message": "\n".join(errors)})


def merge(world, source, target):
    return world.wizard(
        "base.partner.merge.automatic.wizard",
        "action_merge",
        {
            "state": "selection",
            "partner_ids": [[6, 0, [source, target]]],
            "dst_partner_id": target,
        },
    )


@pytest.mark.parametrize("road", ROADS)
def test_an_issued_document_is_locked_and_the_refusal_says_what_to_do(world, road):
    before = world.content()
    with pytest.raises(OdooError, match=LOCKED):
        ROADS[road](world)
    assert world.content() == before


@pytest.mark.parametrize("road", OTHERS)
def test_what_issued_documents_rest_on_is_locked_too(world, road):
    attempt, words = OTHERS[road]
    before = world.content()
    with pytest.raises(OdooError, match=f"(?s){words}"):
        attempt(world)
    assert world.content() == before


def test_the_company_of_issued_documents_cannot_be_deleted_by_its_administrator(world):
    # An accounting manager may delete no company at all; who may is told what to do instead.
    with pytest.raises(OdooError, match="not allowed to delete"):
        world.call("res.company", "unlink", [world.company])
    before = world.content()
    world.server.login("admin", "admin")
    try:
        with pytest.raises(OdooError, match="fiscal documents, so it cannot be deleted. Archive"):
            world.call("res.company", "unlink", [world.company])
    finally:
        world.server.login("contadora", "contadora")
    assert world.content() == before


def test_a_copy_of_an_issued_invoice_has_nothing_of_smart(world):
    forged = {"smart_document_id": world.document}
    with pytest.raises(OdooError, match="cannot be set by hand"):
        world.call("account.move", "copy", [world.issued], default=forged)
    [copied_id] = world.call("account.move", "copy", [world.issued])
    fields = world.call("account.move", "fields_get", [], ["store"])
    names = [name for name in fields if name.startswith("smart_")]
    [values] = world.call("account.move", "read", [copied_id], names)
    told = {name for name in names if values[name]} - {"smart_is_fiscal", "smart_collects_igtf"}
    assert not told


def test_the_printed_document_cannot_be_deleted_or_replaced(world):
    checked(
        run_script(
            world.database,
            f"env['smart.document'].browse({world.document})._fetch_file()\ncr.commit()",
        )
    )
    file = int(
        psql(
            "SELECT id FROM ir_attachment WHERE res_model = 'smart.document'"
            f" AND res_field = 'document_file' AND res_id = {world.document}",
            world.database,
        )
    )
    for method, arguments in (("unlink", []), ("write", [{"datas": "JVBERi0="}])):
        with pytest.raises(OdooError, match="[Nn]ot allowed|not access|access"):
            world.call("ir.attachment", method, [file], *arguments)
    size = psql(f"SELECT file_size FROM ir_attachment WHERE id = {file}", world.database)
    assert int(size) > 1000


FREE = {
    "due date": lambda w: w.write(invoice_date_due="2030-01-01"),
    "salesperson": lambda w: w.write(invoice_user_id=w.user),
    "internal note": lambda w: w.call(
        "account.move", "message_post", [w.issued], body="Llamar al cliente"
    ),
    "references": lambda w: w.write(ref="OC-77", payment_reference="REF-77"),
    "terms": lambda w: w.write(narration="Gracias"),
    "analytics": lambda w: w.write(invoice_line_ids=[[1, w.line, {"analytic_distribution": {}}]]),
    "reviewed": lambda w: w.call("account.move", "set_moves_checked", [w.issued]),
    "the same customer again": lambda w: w.write(partner_id=w.customer),
    "product's name and price": lambda w: w.call(
        "product.product", "write", [w.product], {"name": "Otra", "list_price": 7}
    ),
    "rate of the currency": lambda w: w.call(
        "res.currency.rate",
        "create",
        [
            {
                "currency_id": w.call("res.currency", "search", [["name", "=", "USD"]])[0],
                "name": "2021-01-01",
                "inverse_company_rate": 99.0,
                "company_id": w.company,
            }
        ],
    ),
    "journal's code and name": lambda w: w.call(
        "account.journal", "write", [w.journal], {"code": "VTA", "name": "Ventas"}
    ),
    "archived tax": lambda w: w.call("account.tax", "write", [w.tax], {"active": False}),
    "customer's name and RIF": lambda w: w.call(
        "res.partner", "write", [w.customer], {"name": "Nueva, C.A.", "street": "Otra calle"}
    ),
    "customer merged with itself": lambda w: merge(w, w.same, w.customer),
    "payment": lambda w: w.wizard(
        "account.payment.register",
        "action_create_payments",
        {},
        context={"active_model": "account.move", "active_ids": [w.issued]},
    ),
}


@pytest.mark.parametrize("road", FREE)
def test_what_is_not_fiscal_is_free_and_changes_nothing_of_what_was_issued(world, road):
    before = world.content()
    FREE[road](world)
    assert world.content() == before


def test_what_was_issued_can_be_read_after_the_customer_has_changed(world):
    world.call("res.partner", "write", [world.customer], {"name": "Renombrada, C.A."})
    (document,) = world.call(
        "smart.document", "read", [world.document], ["customer_name", "customer_vat"]
    )
    assert document["customer_name"] == "Inversiones La Trinidad, C.A."
    assert document["customer_vat"] == "J-30984512-8"


def test_a_copy_has_no_field_of_the_issued_document(world):
    copy = world.call("account.move", "copy", [world.issued])[0]
    fields = [
        name
        for name in world.call("account.move", "fields_get", [], ["type"])
        if name.startswith("smart_")
    ]
    (original,) = world.call("account.move", "read", [world.issued], fields)
    (values,) = world.call("account.move", "read", [copy], fields)
    kept = {name for name in fields if values[name] and values[name] == original[name]}
    assert kept <= {"smart_is_fiscal", "smart_collects_igtf"}, kept
    assert original["smart_control_number"] == "00-00000001"

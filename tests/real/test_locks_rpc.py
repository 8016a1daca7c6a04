"""Every forbidden way to change an issued document, tried over JSON-RPC by an accountant."""

import pytest
from conftest import checked
from issued_world import served
from locks_roads import FREE, OTHERS, ROADS
from preloaded import run_script
from servers import OdooError, psql

#: Whatever is tried on the issued document, these words say why not, and what to do instead.
LOCKED = r"(?s)Invoice 00000001.*00-00000001.*[Cc]redit or debit note"


@pytest.fixture(scope="module")
def world(prepared, tmp_path_factory):
    """One server for all roads: what is refused leaves nothing behind."""
    with served(prepared, tmp_path_factory.mktemp("locks") / "odoo.log") as world:
        yield world


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


#: What is told of any draft: which rate it would state, for example.
OF_A_DRAFT = {"smart_channel", "smart_is_fiscal", "smart_collects_igtf", "smart_rate_words"}


def test_a_copy_of_an_issued_invoice_has_nothing_of_smart(world):
    forged = {"smart_document_id": world.document}
    with pytest.raises(OdooError, match="cannot be set by hand"):
        world.call("account.move", "copy", [world.issued], default=forged)
    [copied_id] = world.call("account.move", "copy", [world.issued])
    fields = world.call("account.move", "fields_get", [], ["store"])
    names = [name for name in fields if name.startswith("smart_")]
    [values] = world.call("account.move", "read", [copied_id], names)
    assert {name for name in names if values[name]} <= OF_A_DRAFT


def test_the_printed_document_cannot_be_deleted_or_replaced(world):
    checked(
        run_script(
            world.database,
            f"env['smart.document']._fetch_file(registry, {world.document})",
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
    assert kept <= OF_A_DRAFT, kept
    assert original["smart_control_number"] == "00-00000001"


# -- what “What broke” of the hardening named: a cashier, stored related and computed fields -----

BY_A_CASHIER = {
    "account.move.line": {
        "date": "2020-01-01",
        "parent_state": "draft",
        "journal_id": lambda w: w.cash,
        "move_name": "INV/2020/99999",
        "tax_base_amount": 1.0,
        "account_id": lambda w: w.receivable,
        "company_currency_id": lambda w: w.dollar,
        "invoice_date": "2020-01-01",
        "reconciled": True,
        "amount_residual": 1.0,
    },
    "account.move": {
        "amount_untaxed_in_currency_signed": 1.0,
        "amount_residual": 1.0,
        "invoice_partner_display_name": "Otra, C.A.",
        "invoice_pdf_report_file": "JVBERi0=",
        "invoice_cash_rounding_id": lambda w: w.rounding,
        "secure_sequence_number": 1,
        "inalterable_hash": "$4$0",
    },
}


@pytest.fixture(scope="module")
def cashier(world):
    return world.server.another_client("cajera", "cajera")


@pytest.mark.parametrize(
    ("model", "name"), [(model, name) for model in BY_A_CASHIER for name in BY_A_CASHIER[model]]
)
def test_a_cashier_writes_no_stored_copy_of_what_was_issued(world, cashier, model, name):
    value = BY_A_CASHIER[model][name]
    value = value(world) if callable(value) else value
    record = world.issued if model == "account.move" else world.line
    query = f"SELECT * FROM {model.replace('.', '_')} WHERE id = {record}"
    before = psql(query, world.database)
    with pytest.raises(OdooError, match=LOCKED):
        cashier.call(model, "write", [record], {name: value}, company=world.company)
    assert psql(query, world.database) == before


def test_a_cashier_cannot_keep_the_manager_from_annulling(world, cashier):
    for values in ({"inalterable_hash": "$4$0"}, {"state": "cancel"}):
        with pytest.raises(OdooError, match=LOCKED):
            cashier.call("account.move", "write", [world.issued], values, company=world.company)
    opened = world.call("account.move", "action_smart_annul", [world.issued])
    assert opened["res_model"] == "smart.annul.wizard"


def test_forms_save_what_did_not_change(world, cashier):
    for model, record in (
        ("account.move", world.issued),
        ("account.move.line", world.line),
        ("account.move.line", world.term_line),
    ):
        described = world.call(model, "fields_get", [], ["type", "store", "readonly"])
        names = [
            name
            for name, one in described.items()
            # Odoo takes a matching number that is written for one of an import, whatever it is.
            if one["store"] and not one["readonly"] and name != "matching_number"
        ]
        [read] = cashier.call(model, "read", [record], names, company=world.company)
        values = {name: read[name] for name in names}
        for name, value in values.items():
            if described[name]["type"] == "many2one":
                values[name] = value and value[0]
            elif described[name]["type"] in ("one2many", "many2many"):
                values[name] = [[4, one] for one in value]
        context = {"skip_readonly_check": True}
        cashier.call(model, "write", [record], values, company=world.company, context=context)
        [now] = cashier.call(model, "read", [record], names, company=world.company)
        different = {name for name in names if now[name] != read[name]}
        assert different <= {"write_date", "write_uid", "is_manually_modified"}

"""A warehouse worker, without any right in accounting, sends goods on the road; in a browser."""

import pytest
from conftest import DIALOG, ERROR_DIALOGS, checked, connect
from playwright.sync_api import expect
from servers import OdooError, psql, wait_for

from lab.simulator.testing import SimulatorProcess

GOODS = """
warehouse = env["stock.warehouse"].search([("company_id", "=", company.id)], limit=1)
warehouse = warehouse or env["stock.warehouse"].create(
    {"name": "Valencia", "code": "VAL", "company_id": company.id})
warehouse.partner_id = company.partner_id
company.partner_id.write({"phone": "+58 241-8251234", "email": "despacho@example.com",
    "l10n_latam_identification_type_id": env.ref("l10n_ve_edi_smart.it_ve_rif").id})
kind, stock = warehouse.out_type_id, warehouse.lot_stock_id
kind.smart_document_type = "dispatch_guide"
cement = env["product.product"].create({"name": "Cemento gris", "is_storable": True,
    "list_price": 50.0, "company_id": company.id})
env["stock.quant"]._update_available_quantity(cement, stock, 100)
target = env.ref("stock.stock_location_customers")
picking = env["stock.picking"].create({
    "picking_type_id": kind.id, "partner_id": customer.id, "location_id": stock.id,
    "location_dest_id": target.id, "smart_transfer_reason": "sale",
    "smart_vehicle_plate": "AB123CD", "move_ids": [(0, 0, {
        "product_id": cement.id, "product_uom_qty": 2, "product_uom": cement.uom_id.id,
        "location_id": stock.id, "location_dest_id": target.id})]})
picking.action_confirm()
picking.action_assign()
# Odoo's own form wants the right to contacts where carriers are installed, of whoever opens it.
groups = ["stock.group_stock_user", "base.group_partner_manager"]
for login, groups in (("almacen", groups), ("seniat", ["l10n_ve_edi_smart.group_smart_auditor"])):
    env["res.users"].create({"name": login, "login": login, "password": login, "lang": "es_VE",
        "company_ids": [(6, 0, company.ids)], "company_id": company.id,
        "group_ids": [(6, 0, [env.ref(name).id for name in groups])]})
cr.commit()
print(picking.id)
"""


@pytest.fixture
def picking(script):
    return int(checked(script(GOODS)).split()[-1])


@pytest.fixture
def server(picking, start_server):
    return start_server()


@pytest.fixture
def worker(server, visit):
    """The web client of the worker; what goes wrong in it fails the test."""
    errors = []

    def watch(page):
        page.add_init_script(ERROR_DIALOGS)
        page.on("console", lambda said: said.type == "error" and errors.append(said.text))

    yield visit(server, "almacen", "almacen", watch)
    assert not any(DIALOG in text for text in errors), errors


def open_form(page, picking):
    page.goto(f"/odoo/action-stock.action_picking_tree_all/{picking}")
    expect(page.locator("button[name=button_validate]:visible")).to_be_visible()
    return page


def validate(page):
    page.locator("button[name=button_validate]:visible").click()


def state_of(picking, database):
    query = f"SELECT state FROM smart_document WHERE picking_id = {picking}"
    return psql(query, database)


def test_the_number_is_there_after_validating_and_print_gives_the_document(
    worker, server, picking, database
):
    open_form(worker, picking)
    validate(worker)
    number = worker.locator("[name=smart_control_number]:visible").first
    expect(number).to_have_text("00-00000001")
    expect(worker.locator(".o_form_sheet_bg .alert-info")).to_have_count(0)
    # SMART's print comes by itself.
    query = f"SELECT file_next_at IS NULL FROM smart_document WHERE picking_id = {picking}"
    wait_for(lambda: psql(query, database) == "t", what="print")
    with worker.expect_download() as download:
        worker.locator("button:visible", has_text="Imprimir").first.click()
    assert download.value.suggested_filename == "GD-00000001.pdf"
    printed = download.value.path().read_bytes()
    client = server.another_client("almacen", "almacen")
    answer = client.session.get(f"{server.url}/report/pdf/stock.report_deliveryslip/{picking}")
    assert answer.content == printed
    own = client.session.get(
        f"{server.url}/report/pdf/l10n_ve_edi_smart_stock.report_delivery_copy/{picking}"
    ).content
    assert own.startswith(b"%PDF")
    assert own != printed


def test_the_goods_leave_while_smart_is_down_and_the_number_comes_by_itself(
    worker, server, picking, database, simulator
):
    simulator.stop()
    open_form(worker, picking)
    validate(worker)
    waiting = worker.locator(".alert-info:visible", has_text="Los bienes pueden salir")
    expect(waiting).to_be_visible()
    assert state_of(picking, database) == "queued"
    moved = f"SELECT state FROM stock_picking WHERE id = {picking}"
    assert psql(moved, database) == "done"
    client = server.another_client("almacen", "almacen")
    answer = client.session.get(f"{server.url}/report/pdf/stock.report_deliveryslip/{picking}")
    assert answer.content.startswith(b"%PDF")
    back = SimulatorProcess()
    try:
        connect(database, back)
        server.call("smart.lane", "action_resume", server.call("smart.lane", "search", []))
        # Nobody touches the form.
        number = worker.locator("[name=smart_control_number]:visible").first
        expect(number).to_have_text("00-00000001")
        expect(waiting).to_have_count(0)
    finally:
        back.stop()


def test_the_auditor_finds_the_guide_and_changes_nothing(server, visit, picking, database):
    server.call("stock.picking", "button_validate", [picking])
    wait_for(lambda: state_of(picking, database) == "issued", what="issue")
    fetched = f"SELECT file_next_at IS NULL FROM smart_document WHERE picking_id = {picking}"
    wait_for(lambda: psql(fetched, database) == "t", what="its print, the last that SMART gives")
    before = psql(f"SELECT * FROM smart_document WHERE picking_id = {picking}", database)
    auditor = server.another_client("seniat", "seniat")
    [found] = auditor.call(
        "smart.document", "search_read", [("document_type", "=", "dispatch_guide")],
        ["control_number", "picking_id"],
    )  # fmt: skip
    assert found["control_number"] == "00-00000001"
    for model, method, *arguments in (
        ("smart.document", "write", [found["id"]], {"control_number": "00-00000009"}),
        ("smart.document", "unlink", [found["id"]]),
        ("stock.picking", "write", [picking], {"smart_vehicle_plate": "ZZ999ZZ"}),
        ("stock.picking", "action_cancel", [picking]),
        ("stock.picking", "action_smart_take_back", [picking]),
        ("stock.picking", "action_smart_annul", [picking]),
        ("stock.picking", "action_smart_email", [picking]),
        ("stock.picking", "unlink", [picking]),
        ("stock.move", "write", [1], {"quantity": 7}),
    ):
        with pytest.raises(OdooError):
            auditor.call(model, method, *arguments)
    after = psql(f"SELECT * FROM smart_document WHERE picking_id = {picking}", database)
    assert after == before
    plate = f"SELECT smart_vehicle_plate FROM stock_picking WHERE id = {picking}"
    assert psql(plate, database) == "AB123CD"

    page = visit(server, "seniat", "seniat")
    page.goto("/odoo")
    row = page.locator(".o_data_row", has_text="00-00000001")
    expect(row).to_be_visible()
    expect(row).to_contain_text("Guía de despacho")
    row.locator("[name=control_number]").click()
    expect(page.locator(".o_form_view [name=control_number]").first).to_have_text("00-00000001")

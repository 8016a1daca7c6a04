"""What Odoo's sales make of an order: down payments and the global discount, issued for real."""

import json
import os

import pytest
from conftest import SET_UP, TOOLS, checked, connect
from preloaded import run_script
from servers import copied

INSTALL = """
env["ir.module.module"].search(
    [("name", "in", ("sale_management", "payment_demo"))]).button_immediate_install()
"""

ORDER = """
tax = env["account.tax"].search([
    ("company_id", "=", company.id), ("type_tax_use", "=", "sale"), ("amount", "=", 16)], limit=1)
products = env["product.product"].create([
    {"name": name, "default_code": code, "invoice_policy": "order", "taxes_id": [(6, 0, tax.ids)]}
    for name, code in (("Obra civil", "OB-1"), ("Pintura", "PI-2"))
])
env.user.group_ids += env.ref("sale.group_discount_per_so_line")
order = env["sale.order"].create({
    "partner_id": customer.id, "currency_id": env.ref("base.VES").id,
    "order_line": [
        (0, 0, {"product_id": products[0].id, "product_uom_qty": 3, "price_unit": 333.33}),
        (0, 0, {"product_id": products[1].id, "product_uom_qty": 2.5, "price_unit": 40.05}),
    ],
})
import json
def issued(move):
    move.action_post()
    cr.commit()  # sends
    env.invalidate_all()
    assert move.smart_state == "issued", move.smart_last_error
    wire = json.loads(move.smart_document_id.request_body)
    wire["books"] = [move.amount_untaxed, move.amount_tax, move.amount_total]
    return wire
def invoiced(**values):
    wizard = env["sale.advance.payment.inv"].with_context(
        active_model="sale.order", active_ids=order.ids, active_id=order.id).create(values)
    before = order.invoice_ids
    wizard.create_invoices()
    return order.invoice_ids - before
"""

DOWN_PAYMENT = """
order.action_confirm()
down = issued(invoiced(advance_payment_method="percentage", amount=30))
final = issued(invoiced(advance_payment_method="delivered", consolidated_billing=False))
print(json.dumps([order.amount_untaxed, order.amount_total, down, final]))
"""

DISCOUNT = """
env["sale.order.discount"].create({
    "sale_order_id": order.id, "discount_type": "so_discount", "discount_percentage": 0.1,
}).action_apply_discount()
order.action_confirm()
print(json.dumps([order.amount_total, issued(invoiced(advance_payment_method="delivered"))]))
"""

# A shop that invoices by itself what is paid, while SMART cannot be reached; then it can.
AUTOMATIC = """
import requests
env["ir.config_parameter"].set_param("sale.automatic_invoice", "True")
provider = env["payment.provider"].search([("code", "=", "demo")], limit=1).copy(
    {"company_id": company.id})
method = env["payment.method"].with_context(active_test=False).search([], limit=1)
method.active = True
provider.state = "test"
provider.journal_id = env["account.journal"].search(
    [("company_id", "=", company.id), ("type", "=", "bank")], limit=1)
def faults(verb, **body):
    assert requests.request(verb, os.environ["CONTROL"] + "/faults", json=body).ok
faults("POST", fault="refuse", seconds=3600)
tx = env["payment.transaction"].create({
    "provider_id": provider.id, "payment_method_id": method.id, "reference": "web-1",
    "amount": order.amount_total, "currency_id": order.currency_id.id,
    "partner_id": customer.id, "sale_order_ids": [(6, 0, order.ids)], "operation": "offline",
})
tx._set_done()
tx._post_process()
cr.commit()  # sends
env.invalidate_all()
[move] = order.invoice_ids
def seen():
    mails = env["mail.message"].search([
        ("model", "=", "account.move"), ("res_id", "=", move.id), ("subject", "!=", False)])
    files = [mail.attachment_ids.mapped("name") for mail in mails]
    return [move.smart_state, move.is_move_sent, files]
def later():
    env["smart.lane"].search([]).issuer_id._smart_send_waiting()
    for name in ("sale.send_invoice_cron", "account.ir_cron_account_move_send"):
        env.ref(name).method_direct_trigger()
    cr.commit()
    env.invalidate_all()
later()
told = [seen()]
faults("DELETE")
env["smart.lane"].search([])._resume()
cr.commit()
later()
told.append(seen())
env["smart.lane"].search([]).issuer_id._smart_do_errands()
cr.commit()
later()
later()
told.append(seen())
[mail] = env["mail.message"].search([
    ("model", "=", "account.move"), ("res_id", "=", move.id), ("subject", "!=", False)])
told.append(mail.attachment_ids.raw == move.smart_document_id._file_attachment().raw)
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def with_sales():
    """The name of a database with Odoo's sales and a company that is ready to issue."""
    with copied(os.environ["SMART_DEV_TEMPLATE_DB"]) as name:
        checked(run_script(name, INSTALL))
        checked(run_script(name, SET_UP))
        yield name


@pytest.fixture
def sell(with_sales, simulator):
    """Run a script about an order; return what it prints last."""
    with copied(with_sales) as name:
        connect(name, simulator)

        def run(code):
            control = simulator.ready["control_url"]
            output = checked(run_script(name, TOOLS + ORDER + code, CONTROL=control))
            return json.loads(output.strip().splitlines()[-1])

        yield run


def adds_up(wire):
    amounts = [line["monto"] for line in wire["cuerpofactura"]]
    assert round(sum(amounts), 2) == wire["subtotal"]
    assert [wire["subtotal"], wire["impuestog"], wire["total"]] == wire["books"]
    assert all(amount >= 0 for amount in amounts)


def test_a_down_payment_is_issued_and_deducted_from_the_final_invoice(sell, simulator):
    untaxed, total, down, final = sell(DOWN_PAYMENT)
    for wire in (down, final):
        adds_up(wire)
    assert round(down["baseg"] + final["baseg"], 2) == untaxed
    # Each document's tax is that of its own base; the cent that makes up for it is a line.
    assert round(down["total"] + final["total"], 2) == total
    assert len(final["cuerpofactura"]) == 2
    assert all(line["descuento"] > 0 for line in final["cuerpofactura"])
    assert [line["codigo"] for line in final["cuerpofactura"]] == ["OB-1", "PI-2"]
    assert [one["total"] for one in simulator.documents()] == [down["total"], final["total"]]


def test_the_global_discount_of_an_order_reduces_its_lines(sell, simulator):
    total, wire = sell(DISCOUNT)
    adds_up(wire)
    assert wire["total"] == total
    assert len(wire["cuerpofactura"]) == 2
    assert round(sum(line["descuento"] for line in wire["cuerpofactura"]), 2) == 110.01
    for line in wire["cuerpofactura"]:
        # “Discount”, or whatever the order calls it, with the value.
        value = f"{line['descuento']:,.2f}".translate(str.maketrans(",.", ".,"))
        assert line["comentario"].endswith(f": -{value}")
    assert [one["total"] for one in simulator.documents()] == [total]


def test_a_paid_order_is_mailed_once_after_the_issue_with_smarts_print(sell):
    waiting, issued, printed, same = sell(AUTOMATIC)
    assert waiting == ["queued", False, []]
    assert issued == ["issued", False, []], "SMART's print is on its way"
    assert printed == ["issued", True, [["FAC-00000001.pdf"]]]
    assert same

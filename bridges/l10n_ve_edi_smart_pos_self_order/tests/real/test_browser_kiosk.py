"""The page of a kiosk that confirms an order shows its document's number; in a real browser."""

import json
from uuid import uuid4

from conftest import checked
from playwright.sync_api import expect
from servers import psql, wait_for
from till import Printer, handed_in, make_shop, shoot

KIOSK = """
till.write({
    "self_ordering_mode": "kiosk", "self_ordering_service_mode": "counter",
    "self_ordering_default_language_id": env.ref("base.lang_es_VE").id,
    "self_ordering_available_language_ids": [(6, 0, env.ref("base.lang_es_VE").ids)],
    "self_ordering_default_user_id": admin.id,
})
goods["Camisa"].self_order_available = True
"""

PAID = """
import json
order = json.loads(os.environ["ORDER"])
env["pos.order"].with_user(env.ref("base.user_admin")).sync_from_ui([order])
order = env["pos.order"].search([("uuid", "=", order["uuid"])])
order.add_payment({"amount": order.amount_total, "pos_order_id": order.id,
    "payment_method_id": order.config_id.payment_method_ids.id})
order.action_pos_order_paid()
order._send_payment_result("Success")
cr.commit()
print(order.config_id.access_token, order.access_token)
cr.close()
"""

RESUME = """
env["smart.lane"].search([])._resume()
cr.commit()
cr.close()
"""


def test_the_page_shows_the_number_or_that_it_is_on_its_way(
    script, start_server, chromium, simulator, database, request
):
    simulator.fault("refuse", seconds=3600)
    world = make_shop(script, "Tarjeta", more=KIOSK)
    shop = world["shop"]
    basket = handed_in(
        world, "Tarjeta", state="draft", to_invoice=False, payment_ids=[], amount_paid=0.0,
        source="kiosk", access_token=str(uuid4()), pos_reference="261-4-000001",
        tracking_number="K1",
        ticket_code="ab1cd",
    )  # fmt: skip
    kiosk, order = checked(script(PAID, ORDER=json.dumps(basket))).split()[-2:]
    server = start_server()
    context = chromium.new_context(
        base_url=server.url, viewport={"width": 768, "height": 1200}, locale="es-VE"
    )
    request.addfinalizer(context.close)
    context.add_cookies([{"name": "frontend_lang", "value": "es_VE", "url": server.url}])
    page = context.new_page()
    page.add_init_script(Printer.CATCH)
    # Half a minute later a kiosk shows its first page again.
    address = f"/pos-self/{shop}/confirmation/{order}/order?access_token={kiosk}"
    page.goto(address)
    status = page.locator(".smart-status")
    expect(status).to_contain_text("Factura en trámite")
    shoot(page, "kiosk_waiting")
    simulator.control("DELETE", "/faults")
    checked(script(RESUME))
    issued = "SELECT count(*) FROM smart_document WHERE state = 'issued'"
    wait_for(lambda: psql(issued, database) == "1", what="the issue")
    page.goto(address)
    expect(status).to_contain_text("Factura 00000001")
    expect(status).to_contain_text("N.º de control")
    expect(status).to_contain_text("00-00000001")
    shoot(page, "kiosk_numbered")

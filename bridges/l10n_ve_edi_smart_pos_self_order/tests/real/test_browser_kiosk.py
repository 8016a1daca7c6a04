"""The page of a kiosk that confirms an order shows its document's number; in a real browser."""

from conftest import checked
from playwright.sync_api import expect
from servers import psql, wait_for
from ticket_till import PRINTS, make_shop, shoot

KIOSK = """{
    "payment_method_ids": [(6, 0, card.ids)],
    "self_ordering_mode": "kiosk", "self_ordering_service_mode": "counter",
    "self_ordering_default_language_id": env.ref("base.lang_es_VE").id,
    "self_ordering_available_language_ids": [(6, 0, env.ref("base.lang_es_VE").ids)],
    "self_ordering_default_user_id": admin.id,
}"""

PAID = """
from uuid import uuid4
shop = env["pos.config"].browse(int(os.environ["SHOP"]))
card = shop.payment_method_ids
shirt = env["product.product"].search([("name", "=", "Franela azul")])
shirt.self_order_available = True
taxes = shirt.taxes_id.filtered(lambda tax: tax.company_id == company)
uuid = str(uuid4())
env["pos.order"].with_user(env.ref("base.user_admin")).sync_from_ui([{
    "uuid": uuid, "access_token": str(uuid4()), "session_id": shop.current_session_id.id,
    "user_id": 2, "partner_id": customer.id, "company_id": company.id, "state": "draft",
    "to_invoice": False, "source": "kiosk", "pos_reference": "261-4-000001",
    "tracking_number": "K1",
    "pricelist_id": shop.pricelist_id.id, "ticket_code": "ab1cd",
    "amount_total": 23.2, "amount_tax": 3.2, "amount_paid": 0.0, "amount_return": 0.0,
    "lines": [(0, 0, {"uuid": str(uuid4()), "product_id": shirt.id, "qty": 1, "price_unit": 20.0,
        "discount": 0, "price_subtotal": 20.0, "price_subtotal_incl": 23.2,
        "tax_ids": [(6, 0, taxes.ids)], "full_product_name": "Franela azul",
        "name": "line"})],
}])
order = env["pos.order"].search([("uuid", "=", uuid)])
order.add_payment({"amount": 23.2, "payment_method_id": card.id, "pos_order_id": order.id})
order.action_pos_order_paid()
order._send_payment_result("Success")
cr.commit()
print(shop.access_token, order.access_token)
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
    shop = make_shop(script, KIOSK)
    kiosk, order = checked(script(PAID, SHOP=str(shop))).split()[-2:]
    server = start_server()
    context = chromium.new_context(
        base_url=server.url, viewport={"width": 768, "height": 1200}, locale="es-VE"
    )
    request.addfinalizer(context.close)
    context.add_cookies([{"name": "frontend_lang", "value": "es_VE", "url": server.url}])
    page = context.new_page()
    page.add_init_script(PRINTS)
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

"""Transfers whose requests are kept as files in ``data/payloads``: one interesting case each.

Each function takes the test, and returns the transfer that is to be validated.
"""

from odoo import Command

CASES = {}


def case(function):
    CASES[function.__name__] = function
    return function


def order(test, *lines, currency=None, **values):
    """Return the transfer of an order of lines: (product, quantity, price) or more values."""
    pricelist = test.env["product.pricelist"].create(
        {"name": "Lista", "currency_id": (currency or test.bolivar).id}
    )
    made = test.env["sale.order"].create(
        {
            "name": "S00017",
            "partner_id": test.customer.id,
            "pricelist_id": pricelist.id,
            "warehouse_id": test.warehouse.id,
            "order_line": [
                Command.create(
                    {"product_id": product.id, "product_uom_qty": quantity, "price_unit": price}
                    | (more[0] if more else {})
                )
                for product, quantity, price, *more in lines
            ],
            **values,
        }
    )
    made.action_confirm()
    return made.picking_ids


def with_lots(test, picking, product, *lots):
    """Have a transfer move these (name, quantity) of a tracked product."""
    move = picking.move_ids.filtered(lambda one: one.product_id == product)
    move.move_line_ids = [
        Command.clear(),
        *(
            Command.create(
                {
                    "picking_id": picking.id,
                    "product_id": product.id,
                    "quantity": quantity,
                    "lot_id": test.env["stock.lot"]
                    .create({"name": name, "product_id": product.id})
                    .id,
                    "location_id": move.location_id.id,
                    "location_dest_id": move.location_dest_id.id,
                }
            )
            for name, quantity in lots
        ),
    ]
    return picking


@case
def sale_with_lots(test):
    flour = test.make_goods("Harina de maíz 1 kg", 41.3, tracking="lot", stock=0, weight=1)
    picking = order(test, (flour, 30, 38.9), (test.cement, 12, 50, {"discount": 10}))
    return with_lots(test, picking, flour, ("L-2026-118", 20), ("L-2026-121", 10))


@case
def serials(test):
    test.company.smart_delivery_vat = True
    pump = test.make_goods(
        "Bomba de agua ½ hp", 1250.5, tracking="serial", stock=0, default_code="BA-05"
    )
    picking = order(test, (pump, 3, 1199.99))
    return with_lots(test, picking, pump, *((f"7591-00{n}", 1) for n in (1, 2, 3)))


@case
def partial_delivery(test):
    picking = order(test, (test.cement, 100, 50))
    picking.move_ids.quantity = 40
    return picking.with_context(skip_backorder=True, button_validate_picking_ids=picking.ids)


@case
def transfer_with_carrier(test):
    picking = test.make_transfer((test.cement, 160))
    picking.write(
        {
            "smart_carrier_name": "Transporte Los Andes, C.A.",
            "smart_vehicle_plate": "A12BC3D",
            "smart_driver_name": "Pedro Pérez",
            "smart_driver_vat": "V-12345678",
            "origin": "REQ-0042",
        }
    )
    test.warehouse.write(
        {"smart_branch_code": "VAL", "smart_branch_address": "Av. Bolívar Norte, Valencia"}
    )
    return picking


@case
def consignment(test):
    """Goods at a shop that are the company's until they are sold."""
    shop = test.env["stock.location"].create(
        {"name": "Ferretería La Trinidad", "usage": "internal", "smart_is_place": True,
         "location_id": test.stock.id, "smart_place_partner_id": test.customer.id}
    )  # fmt: skip
    return test.make_transfer(
        (test.cement, 25),
        partner_id=test.customer.id,
        location_dest_id=shop.id,
        smart_transfer_reason="consignment",
    )


@case
def return_to_vendor(test):
    vendor = test.customer.copy(
        {"name": "Cementos del Sur, C.A.", "vat": "J-00041312-6", "city": "Puerto Ordaz"}
    )
    return test.make_picking(
        (test.cement, 8),
        partner_id=vendor.id,
        location_dest_id=test.env.ref("stock.stock_location_suppliers").id,
        smart_transfer_reason="return",
        smart_transfer_reason_other="sacos húmedos",
    )


@case
def sample_at_cost(test):
    sample = test.make_goods("Muestra de pintura", 0, standard_price=17.245, stock=10)
    return test.make_picking((sample, 3), smart_transfer_reason="sample")


@case
def order_in_dollars(test):
    test.company.smart_delivery_vat = True
    return order(test, (test.cement, 20, 1.255), currency=test.usd)


@case
def long_texts(test):
    goods = test.make_goods("Tubería de polietileno de alta densidad " * 8, 999.99)
    picking = test.make_transfer((goods, 2), origin="Requisición <urgente> // 2026|118")
    picking.write(
        {
            "smart_transfer_reason": "other",
            "smart_transfer_reason_other": "Equipos para la obra del acueducto " * 3,
            "smart_carrier_name": "Transporte y Encomiendas del Oriente Venezolano, C.A.",
            "smart_vehicle_plate": "A12BC3D",
            "smart_driver_name": "José Gregorio de la Santísima Trinidad Hernández",
            "smart_driver_vat": "V-12345678",
        }
    )
    return picking


@case
def dozens_and_grams(test):
    test.company.smart_delivery_prices = "list"
    dozen, gram = test.env.ref("uom.product_uom_dozen"), test.env.ref("uom.product_uom_gram")
    egg = test.make_goods("Huevo", 3.35)
    saffron = test.make_goods(
        "Azafrán", 152_000, uom_id=test.env.ref("uom.product_uom_kgm").id, weight=1
    )
    picking = test.make_picking((egg, 144), (saffron, 0.125))
    for product, unit, quantity in ((egg, dozen, 12), (saffron, gram, 125)):
        move = picking.move_ids.filtered(lambda one, product=product: one.product_id == product)
        move.move_line_ids.unlink()
        move.write({"product_uom": unit.id, "product_uom_qty": quantity})
        move.quantity = quantity
    return picking

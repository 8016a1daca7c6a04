"""Moves the demo company's goods: what ``demo_documents`` issues beside invoices."""

from odoo.fields import Command

ADDON = "l10n_ve_edi_smart"
BRIDGE = "l10n_ve_edi_smart_stock"


def steps(company):
    """Yield the owners of documents that follow each other, each once it is confirmed.

    An order that is delivered in two parts, and invoiced at once; goods for the other warehouse;
    goods in consignment.
    """
    env = company.env
    warehouse = env.ref(f"{BRIDGE}.demo_warehouse_main")
    order = _order(company, warehouse)
    first = order.picking_ids
    first.move_ids[0].quantity = 6
    _validate(first)
    yield first
    second = first.backorder_ids
    _carried(second, "AC345EF", "Rafael Guédez", "V-15998741")
    _validate(second)
    yield second
    invoice = order._create_invoices()
    invoice.action_post()
    yield invoice

    east = env.ref(f"{BRIDGE}.demo_warehouse_east")
    yield _transfer(company, warehouse, east.lot_stock_id, ("general", 24), ("exempt", 40))
    place = env.ref(f"{BRIDGE}.demo_location_consignment")
    yield _transfer(
        company,
        warehouse,
        place,
        ("luxury", 2),
        partner_id=place.smart_place_partner_id.id,
        smart_transfer_reason="consignment",
    )


def _order(company, warehouse):
    env = company.env
    oil, flour = (env.ref(f"{ADDON}.demo_product_{kind}") for kind in ("general", "exempt"))
    order = env["sale.order"].create(
        {
            "company_id": company.id,
            "warehouse_id": warehouse.id,
            "partner_id": env.ref(f"{ADDON}.demo_customer_company").id,
            "currency_id": company.currency_id.id,
            "order_line": [
                Command.create({"product_id": product.id, "product_uom_qty": quantity})
                for product, quantity in ((oil, 10), (flour, 50))
            ],
        }
    )
    order.action_confirm()
    _carried(order.picking_ids, "AB123CD", "Luis Marcano", "V-12345678")
    return order


def _carried(picking, plate, driver, vat):
    picking.write(
        {
            "smart_carrier_name": "Transporte propio",
            "smart_vehicle_plate": plate,
            "smart_driver_name": driver,
            "smart_driver_vat": vat,
        }
    )


def _transfer(company, warehouse, target, *goods, **values):
    """Return a transfer that is validated.

    :param goods: pairs of the kind of a demo product and a quantity
    """
    picking = company.env["stock.picking"].create(
        {
            "picking_type_id": warehouse.int_type_id.id,
            "location_id": warehouse.lot_stock_id.id,
            "location_dest_id": target.id,
            "move_ids": [
                Command.create(
                    {
                        "product_id": company.env.ref(f"{ADDON}.demo_product_{kind}").id,
                        "product_uom_qty": quantity,
                        "location_id": warehouse.lot_stock_id.id,
                        "location_dest_id": target.id,
                    }
                )
                for kind, quantity in goods
            ],
            **values,
        }
    )
    picking.action_confirm()
    picking.action_assign()
    _carried(picking, "A12BC3D", "Pedro Salazar", "V-9876543")
    _validate(picking)
    return picking


def _validate(picking):
    """Validate, and leave the rest to a back order, as a person answers."""
    action = picking.button_validate()
    if isinstance(action, dict):
        wizard = picking.env[action["res_model"]].with_context(**action["context"]).create({})
        wizard.process()

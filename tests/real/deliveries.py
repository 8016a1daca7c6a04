"""Goods on the road, for scripts on databases that have Inventory."""

# What the scripts continue with after ``TOOLS``: ``delivery`` and ``transfer`` are theirs.
DELIVERIES = """
Warehouse = env["stock.warehouse"]
mine = [("company_id", "=", company.id), ("code", "in", ("CEN", "ORI"))]
warehouse, warehouse_2 = Warehouse.search(mine, order="code") or (None, None)
if not warehouse_2:
    company.partner_id.write({"phone": "+58 212-5550001", "email": "despacho@example.com"})
    place = company.partner_id.create({
        "name": "Oriente", "parent_id": company.partner_id.id, "type": "delivery",
        "street": "Calle Libertad, 12", "city": "Barcelona",
    })
    warehouse, warehouse_2 = Warehouse.create([
        {"name": name, "code": code, "company_id": company.id, "partner_id": partner.id}
        for name, code, partner in (
            ("Centro", "CEN", company.partner_id), ("Oriente", "ORI", place),
        )
    ])
    warehouse.out_type_id.smart_document_type = "dispatch_guide"
    warehouse.int_type_id.smart_document_type = "delivery_note"
def goods_of(price):
    return env["product.product"].create({
        "name": "Cemento", "type": "consu", "list_price": price, "company_id": company.id,
        "taxes_id": False,
    })
def picking(kind, source, target, price, quantity, name, **values):
    made = env["stock.picking"].create({
        "picking_type_id": kind.id, "location_id": source.id, "location_dest_id": target.id,
        "smart_transfer_reason": "other", "smart_transfer_reason_other": name,
        "move_ids": [(0, 0, {
            "product_id": goods_of(price).id, "product_uom_qty": quantity,
            "location_id": source.id, "location_dest_id": target.id,
        })],
        **values,
    })
    made.action_confirm()
    made.action_assign()
    return made
def delivery(price=100.0, quantity=1, name="Venta"):
    return picking(
        warehouse.out_type_id, warehouse.lot_stock_id,
        env.ref("stock.stock_location_customers"), price, quantity, name,
        partner_id=customer.id,
    )
def transfer(price=100.0, quantity=1, name="Traslado"):
    return picking(
        warehouse.int_type_id, warehouse.lot_stock_id, warehouse_2.lot_stock_id,
        price, quantity, name,
    )
"""

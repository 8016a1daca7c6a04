import json

from odoo import Command

from odoo.addons.l10n_ve_edi_smart.tests.common import SmartCommon


class DeliveriesCommon(SmartCommon):
    """A company that issues, with two warehouses and goods in the first."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("stock.group_stock_manager")
        Warehouse = cls.env["stock.warehouse"]
        cls.warehouse = Warehouse.search([("company_id", "=", cls.company.id)], limit=1)
        cls.warehouse.partner_id = cls.company.partner_id
        cls.company.partner_id.write(
            {
                "street": "Av. Bolívar Norte, galpón 4",
                "city": "Valencia",
                "phone": "+58 241-8251234",
                "email": "despacho@example.com",
                "l10n_latam_identification_type_id": cls.env.ref("l10n_ve_edi_smart.it_ve_rif").id,
            }
        )
        cls.place = cls.env["res.partner"].create(
            {
                "name": "Depósito Oriente",
                "parent_id": cls.company.partner_id.id,
                "type": "delivery",
                "street": "Calle Libertad, 12",
                "city": "Barcelona",
            }
        )
        cls.warehouse_2 = Warehouse.create(
            {"name": "Oriente", "code": "ORI", "company_id": cls.company.id,
             "partner_id": cls.place.id}
        )  # fmt: skip
        cls.stock, cls.stock_2 = cls.warehouse.lot_stock_id, cls.warehouse_2.lot_stock_id
        cls.customers = cls.env.ref("stock.stock_location_customers")
        cls.out_type = cls.warehouse.out_type_id
        cls.out_type.smart_document_type = "dispatch_guide"
        cls.internal_type = cls.warehouse.int_type_id
        cls.internal_type.smart_document_type = "delivery_note"
        cls.cement = cls.make_goods("Cemento gris", 50.0, default_code="CEM", weight=42.5)

    @classmethod
    def make_goods(cls, name, price, stock=1000, **values):
        product = cls.env["product.product"].create(
            {
                "name": name,
                "is_storable": True,
                "list_price": price,
                "taxes_id": [Command.set(cls.taxes["general"].ids)],
                # Prices of products of no company are in the currency of the database's first one.
                "company_id": cls.company.id,
                **values,
            }
        )
        if stock:
            cls.env["stock.quant"]._update_available_quantity(product, cls.stock, stock)
        return product

    def make_picking(self, *lines, **values):
        """Return a transfer that is ready, by default to the customer.

        :param lines: (product, quantity) or with the quantity that is reserved as a third
        """
        kind = values.get("picking_type_id", self.out_type.id)
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": kind,
                "partner_id": self.customer.id,
                "location_id": self.stock.id,
                "location_dest_id": self.customers.id,
                "smart_transfer_reason": "sale",
                "move_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": quantity,
                            "product_uom": product.uom_id.id,
                            "location_id": values.get("location_id", self.stock.id),
                            "location_dest_id": values.get("location_dest_id", self.customers.id),
                        }
                    )
                    for product, quantity in lines or [(self.cement, 2)]
                ],
                **values,
            }
        )
        picking.action_confirm()
        picking.action_assign()
        return picking

    def make_transfer(self, *lines, **values):
        """Return a transfer that is ready, from the first warehouse to the second."""
        return self.make_picking(
            *lines,
            **{
                "picking_type_id": self.internal_type.id,
                "partner_id": False,
                "location_dest_id": self.stock_2.id,
                "smart_transfer_reason": False,
                **values,
            },
        )

    def deliver(self, picking=None):
        """Validate, commit, and return the transfer."""
        picking = picking or self.make_picking()
        self.assertIs(picking.button_validate(), True)
        self.commit()
        return picking

    def sent(self, picking):
        """Return the request that was made of it."""
        return json.loads(picking.smart_document_id.sudo().request_body)

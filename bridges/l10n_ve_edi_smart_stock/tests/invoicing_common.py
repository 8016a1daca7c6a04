from unittest import SkipTest

from odoo import Command

from .deliveries_common import DeliveriesCommon


class InvoicingCommon(DeliveriesCommon):
    """Orders of cement, delivered with guides, and their invoices."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "sale_line_id" not in cls.env["stock.move"]._fields:
            raise SkipTest("Transfers of sales orders need sale_stock")
        cls.env.user.group_ids += cls.env.ref("sales_team.group_sale_manager")
        cls.cement.invoice_policy = "delivery"
        cls.pricelist = cls.env["product.pricelist"].create(
            {"name": "Bolívares", "currency_id": cls.bolivar.id, "company_id": cls.company.id}
        )

    def make_order(self, quantity=10, unit=None, product=None, **values):
        """Return an order that is confirmed, by default of cement."""
        product = product or self.cement
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "pricelist_id": self.pricelist.id,
                "warehouse_id": self.warehouse.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": quantity,
                            "product_uom_id": (unit or product.uom_id).id,
                            "price_unit": 50,
                            "tax_ids": [Command.set(self.taxes["general"].ids)],
                        }
                    )
                ],
                **values,
            }
        )
        order.action_confirm()
        return order

    def deliver_order(self, order, quantity=None):
        """Deliver so much of an order, by default what is left; return the transfer."""
        [picking] = order.picking_ids.filtered(lambda one: one.state not in ("done", "cancel"))
        if quantity:
            picking.move_ids.quantity = quantity
        wizard = picking.button_validate()
        if wizard is not True:
            window = self.env[wizard["res_model"]].with_context(**wizard["context"])
            window.create({}).process()
        self.commit()
        self.assertEqual((picking.state, picking.smart_state), ("done", "issued"))
        return picking

    def take_back(self, picking, quantity):
        """Have goods come back from the customer."""
        wizard = self.env["stock.return.picking"].create({"picking_id": picking.id})
        wizard.product_return_moves.quantity = quantity
        back = self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        back.move_ids.quantity = quantity
        back.move_ids.picked = True
        back.button_validate()
        self.commit()
        self.assertEqual(back.state, "done")
        return back

    def invoice_order(self, order, quantity=None, confirm=True):
        """Return an invoice of what is to be invoiced, or of so much."""
        invoice = order._create_invoices()
        if quantity:
            invoice.invoice_line_ids.quantity = quantity
        return self.confirm(invoice) if confirm else invoice

    def invoice_by_hand(self, guides, quantity, **values):
        """Return a draft without an order, for which somebody has chosen guides."""
        line = {
            "product_id": self.cement.id,
            "quantity": quantity,
            "price_unit": 50,
            "tax_ids": [Command.set(self.taxes["general"].ids)],
        }
        return self.make_invoice(
            invoice_line_ids=[Command.create(line)],
            smart_guide_ids=[Command.set(guides.ids)],
            **values,
        )

    def status(self, *pickings):
        self.env.invalidate_all()
        return [picking.smart_invoicing for picking in pickings]

    def warnings(self, move):
        [checked] = self.env["smart.payload"]._check(move)
        return " ".join(problem.what for problem in checked.problems if problem.warning)

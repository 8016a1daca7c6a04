from odoo import Command

from odoo.addons.l10n_ve_edi_smart.tests.common import SmartCommon


class OrdersCommon(SmartCommon):
    """Sales orders of the company that issues, some of them paid with the provider of demos."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("sales_team.group_sale_manager")
        cls.env["ir.config_parameter"].sudo().set_param("sale.automatic_invoice", True)
        cls.pricelist = cls.env["product.pricelist"].create(
            {"name": "Bolívares", "currency_id": cls.bolivar.id, "company_id": cls.company.id}
        )
        cls.included = {}
        for kind in ("general", "reduced", "luxury"):
            cls.included[kind] = cls.taxes[kind].copy({"name": f"{kind} included"})
            cls.included[kind].price_include_override = "tax_included"
        cls.included["exempt"] = cls.taxes["exempt"]
        cls.product = cls.env["product.product"].create(
            {"name": "Gorra", "type": "service", "invoice_policy": "order", "taxes_id": False}
        )

    @classmethod
    def provider(cls):
        """Return a provider of payments of the company, set up once."""
        Provider = cls.env["payment.provider"].sudo()
        provider = Provider.search([("company_id", "=", cls.company.id), ("code", "=", "demo")])
        if not provider:
            demo = cls.env.ref("payment.payment_provider_demo").sudo()
            provider = demo.copy({"company_id": cls.company.id})
        provider.write({"state": "test", "journal_id": cls.company_data["default_journal_bank"].id})
        return provider

    def make_order(self, lines, **values):
        """Return a quotation of lines: (tax, price, quantity, discount)."""
        return self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "pricelist_id": self.pricelist.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "name": f"Línea {number}",
                            "price_unit": price,
                            "product_uom_qty": quantity,
                            "discount": discount,
                            "tax_ids": [Command.set(tax.ids)],
                        }
                    )
                    for number, (tax, price, quantity, discount) in enumerate(lines, start=1)
                ],
                **values,
            }
        )

    def pay_order(self, order, amount=None):
        """Have a customer pay an order in the web shop; return its invoices."""
        provider = self.provider()
        transaction = (
            self.env["payment.transaction"]
            .sudo()
            .create(
                {
                    "provider_id": provider.id,
                    "payment_method_id": provider.payment_method_ids[:1].id,
                    "amount": amount or order.amount_total,
                    "currency_id": order.currency_id.id,
                    "partner_id": order.partner_id.id,
                    "operation": "online_direct",
                    "reference": f"{order.name}-{len(order.transaction_ids)}",
                    "sale_order_ids": [Command.set(order.ids)],
                }
            )
        )
        transaction._set_done()
        transaction._post_process()
        self.commit()
        return order.invoice_ids

    def assert_paid_and_issued(self, invoice, total):
        """See that an invoice is of this total, issued, and nothing is due."""
        why = invoice.smart_last_error or invoice.activity_ids.mapped("note")
        self.assertEqual(invoice.smart_state, "issued", why)
        self.assertEqual((invoice.amount_total, invoice.amount_residual), (total, 0))
        self.assertIn(invoice.payment_state, ("paid", "in_payment"))

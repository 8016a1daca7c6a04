from uuid import uuid4

from odoo import Command, fields

from odoo.addons.l10n_ve_edi_smart.tests.common import SmartCommon


class TillCommon(SmartCommon):
    """A till of the company that issues; its orders come as the till sends them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("point_of_sale.group_pos_manager")
        account = cls.company_data["default_account_receivable"]
        cls.cash, cls.card = cls.env["pos.payment.method"].create(
            [
                {
                    "name": name,
                    "journal_id": cls.company_data[f"default_journal_{kind}"].id,
                    "receivable_account_id": account.id,
                }
                for name, kind in (("Efectivo", "cash"), ("Tarjeta", "bank"))
            ]
        )
        journal = cls.company_data["default_journal_sale"]
        cls.till = cls.env["pos.config"].create(
            {
                "name": "Caja 1",
                "journal_id": journal.id,
                "invoice_journal_id": journal.id,
                "payment_method_ids": [Command.set((cls.cash + cls.card).ids)],
            }
        )
        cls.included = {}
        for kind in ("general", "reduced", "luxury"):
            cls.included[kind] = cls.taxes[kind].copy({"name": f"{kind} included"})
            cls.included[kind].price_include_override = "tax_included"
        cls.included["exempt"] = cls.taxes["exempt"]
        cls.product = cls.env["product.product"].create({"name": "Gorra", "taxes_id": False})

    def open_till(self):
        if not self.till.current_session_id:
            self.till.open_ui()
            self.till.current_session_id.set_opening_control(0, "")
        return self.till.current_session_id

    def round_cash(self, step=0.05, only_cash=True):
        """Have the till round what is paid in cash, or all that is paid, to steps."""
        rounding = self.env["account.cash.rounding"].create(
            {
                "name": f"{step}",
                "rounding": step,
                "strategy": "add_invoice_line",
                "profit_account_id": self.company_data["default_account_revenue"].id,
                "loss_account_id": self.company_data["default_account_expense"].id,
            }
        )
        self.till.write(
            {
                "cash_rounding": True,
                "rounding_method": rounding.id,
                "only_round_cash_method": only_cash,
            }
        )

    def leave_smart(self):
        """Have the shop's sales be fiscal documents through another channel from now on."""
        values = {"type": "sale", "company_id": self.company.id, "smart_enabled": False}
        journal = self.env["account.journal"].create({"name": "Otro", "code": "OTRO", **values})
        self.till.write({"invoice_journal_id": journal.id, "smart_channel": "other"})

    def total(self, lines):
        """Return what the till computes for lines: (tax, price, quantity, discount)."""
        Tax = self.env["account.tax"]
        base_lines = [
            Tax._prepare_base_line_for_taxes_computation(
                None,
                tax_ids=tax,
                price_unit=price,
                quantity=quantity,
                discount=discount,
                currency_id=self.till.currency_id,
                is_refund=price * quantity < 0,
            )
            for tax, price, quantity, discount in lines
        ]
        Tax._add_tax_details_in_base_lines(base_lines, self.company)
        Tax._round_base_lines_tax_details(base_lines, self.company)
        return Tax._get_tax_totals_summary(base_lines, self.till.currency_id, self.company)

    def sell(self, lines, payments=None, more=(), **over):
        """Return an order that is paid and invoiced, as the till hands it in.

        :param lines: (tax, price, quantity, discount)
        :param payments: (method, amount); by default the total by card
        :param more: values of further lines, of which the till knows the price
        :param over: values of the order, over those below
        """
        totals = self.total(lines)
        total = totals["total_amount_currency"]
        total += sum(values["price_subtotal_incl"] for values in more)
        payments = payments or [(self.card, total)]
        values = {
            "uuid": str(uuid4()),
            "access_token": str(uuid4()),
            "state": "paid",
            "session_id": self.open_till().id,
            "company_id": self.company.id,
            "partner_id": self.customer.id,
            "user_id": self.env.uid,
            "date_order": fields.Datetime.to_string(fields.Datetime.now()),
            "amount_total": total,
            "amount_tax": totals["tax_amount_currency"],
            "amount_paid": round(sum(amount for _method, amount in payments), 2),
            "amount_return": 0,
            "to_invoice": True,
            "lines": [
                Command.create(
                    {
                        "uuid": str(uuid4()),
                        "product_id": self.product.id,
                        "price_unit": price,
                        "qty": quantity,
                        "discount": discount,
                        "tax_ids": [Command.set(tax.ids)],
                        "price_subtotal": price * quantity,
                        "price_subtotal_incl": price * quantity,
                    }
                )
                for tax, price, quantity, discount in lines
            ]
            + [Command.create({"uuid": str(uuid4()), **values}) for values in more],
            "payment_ids": [
                Command.create(
                    {
                        "name": fields.Datetime.now(),
                        "payment_method_id": method.id,
                        "amount": amount,
                    }
                )
                for method, amount in payments
            ],
        }
        result = self.env["pos.order"].sync_from_ui([values | over])
        return self.env["pos.order"].browse(result["pos.order"][0]["id"])

    def assert_paid_and_issued(self, order, total):
        """Send the order's invoice; see that it is of this total, issued, and nothing is due."""
        invoice = order.account_move
        self.commit()
        self.send_waiting()
        self.assertTrue(invoice, "it has an invoice")
        why = invoice.smart_last_error or invoice.activity_ids.mapped("note")
        self.assertEqual(invoice.smart_state, "issued", why)
        self.assertEqual((invoice.amount_total, invoice.amount_residual), (total, 0))
        self.assertIn(invoice.payment_state, ("paid", "in_payment"))
        return invoice

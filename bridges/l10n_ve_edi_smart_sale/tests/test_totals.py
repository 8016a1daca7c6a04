"""What an order comes to is what its invoice comes to; what a customer withholds is not on it."""

import json

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import tagged

from odoo.addons.l10n_ve_edi_smart.tests.random_orders import LINES, examples

from .orders_common import OrdersCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestTotals(OrdersCommon):
    def test_a_web_order_of_a_total_that_no_base_leads_to_ends_paid(self):
        order = self.make_order([(self.included["general"], 99.94, 1, 0)])
        self.assertEqual(order.amount_total, 99.94)
        invoice = self.pay_order(order)
        self.assert_paid_and_issued(invoice, 99.94)
        self.assertEqual(invoice._smart_rounding_lines().price_subtotal, 0.01)
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.invoice_status, "invoiced")

    def test_an_order_without_tax_in_its_prices_comes_to_what_the_invoice_comes_to(self):
        order = self.make_order([(self.taxes["luxury"], 0.5, 1, 0)])
        self.assertEqual(order.amount_total, 0.65, "31 % of 0.50 is 0.15 to SMART")
        self.assert_paid_and_issued(self.pay_order(order), 0.65)

    def test_a_down_payment_that_is_paid_ends_paid(self):
        order = self.make_order(
            [(self.included["general"], 99.94, 1, 0)],
            require_payment=True,
            prepayment_percent=0.5,
        )
        first = self.pay_order(order, 49.97)
        self.assert_paid_and_issued(first, 49.97)
        second = self.pay_order(order, 49.97) - first
        self.assert_paid_and_issued(second, 49.97)

    def test_random_orders_that_are_paid_end_paid_and_are_issued(self):
        website = self.env["website"].search([], limit=1) if "website" in self.env else None

        @examples
        @given(LINES, st.booleans())
        def judge(lines, in_web_shop):
            order = self.make_order(
                [
                    ((self.included if included else self.taxes)[kind], price, quantity, discount)
                    for kind, included, price, quantity, discount in lines
                ]
            )
            if website and in_web_shop:
                order.website_id = website
            self.assert_paid_and_issued(self.pay_order(order), order.amount_total)

        judge()

    def test_what_the_customer_withholds_on_paying_is_not_on_the_invoice(self):
        if "is_withholding_tax_on_payment" not in self.env["account.tax"]._fields:
            self.skipTest("l10n_account_withholding_tax is not installed")
        withheld = self.env["account.tax"].create(
            {
                "name": "Retención IVA 75 %",
                "amount": -12,
                "amount_type": "percent",
                "type_tax_use": "sale",
                "is_withholding_tax_on_payment": True,
                "price_include_override": "tax_excluded",
            }
        )
        for tax, total in (
            (self.taxes["general"], 116.0),
            (self.taxes["luxury"], 131.0),
            (self.taxes["exempt"], 100.0),
        ):
            move = self.make_invoice(("general", 100.0))
            move.invoice_line_ids.tax_ids = tax + withheld
            self.confirm(move)
            self.assertEqual(move.smart_state, "issued", move.smart_last_error)
            self.assertEqual(move.amount_total, total)
            [line] = json.loads(move.smart_document_id.request_body)["cuerpofactura"]
            self.assertEqual(line["tasa"], tax.amount)
        move = self.make_invoice(("general", 99.94))
        move.invoice_line_ids.tax_ids = self.included["general"] + withheld
        self.confirm(move)
        self.assertEqual((move.amount_total, move.amount_residual), (99.94, 99.94))
        self.assertEqual(move._smart_rounding_lines().price_subtotal, 0.01)
        document = move.smart_document_id
        self.assertEqual((document.general_base, document.general_base_signed), (86.15, 86.15))
        draft = self.make_invoice(("general", 100.0))
        draft.invoice_line_ids.tax_ids = withheld
        [conversion] = self.env["smart.payload"]._check(draft)
        self.assertIn("has no tax", conversion.errors[0].what)

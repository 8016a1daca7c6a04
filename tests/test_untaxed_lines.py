"""Exempt is a tax, not its absence; and what costs nothing may have any."""

import json

from odoo import Command
from odoo.tests import Form, tagged

from .common import SmartCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestUntaxedLines(SmartCommon):
    def make_line(self, **values):
        """Return a draft whose line says nothing of a tax."""
        line = {"name": "Servicio", "price_unit": 100.0} | values
        return self.make_invoice(invoice_line_ids=[Command.create(line)])

    def test_a_line_that_is_typed_gets_the_companys_tax(self):
        general = self.taxes["general"]
        self.company.account_sale_tax_id = general
        draft = self.make_line()
        self.assertEqual(draft.invoice_line_ids.tax_ids, general)
        self.assertEqual(draft.amount_total, 116.0)
        with Form(self.make_invoice()) as form, form.invoice_line_ids.new() as line:
            line.name = "Servicio"
            line.price_unit = 50.0
            self.assertEqual(line.tax_ids[:].ids, general.ids)

    def test_the_account_goes_before_the_company(self):
        self.company.account_sale_tax_id = self.taxes["general"]
        account = self.company_data["default_account_revenue"].copy({"code": "4190099"})
        account.tax_ids = self.taxes["reduced"]
        self.assertEqual(
            self.make_line(account_id=account.id).invoice_line_ids.tax_ids, self.taxes["reduced"]
        )

    def test_other_lines_are_left_to_odoo(self):
        self.company.account_sale_tax_id = self.taxes["general"]
        product = self.env["product.product"].create({"name": "Libro", "taxes_id": False})
        self.assertFalse(self.make_line(product_id=product.id).invoice_line_ids.tax_ids)
        self.assertFalse(self.make_line(tax_ids=False).invoice_line_ids.tax_ids)
        self.company_data["default_journal_sale"].smart_enabled = False
        self.assertFalse(self.make_line().invoice_line_ids.tax_ids)

    def test_a_line_without_tax_is_named(self):
        draft = self.make_invoice(("general", 100.0), (None, 10.0))
        [conversion] = self.env["smart.payload"]._check(draft)
        [problem] = conversion.errors
        self.assertEqual(problem.record, draft.invoice_line_ids[1])
        self.assertEqual(problem.field, "tax_ids")
        draft.invoice_line_ids[1].tax_ids = self.taxes["exempt"]
        self.assertEqual(self.confirm(draft).smart_state, "issued")

    def test_the_tax_of_what_costs_nothing_does_not_matter(self):
        nine = self.env["account.tax"].create(
            {"name": "IVA 9", "amount": 9, "amount_type": "percent", "type_tax_use": "sale"}
        )
        draft = self.make_invoice(("general", 100.0), ("general", 0.0), (None, 0.0))
        draft.invoice_line_ids[1].tax_ids = nine
        self.assertEqual(self.confirm(draft).smart_state, "issued")
        lines = json.loads(draft.smart_document_id.request_body)["cuerpofactura"]
        self.assertEqual([line["monto"] for line in lines], [100, 0, 0])
        self.assertEqual([line["exento"] for line in lines], [False, True, True])

    def test_a_fixed_tax_on_what_costs_nothing_is_named(self):
        fixed = self.env["account.tax"].create(
            {"name": "Tasa", "amount": 1.5, "amount_type": "fixed", "type_tax_use": "sale"}
        )
        draft = self.make_invoice(("general", 100.0), ("general", 0.0))
        draft.invoice_line_ids[1].tax_ids = fixed
        [conversion] = self.env["smart.payload"]._check(draft)
        self.assertEqual([one.record for one in conversion.errors], [fixed])

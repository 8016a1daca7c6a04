from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import SmartCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestTaxes(SmartCommon):
    def test_a_new_company_has_the_current_taxes(self):
        taxes = self.env["account.tax"].search(
            [("company_id", "=", self.company.id), ("smart_tax_kind", "!=", False)]
        )
        found = {(tax.type_tax_use, tax.smart_tax_kind): tax for tax in taxes}
        for use in ("sale", "purchase"):
            for kind, rate in (("general", 16), ("reduced", 8), ("luxury", 31), ("exempt", 0)):
                with self.subTest(use=use, kind=kind):
                    self.assertEqual(found[use, kind].amount, rate)
        for use, code in (("sale", "2172003"), ("purchase", "1151004")):
            for kind in ("general", "luxury"):
                tax = found[use, kind]
                self.assertEqual(set(tax.repartition_line_ids.account_id.mapped("code")), {code})
                self.assertEqual(tax.tax_group_id.name, f"VAT {tax.amount:.0f}%")
        self.assertEqual(self.company.account_sale_tax_id, found["sale", "general"])
        self.assertEqual(self.company.account_purchase_tax_id, found["purchase", "general"])
        self.assertEqual(self.company.tax_calculation_rounding_method, "round_globally")

    def test_a_new_company_keeps_its_books_in_todays_bolivares(self):
        company = self.env["res.company"].create(
            {"name": "Nueva, C.A.", "country_id": self.env.ref("base.ve").id}
        )
        self.env.user.company_ids += company
        self.env["account.chart.template"].sudo().try_loading("ve", company)
        self.assertEqual(company.currency_id, self.bolivar)
        self.cr.precommit.run()  # Odoo loads the chart of a new company once more here
        self.assertEqual(company.currency_id, self.bolivar)
        self.assertEqual(company.account_sale_tax_id.smart_tax_kind, "general")

    def test_a_new_company_does_not_offer_the_outdated_rates(self):
        taxes = self.env["account.tax"].search(
            [("company_id", "=", self.company.id), ("amount", "in", (12, 22))]
        )
        self.assertFalse(taxes)

    def test_taxes_have_spanish_names(self):
        self.env["res.lang"]._activate_lang("es_VE")
        self.env["account.chart.template"]._load_translations(companies=self.company)
        for use in ("sale", "purchase"):
            exempt = self.env["account.chart.template"].ref(f"tax0{use}")
            self.assertEqual(exempt.name, "0% EXEMPT")
            self.assertEqual(exempt.with_context(lang="es_VE").name, "0% Exento")

    def test_a_company_that_has_the_chart_already_is_completed(self):
        ChartTemplate = self.env["account.chart.template"]
        own = self.env["account.tax"].create(
            {"name": "IVA 16", "amount": 16, "type_tax_use": "purchase"}
        )
        for kind in ("general", "luxury"):
            for use in ("sale", "purchase"):
                xmlid = f"smart_tax_{kind}_{use}"
                self.company.account_sale_tax_id = self.company.account_purchase_tax_id = False
                ChartTemplate.ref(xmlid).unlink()
        outdated = ChartTemplate.ref("tax3sale")
        outdated.active = True
        self.company.write(
            {
                "account_sale_tax_id": outdated.id,
                "tax_calculation_rounding_method": "round_per_line",
            }
        )
        for _again in range(2):
            ChartTemplate._smart_complete_chart(self.company)
            self.assertEqual(self.company.account_sale_tax_id.amount, 16)
            self.assertEqual(self.company.account_purchase_tax_id, own, "its own tax is adopted")
            self.assertEqual(self.company.tax_calculation_rounding_method, "round_globally")
            self.assertTrue(outdated.active, "what is in use stays usable")
            self.assertEqual(
                self.env["account.tax"].search_count(
                    [("company_id", "=", self.company.id), ("amount", "in", (16, 31))]
                ),
                4,
            )

    def test_a_default_tax_that_the_company_chose_stays(self):
        self.company.account_sale_tax_id = self.taxes["exempt"]
        self.env["account.chart.template"]._smart_complete_chart(self.company)
        self.assertEqual(self.company.account_sale_tax_id, self.taxes["exempt"])

    def test_the_kind_must_be_the_rate(self):
        with self.assertRaisesRegex(ValidationError, "is not 8"):
            self.taxes["general"].smart_tax_kind = "reduced"

    def test_taxes_of_other_countries_have_no_kind(self):
        tax = self.env["account.tax"].create(
            {
                "name": "16",
                "amount": 16,
                "country_id": self.env.ref("base.de").id,
                "tax_group_id": self.taxes["general"]
                .tax_group_id.copy({"country_id": self.env.ref("base.de").id})
                .id,
            }
        )
        self.assertFalse(tax.smart_tax_kind)

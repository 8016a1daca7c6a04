from odoo import models

from odoo.addons.account.models.chart_template import template

from ..base.lock import opened

MODULE = "l10n_ve_edi_smart"

#: Taxes that `l10n_ve` still ships at rates that are no longer in force (12 and 22 %).
OUTDATED_TAXES = ("tax1sale", "tax1purchase", "tax3sale", "tax3purchase")

#: Taxes of `l10n_ve` whose names it has in English alone.
SPANISH_TAXES = {
    "tax0sale": {"name@es": "0% Exento"},
    "tax0purchase": {"name@es": "0% Exento"},
}

DEFAULT_TAXES = {
    "account_sale_tax_id": "smart_tax_general_sale",
    "account_purchase_tax_id": "smart_tax_general_purchase",
}


class AccountChartTemplate(models.AbstractModel):
    _inherit = "account.chart.template"

    @template("ve", "res.company")
    def _get_ve_smart_res_company(self):
        return {
            self.env.company.id: {
                **DEFAULT_TAXES,
                # SMART computes taxes per rate on the whole base, not line by line
                "tax_calculation_rounding_method": "round_globally",
            },
        }

    def _pre_load_data(self, template_code, company, template_data, data):
        # EXTENDS 'account', which gives a company without entries its country's currency, at
        # every loading: for Venezuela still VEF, which ceased to exist in 2018.
        data = super()._pre_load_data(template_code, company, template_data, data)
        root = company.root_id
        if template_code == "ve" and company == root and not root._existing_accounting():
            company.currency_id = self.env.ref("base.VES")
        return data

    def _pre_reload_data(self, company, template_data, data, force_create=True):
        # EXTENDS 'account', which renames a tax to “[old]” if the chart now has another rate for
        # it, and would give tax groups the chart's names again, even groups on documents.
        with opened("account.tax", "name"):
            res = super()._pre_reload_data(company, template_data, data, force_create=force_create)
        groups = data.get("account.tax.group", {})
        for xmlid in list(groups):
            group = self.ref(xmlid, raise_if_not_found=False)
            if group and group._smart_settled():
                del groups[xmlid]
        return res

    @template("ve", "account.tax.group")
    def _get_ve_smart_account_tax_group(self):
        return self._parse_csv("ve", "account.tax.group", module=MODULE)

    @template("ve", "account.tax")
    def _get_ve_smart_account_tax(self):
        taxes = self._parse_csv("ve", "account.tax", module=MODULE)
        theirs = self._parse_csv("ve", "account.tax", module="l10n_ve")
        ours = {xmlid: {"active": False} for xmlid in OUTDATED_TAXES} | SPANISH_TAXES
        taxes.update({xmlid: values for xmlid, values in ours.items() if xmlid in theirs})
        return taxes

    def _smart_complete_chart(self, company):
        """Give a company that already has the chart of ``l10n_ve`` the current taxes.

        What the company chose itself stays: a default tax is replaced only if it is one of the
        chart's outdated taxes. Those stay usable.
        """
        ChartTemplate = self.with_company(company)
        self._smart_adopt_taxes(company)
        data = {
            model: {
                xmlid: values
                for xmlid, values in ChartTemplate._parse_csv("ve", model, module=MODULE).items()
                if not ChartTemplate.ref(xmlid, raise_if_not_found=False)
            }
            for model in ("account.tax.group", "account.tax")
        }
        ChartTemplate._load_data(data)
        ChartTemplate._load_translations(companies=company)
        outdated = [
            tax
            for xmlid in OUTDATED_TAXES
            if (tax := ChartTemplate.ref(xmlid, raise_if_not_found=False))
        ]
        vals = {"tax_calculation_rounding_method": "round_globally"}
        for field, xmlid in DEFAULT_TAXES.items():
            if not company[field] or company[field] in outdated:
                vals[field] = ChartTemplate.ref(xmlid).id
        company.write(vals)

    def _smart_adopt_taxes(self, company):
        """Use taxes that the company made itself as the template's, so that none exists twice."""
        ChartTemplate = self.with_company(company)
        xmlids = []
        for xmlid, values in ChartTemplate._parse_csv("ve", "account.tax", module=MODULE).items():
            if ChartTemplate.ref(xmlid, raise_if_not_found=False):
                continue
            tax = self.env["account.tax"].search(
                [
                    ("company_id", "=", company.id),
                    ("type_tax_use", "=", values["type_tax_use"]),
                    ("amount_type", "=", "percent"),
                    ("amount", "=", values["amount"]),
                ],
                limit=1,
            )
            if tax:
                xmlids.append(
                    {"xml_id": self.company_xmlid(xmlid, company), "record": tax, "noupdate": True}
                )
        self.env["ir.model.data"]._update_xmlids(xmlids)

from odoo import api, models

from odoo.addons.account.models.chart_template import template

from ..base.lock import opened
from . import chart_taxes

MODULE = "l10n_ve_edi_smart"

#: Names that `l10n_ve` has in English alone.
SPANISH_NAMES = {"0% EXEMPT": "0% Exento"}

#: Fields of the company with its default taxes, and their use.
DEFAULT_TAXES = {"account_sale_tax_id": "sale", "account_purchase_tax_id": "purchase"}


class AccountChartTemplate(models.AbstractModel):
    _inherit = "account.chart.template"

    @template("ve", "res.company")
    def _get_ve_smart_res_company(self):
        return {
            self.env.company.id: {
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
        self._smart_keep_taxes(company, data.get("account.tax", {}))
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
        return self._parse_csv("ve", "account.tax", module=MODULE)

    def _get_chart_template_data(self, template_code):
        # EXTENDS 'account': what of ours the chart needs is known only when all of it is there
        data = super()._get_chart_template_data(template_code)
        if template_code == "ve":
            self._smart_settle_taxes(data)
        return data

    def _smart_settle_taxes(self, data):
        """Complete the chart by the taxes in force that it lacks, and put away what is no more.

        A tax is known by its use and rate, see ``chart_taxes``: xmlids of the chart change.
        """
        taxes, groups = data["account.tax"], data["account.tax.group"]
        ours = self._smart_own(taxes)
        theirs = {xmlid: taxes[xmlid] for xmlid in taxes if xmlid not in ours}
        standing = chart_taxes.by_meaning(theirs)
        for xmlid, values in ours.items():
            meaning = chart_taxes.meaning_of(values, ours)
            if meaning in standing:
                del taxes[xmlid]
            else:
                standing[meaning] = xmlid
                account = chart_taxes.account_of(values["type_tax_use"], theirs)
                for line in chart_taxes.tax_lines(values):
                    line["account_id"] = account
        used = {values.get("tax_group_id") for values in taxes.values()}
        for xmlid in self._smart_own(groups):
            if xmlid not in used:
                del groups[xmlid]
        for values in theirs.values():
            if chart_taxes.is_former_vat(values, theirs):
                values["active"] = False
            if values.get("name") in SPANISH_NAMES:
                values.setdefault("name@es", SPANISH_NAMES[values["name"]])
        for xmlid in standing.values():
            taxes[xmlid].pop("active", None)
        settings = data["res.company"][self.env.company.id]
        for field, use in DEFAULT_TAXES.items():
            chosen = taxes.get(settings.get(field), {})
            if chart_taxes.meaning_of(chosen, taxes) != (use, "general"):
                settings[field] = standing[use, "general"]

    @api.model
    def _smart_own(self, records):
        """Return those of a template's records that are this addon's."""
        return {xmlid: values for xmlid, values in records.items() if xmlid.startswith("smart_")}

    def _smart_complete_chart(self, company):
        """Give a company that already has the chart of ``l10n_ve`` the current taxes.

        What the company has and chose itself stays: a tax is made only where it has none of that
        use and rate, and a default tax is replaced only if it is one of the chart's outdated
        taxes. Those stay usable.
        """
        ChartTemplate = self.with_company(company)
        taxes = ChartTemplate._parse_csv("ve", "account.tax", module=MODULE)
        for xmlid, values in list(taxes.items()):
            use, kind = chart_taxes.meaning_of(values, taxes)
            if company._smart_vat(use, kind) or ChartTemplate.ref(xmlid, raise_if_not_found=False):
                del taxes[xmlid]
                continue
            account = company._smart_vat_account(use)
            for line in chart_taxes.tax_lines(values):
                line["account_id"] = account.id
        groups = {
            xmlid: values
            for xmlid, values in ChartTemplate._parse_csv(
                "ve", "account.tax.group", module=MODULE
            ).items()
            if xmlid in {tax["tax_group_id"] for tax in taxes.values()}
            and not ChartTemplate.ref(xmlid, raise_if_not_found=False)
        }
        ChartTemplate._load_data({"account.tax.group": groups, "account.tax": taxes})
        ChartTemplate._load_translations(companies=company)
        vals = {"tax_calculation_rounding_method": "round_globally"}
        for field, use in DEFAULT_TAXES.items():
            if not company[field] or company[field]._smart_is_former():
                vals[field] = company._smart_vat(use, "general").id
        company.write(vals)

    def _smart_keep_taxes(self, company, taxes):
        """Have the company's own taxes stand for those of the template, when it is loaded anew.

        Else the chart would make a second tax of the same use and rate, and rename the first.
        What refers to the template's tax comes to the company's, which stays as it is.
        """
        kept = {}
        for meaning, xmlid in chart_taxes.by_meaning(taxes).items():
            present = self.ref(xmlid, raise_if_not_found=False)
            if present and (present.type_tax_use, present.smart_tax_kind) == meaning:
                continue
            kept[xmlid] = company._smart_vat(*meaning, archived=True)
        self.env["ir.model.data"]._update_xmlids(
            [
                {"xml_id": self.company_xmlid(xmlid, company), "record": tax, "noupdate": True}
                for xmlid, tax in kept.items()
                if tax
            ]
        )
        # Odoo knows a tax by the first of its names alone; under another one it looks new.
        present = {xmlid: self.ref(xmlid, raise_if_not_found=False) for xmlid in taxes}
        for xmlid, tax in present.items():
            name = self.company_xmlid(xmlid, company)
            if tax and (kept.get(xmlid) or tax.get_external_id()[tax.id] != name):
                del taxes[xmlid]

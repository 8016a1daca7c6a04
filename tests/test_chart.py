"""Charts of accounts that `l10n_ve` may have one day: taxes are known by use and rate."""

import io
from contextlib import ExitStack, contextmanager
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.account.models import chart_template

from .common import SmartCommon

TAXES = "l10n_ve/data/template/account.tax-ve.csv"
GROUPS = "l10n_ve/data/template/account.tax.group-ve.csv"
ACCOUNTS = {"sale": "account_activa_account_2172003", "purchase": "account_activa_account_1151004"}
KINDS = {"exempt": 0, "reduced": 8, "general": 16, "luxury": 31}

#: Charts: id without its use, name, rate. Each is made for sales and for purchases.
OF_ITS_OWN = [  # what odoo/odoo#285425 proposes
    ("ve_export", "0% EXP", 0),
    ("ve_exempt", "0% EXE", 0),
    ("ve_8", "8%", 8),
    ("ve_16", "16%", 16),
    ("ve_31", "31%", 31),
    ("ve_retention_75", "RET IVA 75%", 12),
    ("ve_retention_100", "RET IVA 100%", 16),
    ("ve_12", "IVA 12%", 12),
]
IDS_FOR_OTHER_RATES = [
    ("tax3", "16%", 16),
    ("tax2", "8%", 8),
    ("tax1", "31%", 31),
    ("tax0", "0% EXEMPT", 0),
]
WITHOUT_THE_RATES_IN_FORCE = [("ve_0", "0% EXEMPT", 0), ("ve_8", "8%", 8)]
CHARTS = {
    "of its own": (OF_ITS_OWN, "ve_16"),
    "ids for other rates": (IDS_FOR_OTHER_RATES, "tax3"),
    "without the rates in force": (WITHOUT_THE_RATES_IN_FORCE, "ve_8"),
    "default that is not there": (OF_ITS_OWN, "tax3"),
}


def csv_of(taxes):
    """Return taxes as the file of a chart template has them."""
    rows = [
        "id,name,description,amount,amount_type,type_tax_use,tax_group_id,"
        "repartition_line_ids/repartition_type,repartition_line_ids/document_type,"
        "repartition_line_ids/account_id"
    ]
    for use, account in ACCOUNTS.items():
        for xmlid, name, amount in taxes:
            head = f"{xmlid}{use},{name},IVA {name},{amount}.0,percent,{use},tax_group_{amount}"
            rows.append(f"{head},base,invoice,")
            booked = account if amount else ""
            for kind, document, at in (
                ("tax", "invoice", booked),
                ("base", "refund", ""),
                ("tax", "refund", booked),
            ):
                rows.append(f",,,,,,,{kind},{document},{at}")
    return "\n".join(rows)


def groups_of(taxes):
    amounts = sorted({amount for _xmlid, _name, amount in taxes})
    rows = [f"tax_group_{amount},VAT {amount}%,base.ve" for amount in amounts]
    return "\n".join(["id,name,country_id", *rows])


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestChart(SmartCommon):
    @contextmanager
    def chart(self, name, ours=True):
        """Have `l10n_ve` another chart.

        :param str name: a key of :data:`CHARTS`
        :param bool ours: whether this addon is there, too
        """
        taxes, default = CHARTS[name]
        files = {TAXES: csv_of(taxes), GROUPS: groups_of(taxes)}
        real = chart_template.file_open

        def file_open(path, *args, **kwargs):
            return io.StringIO(files[path]) if path in files else real(path, *args, **kwargs)

        @chart_template.template("ve", "res.company")
        def defaults(template):
            return {
                template.env.company.id: {
                    "account_sale_tax_id": f"{default}sale",
                    "account_purchase_tax_id": f"{default}purchase",
                }
            }

        with ExitStack() as stack:
            stack.enter_context(patch.object(chart_template, "file_open", file_open))
            self.change_functions(stack, ours, {"res.company": [defaults]})
            yield

    @contextmanager
    def without_ours(self):
        """Have the chart of today, before this addon is installed."""
        with ExitStack() as stack:
            self.change_functions(stack, False, {})
            yield

    def change_functions(self, stack, ours, more):
        model = self.registry["account.chart.template"]
        functions = {
            code: {
                name: [one for one in those if ours or one._module != "l10n_ve_edi_smart"]
                for name, those in models.items()
            }
            for code, models in self.env["account.chart.template"]._template_register.items()
        }
        for name, those in more.items():
            functions["ve"][name] = [*functions["ve"][name], *those]
        stack.enter_context(patch.object(model, "_template_register", functions))
        if not ours:
            for name in ("_smart_settle_taxes", "_smart_keep_taxes"):
                stack.enter_context(patch.object(model, name, lambda *_args: None))

    def new_company(self):
        count = self.env["res.company"].search_count([])
        company = self.env["res.company"].create(
            {"name": f"Nueva {count}, C.A.", "country_id": self.env.ref("base.ve").id}
        )
        self.env.user.company_ids += company
        self.load(company)
        return company

    def load(self, company, **options):
        self.env["account.chart.template"].sudo().try_loading("ve", company, **options)

    def complete(self, company):
        """Do for a company what the installation of this addon does."""
        self.env["account.chart.template"]._smart_complete_chart(company)

    def taxes_of(self, company, **context):
        return (
            self.env["account.tax"]
            .with_context(**context)
            .search([("company_id", "=", company.id)], order="id")
        )

    def stand(self, company):
        """Return all that a company's taxes are, archived ones, too."""
        taxes = self.taxes_of(company, active_test=False)
        return {
            tax: (
                tax.name,
                tax.amount,
                tax.active,
                tax.smart_tax_kind,
                tax.tax_group_id,
                tax.repartition_line_ids.mapped("account_id.id"),
            )
            for tax in taxes
        }

    def defaults_of(self, company):
        return company.account_sale_tax_id, company.account_purchase_tax_id

    def accounts_of(self, tax):
        """Return the codes of the accounts on which a tax is booked."""
        accounts = tax.repartition_line_ids.account_id.with_company(tax.company_id)
        return set(accounts.mapped("code"))

    def assert_rates_in_force(self, company):
        """Assert that each rate is there, is booked where VAT is, and 16 % is the default."""
        for use, account in ACCOUNTS.items():
            for kind, rate in KINDS.items():
                tax = company._smart_vat(use, kind)
                self.assertEqual(tax.amount, rate, (use, kind))
                booked = {account.rpartition("_")[2]} if rate else set()
                self.assertEqual(self.accounts_of(tax), booked)
            offered = self.taxes_of(company).filtered(lambda tax: tax.type_tax_use == use)  # noqa: B023
            rates = [tax.amount for tax in offered if "RET" not in tax.name and tax.amount]
            self.assertEqual(sorted(rates), [8, 16, 31], "each once, and none that is no more")
        self.assertEqual(company.account_sale_tax_id, company._smart_vat("sale", "general"))
        self.assertEqual(company.account_purchase_tax_id, company._smart_vat("purchase", "general"))

    def test_a_new_company_has_the_rates_in_force_whatever_the_chart_is(self):
        for name in CHARTS:
            with self.subTest(chart=name), self.chart(name):
                company = self.new_company()
                self.assert_rates_in_force(company)
                refs = self.taxes_of(company, active_test=False).get_external_id().values()
                ours = [ref for ref in refs if "smart" in ref]
                self.assertEqual(len(ours), 4 if name == "without the rates in force" else 0)

    def test_what_a_customer_keeps_back_is_no_rate_and_stays_on(self):
        with self.chart("of its own"):
            company = self.new_company()
        kept = self.taxes_of(company).filtered(lambda tax: "RET" in tax.name)
        self.assertEqual(sorted(kept.mapped("amount")), [12, 12, 16, 16])

    def test_the_chart_loaded_anew_leaves_the_taxes_of_a_company_as_they_are(self):
        self.taxes["luxury"].active = False
        for name in CHARTS:
            for force_create in (True, False):
                with self.subTest(chart=name, force_create=force_create), self.chart(name):
                    before = self.stand(self.company)
                    defaults = self.defaults_of(self.company)
                    self.load(self.company, force_create=force_create)
                    after = self.stand(self.company)
                    self.assertEqual({tax: after[tax] for tax in before}, before)
                    made = [tax for tax in after if tax not in before and tax.active]
                    self.assertFalse(
                        [tax.name for tax in made if "RET" not in tax.name and tax.amount]
                    )
                    self.assertEqual(self.defaults_of(self.company), defaults)

    def test_the_chart_loaded_anew_leaves_a_tax_on_issued_documents_as_it_is(self):
        move = self.make_invoice(("general", 100.0), ("luxury", 10.0))
        self.confirm(move)
        before = self.stand(self.company)
        with self.chart("ids for other rates"):
            self.load(self.company)
        self.assertEqual(move.smart_state, "issued")
        self.assertEqual(self.stand(self.company), before)

    def test_installing_beside_a_chart_that_has_the_rates_makes_no_second_ones(self):
        for name in ("of its own", "ids for other rates"):
            with self.subTest(chart=name):
                with self.chart(name, ours=False):
                    company = self.new_company()
                    before = self.stand(company)
                with self.chart(name):
                    self.complete(company)
                    self.assertEqual(self.stand(company), before)
                    self.assertEqual(company.account_sale_tax_id.amount, 16)
                    self.load(company)
                    self.assertEqual(self.stand(company), before)

    def test_a_company_of_todays_chart_is_completed_beside_each_chart(self):
        for name in CHARTS:
            with self.subTest(chart=name):
                with self.without_ours():
                    company = self.new_company()
                self.assertEqual(company.account_sale_tax_id.amount, 22)
                with self.chart(name):
                    before = self.stand(company)
                    self.complete(company)
                    after = self.stand(company)
                    self.assertEqual({tax: after[tax] for tax in before}, before)
                    self.assertEqual(company.account_sale_tax_id.amount, 16)
                    self.assertEqual(company.account_purchase_tax_id.amount, 16)
                    made = sorted(tax.amount for tax in after if tax not in before)
                    self.assertEqual(made, [16, 16, 31, 31])
                    for use, account in ACCOUNTS.items():
                        tax = company._smart_vat(use, "general")
                        self.assertEqual(self.accounts_of(tax), {account.rpartition("_")[2]})
                    self.load(company)
                    later = self.stand(company)
                    self.assertEqual({tax: later[tax] for tax in after}, after)

    def test_a_rate_that_is_a_group_of_taxes_is_known(self):
        own = self.env["account.tax"].create(
            [
                {"name": "IVA G", "amount": 16, "type_tax_use": "none"},
                {"name": "IVA L", "amount": 15, "type_tax_use": "none"},
            ]
        )
        ref = self.env["account.chart.template"].ref
        for xmlid in ("smart_tax_luxury_sale", "smart_tax_luxury_purchase"):
            ref(xmlid).unlink()
        group = self.env["account.tax"].create(
            {
                "name": "IVA 31",
                "amount_type": "group",
                "type_tax_use": "sale",
                "children_tax_ids": own.ids,
            }
        )
        self.complete(self.company)
        self.assertEqual(self.company._smart_vat("sale", "luxury"), group)
        self.assertEqual(self.company._smart_vat("purchase", "luxury").amount_type, "percent")

from lxml import etree

from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from .test_annulment import AnnulCommon
from .test_auditor import AuditorCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestSalesByRate(AnnulCommon, AuditorCommon):
    """The pivot *Sales by Rate*: what it adds up, and for whom."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        account = cls.env["account.account"].create(
            {"name": "IGTF por pagar", "code": "2172099", "account_type": "liability_current"}
        )
        cls.company.write({"smart_igtf_account_id": account.id, "smart_collects_igtf": True})
        cls.action = cls.env.ref("l10n_ve_edi_smart.smart_document_tax_report_action")

    def setUp(self):
        super().setUp()
        invoice = self.confirm(
            self.make_invoice(
                ("general", 200.0), ("reduced", 50.0), ("luxury", 10.0), ("exempt", 7.0)
            )
        )
        wizard = self.env["account.move.reversal"].create(
            {"move_ids": invoice.ids, "journal_id": invoice.journal_id.id}
        )
        wizard.reverse_moves()
        note = wizard.new_move_ids
        note.invoice_line_ids[2:].unlink()
        note.invoice_line_ids[0].price_unit = 20.0
        self.confirm(note)
        foreign = self.make_invoice(("general", 100.0), currency_id=self.usd.id)
        self.env["smart.igtf"].create({"move_id": foreign.id, "amount_paid": 50.0}).action_apply()
        self.confirm(foreign)
        self.annul(self.confirm(self.make_invoice(("general", 1000.0), ("exempt", 5.0))))

    def measures(self, user):
        """Return the measures that the action shows to a user, as it is opened."""
        view = self.env[self.action.res_model].with_user(user).get_view(self.action.view_id.id)
        self.assertEqual(view["model"], "smart.document")
        fields = etree.fromstring(view["arch"]).iter("field")
        return [field.get("name") for field in fields if field.get("type") == "measure"]

    def sums(self, user, domain, groupby=("document_type", "issue_date:month")):
        """Return what the pivot shows: (type, month) -> measure -> sum, without the zeros."""
        names = self.measures(user)
        rows = (
            self.env["smart.document"]
            .with_user(user)
            .with_context(allowed_company_ids=user.company_ids.ids)
            ._read_group(domain, groupby, [f"{name}:sum" for name in names])
        )
        return {
            row[0]: {name: round(total, 2) for name, total in zip(names, row[2:], strict=True)
                     if total}
            for row in rows
        }  # fmt: skip

    def test_it_adds_up_signed_bolivares_by_type_kind_of_tax_and_month(self):
        expected = {
            "invoice": {
                "exempt_signed": 7.0,
                "general_base_signed": 4256.47,  # 200 and 100 USD
                "general_tax_signed": 681.04,
                "reduced_base_signed": 50.0,
                "reduced_tax_signed": 4.0,
                "luxury_base_signed": 10.0,
                "luxury_tax_signed": 3.1,
                "igtf_base_signed": 2028.24,
                "igtf_tax_signed": 60.85,
            },
            "credit_note": {
                "general_base_signed": -20.0,
                "general_tax_signed": -3.2,
                "reduced_base_signed": -50.0,
                "reduced_tax_signed": -4.0,
            },
        }
        context = safe_eval(self.action.context)
        self.assertEqual(context, {"search_default_issued": 1})
        arch = self.env["smart.document"].get_view(view_type="search")["arch"]
        [issued] = etree.fromstring(arch).xpath("//filter[@name='issued']")
        domain = safe_eval(issued.get("domain"))
        accountant = self.new_user("smart_reader", "account.group_account_readonly")
        for user in (accountant, self.auditor):
            with self.subTest(user.login):
                self.assertEqual(self.sums(user, domain), expected)
        # Without that filter annulled ones count, as every document of a fiscal book does.
        expected["invoice"].update(
            exempt_signed=12.0, general_base_signed=5256.47, general_tax_signed=841.04
        )
        self.assertEqual(self.sums(self.auditor, []), expected)
        other = self.env["res.company"].create({"name": "Otra"})
        self.assertFalse(self.sums(self.make_auditor("foreign", other), []))

    def test_auditors_have_it_in_their_menu_and_may_ask_for_it_alone(self):
        menu = self.env.ref("l10n_ve_edi_smart.smart_auditor_tax_report_menu")
        visible = self.env["ir.ui.menu"].with_user(self.auditor)._visible_menu_ids()
        self.assertIn(menu.id, visible)
        self.assertEqual(menu.action, self.action)
        clerk = self.new_user("smart_employee", "base.group_user")
        self.assertFalse(self.env["smart.document"].with_user(clerk).has_access("read"))

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from .common import SmartCommon


class AuditorCommon(SmartCommon):
    """An issued invoice, and an auditor of its company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.auditor = cls.make_auditor("smart_auditor", cls.company)

    @classmethod
    def make_auditor(cls, login, companies, groups="l10n_ve_edi_smart.group_smart_auditor"):
        """Return an auditor of some companies."""
        return new_test_user(
            cls.env,
            login,
            groups,
            company_id=companies[:1].id,
            company_ids=[Command.set(companies.ids)],
        )

    def as_auditor(self, record, user=None):
        """Return a record, or a model, as the auditor has it."""
        user = user or self.auditor
        return record.with_user(user).with_context(allowed_company_ids=user.company_ids.ids)


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestAuditor(AuditorCommon):
    def test_an_auditor_reads_the_documents_with_all_that_belongs_to_them(self):
        invoice = self.confirm()
        document = self.as_auditor(invoice.smart_document_id)
        self.assertEqual(document.control_number, "00-00000001")
        self.assertIn("Line 1", document.lines_html)
        self.assertEqual(document.exchange_ids.mapped("outcome"), ["accepted"])
        self.assertEqual(document.partner_id.name, self.customer.name)
        numbering = self.as_auditor(self.env["smart.numbering"]).search([])
        self.assertEqual(numbering.mapped("next_number"), [2])
        for model in ("smart.document", "smart.exchange", "smart.numbering"):
            self.assertTrue(self.as_auditor(self.env[model]).search_read([]))

    def test_nothing_of_the_addon_is_written_by_an_auditor(self):
        invoice = self.confirm()
        document = self.as_auditor(invoice.smart_document_id)
        for record in (document, document.exchange_ids, document.partner_id):
            for attempt in (
                lambda record=record: record.write({"create_uid": 1}),
                lambda record=record: record.copy(),
                lambda record=record: record.unlink(),
            ):
                with self.assertRaises(UserError), self.env.cr.savepoint():
                    attempt()

    def test_customers_and_products_are_those_of_the_documents(self):
        sold, unsold = self.env["product.product"].create([{"name": "Sold"}, {"name": "Not sold"}])
        stranger = self.customer.copy({"name": "Stranger"})
        invoice = self.make_invoice()
        invoice.invoice_line_ids.product_id = sold
        self.confirm(invoice)
        products = self.as_auditor(self.env["product.product"]).search([])
        self.assertIn(sold, products)
        self.assertNotIn(unsold, products)
        templates = self.as_auditor(self.env["product.template"]).search([])
        self.assertIn(sold.product_tmpl_id, templates)
        self.assertNotIn(unsold.product_tmpl_id, templates)
        partners = self.as_auditor(self.env["res.partner"]).search([])
        self.assertIn(self.customer, partners)
        self.assertNotIn(stranger, partners)
        with self.assertRaises(AccessError):
            self.as_auditor(stranger).read(["name"])

    def test_there_is_no_other_accounting_for_an_auditor(self):
        invoice = self.confirm()
        for model in (
            "account.move",
            "account.move.line",
            "account.payment",
            "account.account",
            "account.journal",
            "res.partner.bank",
        ):
            with self.subTest(model), self.assertRaises(AccessError):
                self.as_auditor(self.env[model]).search([])
        with self.assertRaises(AccessError):
            self.as_auditor(invoice).read(["name"])

    def test_groups_added_by_mistake_widen_nothing(self):
        self.confirm()
        mistaken = self.make_auditor(
            "mistaken",
            self.company,
            "l10n_ve_edi_smart.group_smart_auditor,account.group_account_manager,"
            "base.group_partner_manager,account.group_account_user",
        )
        self.assertFalse(mistaken.with_user(mistaken).has_group("account.group_account_manager"))
        for mode in ("read", "write", "create", "unlink"):
            Access = self.env["ir.model.access"]
            self.assertEqual(
                Access.with_user(mistaken)._get_allowed_models(mode),
                Access.with_user(self.auditor)._get_allowed_models(mode),
            )
        partner = self.as_auditor(self.customer, mistaken)
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            partner.write({"name": "x"})
        self.assertNotIn("credit", partner.fields_get())

    def test_an_administrator_cannot_become_an_auditor(self):
        admin = self.make_auditor("some_admin", self.company, "base.group_system")
        with self.assertRaisesRegex(ValidationError, "auditor and an administrator"):
            admin.write(
                {
                    "group_ids": [
                        Command.link(self.env.ref("l10n_ve_edi_smart.group_smart_auditor").id)
                    ]
                }
            )

    def test_who_is_no_longer_an_auditor_has_its_groups_back(self):
        user = self.make_auditor(
            "former",
            self.company,
            "l10n_ve_edi_smart.group_smart_auditor,account.group_account_invoice",
        )
        with self.assertRaises(AccessError):
            self.as_auditor(self.env["account.move"], user).search([])
        user.group_ids -= self.env.ref("l10n_ve_edi_smart.group_smart_auditor")
        self.as_auditor(self.env["account.move"], user).search([])

    def test_an_auditor_of_another_company_finds_nothing(self):
        self.confirm()
        other = self.env["res.company"].create({"name": "Otra, C.A."})
        foreign = self.make_auditor("foreign", other)
        for model in ("smart.document", "smart.exchange", "smart.numbering"):
            self.assertFalse(self.as_auditor(self.env[model], foreign).search([]))
        partners = self.as_auditor(self.env["res.partner"], foreign).search([])
        self.assertEqual(partners, foreign.partner_id + other.partner_id)
        document = self.env["smart.document"].search([], limit=1)
        with self.assertRaises(AccessError):
            self.as_auditor(document, foreign).read(["control_number"])

    def test_an_auditor_of_a_branch_sees_the_branch_alone(self):
        branch = self.env["res.company"].create(
            {"name": "Sucursal Valencia", "parent_id": self.company.id}
        )
        self.confirm()
        visitor = self.make_auditor("branch_auditor", branch)
        self.assertFalse(self.as_auditor(self.env["smart.document"], visitor).search([]))
        self.assertFalse(self.as_auditor(self.env["smart.exchange"], visitor).search([]))

    def test_views_of_an_auditor_have_no_button_that_does_something(self):
        for model in ("smart.document", "smart.numbering", "smart.exchange", "res.partner"):
            views = self.as_auditor(self.env[model]).get_views(
                [(False, "list"), (False, "form"), (False, "search")], {"toolbar": True}
            )["views"]
            for kind in ("list", "form"):
                arch = views[kind]["arch"]
                self.assertNotIn('type="object"', arch)
                self.assertNotIn("<chatter", arch)
                self.assertNotRegex(arch, r'(create|edit|delete)="(1|True)"')
            self.assertFalse(views["list"].get("toolbar", {}).get("action"))

    def test_menus_of_an_auditor_are_those_of_smart(self):
        root = self.env.ref("l10n_ve_edi_smart.smart_auditor_menu_root")
        menus = self.env["ir.ui.menu"].with_user(self.auditor)._visible_menu_ids()
        visible = self.env["ir.ui.menu"].browse(menus)
        self.assertIn(root, visible)
        self.assertEqual(visible.filtered(lambda menu: not menu.parent_id), root)
        self.assertIn(self.env.ref("l10n_ve_edi_smart.smart_auditor_document_menu"), visible)

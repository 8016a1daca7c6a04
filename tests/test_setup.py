"""Setting a company up: what is wrong before it is saved, who may, and going to production."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common import RIF
from .test_attacks import AttackCommon

FOREIGN = "J-30984512-8"


class SetupCommon(AttackCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss = cls.make_auditor(
            "boss_of_setup", cls.company, "base.group_system,account.group_account_manager"
        )

    def setUp(self):
        super().setUp()
        self.token = self.company.smart_token

    def forget(self):
        """Have the company be as it was before anything was set up."""
        self.company.write({"smart_environment": "disabled", "smart_token": False})
        self.company.smart_base_url = False

    def settings(self, user=None):
        return Form(self.as_auditor(self.env["res.config.settings"], user or self.boss))

    def window(self, user=None):
        return Form(self.as_auditor(self.env["smart.settings.window"], user or self.manager))

    def mint(self, rif):
        return self.simulator.mint(rif)["token"]


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestBeforeSaving(SetupCommon):
    def test_a_token_of_another_rif_is_told(self):
        form = self.settings()
        self.assertFalse(form.smart_credentials_problem)
        self.assertIn(RIF, form.smart_credentials_holder)
        form.smart_token = self.mint(FOREIGN)
        self.assertIn(FOREIGN, form.smart_credentials_problem)
        self.assertIn(RIF, form.smart_credentials_problem)
        form.smart_vat = FOREIGN
        self.assertFalse(form.smart_credentials_problem, "the RIF beside it counts")

    def test_the_window_tells_the_same(self):
        window = self.window()
        self.assertFalse(window.smart_credentials_problem)
        window.smart_new_token = self.mint(FOREIGN)
        self.assertIn(FOREIGN, window.smart_credentials_problem)
        window.smart_new_token = "x.y"
        self.assertIn("three parts", window.smart_credentials_problem)
        window.smart_new_token = self.token
        self.assertFalse(window.smart_credentials_problem, "and it does not stay red")
        window.smart_new_token = False
        self.assertFalse(window.smart_credentials_problem)

    def test_an_environment_without_a_token_is_told(self):
        self.forget()
        for opened in (self.settings, self.window):
            form = opened()
            self.assertFalse(form.smart_credentials_problem)
            form.smart_environment = "test"
            self.assertIn("token is missing", form.smart_credentials_problem or "", opened)

    def test_an_address_that_cannot_be_used_is_told(self):
        form = self.settings()
        form.smart_base_url = "http://bck.factura-smart.com"
        self.assertIn("http is allowed", form.smart_credentials_problem)

    def test_a_company_without_a_rif_is_told_where_to_enter_it(self):
        self.forget()
        self.company.vat = False
        form = self.settings()
        form.smart_environment = "test"
        form.smart_token = self.token
        self.assertIn("has no valid RIF", form.smart_credentials_problem)

    def test_a_branch_needs_no_token_of_its_own(self):
        branch = self.env["res.company"].create({"name": "Sucursal", "parent_id": self.company.id})
        problem, _holder = branch._smart_judge_credentials(RIF, "test", False, False)
        self.assertFalse(problem)
        self.company.smart_environment = "disabled"
        branch.invalidate_recordset()
        problem, _holder = branch._smart_judge_credentials(RIF, "test", False, False)
        self.assertIn("token is missing", problem)


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestWindow(SetupCommon):
    def test_an_accounting_manager_sets_everything_in_one_save(self):
        self.forget()
        self.company.vat = False
        window = self.window()
        window.smart_vat = RIF
        window.smart_environment = "test"
        window.smart_new_token = self.token
        window.smart_walk_in_address = "Caracas"
        window.smart_branch_code = "07"
        window.smart_responsible_id = self.manager
        window.save().action_save()
        self.assertRecordValues(
            self.company,
            [
                {
                    "smart_rif": RIF,
                    "smart_environment": "test",
                    "smart_token": self.token,
                    "smart_walk_in_address": "Caracas",
                    "smart_branch_code": "07",
                    "smart_responsible_id": self.manager.id,
                }
            ],
        )

    def test_a_number_that_nobody_touches_is_not_checked_again(self):
        self.company.partner_id.with_context(no_vat_validation=True).vat = "no RIF"
        form = self.settings()
        form.smart_branch_code = "09"
        form.save().execute()
        self.assertEqual(self.company.smart_branch_code, "09")

    def test_an_administrator_enters_a_stand_in_in_one_save(self):
        self.forget()
        window = self.window(self.boss)
        window.smart_environment = "custom"
        window.smart_base_url = self.simulator.url
        window.smart_new_token = self.token
        window.save()
        self.assertEqual(self.company.smart_token_origin, self.simulator.url)
        self.assertEqual(self.confirm().smart_state, "issued")

    def test_what_was_saved_can_be_changed_in_the_same_window(self):
        window = self.window()
        record = window.save()
        with Form(record) as again:
            again.smart_branch_code = "08"
        self.assertEqual(self.company.smart_branch_code, "08")
        self.assertEqual(self.company.smart_token, self.token)

    def test_the_token_is_entered_by_managers_and_read_by_none(self):
        Window = self.as_auditor(self.env["smart.settings.window"], self.manager)
        window = Window.create({"smart_new_token": self.token, "smart_environment": "test"})
        address = self.company.sudo().smart_base_url
        self.env.flush_all()

        def with_default(**context):
            Window.with_context(**context).create({"smart_branch_code": "1"})
            company = self.company.sudo()
            return (company.smart_base_url, company.smart_environment) == (address, "test")

        def create_with_default():
            Default = Window.env["ir.default"].sudo()
            Default.set("smart.settings.window", "smart_base_url", "https://evil.example.com", True)
            return with_default()

        spec = {"smart_new_token": {}, "smart_has_token": {}, "smart_environment": {}}
        table = [
            ("read it", lambda: window.read(["smart_token"]), AccessError),
            ("what was entered", lambda: window.web_read(spec), lambda told: told),
            ("all fields", window.read, lambda told: "smart_token" not in told[0]),
            ("fields", window.fields_get, lambda told: "smart_token" not in told),
            ("a new window", lambda: Window.onchange({}, [], spec), lambda told: told),
            ("state it", lambda: Window.create({"smart_token": "x"}), AccessError),
            ("the address", lambda: Window.create(
                {"smart_base_url": "https://evil.example.com"}), AccessError),
            ("the address, later", lambda: window.write(
                {"smart_base_url": "https://evil.example.com"}), AccessError),
            ("the present token elsewhere", lambda: Window.create(
                {"smart_environment": "disabled"}) and Window.create(
                {"smart_environment": "custom"}), ValidationError),
            ("the address, by a default", lambda: with_default(
                default_smart_base_url="https://evil.example.com",
                default_smart_environment="disabled"), lambda told: told),
            ("the address, by a default of one's own", create_with_default, lambda told: told),
            ("another company by a default", lambda: Window.with_context(
                default_company_id=self.other_company.id).create({}), AccessError),
            ("another company", lambda: Window.create(
                {"company_id": self.other_company.id}), AccessError),
        ]  # fmt: skip
        for name, attempt, happens in table:
            self.attack(name, attempt, happens)
        self.assertEqual(self.company.smart_token, self.token)

    def test_of_several_companies_a_link_sets_up_the_one_that_it_stands_on(self):
        second = self.env["res.company"].create({"name": "Segunda, C.A."})
        self.manager.company_ids += second
        company = self.as_auditor(second, self.manager)
        context = company.action_smart_setup("walk_in")["context"]
        window = Form(company.env["smart.settings.window"].with_context(**context))
        window.smart_walk_in_address = "Maracaibo"
        window.save()
        self.assertEqual(second.smart_walk_in_address, "Maracaibo")
        self.assertNotEqual(self.company.smart_walk_in_address, "Maracaibo")

    def test_nobody_else_opens_it(self):
        for user in (self.clerk, self.employee):
            Window = self.as_auditor(self.env["smart.settings.window"], user)
            company = self.as_auditor(self.company, user)
            for name, attempt in (
                ("window", lambda: Window.create({})),  # noqa: B023
                ("production", lambda: Window.env["smart.production"].create({})),  # noqa: B023
                ("link", lambda: company.action_smart_setup("token")),  # noqa: B023
                ("hide", lambda: company.action_smart_hide_setup()),  # noqa: B023
            ):
                self.attack(f"{user.login}: {name}", attempt, AccessError)


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestProduction(SetupCommon):
    def wizard(self, user=None, **values):
        Wizard = self.as_auditor(self.env["smart.production"], user or self.manager)
        return Wizard.create(values)

    def test_no_other_road_leads_there(self):
        company = self.as_auditor(self.company, self.boss)
        legal = {"smart_environment": "production", "smart_token": self.token}
        settings = self.as_auditor(self.env["res.config.settings"], self.boss)
        Window = self.as_auditor(self.env["smart.settings.window"], self.boss)
        table = [
            ("write", lambda: company.write(legal), UserError),
            ("web_save", lambda: company.web_save(legal, {}), UserError),
            ("create", lambda: company.create({"name": "Nueva, C.A.", **legal}), UserError),
            ("settings", lambda: settings.create(legal), UserError),
            ("window", lambda: Window.create(
                {"smart_environment": "production", "smart_new_token": self.token}), UserError),
        ]  # fmt: skip
        for name, attempt, happens in table:
            self.attack(name, attempt, happens)
        self.assertEqual(self.company.smart_environment, "custom")

    def test_the_step_says_what_changes_and_takes_it(self):
        self.confirm()
        self.simulator.fault("refuse", seconds=600)
        self.confirm()
        wizard = self.wizard(token=self.token)
        self.assertFalse(wizard.obstacle)
        for words in ("legal one", "numbering starts anew", "so far (1)", "control number (1)"):
            self.assertIn(words, wizard.consequences)
        with self.assertRaisesRegex(UserError, "Tick first"):
            wizard.action_go()
        wizard.understood = True
        wizard.action_go()
        self.assertEqual(self.company.smart_environment, "production")
        self.assertEqual(self.company.smart_token, self.token)
        self.env.invalidate_all()
        self.assertFalse(wizard.token, "nobody reads it there")
        self.assertIn("already", self.wizard().obstacle)

    def test_the_step_refuses_a_token_of_another_rif_and_none(self):
        for token, words in ((self.mint(FOREIGN), FOREIGN), (False, "token is missing")):
            wizard = self.wizard(token=token, understood=True)
            with self.assertRaisesRegex(UserError, words), self.env.cr.savepoint():
                wizard.action_go()
        form = Form(self.as_auditor(self.env["smart.production"], self.manager))
        form.token = self.mint(FOREIGN)
        self.assertIn(FOREIGN, form.token_problem)
        form.token = self.token
        self.assertFalse(form.token_problem)
        self.assertEqual(self.company.smart_environment, "custom")

    def test_a_branch_without_a_token_is_led_to_its_parent(self):
        branch = self.env["res.company"].create({"name": "Sucursal", "parent_id": self.company.id})
        self.manager.company_ids += branch
        wizard = self.wizard(company_id=branch.id, understood=True, token=self.token)
        self.assertIn(self.company.name, wizard.obstacle)
        with self.assertRaisesRegex(UserError, "take this step there"):
            wizard.action_go()
        self.assertEqual(branch.smart_environment, "disabled")

    def test_what_is_in_production_is_saved_as_before(self):
        legal = {"smart_environment": "production", "smart_token": self.token}
        self.company.sudo().write(legal)
        form = self.settings()
        form.smart_branch_code = "07"
        form.save().execute()
        self.assertEqual(self.company.smart_environment, "production")
        self.assertEqual(self.company.smart_branch_code, "07")

    def test_the_dashboard_of_a_branch_s_manager_opens_and_tells_nothing_of_the_parent(self):
        branch = self.env["res.company"].create({"name": "Sucursal", "parent_id": self.company.id})
        manager = self.new_user("manager_of_branch", "account.group_account_manager", branch)
        journals = self.as_auditor(self.env["account.journal"], manager).search(
            [("type", "=", "sale")]
        )
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertIn(self.company, journals.sudo().company_id, "it sells in the parent's journals")
        self.assertFalse(any(one["smart_setup"] for one in journals.read(["smart_setup"])))

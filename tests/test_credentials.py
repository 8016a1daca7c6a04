"""Environment, address and token: who changes them, and where the token goes."""

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .hostile import HostileService
from .test_attacks import AttackCommon

THREE = ("smart_environment", "smart_base_url", "smart_token")


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestWhoWritesCredentials(AttackCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rights = cls.make_auditor(
            "access_rights",
            cls.company,
            "base.group_erp_manager,base.group_partner_manager,account.group_account_manager",
        )

    def test_access_rights_without_settings_neither_read_the_token_nor_say_where_it_goes(self):
        company = self.as_auditor(self.company, self.rights)
        me = self.as_auditor(self.rights, self.rights)
        evil = "https://evil.example.com"
        settings = company.env["res.config.settings"]
        Default = company.env["ir.default"]
        branch = {"name": "Sucursal", "parent_id": self.company.id}
        kept = self.company.read(THREE)

        def create_with_defaults():
            for name, value in (("smart_base_url", evil), ("smart_environment", "custom")):
                Default.set("res.company", name, value, user_id=True)
            made = company.create({"name": "Nueva, C.A."}).sudo()
            return (made.smart_base_url, made.smart_environment) == (False, "disabled")

        table = [
            ("the token", lambda: company.read(["smart_token"]), AccessError),
            ("the address", lambda: company.read(["smart_base_url"]), AccessError),
            ("what it is bound to", lambda: company.read(["smart_token_origin"]), AccessError),
            ("settings", lambda: settings.create({"smart_base_url": evil}), AccessError),
            ("import", lambda: company.load([".id", "smart_base_url"],
                                            [[str(self.company.id), evil]])["ids"],
             lambda ids: not ids),
            ("over the user", lambda: me.write(
                {"company_id": self.company.id,
                 "company_ids": [Command.update(self.company.id, {"smart_base_url": evil})]}),
             AccessError),
            ("over the parent", lambda: company.write(
                {"child_ids": [Command.create({**branch, "smart_environment": "test"})]}),
             AccessError),
            ("a default in the context", lambda: company.with_context(
                default_smart_base_url=evil).create({"name": "Nueva, C.A."}), AccessError),
            ("a default of one's own", create_with_defaults, lambda harmless: harmless),
        ]  # fmt: skip
        for name, value in (
            ("smart_base_url", evil),
            ("smart_environment", "production"),
            ("smart_environment", "disabled"),
            ("smart_token", "x"),
            ("smart_token", False),
            ("smart_token_origin", evil),
        ):
            vals = {name: value}
            table += [
                (f"write {vals}", lambda vals=vals: company.write(vals), AccessError),
                (f"web_save {vals}", lambda vals=vals: company.web_save(vals, {}), AccessError),
                (f"create {vals}",
                 lambda vals=vals: company.create({"name": "Nueva", **vals}), AccessError),
            ]  # fmt: skip
        for user in (self.rights, self.manager, self.clerk, self.employee):
            mine = self.as_auditor(self.company, user)
            table += [
                (f"write as {user.login}",
                 lambda mine=mine: mine.write({"smart_environment": "test"}), AccessError),
            ]  # fmt: skip
        for name, attempt, happens in table:
            self.attack(name, attempt, happens)
        self.assertEqual(self.company.read(THREE), kept)
        self.assertEqual(company.smart_environment, "custom", "who may see it still does")
        self.assertTrue(company.fields_get(["smart_environment"])["smart_environment"]["readonly"])

    def test_what_the_token_is_bound_to_is_written_by_nobody(self):
        settings_user = self.make_auditor("settings_user", self.company, "base.group_system")
        company = self.as_auditor(self.company, settings_user)
        self.assertEqual(company.smart_token_origin, self.simulator.url)
        with self.assertRaises(AccessError):
            company.smart_token_origin = "https://evil.example.com"


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestWhereTheTokenGoes(AttackCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss = cls.make_auditor(
            "boss", cls.company, "base.group_system,account.group_account_manager"
        )

    def setUp(self):
        super().setUp()
        self.mine = self.as_auditor(self.company, self.boss)
        self.token = self.company.smart_token

    def test_another_place_asks_for_the_token_again(self):
        port = self.simulator.url.rsplit(":", 1)[1]
        for vals in (
            {"smart_base_url": "https://evil.example.com"},
            {"smart_base_url": f"https://127.0.0.1:{port}"},
            {"smart_base_url": "http://127.0.0.1:9"},
            {"smart_base_url": f"http://localhost:{port}"},
            {"smart_environment": "test"},
            {"smart_environment": "production"},
            {"smart_environment": "production", "smart_base_url": False},
        ):
            for company in (self.mine, self.mine.sudo()):
                with (
                    self.subTest(vals, su=company.env.su),
                    self.assertRaisesRegex(ValidationError, "Enter the token again"),
                    self.env.cr.savepoint(),
                ):
                    company.write(vals)
                self.env.invalidate_all()
        self.assertEqual(self.company.smart_base_url, self.simulator.url)

    def test_the_same_place_does_not(self):
        self.mine.smart_base_url = self.simulator.url + "/"
        self.mine.smart_environment = "disabled"
        self.mine.smart_environment = "custom"
        self.assertEqual(self.mine.smart_token, self.token)
        self.assertEqual(self.confirm().smart_state, "issued")

    def test_switching_it_off_first_does_not_help(self):
        self.mine.smart_environment = "disabled"
        self.mine.smart_base_url = "https://evil.example.com"
        with self.assertRaisesRegex(ValidationError, "Enter the token again"):
            self.mine.smart_environment = "custom"

    def test_stated_anew_it_goes_along_and_left_empty_it_is_gone(self):
        self.mine.write({"smart_base_url": "https://smart.example.com", "smart_token": self.token})
        self.assertEqual(self.mine.smart_token_origin, "https://smart.example.com")
        self.mine.write({"smart_environment": "test", "smart_token": False})
        self.assertFalse(self.mine.smart_token)
        self.assertFalse(self.mine.smart_token_origin)

    def test_a_token_entered_while_switched_off_is_bound_by_the_first_address(self):
        self.mine.write({"smart_environment": "disabled", "smart_token": self.token})
        self.assertFalse(self.mine.smart_token_origin)
        self.mine.smart_environment = "custom"
        self.assertEqual(self.mine.smart_token_origin, self.simulator.url)

    def test_an_address_changed_behind_odoos_back_gets_no_token(self):
        hostile = HostileService()
        self.addCleanup(hostile.stop)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_company SET smart_base_url = %s WHERE id = %s",
            [hostile.url, self.company.id],
        )
        self.env.invalidate_all()
        invoice = self.confirm()
        self.assertEqual(invoice.smart_state, "queued")
        with self.assertRaisesRegex(UserError, "entered for another address"):
            self.company._smart_client()
        self.assertFalse(hostile.requests)

    # -- the settings ----------------------------------------------------------------------

    def settings(self):
        return Form(
            self.env["res.config.settings"]
            .with_user(self.boss)
            .with_context(allowed_company_ids=self.company.ids)
        )

    def test_all_three_are_entered_in_one_save(self):
        self.company.write({"smart_environment": "disabled", "smart_token": False})
        self.company.smart_base_url = False
        form = self.settings()
        form.smart_environment = "custom"
        form.smart_base_url = self.simulator.url
        form.smart_token = self.token
        form.save().execute()
        self.assertRecordValues(
            self.company,
            [
                {
                    "smart_environment": "custom",
                    "smart_base_url": self.simulator.url,
                    "smart_token": self.token,
                    "smart_token_origin": self.simulator.url,
                }
            ],
        )
        self.assertEqual(self.confirm().smart_state, "issued")

    def test_the_form_says_before_saving_that_the_token_is_needed_again(self):
        form = self.settings()
        self.assertFalse(form.smart_token_needed)
        form.smart_environment = "test"
        self.assertTrue(form.smart_token_needed)
        self.assertFalse(form.smart_token)
        with self.assertRaisesRegex(AssertionError, "smart_token is a required field"):
            form.save()
        form.smart_environment = "custom"
        self.assertFalse(form.smart_token_needed)
        self.assertEqual(form.smart_token, self.token)
        form.smart_base_url = "https://smart.example.com"
        self.assertTrue(form.smart_token_needed)
        form.smart_token = self.token
        form.save().execute()
        self.assertEqual(self.company.smart_token_origin, "https://smart.example.com")
        self.assertEqual(self.company.smart_token, self.token)

    def test_settings_that_come_without_the_form_need_it_too(self):
        settings = self.env["res.config.settings"].with_user(self.boss)
        for vals in (
            {"smart_base_url": "https://evil.example.com"},
            {"smart_base_url": "https://evil.example.com", "smart_token": False},
            {"smart_environment": "test", "smart_token": ""},
        ):
            with (
                self.subTest(vals),
                self.assertRaisesRegex(ValidationError, "Enter the token again"),
                self.env.cr.savepoint(),
            ):
                settings.create({"company_id": self.company.id, **vals}).execute()
            self.env.invalidate_all()

    def test_other_settings_are_saved_without_touching_them(self):
        form = self.settings()
        form.smart_branch_code = "07"
        form.save().execute()
        self.assertEqual(self.company.smart_branch_code, "07")
        self.assertEqual(self.company.smart_token, self.token)

    def test_a_token_is_removed_by_emptying_it(self):
        form = self.settings()
        form.smart_token = False
        form.save().execute()
        self.assertFalse(self.company.smart_token)
        self.assertFalse(self.company.smart_issuer_id)

"""Nobody makes administrators read-only by mistake, on whatever road groups are given."""

import runpy
from contextlib import contextmanager
from pathlib import Path

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .test_attacks import AttackCommon

MIGRATIONS = Path(__file__).parents[1] / "migrations"

NOT_BOTH = "auditor and an administrator"


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestAuditorGroups(AttackCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.group = cls.env.ref("l10n_ve_edi_smart.group_smart_auditor")
        cls.system = cls.env.ref("base.group_system")
        cls.admin = cls.make_auditor("lockable", cls.company, "base.group_system")
        cls.invoicing = cls.env.ref("account.group_account_invoice")

    @contextmanager
    def refused(self, name, words):
        try:
            with (
                self.subTest(name),
                self.assertRaisesRegex(ValidationError, words),
                self.env.cr.savepoint(),
            ):
                yield
        finally:
            # As a request does that is rolled back.
            self.forget_groups()

    def as_admin(self, record):
        return record.with_user(self.admin)

    def test_no_group_implies_the_auditor(self):
        Groups = self.as_admin(self.env["res.groups"])
        link = [Command.link(self.group.id)]
        mine = self.as_admin(self.group)
        privilege = self.as_admin(self.env["res.groups.privilege"])
        every_group = self.env["res.groups"].search([("id", "!=", self.group.id)])
        for group in every_group:
            with self.refused(group.full_name, "cannot"):
                self.as_admin(group).write({"implied_ids": link})
        for name, attempt in (
            ("from the other side",
             lambda: mine.write({"implied_by_ids": [Command.link(self.invoicing.id)]})),
            ("a new group of its own side",
             lambda: mine.write({"implied_by_ids": [Command.create({"name": "New"})]})),
            ("by create", lambda: Groups.create({"name": "New", "implied_ids": link})),
            ("by set", lambda: Groups.create(
                {"name": "New", "implied_ids": [Command.set(self.group.ids)]})),
            ("by copy", lambda: Groups.browse(self.invoicing.id).copy({"implied_ids": link})),
            ("by import", lambda: self.imported(
                Groups, ["name", "implied_ids/id"],
                ["New", "l10n_ve_edi_smart.group_smart_auditor"])),
            ("by import, an old one", lambda: self.imported(
                Groups, ["id", "implied_ids/id"],
                ["base.group_user", "l10n_ve_edi_smart.group_smart_auditor"])),
            ("by a privilege", lambda: privilege.create(
                {"name": "New", "group_ids": [Command.create(
                    {"name": "New", "implied_ids": link})]})),
            ("as a setting does", lambda: self.env.ref("base.group_user")._apply_group(self.group)),
            ("with all rights", lambda: self.invoicing.sudo().write({"implied_ids": link})),
        ):  # fmt: skip
            with self.refused(name, "cannot imply"):
                attempt()
        self.assert_nobody_is_locked_out()

    def imported(self, model, names, row):
        result = model.load(names, [row])
        if not result["ids"]:
            raise ValidationError(" ".join(message["message"] for message in result["messages"]))

    def test_the_auditor_implies_no_administrator(self):
        for group in (self.system, self.env.ref("base.group_erp_manager")):
            with self.refused(group.full_name, "rights of an administrator"):
                self.as_admin(self.group).write({"implied_ids": [Command.link(group.id)]})
        between = self.env["res.groups"].create(
            {"name": "Between", "implied_ids": [Command.link(self.system.id)]}
        )
        with self.refused("over another", "rights of an administrator"):
            self.as_admin(self.group).write({"implied_ids": [Command.link(between.id)]})
        self.as_admin(self.group).write({"implied_ids": [Command.link(self.invoicing.id)]})
        with self.refused("over two others", "rights of an administrator"):
            self.as_admin(self.invoicing).write({"implied_ids": [Command.link(between.id)]})

    def test_no_user_is_both_on_whatever_road(self):
        Users = self.as_admin(self.env["res.users"])
        archived = self.make_auditor("archived", self.company, "base.group_system")
        archived.active = False
        own = self.env["res.groups"].create({"name": "Own"})
        self.auditor.group_ids += own
        link = [Command.link(self.group.id)]
        both = [Command.set((self.group + self.system).ids)]
        table = [
            ("the user's groups", lambda: self.as_admin(self.admin).write({"group_ids": link})),
            ("the group's users",
             lambda: self.as_admin(self.group).write({"user_ids": [Command.link(self.admin.id)]})),
            ("the group's users, archived",
             lambda: self.as_admin(self.group).write({"user_ids": [Command.link(archived.id)]})),
            ("all of the group's users", lambda: self.as_admin(self.group).write(
                {"all_user_ids": [Command.link(self.admin.id)]})),
            ("the administrators' users", lambda: self.as_admin(self.system).write(
                {"user_ids": [Command.link(self.auditor.id)]})),
            ("the role", lambda: self.as_admin(self.auditor).write(
                {"group_ids": [Command.link(self.system.id)]})),
            ("another group of the auditor", lambda: self.as_admin(own).write(
                {"implied_ids": [Command.link(self.system.id)]})),
            ("the same from the other side", lambda: self.as_admin(self.system).write(
                {"implied_by_ids": [Command.link(own.id)]})),
            ("a new user", lambda: Users.create(
                {"name": "New", "login": "new_both", "group_ids": both})),
            ("a new group", lambda: self.as_admin(own).create(
                {"name": "New", "implied_ids": [Command.link(self.system.id)],
                 "user_ids": [Command.link(self.auditor.id)]})),
            ("import", lambda: self.imported(
                Users, [".id", "group_ids/id"],
                [str(self.admin.id), "l10n_ve_edi_smart.group_smart_auditor,base.group_system"])),
        ]  # fmt: skip
        for name, attempt in table:
            with self.refused(name, NOT_BOTH):
                attempt()
        self.assert_nobody_is_locked_out()

    def test_the_upgrade_makes_auditors_by_another_group_auditors_of_their_own(self):
        inspectors, over = self.env["res.groups"].create([{"name": "Inspectors"}, {"name": "Over"}])
        over.implied_ids = inspectors
        inspector = self.make_auditor("inspector", self.company, "base.group_user")
        inspector.group_ids += over
        self.admin.group_ids += inspectors
        self.env.flush_all()
        # As the version before allowed it.
        self.env.cr.execute(
            "INSERT INTO res_groups_implied_rel (gid, hid) VALUES (%s, %s)",
            [inspectors.id, self.group.id],
        )
        self.forget_groups()
        self.assertTrue(inspector._is_smart_auditor())
        self.assertTrue(self.admin._is_smart_auditor())
        [script] = MIGRATIONS.glob("*/pre-free_the_auditor.py")
        with self.assertLogs(level="WARNING"):
            runpy.run_path(str(script))["migrate"](self.env.cr, "19.0.1.0.0")
        self.forget_groups()
        self.assertTrue(inspector._is_smart_auditor())
        self.assertIn(self.group, inspector.group_ids)
        # What the upgrade does next: the group's own record is loaded anew.
        self.group.write({"implied_ids": [Command.link(self.env.ref("base.group_user").id)]})
        self.assert_nobody_is_locked_out()

    def forget_groups(self):
        self.env.registry.clear_cache("groups")
        self.env.registry.clear_cache()
        self.env.invalidate_all()

    def test_who_gives_no_rights_gives_none_to_the_auditor(self):
        for user in (self.manager, self.clerk, self.auditor):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.invoicing.with_user(user).write({"implied_ids": [Command.link(self.group.id)]})

    def assert_nobody_is_locked_out(self):
        for user in (self.admin, self.env.ref("base.user_admin"), self.manager):
            self.assertFalse(user._is_smart_auditor(), user.login)
        self.admin.with_user(self.admin).write({"signature": "<p>Still writes</p>"})

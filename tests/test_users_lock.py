"""Who did something stays known: a user whom a fiscal record names cannot be deleted."""

from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.locks.master_data import USER_FIELDS
from .contingency_common import ContingencyCommon
from .test_rights import models_of_the_addon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestUsersLock(ContingencyCommon):
    def user_fields(self):
        """Return the stored fields that name a user, of the rows that the addon keeps."""
        return {
            (model._name, name)
            for model in models_of_the_addon(self.env, transient=False)
            if model._auto
            for name, field in model._fields.items()
            if field.type == "many2one" and field.comodel_name == "res.users" and field.store
            if name not in ("create_uid", "write_uid") or field.ondelete == "restrict"
        }

    def test_the_database_lets_go_of_no_user_whom_a_fiscal_record_names(self):
        found = self.user_fields()
        self.assertIn(("smart.exchange", "user_id"), found)
        self.assertEqual(
            found, {(model, name) for model, names in USER_FIELDS.items() for name in names}
        )
        for model, name in sorted(found):
            with self.subTest(model=model, field=name):
                self.assertEqual(self.on_delete(self.env[model]._table, name), "r")

    def on_delete(self, table, column):
        self.env.cr.execute(
            """
            SELECT confdeltype FROM pg_constraint AS c
              JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
             WHERE c.contype = 'f' AND c.conrelid = %s::regclass AND a.attname = %s
            """,
            [table, column],
        )
        return self.env.cr.fetchone()[0]

    def test_each_of_them_keeps_the_user(self):
        document = self.confirm().smart_document_id.sudo()
        email = self.env["smart.email"].sudo()._ask({document: ["a@example.com"]})
        self.env.cr.postcommit.clear()
        sheet = self.write_paper().sudo().smart_sheet_id
        records = {"smart.document": document, "smart.email": email.sudo(), "smart.sheet": sheet}
        for model, names in USER_FIELDS.items():
            for name in names:
                user = self.new_user(f"doer_{model}_{name}", "base.group_user")
                with self.subTest(model=model, field=name):
                    if model == "smart.exchange":  # append-only: as somebody who sends
                        document.exchange_ids.with_user(user).sudo()._log_resolution(
                            document, "refused", "x"
                        )
                    elif name == "create_uid":  # whoever confirmed the invoice
                        user.group_ids += self.env.ref("account.group_account_invoice")
                        self.confirm(self.make_invoice().with_user(user))
                    else:
                        records[model]._engine_write({name: user.id})
                    self.env.flush_all()
                    with self.assertRaises(UserError) as raised, self.env.cr.savepoint():
                        user.unlink()
                    self.assertIn(user.name, str(raised.exception))
                    self.assertIn(user.login, str(raised.exception))
                    self.assertIn("Archive them instead", str(raised.exception))
                    with (
                        self.assertRaises(IntegrityError),
                        mute_logger("odoo.sql_db"),
                        self.env.cr.savepoint(),
                    ):
                        self.env.cr.execute("DELETE FROM res_users WHERE id = %s", [user.id])
                    user.active = False
                    self.assertEqual(user.exists(), user)

    def test_all_who_are_named_are_said_at_once_and_the_others_go(self):
        document = self.confirm().smart_document_id.sudo()
        first, second, idle = (
            self.new_user(login, "base.group_user") for login in ("first", "second", "idle")
        )
        document._engine_write({"annulment_user_id": first.id, "resolved_by": second.id})
        with self.assertRaisesRegex(UserError, r"\(first\), .*\(second\)\.") as raised:
            (first + idle + second).unlink()
        self.assertNotIn("(idle)", str(raised.exception))
        idle.unlink()
        self.assertFalse(idle.exists())

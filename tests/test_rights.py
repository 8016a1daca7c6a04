"""Rights of every model of the addon, found in the registry, not in a list."""

import ast
import io
import tokenize
from pathlib import Path

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from .test_attacks import AttackCommon

ADDON = Path(__file__).parent.parent
MODULE = "l10n_ve_edi_smart"
#: A reason stands on the line itself or at most so many lines away.
NEAR = 3


def models_of_the_addon(env, transient=None):
    """Return the models that the addon adds and that have rows."""
    models = [
        env[name]
        for name in sorted(env.registry)
        if env.registry[name]._original_module == MODULE and not env[name]._abstract
    ]
    return [model for model in models if transient is None or model.is_transient() == transient]


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestRights(TransactionCase):
    def test_every_model_has_rights_and_says_whose_rows_are_seen(self):
        models = models_of_the_addon(self.env)
        self.assertGreater(len(models), 7)
        for model in models:
            with self.subTest(model._name):
                ir_model = self.env["ir.model"]._get(model._name)
                self.assertTrue(ir_model.access_ids)
                self.assertTrue(all(ir_model.access_ids.mapped("group_id")), "for no group")
                if not any(
                    access[f"perm_{operation}"]
                    for access in ir_model.access_ids
                    for operation in ("read", "write", "create", "unlink")
                ):
                    continue  # nobody sees a row
                rules = ir_model.rule_ids.filtered(lambda rule: rule["global"] and rule.active)
                wanted = "user.id" if model.is_transient() else "company_ids"
                self.assertTrue(
                    any(wanted in (rule.domain_force or "") for rule in rules),
                    f"{model._name} has no global rule with {wanted}",
                )
                for rule in rules:
                    self.assertTrue(
                        rule.perm_read and rule.perm_write and rule.perm_create and rule.perm_unlink
                    )

    def test_no_user_writes_what_the_sender_writes(self):
        for model in models_of_the_addon(self.env, transient=False):
            if model._name == "smart.pad":
                continue  # people enter what a printing house has delivered
            access = self.env["ir.model"]._get(model._name).access_ids
            with self.subTest(model._name):
                self.assertFalse(access.filtered("perm_create"))
                self.assertFalse(access.filtered("perm_unlink"))
                written = access.filtered("perm_write")
                if model._name == "smart.numbering":
                    self.assertEqual(
                        written.group_id, self.env.ref("account.group_account_manager")
                    )
                else:
                    self.assertFalse(written)

    def test_an_auditor_reads_every_kept_model_or_is_told_nothing_of_it(self):
        auditor = self.env.ref("l10n_ve_edi_smart.group_smart_auditor")
        readable = {
            model._name
            for model in models_of_the_addon(self.env)
            if auditor in self.env["ir.model"]._get(model._name).access_ids.group_id
        }
        self.assertLessEqual(
            {"smart.document", "smart.exchange", "smart.numbering", "smart.witness"},
            readable,
        )
        self.assertNotIn("smart.lane", readable)

    def test_every_sudo_says_why(self):
        silent = []
        for folder in ("models", "wizards", "report", "controllers"):
            for path in sorted((ADDON / folder).rglob("*.py")):
                silent += [f"{path.relative_to(ADDON)}:{line}" for line in _silent_sudos(path)]
        self.assertEqual(silent, [])

    def test_the_check_of_sudo_finds_one_without_a_reason(self):
        for source, lines in (
            ("a = 1\n\n\n\nb.sudo()\n", [5]),
            ("b.sudo()  # sudo: why\n", []),
            ("# sudo: why\nb.sudo()\n", []),
            ("e = Environment(cr, uid, {}, su=True)\n", [1]),
            ("'''b.sudo()'''\n", []),
            ("# nothing\nb.sudo(False)\n", []),
        ):
            with self.subTest(source):
                self.assertEqual(_silent(source), lines)


def _silent_sudos(path):
    return _silent(path.read_text(encoding="utf-8"))


def _silent(source):
    """Return the lines that gain all rights without a comment nearby."""
    comments = {
        token.start[0]
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT
    }
    gained = set()
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        values = [keyword.value for keyword in node.keywords if keyword.arg == "su"]
        if called == "sudo":
            values = node.args or [ast.Constant(True)]
        for value in values:
            if not (isinstance(value, ast.Constant) and value.value is False):
                gained.add(node.func.end_lineno)
    return [
        line
        for line in sorted(gained)
        if not any(abs(line - comment) <= NEAR for comment in comments)
    ]


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestWizards(AttackCommon):
    """Every wizard of the addon, whatever it does, by whoever must not use it."""

    def test_no_wizard_tells_or_does_anything_about_another_company(self):
        invoice = self.confirm()
        draft = self.make_invoice()
        documents = {
            "account.move": invoice,
            "smart.document": invoice.smart_document_id,
        }
        secrets = [invoice.name, "00-00000001", self.customer.name]
        self.env.flush_all()
        calls = len(self.simulator.calls())
        tried = 0
        for model in models_of_the_addon(self.env, transient=True):
            wizard = self.as_auditor(model, self.stranger)
            for name, field in model._fields.items():
                target = documents.get(field.comodel_name) if field.relational else None
                if target is None or field.type == "one2many":
                    continue
                tried += 1
                value = target.id if field.type == "many2one" else [(6, 0, target.ids)]
                for values, context in (
                    ({name: value}, {}),
                    ({}, {"active_model": target._name, "active_ids": target.ids,
                          "active_id": target.id, f"default_{name}": value}),
                ):  # fmt: skip
                    with self.subTest(f"{model._name}.{name}", context=context):
                        self.env.invalidate_all()
                        said = self._use(wizard.with_context(**context), values)
                        for secret in secrets:
                            self.assertNotIn(secret, said)
        self.assertGreaterEqual(tried, 3)
        self.assertEqual(len(self.simulator.calls()), calls)
        self.assertEqual(invoice.smart_state, "issued")
        self.assertEqual(draft.state, "draft")

    def _use(self, wizard, values):
        """Create a wizard, press all its buttons, and return all that it says."""
        said = ""
        try:
            with self.env.cr.savepoint():
                record = wizard.create(values)
                self.env.flush_all()
                self.env.invalidate_all()
                # What Odoo itself tells of a record by its id is its name.
                columns = [
                    name
                    for name, field in record._fields.items()
                    if not field.relational and name != "display_name"
                ]
                said += repr(record.read(columns))
        except (UserError, ValueError, self.IntegrityErrors) as error:
            return said + str(error)
        for name in dir(type(record)):
            if name.startswith("action_"):
                try:
                    with self.env.cr.savepoint():
                        said += repr(getattr(record, name)())
                        self.env.flush_all()
                except (UserError, ValueError, TypeError, self.IntegrityErrors) as error:
                    said += str(error)
        return said

    @property
    def IntegrityErrors(self):  # noqa: N802 - used like a class
        import psycopg2

        return psycopg2.IntegrityError

    def test_no_button_of_a_wizard_works_for_who_only_reads_the_books(self):
        reader = self.make_auditor("reader", self.company, "account.group_account_readonly")
        for model in models_of_the_addon(self.env, transient=True):
            for user in (reader, self.employee, self.auditor):
                with self.subTest(model._name, user=user.login):
                    if getattr(type(model), "_smart_auditor_methods", None):
                        continue
                    with self.assertRaises(AccessError):
                        self.as_auditor(model, user).create({})

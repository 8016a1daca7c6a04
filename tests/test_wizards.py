"""Every window of the addon: what a client can state and forge.

The windows are found in the registry: a new one is tested here without being named, but for its
inputs, which are a list of their own.
"""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_rights import models_of_the_addon
from .wizards_common import FIXED, INPUTS, MAGIC, WizardCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestWhatClientsState(WizardCommon):
    def test_every_window_declares_its_inputs_and_computes_nothing_with_all_rights(self):
        models = models_of_the_addon(self.env, transient=True)
        self.assertEqual({model._name for model in models}, INPUTS.keys())
        for model in models:
            with self.subTest(model._name):
                self.assertTrue(hasattr(model, "_smart_fixed"), "not made by smart.wizard")
                self.assertEqual(model._smart_inputs, INPUTS[model._name])
                self.assertEqual(model._smart_fixed, FIXED.get(model._name, set()))
                self.assertLessEqual(model._smart_inputs | model._smart_lines, set(model._fields))
                for name, field in model._fields.items():
                    if field.compute or field.related:
                        self.assertFalse(field.compute_sudo, name)

    def test_nobody_has_rights_on_rows_that_the_window_makes(self):
        for name in INPUTS:
            access = self.env["ir.model"]._get(name).access_ids
            made_by_clients = bool(INPUTS[name]) and name in (
                "smart.book", "smart.igtf", "smart.resolve.wizard", "smart.production",
                "smart.settings.window", "smart.contingency", "smart.sheet.explain",
            )  # fmt: skip
            with self.subTest(name):
                self.assertEqual(any(access.mapped("perm_create")), made_by_clients)
                self.assertEqual(
                    any(access.mapped("perm_unlink")), name == "smart.email.wizard.line"
                )
                if not INPUTS[name] and name != "smart.email.wizard":
                    self.assertFalse(any(access.mapped("perm_write")))

    def test_what_is_no_input_is_stated_by_no_client(self):
        for name, records in self.opened().items():
            record = records[:1]
            before = record.sudo().read()
            for field_name in record._fields.keys() - INPUTS[name] - record._smart_lines - MAGIC:
                for value in self.forged(record._fields[field_name]):
                    values = {field_name: value}
                    for road, attempt in (
                        ("write", lambda: record.write(values)),  # noqa: B023
                        ("web_save", lambda: record.web_save(values, {})),  # noqa: B023
                        ("create", lambda: record.browse().create(values)),  # noqa: B023
                        ("import", lambda: self.imported(record, values)),  # noqa: B023
                    ):
                        self.attack(f"{name}.{field_name} by {road}: {value}", attempt, AccessError)
            self.assertEqual(record.sudo().read(), before)

    def imported(self, record, values):
        [(name, value)] = values.items()
        result = record.browse().load([".id", name], [[str(record.id), str(value)]])
        if not result["ids"]:
            raise AccessError(str(result["messages"]))

    def test_a_window_stays_with_what_it_was_opened_about(self):
        opened = self.opened()
        other = self.make_invoice()
        for name, values in (
            ("smart.igtf", {"move_id": other.id}),
            ("smart.resolve.wizard", {"document_id": self.issued.smart_document_id.id}),
        ):
            self.attack(name, lambda: opened[name].write(values), AccessError)  # noqa: B023

    def test_defaults_of_people_companies_and_contexts_forge_nothing(self):
        def shown(windows):
            return {
                name: [
                    {
                        key: value
                        for key, value in row.items()
                        if key not in MAGIC | INPUTS[name] | {"wizard_id", "preflight_id"}
                        and not key.endswith("_ids")
                    }
                    for row in records.sudo().read()
                ]
                for name, records in windows.items()
            }

        honest = shown(self.opened())
        context, tried = {}, 0
        for scope in ({"user_id": True}, {"company_id": True}, {}):
            for name, inputs in INPUTS.items():
                model = self.env[name]
                for field_name in model._fields.keys() - inputs - MAGIC:
                    value = self.forged(model._fields[field_name])[0]
                    context[f"default_{field_name}"] = value
                    tried += 1
                    self.as_auditor(self.env["ir.default"], self.manager).sudo().set(
                        name, field_name, value, **scope
                    )
            self.assertEqual(shown(self.opened()), honest)
        self.assertGreater(tried, 100)
        self.assertEqual(shown(self.opened(**context)), honest)
        self.assertTrue(self.nothing_happened())

    def test_defaults_of_inputs_are_checked_like_inputs(self):
        self.as_auditor(self.env["ir.default"], self.stranger).set(
            "smart.igtf", "move_id", self.draft.id, user_id=True
        )
        igtf = self.fresh(self.env["smart.igtf"], self.stranger)
        table = [
            ("create", lambda: igtf.create({}), AccessError),
            ("default_get", lambda: igtf.default_get(["move_id"]), AccessError),
            ("onchange", lambda: igtf.onchange({}, [], {"move_id": {}, "total": {}}), AccessError),
        ]
        for name, attempt, happens in table:
            self.attack(f"a default of one's own: {name}", attempt, happens)

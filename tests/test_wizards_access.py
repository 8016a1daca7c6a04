"""Every window of the addon: what a client can name, and do, through it."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .test_attacks import MANAGER
from .wizards_common import INPUTS, MAGIC, WizardCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestWhatClientsName(WizardCommon):
    def named(self):
        """Return records of the company that another company's manager must not name."""
        return {
            "account.move": self.issued + self.draft + self.unknown,
            "smart.document": self.issued.smart_document_id + self.unknown.smart_document_id,
            "smart.pad": self.pad,
            "account.journal": self.pad.journal_id,
            "res.company": self.company,
            "res.partner": self.customer,
        }

    def test_records_of_other_companies_are_named_on_no_road(self):
        self.customer.company_id = self.company
        tried = 0
        for name, inputs in INPUTS.items():
            for field_name in self.env[name]._fields.keys() - MAGIC:
                field = self.env[name]._fields[field_name]
                targets = self.named().get(field.comodel_name) if field.relational else None
                if targets is None or field.type == "one2many":
                    continue
                for target in targets:
                    wizard = self.fresh(self.env[name], self.stranger)
                    value = target.id if field.type == "many2one" else [Command.set(target.ids)]
                    values, spec = {field_name: value}, dict.fromkeys(wizard._fields, {})
                    context = {f"default_{field_name}": value, "active_model": target._name,
                               "active_ids": target.ids, "active_id": target.id}  # fmt: skip
                    refused = AccessError if field_name in inputs else self.tells_nothing
                    for road, attempt, happens in (
                        ("create", lambda: wizard.create(values), AccessError),  # noqa: B023
                        ("web_save", lambda: wizard.web_save(values, spec), AccessError),  # noqa: B023
                        ("onchange", lambda: wizard.onchange(  # noqa: B023
                            values, [field_name], spec), refused),  # noqa: B023
                        ("onchange of a new window", lambda: wizard.with_context(  # noqa: B023
                            **context).onchange({}, [], spec), refused),  # noqa: B023
                        ("default_get", lambda: wizard.with_context(**context).default_get(  # noqa: B023
                            list(spec)), refused),  # noqa: B023
                    ):  # fmt: skip
                        tried += 1
                        self.attack(
                            f"{name}.{field_name} = {target} by {road}", attempt, happens,
                            also=(AccessError, ValueError),
                        )  # fmt: skip
        self.assertGreater(tried, 40)
        self.assertTrue(self.nothing_happened())

    def attack(self, name, attempt, happens, also=None):
        """Attack; a road may be closed even before it comes to what happens there."""
        if also and not isinstance(happens, type):
            told = attempt

            def attempt():
                try:
                    return told()
                except also as error:
                    return str(error)

        super().attack(name, attempt, happens)

    def tells_nothing(self, result):
        secrets = [self.issued.name, "00-00000001", "00-00000002", self.customer.name, "116.0"]
        return not any(secret in repr(result) for secret in secrets)

    def test_inputs_of_an_open_window_name_what_its_user_can_read(self):
        opened = self.opened()
        foreign = self.other_company.partner_id
        foreign.company_id = self.other_company
        line = opened["smart.email.wizard.line"][:1]
        book = opened["smart.book"]
        email = opened["smart.email.wizard"]
        for name, attempt in (
            ("a contact", lambda: line.write({"contact_ids": [Command.link(foreign.id)]})),
            ("a contact, by set", lambda: line.write({"contact_ids": [Command.set(foreign.ids)]})),
            ("a contact, in the window", lambda: email.write(
                {"line_ids": [Command.update(
                    line.id, {"contact_ids": [Command.link(foreign.id)]})]})),
            ("a contact, by onchange", lambda: line.onchange(
                {"contact_ids": [Command.link(foreign.id)]}, ["contact_ids"],
                {"contact_ids": {}, "addresses": {}})),
            ("a contact, by onchange in the window", lambda: email.onchange(
                {"line_ids": [Command.update(
                    line.id, {"contact_ids": [Command.link(foreign.id)]})]}, ["line_ids"],
                {"line_ids": {"fields": {"contact_ids": {}, "addresses": {}}}})),
            ("a new contact", lambda: line.write(
                {"contact_ids": [Command.create({"name": "x"})]})),
            ("another contact's e-mail", lambda: line.write(
                {"contact_ids": [Command.update(self.customer.id, {"email": "x@x.com"})]})),
            ("no contact at all", lambda: line.write(
                {"contact_ids": [Command.delete(self.customer.id)]})),
            ("a company", lambda: book.write({"company_ids": [Command.set(
                self.other_company.ids)]})),
            ("an issuer", lambda: book.write({"issuer_id": self.other_company.id})),
            ("a dictionary", lambda: book.write({"issuer_id": {"name": "x"}})),
        ):  # fmt: skip
            self.attack(name, attempt, AccessError)
        with self.requested_by(self.manager):
            line.write({"contact_ids": [Command.set(self.customer.ids)]})
        self.assertEqual(line.contact_ids, self.customer)

    def test_lines_are_made_by_the_window_alone(self):
        opened = self.opened()
        mine = self.opened(user=self.make_auditor("second", self.company, MANAGER))
        for wizard in ("smart.annul.wizard", "smart.email.wizard", "smart.preflight"):
            window, lines = opened[wizard], opened[f"{wizard}.line"]
            others = mine[f"{wizard}.line"]
            inverse, field = "wizard_id", "document_id"
            value = self.unknown.smart_document_id.id
            if "preflight" in wizard:
                inverse, field, value = "preflight_id", "document", self.unknown.name
            for name, command in (
                ("create", Command.create({field: value})),
                ("create of the issued", Command.create({field: value, "requested": True})),
                ("link", Command.link(others[:1].id)),
                ("set", Command.set(others.ids)),
                ("update another's", Command.update(others[:1].id, {field: value})),
                ("update its own", Command.update(lines[:1].id, {field: value})),
                ("delete another's", Command.delete(others[:1].id)),
                ("unlink another's", Command.unlink(others[:1].id)),
            ):
                vals = {"line_ids": [command]}
                spec = {"line_ids": {"fields": {field: {}}}}
                table = [
                    ("write", lambda: window.write(vals), AccessError),  # noqa: B023
                    ("web_save", lambda: window.web_save(vals, spec), AccessError),  # noqa: B023
                    ("create", lambda: window.browse().create(vals), AccessError),  # noqa: B023
                    ("onchange", lambda: window.onchange(vals, ["line_ids"], spec),  # noqa: B023
                     self.tells_nothing),
                ]  # fmt: skip
                with self.requested_by(self.manager):
                    for road, attempt, happens in table:
                        self.attack(f"{wizard}, {name} by {road}", attempt, happens, AccessError)
            line_values = {inverse: window.id, field: value}
            for name, attempt in (
                ("a line", lambda: lines.browse().create(line_values)),  # noqa: B023
                ("a line's document", lambda: lines[:1].write({field: value})),  # noqa: B023
                ("a line's window", lambda: others[:1].write({inverse: window.id})),  # noqa: B023
                ("a copy", lambda: lines[:1].copy()),  # noqa: B023
            ):
                self.attack(f"{wizard}: {name}", attempt, AccessError)
            self.assertEqual(self.fresh(window).line_ids, self.fresh(lines))
            self.assertEqual(others.exists(), others)

    def test_what_was_not_shown_is_neither_annulled_nor_mailed(self):
        opened = self.opened()
        one = self.fresh(self.issued).action_smart_annul()
        annul = self.fresh(self.env["smart.annul.wizard"].browse(one["res_id"]))
        other = self.other_issued.smart_document_id
        with self.requested_by(self.manager):
            for vals in (
                {"line_ids": [Command.create({"document_id": other.id})]},
                {"document_ids": [Command.link(other.id)]},
            ):
                self.attack(f"{vals}", lambda: annul.write(vals), AccessError)  # noqa: B023
            annul.reason = "Wrong customer"
            annul.action_annul()
            email = opened["smart.email.wizard"]
            email.write({"line_ids": [Command.delete(email.line_ids[0].id)]})
            self.fresh(email).line_ids.write({"addresses": "one@example.com"})
        self.assertEqual(self.issued.smart_annulment_state, "requested")
        self.assertFalse(self.other_issued.smart_annulment_state)


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestWhatButtonsDo(WizardCommon):
    def buttons(self, record):
        ours = {name for name in dir(type(record)) if name.startswith("action_")}
        return sorted(ours - set(dir(self.env.registry["base"])))

    def test_buttons_check_again_what_the_window_is_about(self):
        user = self.make_auditor("leaving", self.company, MANAGER)
        opened = self.opened(user)
        opened["smart.annul.wizard"].reason = "Wrong customer"
        opened["smart.resolve.wizard"].explanation = "Seen in the dashboard"
        user.write(
            {
                "company_id": self.other_company.id,
                "company_ids": [Command.set(self.other_company.ids)],
            }
        )
        pressed = 0
        for name, records in opened.items():
            for button in self.buttons(records):
                window = self.fresh(records[:1], user)
                pressed += 1
                self.attack(f"{name}.{button}", getattr(window, button), AccessError)
        self.assertGreaterEqual(pressed, 12)
        self.assertTrue(self.nothing_happened())

    def test_a_window_is_its_users(self):
        other = self.make_auditor("colleague", self.company, MANAGER)
        for name, records in self.opened().items():
            record = records[:1]
            table = [("read", lambda: self.fresh(record, other).read())]  # noqa: B023
            table += [
                (button, lambda button=button: getattr(self.fresh(record, other), button)())  # noqa: B023
                for button in self.buttons(record)
            ]
            for road, attempt in table:
                self.attack(f"{name}: {road}", attempt, AccessError)
            self.assertFalse(self.fresh(record, other).search([("id", "=", record.id)]))
        self.assertTrue(self.nothing_happened())

    def test_a_context_forges_nothing_of_what_a_decision_leaves(self):
        wizard = self.opened()["smart.resolve.wizard"]
        wizard.write({"explanation": "Seen in the dashboard", "control_number": "00-00000003"})
        forged = {
            "default_user_id": self.env.ref("base.user_admin").id,
            "default_answer_body": "forged",
            "default_http_status": 200,
            "default_url": "https://forged.example.com",
            "default_request_body": "forged",
            "default_author_id": self.clerk.partner_id.id,
            "default_body": "forged",
            "default_message_type": "comment",
            "default_document_id": self.issued.smart_document_id.id,
            "default_move_id": self.issued.id,
        }
        self.fresh(wizard).with_context(**forged).action_issued()
        self.env.invalidate_all()
        [entry] = self.unknown.smart_exchange_ids.filtered(lambda one: one.operation == "resolve")
        self.assertEqual(entry.user_id, self.manager)
        self.assertEqual(entry.document_id.move_id, self.unknown)
        for name in ("answer_body", "http_status", "url", "request_body"):
            self.assertFalse(entry[name], name)
        note = self.unknown.message_ids[0]
        self.assertEqual(note.author_id, self.manager.partner_id)
        self.assertIn("Seen in the dashboard", note.body)

    def test_the_form_of_each_window_still_works(self):
        opened = self.opened()
        with Form(opened["smart.email.wizard"]) as form:
            with form.line_ids.edit(0) as line:
                line.addresses = "one@example.com"
            form.line_ids.remove(1)
        self.assertEqual(opened["smart.email.wizard"].line_ids.addresses, "one@example.com")
        with Form(opened["smart.annul.wizard"]) as form:
            form.reason = "Wrong customer"
        self.assertEqual(opened["smart.annul.wizard"].reason, "Wrong customer")
        with Form(opened["smart.resolve.wizard"]) as form:
            form.explanation = "Seen in the dashboard"
        move = self.fresh(self.draft)
        with Form(move.env["smart.igtf"].with_context(default_move_id=move.id)) as form:
            form.amount_paid = 1.0
            self.assertTrue(form.total)
        with Form(self.fresh(self.env["smart.book"])) as form:
            form.document_type = "invoice"


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestWindowsOfOdoo(WizardCommon):
    """Odoo's own windows that the addon extends."""

    def test_notes_are_not_begun_about_documents_of_another_company(self):
        for name in ("account.move.reversal", "account.debit.note"):
            wizard = self.fresh(self.env[name], self.stranger)
            context = {"active_model": "account.move", "active_ids": self.unknown.ids}
            values = {"move_ids": [Command.set(self.unknown.ids)]}
            spec = {"smart_is_fiscal": {}, "smart_has_rate": {}, "move_ids": {}}
            for road, attempt in (
                ("default_get", lambda: wizard.with_context(**context).default_get([])),  # noqa: B023
                ("onchange", lambda: wizard.onchange(values, ["move_ids"], spec)),  # noqa: B023
                ("what it computes", lambda: wizard.new(values).smart_is_fiscal),  # noqa: B023
            ):
                self.attack(f"{name}: {road}", attempt, AccessError)

    def test_nothing_of_another_company_is_confirmed_or_told(self):
        wizard = self.fresh(self.env["validate.account.move"], self.stranger)
        context = {"active_model": "account.move", "active_ids": self.draft.ids}
        self.attack(
            "confirming from the list",
            lambda: wizard.with_context(**context).create({}).validate_move(),
            UserError,
        )
        self.assertTrue(self.nothing_happened())

    def test_merging_contacts_tells_no_number_of_another_companys_document(self):
        twin = self.customer.copy({"vat": "J-00041312-6"})
        merger = self.make_auditor(
            "merger", self.other_company, "base.group_partner_manager,account.group_account_manager"
        )
        wizard = self.fresh(self.env["base.partner.merge.automatic.wizard"], merger)
        ids = (self.customer + twin).ids
        with self.assertRaises(UserError) as raised:
            wizard._merge(ids, wizard.env["res.partner"].browse(twin.id), extra_checks=False)
        self.assertIn("was issued to", str(raised.exception))
        for invoice in self.issued + self.other_issued + self.unknown:
            self.assertNotIn(invoice.name, str(raised.exception))
        wizard = self.fresh(self.env["base.partner.merge.automatic.wizard"], self.manager)
        with self.assertRaisesRegex(UserError, "INV/.* was issued to"):
            wizard._merge(ids, wizard.env["res.partner"].browse(twin.id), extra_checks=False)

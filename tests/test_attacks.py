"""Attacks, one per row: who tries what, and what happens."""

import logging
import traceback
from io import StringIO
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_auditor import AuditorCommon

FORGED = "00-00099999"

MANAGER = "account.group_account_manager"


class AttackCommon(AuditorCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.make_auditor("attacking_manager", cls.company, MANAGER)
        cls.clerk = cls.make_auditor(
            "attacking_clerk", cls.company, "account.group_account_invoice"
        )
        cls.employee = cls.make_auditor("attacking_employee", cls.company, "base.group_user")
        cls.other_company = cls.env["res.company"].create({"name": "Otra, C.A."})
        cls.stranger = cls.make_auditor("attacking_stranger", cls.other_company, MANAGER)

    def requested_by(self, user):
        """Odoo runs commands of x2many fields as the request's user; in tests that is OdooBot."""
        return patch.object(self.env.transaction, "default_env", self.env(user=user))

    def attack(self, name, attempt, happens):
        """Make one attempt and check what happens.

        :param happens: the error that is raised, or a function of the result that tells
            whether it did no harm
        """
        self.env.flush_all()
        self.env.invalidate_all()  # what is cached is not checked again
        with self.subTest(name):
            try:
                with self.env.cr.savepoint():
                    result = attempt()
                    self.env.flush_all()
            except Exception as error:
                said = "".join(traceback.format_exception(error))
                self.assertNotIn(self.company.sudo().smart_token, said)
                self.assertIsInstance(happens, type, f"{name}: {said}")
                self.assertIsInstance(error, happens, f"{name}: {said}")
            else:
                self.assertNotIsInstance(happens, type, f"{name}: nothing stopped it: {result}")
                self.assertTrue(happens(result), f"{name}: {result}")
                self.assertNotIn(self.company.sudo().smart_token, repr(result))
            finally:
                self.env.invalidate_all()


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestTokenAttacks(AttackCommon):
    def test_the_token_cannot_be_had_on_any_road(self):
        company = self.as_auditor(self.company, self.manager)
        users = company.env["res.users"]
        me = users.browse(users.env.uid)  # `env.user` comes with sudo
        settings = company.env["res.config.settings"]
        token = self.company.smart_token
        guess = [("smart_token", "like", token[:5] + "%")]
        spec = {"company_id": {"fields": {"smart_token": {}}}}
        render = company.env["mail.render.mixin"]._render_template
        table = [
            ("read", lambda: company.read(["smart_token"]), AccessError),
            ("attribute", lambda: company.smart_token, AccessError),
            ("mapped", lambda: me.mapped("company_id.smart_token"), AccessError),
            ("search by a guess", lambda: company.search(guess), AccessError),
            ("count by a guess", lambda: company.search_count(guess), AccessError),
            ("filtered by a guess", lambda: company.filtered_domain(guess), AccessError),
            (
                "search by a guess from another model",
                lambda: users.search([("company_id.smart_token", "=like", "e%")]),
                AccessError,
            ),
            (
                "search by a guess, nested",
                lambda: users.search([("company_id", "any", guess)]),
                AccessError,
            ),
            ("sorting", lambda: company.search([], order="smart_token"), AccessError),
            (
                "name_search by a guess",
                lambda: company.name_search("", domain=guess),
                AccessError,
            ),
            (
                "grouping",
                lambda: company.formatted_read_group([], ["smart_token"], ["__count"]),
                AccessError,
            ),
            (
                "aggregating",
                lambda: company.formatted_read_group([], [], ["smart_token:max"]),
                AccessError,
            ),
            (
                "having",
                lambda: company._read_group([], [], ["smart_token:array_agg"]),
                AccessError,
            ),
            ("web_read", lambda: company.web_read({"smart_token": {}}), AccessError),
            ("web_read, nested", lambda: me.web_read(spec), AccessError),
            (
                "web_search_read, nested",
                lambda: users.web_search_read([("id", "=", users.env.uid)], spec),
                AccessError,
            ),
            ("export", lambda: company.export_data(["smart_token"]), UserError),
            (
                "export, nested",
                lambda: me.export_data(["company_id/smart_token"]),
                UserError,
            ),
            ("fields_get", company.fields_get, lambda result: "smart_token" not in result),
            ("read all", company.read, lambda result: "smart_token" not in result[0]),
            (
                "default_get of the settings",
                lambda: settings.default_get(["smart_token"]),
                lambda result: "smart_token" not in result,
            ),
            (
                "fields of the settings",
                settings.fields_get,
                lambda result: "smart_token" not in result,
            ),
            ("settings", lambda: settings.create({}).smart_token, AccessError),
            (
                "onchange of the settings",
                lambda: settings.onchange({}, [], {"smart_token": {}, "smart_environment": {}}),
                UserError,
            ),
            ("writing", lambda: company.write({"smart_token": "x"}), AccessError),
            (
                "import",
                lambda: company.load(["name", "smart_token"], [["x", "y"]]),
                lambda result: not result["ids"] and result["messages"],
            ),
            (
                "mail template",
                lambda: render("{{ object.smart_token }}", "res.company", company.ids),
                UserError,
            ),
            (
                "mail template, qweb",
                lambda: render(
                    "<p t-out='object.smart_token'/>", "res.company", company.ids, engine="qweb"
                ),
                UserError,
            ),
            (
                "the document's company",
                lambda: self.as_auditor(self.confirm().smart_document_id, self.manager).web_read(
                    {"issuer_id": {"fields": {"smart_token": {}}}}
                ),
                AccessError,
            ),
            (
                "auditor",
                lambda: self.as_auditor(self.company).read(["smart_token"]),
                AccessError,
            ),
        ]
        for name, attempt, happens in table:
            self.attack(f"token: {name}", attempt, happens)

    def test_the_token_is_not_left_lying_about(self):
        token = self.company.smart_token
        log = StringIO()
        handler = logging.StreamHandler(log)
        root = logging.getLogger()
        root.addHandler(handler)
        self.addCleanup(root.removeHandler, handler)
        for name in ("urllib3", "odoo.addons.l10n_ve_edi_smart"):
            logger = logging.getLogger(name)
            self.addCleanup(logger.setLevel, logger.level)
            logger.setLevel(logging.DEBUG)
        invoice = self.confirm()
        self.simulator.fault("garbage_json")
        self.confirm()
        self.assertNotIn(token, log.getvalue())
        self.assertNotIn(token.split(".")[2], log.getvalue())
        for exchange in invoice.smart_exchange_ids.sudo().read():
            self.assertNotIn(token, repr(exchange))
        self.env.cr.execute("SELECT count(*) FROM ir_config_parameter WHERE value LIKE %s", [token])
        self.assertEqual(self.env.cr.fetchone(), (0,))
        self.assertNotIn(token, repr(self.company._smart_client()))
        self.assertNotIn(token, repr(vars(self.company._smart_token_holder())))


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestForgedDocuments(AttackCommon):
    def test_nobody_gives_a_document_a_number_or_a_state(self):
        invoice = self.confirm()
        document = invoice.smart_document_id
        move = self.as_auditor(invoice, self.clerk)
        Move = move.env["account.move"]
        mine = self.as_auditor(document, self.manager)
        draft = self.as_auditor(self.make_invoice(), self.clerk)

        def untouched(_result):
            self.env.invalidate_all()
            return (
                document.control_number == "00-00000001"
                and document.state == "issued"
                and invoice.smart_state == "issued"
                and not draft.sudo().smart_control_number
                and not draft.sudo().smart_state
            )

        forged = {"smart_control_number": FORGED, "smart_state": "annulled"}
        new_document = {
            "name": "x",
            "company_id": self.company.id,
            "issuer_id": self.company.id,
            "environment": "custom",
            "document_type": "invoice",
            "state": "issued",
            "control_number": FORGED,
        }
        table = [
            ("mass assignment by write", lambda: move.write(forged), untouched),
            ("mass assignment on a draft", lambda: draft.write(forged), untouched),
            (
                "mass assignment by create",
                lambda: Move.create({"move_type": "out_invoice", **forged}).smart_control_number,
                lambda result: not result,
            ),
            (
                "mass assignment by web_save",
                lambda: move.web_save(forged, {"smart_state": {}}),
                untouched,
            ),
            (
                "mass assignment by import",
                lambda: Move.load([".id", "smart_control_number"], [[str(invoice.id), FORGED]]),
                untouched,
            ),
            (
                "another invoice's document",
                lambda: draft.write({"smart_document_id": document.id}),
                AccessError,
            ),
            (
                "a document by a command",
                lambda: draft.write({"smart_document_ids": [Command.create(new_document)]}),
                AccessError,
            ),
            (
                "changing it by a command",
                lambda: move.write(
                    {"smart_document_ids": [Command.update(document.id, {"state": "queued"})]}
                ),
                UserError,
            ),
            (
                "a document of one's own",
                lambda: mine.create(new_document),
                AccessError,
            ),
            ("a manager's write", lambda: mine.write({"control_number": FORGED}), AccessError),
            ("a manager's delete", mine.unlink, AccessError),
            (
                "rewriting the log",
                lambda: document.exchange_ids.sudo().write({"outcome": "refused"}),
                UserError,
            ),
            ("deleting the log", lambda: document.exchange_ids.sudo().unlink(), UserError),
            (
                "adding to the log",
                lambda: mine.env["smart.exchange"].create({"operation": "issue"}),
                AccessError,
            ),
            (
                "an employee without accounting sends",
                lambda: self.as_auditor(invoice, self.employee).action_smart_send(),
                AccessError,
            ),
            (
                "an auditor sends",
                lambda: self.as_auditor(invoice).action_smart_send(),
                AccessError,
            ),
        ]
        for name, attempt, happens in table:
            self.attack(name, attempt, happens)
        self.assertTrue(untouched(None))
        self.assertEqual(len(self.simulator.documents()), 1)

    def test_forged_context_keys_change_nothing_of_what_is_issued(self):
        context = {
            "default_control_number": FORGED,
            "default_smart_control_number": FORGED,
            "default_smart_state": "issued",
            "default_internal_number": "00000777",
            "default_legal_footer": "<p>forged</p>",
            "default_document_url": "https://evil.example.com/x.pdf",
            "default_proven_issued": True,
            "default_repeatable": True,
            "default_attempts": 99,
            "default_issued_at": "2020-01-01 00:00:00",
            "default_next_number": 777,
            "default_outcome": "refused",
            "default_customer_vat": "J-00000000-0",
            "default_file_attempts": 24,
            "tracking_disable": True,
            "install_mode": True,
            "active_model": "account.move",
            "active_ids": [1],
        }
        invoice = self.as_auditor(self.make_invoice(), self.clerk).with_context(**context)
        invoice.action_post()
        self.commit()
        document = self.env["smart.document"].search([("move_id", "=", invoice.id)])
        self.assertRecordValues(
            document,
            [
                {
                    "state": "issued",
                    "control_number": "00-00000001",
                    "internal_number": "00000001",
                    "proven_issued": False,
                    "attempts": 1,
                    "customer_vat": "J-30984512-8",
                }
            ],
        )
        self.assertNotIn("forged", document.legal_footer)
        self.assertNotIn("evil", document.document_url or "")
        self.assertEqual(document.exchange_ids.mapped("outcome"), ["accepted"])

    def test_a_note_or_check_is_made_of_ones_own_documents_alone(self):
        self.confirm()
        move = self.env["account.move"].search([("company_id", "=", self.company.id)], limit=1)
        document = move.smart_document_id
        draft_id = self.make_invoice().id
        foreign = self.stranger
        igtf = self.as_auditor(self.env["smart.igtf"], foreign)
        numbering = self.env["smart.numbering"].search([], limit=1)
        lane = self.env["smart.lane"].search([], limit=1)
        table = [
            (
                "reading another company's document",
                lambda: self.as_auditor(document, foreign).read(["control_number"]),
                AccessError,
            ),
            (
                "its exchanges",
                lambda: self.as_auditor(document.exchange_ids, foreign).read(["request_body"]),
                AccessError,
            ),
            (
                "its file",
                lambda: self.as_auditor(document, foreign).read(["document_file"]),
                AccessError,
            ),
            (
                "its numbering",
                lambda: self.as_auditor(numbering, foreign).write({"next_number": 500}),
                AccessError,
            ),
            (
                "its queue",
                lambda: self.as_auditor(lane, foreign).action_resume(),
                AccessError,
            ),
            (
                "sending its invoice",
                lambda: self.as_auditor(move, foreign).action_smart_send(),
                AccessError,
            ),
            (
                "checking its drafts",
                lambda: self.as_auditor(self.env["smart.preflight"], foreign).create(
                    {"move_ids": [Command.set([draft_id])]}
                ),
                AccessError,
            ),
            (
                "IGTF on its draft",
                lambda: igtf.create({"move_id": draft_id}),
                AccessError,
            ),
            (
                "the amounts of its draft, by an onchange",
                lambda: igtf.onchange(
                    {"move_id": draft_id, "amount_paid": 1.0},
                    ["amount_paid"],
                    {"move_id": {}, "amount_paid": {}, "total": {}},
                ),
                AccessError,
            ),
            (
                "forging the companies",
                lambda: (
                    document.with_user(foreign)
                    .with_context(allowed_company_ids=self.company.ids)
                    .read(["control_number"])
                ),
                AccessError,
            ),
            (
                "another person's check",
                lambda: self.as_auditor(
                    self.env["smart.preflight"].with_user(self.manager)._make([{}]), self.clerk
                ).read(["error_count"]),
                AccessError,
            ),
        ]
        for name, attempt, happens in table:
            self.attack(name, attempt, happens)

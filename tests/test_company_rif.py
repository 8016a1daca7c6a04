"""The RIF under which a company issues: who changes it, when, and what is said about it."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..models.conversion.problem import SmartPreflightError
from .common import RIF
from .test_attacks import AttackCommon

OTHER = "J-30984512-8"


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestCompanyRif(AttackCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls.make_auditor(
            "contacts_clerk",
            cls.company,
            "account.group_account_invoice,base.group_partner_manager",
        )
        cls.administrator = cls.make_auditor(
            "rif_administrator", cls.company, "base.group_system,base.group_partner_manager"
        )
        cls.bookkeeper = cls.make_auditor(
            "rif_manager",
            cls.company,
            "account.group_account_manager,base.group_partner_manager",
        )
        cls.contact = cls.company.partner_id

    def said(self):
        """Return what stands in the chatter of the company's contact, the latest first."""
        self.env.invalidate_all()
        return [message.body for message in self.contact.message_ids]

    def unchanged(self, _result=None):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.company.smart_rif == RIF and self.company.partner_id == self.contact

    def test_a_clerk_does_not_change_it_on_any_road(self):
        contact = self.as_auditor(self.contact, self.clerk)
        Partner = contact.browse()
        child = Partner.create({"name": "Depósito", "parent_id": contact.id})
        parent = Partner.create({"name": "Matriz", "is_company": True, "vat": OTHER})
        twin = Partner.create({"name": "Doble", "is_company": True, "vat": OTHER})
        own = Partner.create({"name": "Sin RIF", "is_company": True})
        merge = contact.env["base.partner.merge.automatic.wizard"]
        before = self.said()
        table = [
            ("write", lambda: contact.write({"vat": OTHER}), AccessError),
            ("with all rights", lambda: contact.sudo().write({"vat": OTHER}), AccessError),
            ("emptying it", lambda: contact.write({"vat": False}), AccessError),
            ("web_save", lambda: contact.web_save({"vat": OTHER}, {}), AccessError),
            ("import", lambda: contact.load([".id", "vat"], [[str(contact.id), OTHER]]),
             lambda result: not result["ids"] and self.unchanged()),
            ("over a child", lambda: child.write({"vat": OTHER}), AccessError),
            ("over a new child",
             lambda: Partner.create({"name": "x", "parent_id": contact.id, "vat": OTHER}),
             self.unchanged),  # it gets its company's
            ("over a new child, written in another way",
             lambda: Partner.create(
                 {"name": "x", "parent_id": contact.id, "vat": OTHER.replace("-", "")}),
             AccessError),
            ("over a new child by a command",
             lambda: contact.write({"child_ids": [Command.create({"name": "x", "vat": OTHER})]}),
             self.unchanged),
            ("by a parent",
             lambda: contact.write({"is_company": False, "parent_id": parent.id}), AccessError),
            ("by a parent, in two steps", lambda: (
                contact.write({"is_company": False}), contact.write({"parent_id": parent.id})),
             AccessError),
            ("from the parent's side", lambda: (
                contact.write({"is_company": False}),
                parent.write({"child_ids": [Command.link(contact.id)]})), AccessError),
            ("merged into another",
             lambda: merge._merge((contact + twin).ids, twin, extra_checks=False), UserError),
            ("merged into one without",
             lambda: merge._merge((contact + own).ids, own, extra_checks=False), UserError),
            ("the company's contact", lambda: self.as_auditor(self.company, self.clerk).write(
                {"partner_id": twin.id}), AccessError),
            ("the company's contact, with all rights",
             lambda: self.as_auditor(self.company, self.clerk).sudo().write(
                 {"partner_id": twin.id}), AccessError),
            ("another way to write it", lambda: contact.write({"vat": "J412567896"}),
             self.unchanged),
            ("merging another into it",
             lambda: merge._merge((contact + twin).ids, contact, extra_checks=False),
             self.unchanged),
        ]  # fmt: skip
        with self.requested_by(self.clerk):
            for name, attempt, happens in table:
                self.attack(name, attempt, happens)
                self.assertTrue(self.unchanged(), name)
        self.assertFalse([words for words in self.said()[: -len(before)] if "RIF" in words])

    def test_who_looks_after_it_changes_it_and_the_contact_tells_what_that_does(self):
        for user in (self.bookkeeper, self.administrator):
            with self.subTest(user.login), self.env.cr.savepoint() as savepoint:
                self.as_auditor(self.contact, user).vat = OTHER
                self.assertEqual(self.company.smart_rif, OTHER)
                message = self.contact.message_ids[0]
                self.assertEqual(message.author_id, user.partner_id)
                for words in (
                    f"was {RIF} and is {OTHER}",
                    "counts internal and control numbers for each RIF on its own",
                    f"The SMART token belongs to {RIF}: nothing can be confirmed",
                ):
                    self.assertIn(words, message.body)
                with self.assertRaisesRegex(SmartPreflightError, f"token belongs to {RIF}"):
                    self.make_invoice().action_post()
                savepoint.rollback()
                self.env.invalidate_all()

    def test_the_forms_of_contact_and_company_say_so_before_saving(self):
        for record in (self.contact, self.company):
            record = self.as_auditor(record, self.administrator)
            result = record.onchange({"vat": OTHER}, ["vat"], {"vat": {}})
            self.assertIn(f"token belongs to {RIF}", result["warning"]["message"])
            result = record.onchange({"vat": "J412567896"}, ["vat"], {"vat": {}})
            self.assertNotIn("warning", result)
        result = self.as_auditor(self.customer, self.clerk).onchange(
            {"vat": RIF}, ["vat"], {"vat": {}}
        )
        self.assertNotIn("warning", result)

    def test_nobody_changes_it_while_documents_wait(self):
        document = self.confirm().smart_document_id.sudo()
        mine = self.as_auditor(self.contact, self.administrator)
        for state in ("queued", "sending", "unknown"):
            document._engine_write({"state": state})
            for record in (mine, mine.sudo(), mine.with_user(self.env.ref("base.user_root"))):
                with (
                    self.subTest(state, user=record.env.user.login),
                    self.assertRaisesRegex(UserError, "stays as it is while documents wait"),
                    self.env.cr.savepoint(),
                ):
                    record.vat = OTHER
                self.env.invalidate_all()
        for state in ("issued", "refused", "annulled", "withdrawn"):
            document._engine_write({"state": state})
            with self.subTest(state), self.env.cr.savepoint() as savepoint:
                mine.vat = OTHER
                self.assertEqual(self.company.smart_rif, OTHER)
                savepoint.rollback()
            self.env.invalidate_all()

    def test_documents_of_a_branch_hold_the_issuers_rif(self):
        branch = self.env["res.company"].create({"name": "Sede", "parent_id": self.company.id})
        document = self.confirm().smart_document_id.sudo()
        document._engine_write({"company_id": branch.id, "state": "queued"})
        with self.assertRaisesRegex(UserError, "documents wait"):
            self.as_auditor(self.contact, self.administrator).vat = OTHER

    def test_contacts_of_companies_that_do_not_issue_are_contacts_like_others(self):
        self.as_auditor(self.other_company.partner_id, self.clerk).sudo().vat = OTHER
        self.as_auditor(self.customer, self.clerk).vat = RIF
        with Form(self.as_auditor(self.contact, self.clerk)) as form:
            form.phone = "+58 212-5551234"
        self.assertEqual(self.contact.phone, "+58 212-5551234")

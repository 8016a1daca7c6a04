from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import SmartCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestAskingTheNumbering(SmartCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        values = {"company_id": cls.company.id, "company_ids": [Command.set(cls.company.ids)]}
        cls.manager = new_test_user(
            cls.env, "smart_ana", "account.group_account_manager", name="Ana Pérez", **values
        )
        cls.clerk = new_test_user(cls.env, "smart_clerk", "account.group_account_invoice", **values)

    def numbering(self, user):
        self.env.flush_all()
        numbering = self.env["smart.numbering"].search([("document_type", "=", "invoice")])
        return numbering.with_user(user)

    def trace(self):
        """Return the last change of the numbering in the log: its author and what it says."""
        entry = self.env["smart.exchange"].search([("operation", "=", "renumber")], limit=1)
        return entry.user_id, entry.message

    def test_the_button_aligns_with_what_smart_expects_and_says_who_asked(self):
        self.confirm()
        numbering = self.numbering(self.manager)
        numbering.sudo()._engine_write({"next_number": 7})
        self.env.flush_all()
        action = numbering.action_ask()
        self.assertEqual(numbering.next_number, 2)
        self.assertIn("expects number 2", action["params"]["message"])
        author, words = self.trace()
        self.assertEqual(author, self.manager)
        self.assertIn("goes back to 2", words)
        exchange = self.env["smart.exchange"].search([("operation", "!=", "renumber")], limit=1)
        self.assertEqual((exchange.operation, exchange.user_id), ("next_number", self.manager))
        self.assertIn("the same number, 2", numbering.action_ask()["params"]["message"])

    def test_numbers_that_are_missing_here_are_named_and_told(self):
        self.confirm()
        self.env["smart.document"].sudo().search([])._engine_write({"state": "withdrawn"})
        numbering = self.numbering(self.manager)
        numbering.sudo()._engine_write({"next_number": 1})
        self.env.flush_all()
        numbering.action_ask()
        self.env.invalidate_all()
        self.assertEqual(numbering.missing_numbers, "1")
        self.assertEqual(numbering.activity_ids.summary, "SMART: numbers 1 are missing here")

    def test_what_smart_expects_is_refused_below_what_was_used_here(self):
        self.confirm()
        self.connect(enforce_numbering=False)
        self.simulator.fault("drop_before")
        self.confirm()
        numbering = self.numbering(self.manager)
        with self.assertRaisesRegex(UserError, "Resolve that document first"):
            numbering.action_ask()
        self.env["smart.document"].sudo().search([], limit=1)._engine_write({"state": "issued"})
        self.env.flush_all()
        with self.assertRaisesRegex(UserError, "issued here up to number 2"):
            numbering.action_ask()
        self.assertEqual(numbering.next_number, 3)

    def test_when_smart_does_not_answer_nothing_changes(self):
        self.confirm()
        self.simulator.fault("refuse", seconds=60)
        numbering = self.numbering(self.manager)
        with self.assertRaisesRegex(UserError, "does not take connections"):
            numbering.action_ask()
        self.assertEqual(numbering.next_number, 2)

    def test_managers_edit_the_numbering_with_a_trace_and_clerks_do_not(self):
        self.confirm()
        numbering = self.numbering(self.manager)
        numbering.next_number = 9
        author, words = self.trace()
        self.assertEqual(author, self.manager)
        self.assertIn("2 → 9", words)
        with self.assertRaisesRegex(UserError, "number 1 was already used"):
            numbering.next_number = 1
        self.env.invalidate_all()
        for attempt in (
            lambda: self.numbering(self.clerk).write({"next_number": 20}),
            lambda: self.numbering(self.clerk).action_ask(),
            lambda: self.numbering(self.manager).unlink(),
        ):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                attempt()

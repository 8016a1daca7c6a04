"""The cards of journals say what waits, what needs a person, and what has stopped."""

import json

from odoo.tests import tagged

from .common import SmartCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestOverview(SmartCommon):
    def card(self, **context):
        """Return what the card of the journal of invoices shows of SMART."""
        self.env.invalidate_all()
        journal = self.make_invoice().journal_id.with_context(**context)
        return json.loads(journal.kanban_dashboard)["smart"]

    def waiting(self):
        invoice = self.make_invoice()
        invoice.action_post()
        return invoice

    def test_the_card_counts_what_waits_was_refused_and_is_in_doubt(self):
        self.connect(enforce_numbering=False)
        self.simulator.fault("drop_after")
        unknown = self.confirm()
        refused = self.waiting()
        self.make_refusable(refused.smart_document_id.sudo())
        self.commit()
        self.send_in_background()
        waiting = self.waiting() + self.waiting()
        states = (unknown + refused + waiting).mapped("smart_state")
        self.assertEqual(states, ["unknown", "refused", "queued", "queued"])
        card = self.card(lang="en_US")
        self.assertEqual((card["waiting"], card["refused"], card["unknown"]), (2, 1, 1))
        self.assertRegex(card["oldest"], r"\d+/\d+/\d+")
        self.assertFalse(card["stopped"])
        for state, moves in (("queued", waiting), ("refused", refused), ("unknown", unknown)):
            journal = waiting.journal_id.with_context(smart_states=[state])
            action = journal.action_smart_open_invoices()
            self.assertEqual(
                self.env["account.move"].search(action["domain"]), moves.sorted("id", reverse=True)
            )

    def test_a_stopped_queue_is_on_the_card_with_its_cause_and_a_way_to_it(self):
        self.simulator.fault("unauthorized")
        invoice = self.confirm()
        card = self.card()
        self.assertIn("Ask an administrator to enter a valid SMART token", card["stopped"])
        self.assertEqual(card["waiting"], 1)
        action = invoice.journal_id.action_smart_open_queue()
        self.assertEqual(action["res_id"], invoice.smart_document_id.sudo().lane_id.id)
        # Those that wait behind it say so, too, whoever was refused.
        behind = self.waiting()
        self.assertTrue(behind.smart_is_stopped)
        self.assertFalse(behind.smart_last_error)
        self.assertIn("valid SMART token", behind.smart_stopped_words)
        self.assertEqual(behind.smart_who_acts, self.company._smart_responsible().name)
        behind.action_smart_send()
        self.commit()
        self.send_in_background()
        self.env.invalidate_all()
        self.assertEqual(set((invoice + behind).mapped("smart_state")), {"issued"})
        self.assertFalse(behind.smart_is_stopped or behind.smart_stopped_words)
        self.assertFalse(self.card()["stopped"])

    def test_the_numbers_left_in_the_lot_are_known_by_its_bounds(self):
        self.assertIsNone(self.card()["left"], "nobody knows before the first document")
        self.connect(lot_to=120)
        self.confirm()
        card = self.card()
        self.assertEqual((card["left"], card["few_left"]), (119, False))
        document = self.confirm().smart_document_id.sudo()
        document._engine_write({"legal_footer": document.legal_footer.replace("120", "003")})
        card = self.card()
        self.assertEqual((card["left"], card["few_left"]), (1, True))

    def test_a_document_in_doubt_says_what_happens_next_and_who_decides(self):
        who = self.company._smart_responsible().name
        self.simulator.fault("html", count=9)
        invoice = self.confirm()
        self.assertEqual(invoice.smart_state, "unknown")
        self.assertIn("repeats the identical request", invoice.smart_next_step)
        self.assertIn(who, invoice.smart_next_step)
        invoice.smart_document_id.sudo()._engine_write({"repeatable": False})
        self.env.invalidate_all()
        self.assertIn("looks for its printed document", invoice.smart_next_step)
        self.assertIn(who, invoice.smart_next_step)

    def test_journals_of_other_kinds_say_nothing_of_it(self):
        purchases = self.env["account.journal"].search(
            [("type", "=", "purchase"), ("company_id", "=", self.company.id)], limit=1
        )
        self.assertNotIn("smart", json.loads(purchases.kanban_dashboard))

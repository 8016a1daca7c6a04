from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..models.conversion.problem import SmartPreflightError
from .notes_common import NotesCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestNotes(NotesCommon):
    def set_rate(self, rate):
        self.env["res.currency.rate"].create(
            {
                "currency_id": self.usd.id,
                "company_id": self.company.id,
                "name": self.env["account.move"]._smart_today(),
                "inverse_company_rate": rate,
            }
        )

    def test_a_full_credit_note_is_issued_with_reason_and_reference_and_the_invoice_stays(self):
        invoice = self.confirm()
        note = self.created(self.reversal(invoice).refund_moves())
        self.assertEqual(note.state, "draft")
        self.assertEqual(note.smart_note_origin_id, invoice)
        self.assertEqual(note.smart_note_reason, "Devolución")
        self.assertIn("Devolución", note.ref)
        self.confirm(note)
        self.assertEqual((invoice.smart_state, note.smart_state), ("issued", "issued"))
        self.assertEqual(invoice.state, "posted")
        request = self.at_smart()
        self.assertEqual(
            (request["idtipodocumento"], request["relacionado"], request["total"]),
            (3, "00-00000001", 116),
        )
        self.assertEqual(request["observacion"], "Devolución")
        self.assertEqual(note.smart_related_document_id, invoice.smart_document_id)

    def test_a_partial_credit_note_takes_back_a_part(self):
        invoice = self.confirm(self.make_invoice(("general", 100.0), ("reduced", 50.0)))
        note = self.created(self.reversal(invoice).refund_moves())
        note.write(
            {
                "invoice_line_ids": [
                    Command.update(note.invoice_line_ids[0].id, {"quantity": 0.5}),
                    Command.delete(note.invoice_line_ids[1].id),
                ]
            }
        )
        self.confirm(note)
        self.assertEqual(self.at_smart()["total"], 58)
        self.assertEqual(invoice.smart_state, "issued")

    def test_reverse_and_create_issues_the_note_and_leaves_a_draft_and_the_original(self):
        invoice = self.confirm()
        draft = self.created(self.reversal(invoice).modify_moves())
        self.commit()
        note = invoice.reversal_move_ids
        self.assertEqual((note.state, note.smart_state), ("posted", "issued"))
        self.assertEqual((invoice.state, invoice.smart_state), ("posted", "issued"))
        self.assertEqual(invoice.payment_state, "reversed")
        self.assertEqual((draft.state, draft.move_type), ("draft", "out_invoice"))
        self.assertFalse(draft.smart_document_id)
        self.assertFalse(draft.smart_note_origin_id, "a new invoice corrects nothing")
        self.confirm(draft)
        self.assertEqual(
            [one["idtipodocumento"] for one in map(self.at_smart, range(3))], [1, 3, 1]
        )

    def test_a_debit_note_refers_to_the_invoice_and_says_why(self):
        invoice = self.confirm()
        note = self.created(self.debit(invoice).create_debit())
        note.invoice_line_ids = [
            Command.create(
                {"name": "x", "price_unit": 10, "tax_ids": [Command.set(self.taxes["general"].ids)]}
            )
        ]
        self.confirm(note)
        request = self.at_smart()
        self.assertEqual((request["idtipodocumento"], request["relacionado"]), (2, "00-00000001"))
        self.assertEqual(request["observacion"], "Intereses")

    def test_taking_a_credit_note_back_is_a_debit_note_about_the_invoice(self):
        invoice = self.confirm()
        credit = self.confirm(self.created(self.reversal(invoice).refund_moves()))
        for action in (self.reversal(credit).refund_moves(), self.debit(credit).create_debit()):
            note = self.created(action)
            self.assertEqual(
                note.smart_document_type if note.smart_document_id else note._smart_document_type(),
                "debit_note",
            )
            self.assertEqual(note.smart_note_origin_id, invoice)

    def test_notes_are_proposed_for_issued_documents_only(self):
        issued, queued = self.confirm(), self.make_invoice()
        self.simulator.fault("refuse", seconds=60)
        self.confirm(queued)
        self.assertEqual(queued.smart_state, "queued")
        words = {
            "queued": "waits for SMART.*reset it to draft",
            "sending": "being sent to SMART right now. Try again",
            "unknown": "First find out whether it was issued",
            "refused": "Reset it to draft and correct the document itself",
            "annulled": "was annulled at SMART.*Make a new invoice",
            "withdrawn": "withdrawn before it was issued.*Correct the document itself",
        }
        document = queued.smart_document_id.sudo()
        for wizard in (self.reversal, self.debit):
            opened = wizard(issued)
            for state, expected in words.items():
                document._engine_write({"state": state})
                with self.subTest(state), self.assertRaisesRegex(UserError, expected):
                    wizard(queued)
                # Over RPC the documents of the wizard can be set afterwards.
                opened.move_ids = queued
                with self.subTest(state), self.assertRaisesRegex(UserError, expected):
                    opened.refund_moves() if wizard == self.reversal else opened.create_debit()

    def test_a_note_about_an_issued_document_cannot_leave_smart(self):
        invoice = self.confirm()
        other = self.company_data["default_journal_sale"].copy({"smart_enabled": False})
        wizard = self.reversal(invoice)
        self.assertNotIn(other, wizard.available_journal_ids)
        wizard.journal_id = other
        with self.assertRaisesRegex(UserError, "neither through SMART.*Choose another journal"):
            wizard.refund_moves()

    def test_a_note_in_foreign_currency_returns_to_the_original_rate(self):
        invoice = self.make_invoice(currency_id=self.usd.id, invoice_date="2026-01-15")
        self.confirm(invoice)
        self.set_rate(50)
        wizard = self.reversal(invoice)
        self.assertTrue(wizard.smart_has_rate and wizard.smart_keep_rate)
        note = self.created(wizard.refund_moves())
        self.assertAlmostEqual(1 / note.invoice_currency_rate, 40.5647, 4)
        self.assertFalse(note.smart_can_use_origin_rate)
        self.confirm(note)
        self.assertEqual(self.at_smart()["tasadecambio"], 40.5647)
        self.assertEqual(note.amount_total_signed, -invoice.amount_total_signed)

    def test_a_draft_note_can_return_to_the_original_rate_later(self):
        invoice = self.make_invoice(currency_id=self.usd.id, invoice_date="2026-01-15")
        self.confirm(invoice)
        self.set_rate(50)
        note = self.created(self.reversal(invoice, smart_keep_rate=False).refund_moves())
        self.assertAlmostEqual(1 / note.invoice_currency_rate, 50)
        self.assertTrue(note.smart_can_use_origin_rate)
        note.action_smart_use_origin_rate()
        self.assertFalse(note.smart_can_use_origin_rate)
        self.assertEqual(note.amount_total_signed, -invoice.amount_total_signed)
        self.confirm(note)
        self.assertEqual(self.at_smart()["tasadecambio"], 40.5647)
        with self.assertRaisesRegex(UserError, "stays as it is"):
            invoice.action_smart_use_origin_rate()

    def test_credit_notes_take_back_no_more_than_was_invoiced(self):
        invoice = self.confirm()
        first = self.created(self.reversal(invoice).refund_moves())
        first.invoice_line_ids.quantity = 0.75
        self.confirm(first)
        second = self.created(self.reversal(invoice).refund_moves())
        too_much = "(?s)takes back.*87.*too much.*Lower its amount"
        with self.assertRaisesRegex(SmartPreflightError, too_much), self.env.cr.savepoint():
            second.action_post()
        self.assertEqual(second.state, "draft")
        second.invoice_line_ids.quantity = 0.25
        self.confirm(second)
        self.assertEqual(second.smart_state, "issued")

    def test_a_debit_note_raises_what_can_be_credited(self):
        invoice = self.confirm()
        more = self.created(self.debit(invoice, copy_lines=True).create_debit())
        self.confirm(more)
        note = self.created(self.reversal(invoice).refund_moves())
        note.invoice_line_ids.quantity = 2
        self.confirm(note)
        self.assertEqual(note.smart_state, "issued")

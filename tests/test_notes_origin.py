from odoo.tests import tagged

from ..models.conversion.problem import SmartPreflightError
from .notes_common import NotesCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestNotesOrigin(NotesCommon):
    """A note whose origin is chosen by hand is as one that Odoo's wizard made."""

    def by_hand(self, origin, *lines, **values):
        return self.make_invoice(
            *lines, move_type="out_refund", smart_note_origin_id=origin.id, **values
        )

    def test_a_note_by_hand_settles_the_invoice_as_a_reversal_does(self):
        invoice = self.confirm()
        note = self.confirm(self.by_hand(invoice))
        self.assertEqual(note.smart_state, "issued")
        self.assertEqual(note.reversed_entry_id, invoice)
        self.assertEqual(invoice.reversal_move_ids, note)
        self.assertEqual((invoice.amount_residual, note.amount_residual), (0, 0))
        self.assertEqual((invoice.payment_state, note.payment_state), ("reversed", "paid"))

    def waiting_note(self, invoice, road):
        """Return a note about an invoice, confirmed and not yet sent."""
        if road == "by hand":
            note = self.by_hand(invoice)
        elif road == "reversal":
            note = self.created(self.reversal(invoice).refund_moves())
        else:
            self.created(self.reversal(invoice).modify_moves())
            return invoice.reversal_move_ids
        note.action_post()
        return note

    def test_a_note_settles_nothing_before_it_is_issued(self):
        for road in ("by hand", "reversal", "reverse and create"):
            with self.subTest(road):
                invoice = self.confirm()
                note = self.waiting_note(invoice, road)
                self.assertEqual(note.smart_state, "queued")
                self.assertEqual(note.reversed_entry_id, invoice)
                self.assertEqual((invoice.payment_state, note.payment_state), ("not_paid",) * 2)
                self.commit()
                self.send_in_background()
                self.assertEqual(note.smart_state, "issued")
                self.assertEqual((invoice.amount_residual, note.amount_residual), (0, 0))
                self.assertEqual((invoice.payment_state, note.payment_state), ("reversed", "paid"))

    def test_a_refused_note_is_not_paid_and_the_invoice_is_owed(self):
        for road in ("by hand", "reversal", "reverse and create"):
            with self.subTest(road):
                invoice = self.confirm()
                note = self.waiting_note(invoice, road)
                document = note.smart_document_id.sudo()
                body = document.request_body.replace(invoice.smart_control_number, "00-00009999")
                # By its text alone: sending takes the number from the document itself.
                document._engine_write({"request_body": body, "related_document_id": False})
                self.commit()
                self.send_in_background()
                self.assertEqual(note.smart_state, "refused")
                self.assertEqual((invoice.payment_state, note.payment_state), ("not_paid",) * 2)
                self.assertEqual((invoice.amount_residual, note.amount_residual), (116, 116))
                # Taken back, nothing is to be undone; issued at last, it settles.
                note.button_draft()
                self.assertEqual(invoice.amount_residual, 116)
                self.confirm(note)
                self.send_in_background()
                self.assertEqual(note.smart_state, "issued")
                self.assertEqual((invoice.amount_residual, note.amount_residual), (0, 0))

    def test_an_invoice_that_was_paid_meanwhile_leaves_the_note_open(self):
        invoice = self.confirm()
        note = self.waiting_note(invoice, "by hand")
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({})._create_payments()
        self.commit()
        self.send_in_background()
        self.assertEqual((note.smart_state, note.amount_residual), ("issued", 116))
        self.assertEqual(invoice.amount_residual, 0)

    def test_what_cannot_be_reconciled_is_said_once_and_keeps_no_note_from_its_customer(self):
        invoice = self.confirm(self.make_invoice(currency_id=self.usd.id))
        note = self.by_hand(invoice, currency_id=self.usd.id, invoice_currency_rate=0.02)
        self.company.currency_exchange_journal_id = False
        self.confirm(note)
        self.send_in_background()
        document = note.smart_document_id.sudo()
        self.assertEqual(document.state, "issued")
        self.assertNotEqual(document.owner_step, "legal", "it is not tried again for ever")
        self.assertEqual(invoice.amount_residual, 116)
        said = note.message_ids.filtered(lambda message: "could not reconcile" in message.body)
        self.assertEqual(len(said), 1)
        self.assertIn("Exchange Gain or Loss Journal", said.body)
        self.assertIn(invoice.smart_legal_name, said.body)

    def test_a_part_by_hand_leaves_the_rest_open(self):
        invoice = self.confirm()
        note = self.confirm(self.by_hand(invoice, ("general", 25.0)))
        self.assertEqual((invoice.amount_residual, note.amount_residual), (87, 0))
        self.assertEqual(invoice.payment_state, "partial")

    def test_a_note_that_is_turned_to_another_invoice_settles_that_one(self):
        wrong, right = self.confirm(), self.confirm()
        note = self.created(self.reversal(wrong).refund_moves())
        note.smart_note_origin_id = right
        self.confirm(note)
        self.assertEqual(self.at_smart()["relacionado"], right.smart_control_number)
        self.assertEqual(note.reversed_entry_id, right)
        self.assertEqual((wrong.amount_residual, right.amount_residual), (116, 0))

    def test_several_notes_at_once_settle_each_its_own_invoice(self):
        first, second = self.confirm(), self.confirm()
        notes = self.confirm(
            self.by_hand(first, ("general", 10.0)),
            self.by_hand(first, ("general", 20.0)),
            self.by_hand(second, ("general", 30.0)),
        )
        self.send_in_background()
        self.assertEqual(set(notes.mapped("smart_state")), {"issued"})
        self.assertEqual(notes.mapped("amount_residual"), [0, 0, 0])
        self.assertAlmostEqual(first.amount_residual, 116 - 34.8)
        self.assertAlmostEqual(second.amount_residual, 116 - 34.8)

    def test_nothing_is_settled_for_a_note_that_is_refused(self):
        invoice = self.confirm()
        note = self.by_hand(invoice, ("general", 500.0))
        with self.assertRaisesRegex(SmartPreflightError, "too much"), self.env.cr.savepoint():
            note.action_post()
        self.env.invalidate_all()
        self.assertFalse(note.reversed_entry_id)
        self.assertEqual(invoice.amount_residual, 116)

    def test_a_note_of_another_customer_settles_nothing(self):
        invoice = self.confirm()
        other = self.customer.copy({"name": "Otra, C.A.", "vat": "J-00041312-6"})
        note = self.by_hand(invoice, partner_id=other.id)
        with self.assertRaisesRegex(SmartPreflightError, "issued to"), self.env.cr.savepoint():
            note.action_post()
        self.env.invalidate_all()
        self.assertEqual(invoice.amount_residual, 116)

    def test_a_debit_note_by_hand_stays_open(self):
        invoice = self.confirm()
        note = self.confirm(self.make_invoice(smart_note_origin_id=invoice.id))
        self.assertEqual(note.smart_document_type, "debit_note")
        self.assertFalse(note.reversed_entry_id)
        self.assertEqual((invoice.amount_residual, note.amount_residual), (116, 116))

    def test_a_draft_that_is_switched_to_an_invoice_corrects_nothing(self):
        invoice = self.confirm()
        note = self.created(self.reversal(invoice).refund_moves())
        note.action_switch_move_type()
        self.assertEqual(note._smart_document_type(), "invoice")
        self.confirm(note)
        self.assertEqual(self.at_smart()["idtipodocumento"], 1)
        self.assertEqual(invoice.amount_residual, 116)

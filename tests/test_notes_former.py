from odoo import Command
from odoo.tests import tagged

from ..models.conversion.problem import SmartPreflightError
from .notes_common import NotesCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestNotesFormer(NotesCommon):
    """Notes about documents from before SMART say number, date and amount of these."""

    def old(self, *lines, **values):
        """Return an invoice that was posted before the company joined SMART."""
        journal = self.company_data["default_journal_sale"]
        journal.smart_enabled = False
        invoice = self.confirm(self.make_invoice(*lines, invoice_date="2024-03-15", **values))
        journal.smart_enabled = True
        return invoice

    def test_the_wizard_asks_once_and_proposes_what_the_books_know(self):
        old = self.old()
        wizard = self.reversal(old)
        self.assertTrue(wizard.smart_is_former)
        self.assertEqual(str(wizard.smart_former_date), "2024-03-15")
        self.assertEqual(wizard.smart_former_amount, 116)
        wizard.smart_former_number = "00-00012345"
        note = self.created(wizard.refund_moves())
        self.assertEqual(note.smart_note_reason, "Devolución")
        self.confirm(note)
        self.assertEqual(note.smart_state, "issued")
        request = self.at_smart()
        self.assertEqual((request["idtipodocumento"], request["regimenanterior"]), (3, 1))
        self.assertEqual(request["relacionado"], "00-00012345")
        self.assertEqual(
            request["observacion"],
            "Aplica a documento 00-00012345 del 15/03/2024 por Bs. 116,00. Devolución",
        )
        self.assertEqual((old.amount_residual, note.amount_residual), (0, 0))

    def test_a_long_reason_does_not_push_out_what_the_law_asks_for(self):
        note = self.make_invoice(
            move_type="out_refund",
            smart_former_number="00-00012345",
            smart_former_date="2023-12-31",
            smart_former_amount=12345678.9,
            smart_note_reason="Devolución de mercancía dañada " * 10,
        )
        self.confirm(note)
        remark = self.at_smart()["observacion"]
        self.assertLessEqual(len(remark), 200)
        self.assertTrue(
            remark.startswith(
                "Aplica a documento 00-00012345 del 31/12/2023 por Bs. 12.345.678,90. Devolución"
            )
        )

    def test_reverse_and_create_at_once(self):
        old = self.old()
        wizard = self.reversal(old, smart_former_number="00-00012345")
        draft = self.created(wizard.modify_moves())
        self.commit()
        note = old.reversal_move_ids
        self.assertEqual((note.smart_state, draft.state), ("issued", "draft"))
        self.assertFalse(draft.smart_former_number or draft.smart_note_origin_id)

    def test_reversing_in_code_names_what_is_missing(self):
        old = self.old()
        with (
            self.assertRaisesRegex(SmartPreflightError, "number, date and amount"),
            self.env.cr.savepoint(),
        ):
            old._reverse_moves(cancel=True)
        [note] = old._reverse_moves()
        self.assertEqual(
            (str(note.smart_former_date), note.smart_former_amount), ("2024-03-15", 116)
        )
        note.write({"smart_former_number": "00-00012345", "smart_note_reason": "Error"})
        self.assertEqual(self.confirm(note).smart_state, "issued")

    def test_several_at_once_are_completed_on_the_drafts(self):
        first, second = self.old(), self.old()
        wizard = self.reversal(first, second)
        self.assertFalse(wizard.smart_is_former)
        with self.assertRaisesRegex(Exception, "one at a time"), self.env.cr.savepoint():
            wizard.modify_moves()
        wizard.refund_moves()
        notes = first.reversal_move_ids | second.reversal_move_ids
        self.assertEqual(set(notes.mapped("smart_note_reason")), {"Devolución"})
        self.assertEqual(notes.mapped("smart_former_amount"), [116, 116])
        for number, note in enumerate(notes, start=1):
            note.smart_former_number = f"00-0000000{number}"
        self.confirm(notes)
        self.send_in_background()
        self.assertEqual(set(notes.mapped("smart_state")), {"issued"})

    def test_what_was_said_of_a_document_is_not_asked_for_again(self):
        old = self.old()
        first = self.reversal(
            old, smart_former_number="00-00012345", smart_former_date="2024-03-14"
        )
        note = self.created(first.refund_moves())
        note.invoice_line_ids.quantity = 0.5
        self.confirm(note)
        again = self.reversal(old)
        self.assertEqual(again.smart_former_number, "00-00012345")
        self.assertEqual(str(again.smart_former_date), "2024-03-14")
        rest = self.created(again.refund_moves())
        with self.assertRaisesRegex(SmartPreflightError, "58.*too much"), self.env.cr.savepoint():
            rest.action_post()
        rest.invoice_line_ids.quantity = 0.5
        self.assertEqual(self.confirm(rest).smart_state, "issued")

    def test_a_note_that_takes_such_a_note_back_says_the_same(self):
        credit = self.created(
            self.reversal(self.old(), smart_former_number="00-00012345").refund_moves()
        )
        self.confirm(credit)
        for wizard in (self.reversal(credit), self.debit(credit)):
            self.assertEqual(wizard.smart_former_number, "00-00012345")
            note = self.created(
                wizard.refund_moves() if "refund_moves" in dir(wizard) else wizard.create_debit()
            )
            self.assertEqual(note._smart_document_type(), "debit_note")
            self.assertEqual(note.smart_former_amount, 116)
        note.invoice_line_ids = [
            Command.create(
                {"name": "x", "price_unit": 9, "tax_ids": [Command.set(self.taxes["general"].ids)]}
            )
        ]
        self.confirm(note)
        self.assertEqual((self.at_smart()["idtipodocumento"], note.smart_state), (2, "issued"))

    def test_reversing_an_old_credit_note_is_a_debit_note_that_asks_for_its_number(self):
        old = self.old(move_type="out_refund")
        note = self.created(self.reversal(old).refund_moves())
        self.assertEqual(note._smart_document_type(), "debit_note")
        with self.assertRaisesRegex(SmartPreflightError, "refer to"), self.env.cr.savepoint():
            note.action_post()
        note.smart_former_number = "00-00000042"
        self.confirm(note)
        self.assertEqual((self.at_smart()["idtipodocumento"], note.smart_state), (2, "issued"))

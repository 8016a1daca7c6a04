from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ..models.contingency.account_move_sheets import SheetError
from .contingency_common import ContingencyCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestContingencyNotes(ContingencyCommon):
    """Notes on paper, and about what is on paper: they name it, and take back what is left."""

    def draft_note(self, *lines, on_paper=True, **values):
        """Return the draft of a credit note that somebody types, without Odoo's wizard."""
        make = self.make_paper if on_paper else self.make_invoice
        return make(*lines, move_type="out_refund", smart_note_reason="Devolución", **values)

    def note_about(self, origin, on_paper=True, **values):
        form = Form(self.draft_note(on_paper=on_paper, **values))
        form.smart_note_origin_id = origin
        return form.save()

    def wizard_about(self, origin, **values):
        digital = self.company_data["default_journal_sale"]
        return (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=origin.ids)
            .create({"reason": "Devolución", "journal_id": digital.id, **values})
        )

    def refused(self, note, said):
        with self.assertRaisesRegex(UserError, said), self.env.cr.savepoint():
            self.put(note)

    # -- what it corrects ------------------------------------------------------------------

    def test_a_note_that_is_typed_names_and_settles_what_is_issued(self):
        issued = self.confirm()
        note = self.put(self.note_about(issued))
        self.assertEqual(
            note.smart_sheet_id.affected, f"Invoice 00000001 {issued.smart_control_number}"
        )
        self.assertEqual(note.reversed_entry_id, issued)
        self.assertEqual(issued.amount_residual, 0)
        self.assertEqual(issued.smart_note_count, 1)

    def test_a_note_that_is_typed_names_and_settles_what_is_on_paper(self):
        for on_paper in (True, False):
            with self.subTest(on_paper=on_paper):
                invoice = self.write_paper()
                note = self.note_about(invoice, on_paper)
                self.put(note)
                self.assertEqual(note.reversed_entry_id, invoice)
                self.assertEqual(invoice.amount_residual, 0)
        self.assertEqual(note.smart_state, "issued")
        sheets = self.pad.sheet_ids.filtered("affected")
        self.assertEqual(sheets.mapped("affected"), ["Invoice 00-00000001"])

    def test_a_note_about_a_document_from_before(self):
        form = Form(self.draft_note())
        form.smart_former_number = "00-00000777"
        form.smart_former_date = "2026-01-05"
        form.smart_former_amount = 116.0
        note = self.put(form.save())
        self.assertEqual(note.smart_sheet_id.affected, "00-00000777")
        self.refused(
            self.draft_note(smart_former_number="00-00000778", smart_former_amount=116.0),
            "when the document that it corrects was issued",
        )

    def test_a_debit_note_that_is_typed_names_it(self):
        issued = self.confirm()
        note = self.make_paper(smart_note_origin_id=issued.id, smart_note_reason="Flete")
        self.put(note)
        self.assertEqual(note.smart_number, "Debit Note 00-00000001")
        self.assertIn(issued.smart_control_number, note.smart_sheet_id.affected)

    def test_a_note_names_what_it_corrects(self):
        self.refused(self.draft_note(), "must refer to the invoice")
        other = self.customer.copy({"name": "Otra, C.A.", "vat": "J-41256789-6"})
        self.refused(self.note_about(self.confirm(), partner_id=other.id), "was issued to")

    # -- how much --------------------------------------------------------------------------

    def test_no_more_is_taken_back_than_is_left(self):
        for origin in (self.confirm(), self.write_paper()):
            self.put(self.note_about(origin))
            for on_paper in (True, False):
                with self.subTest(origin=origin.smart_number, on_paper=on_paper):
                    self.refused(self.note_about(origin, on_paper), "too much")

    def test_nor_by_notes_that_are_confirmed_together(self):
        for origin in (self.confirm(), self.write_paper()):
            with self.subTest(origin=origin.smart_number):
                both = self.note_about(origin) + self.note_about(origin)
                with self.assertRaisesRegex(SheetError, "too much"), self.env.cr.savepoint():
                    self.put(both)
                self.assertEqual(both.mapped("state"), ["draft", "draft"])

    def test_another_printing_house_has_the_same_numbers(self):
        invoices = self.write_paper()
        self.pad.active = False
        self.make_pad(printer_rif="J-41256789-6")
        invoices += self.write_paper()
        self.assertEqual(set(invoices.mapped("smart_control_number")), {"00-00000001"})
        for invoice in invoices:
            self.confirm(self.note_about(invoice, on_paper=False))
        self.assertEqual(invoices.mapped("amount_residual"), [0, 0])

    def test_what_was_annulled_meanwhile_is_corrected_by_nothing(self):
        for journal in (self.company_data["default_journal_sale"], self.on_paper):
            with self.subTest(journal=journal.name):
                invoice = self.write_paper()
                wizard = self.wizard_about(invoice, journal_id=journal.id)
                note = self.env["account.move"].browse(wizard.refund_moves()["res_id"])
                self.annul(invoice)
                self.refused(note, "was annulled")
        self.assertTrue(self.nothing_sent())

    # -- the window ------------------------------------------------------------------------

    def test_the_window_asks_for_the_number_of_what_is_from_before(self):
        self.on_paper.smart_channel = "other"
        old = self.put(self.make_paper())
        self.on_paper.smart_channel = "contingency"
        wizard = self.wizard_about(old, journal_id=self.on_paper.id)
        self.assertTrue(wizard.smart_is_former)
        wizard.smart_former_number = "00-00000012"
        note = self.env["account.move"].browse(wizard.refund_moves()["res_id"])
        self.put(note)
        self.assertEqual(note.smart_sheet_id.affected, "00-00000012")

    def test_a_note_returns_to_the_rate_of_what_is_on_paper(self):
        invoice = self.write_paper(currency_id=self.usd.id)
        self.assertAlmostEqual(
            invoice.smart_sheet_id.amount_total_signed, invoice.amount_total_signed
        )
        self.env["res.currency.rate"].create(
            {
                "currency_id": self.usd.id,
                "company_id": self.company.id,
                "name": self.env["account.move"]._smart_today(),
                "inverse_company_rate": 50.0,
            }
        )
        wizard = self.wizard_about(invoice)
        self.assertTrue(wizard.smart_has_rate)
        note = self.env["account.move"].browse(wizard.refund_moves()["res_id"])
        self.assertEqual(note.invoice_currency_rate, invoice.invoice_currency_rate)

    def test_a_note_about_paper_is_in_a_journal_that_issues(self):
        other = self.on_paper.copy({"code": "OTR", "smart_channel": "other"})
        wizard = self.wizard_about(self.write_paper(), journal_id=other.id)
        self.assertNotIn(other, wizard.available_journal_ids)
        with self.assertRaisesRegex(UserError, "Choose another journal"):
            wizard.refund_moves()

    def test_reversed_and_made_anew_in_one_step(self):
        invoice = self.write_paper(
            invoice_date=self.env["account.move"]._smart_today() - timedelta(days=1)
        )
        action = self.wizard_about(invoice).modify_moves()
        self.commit()
        self.assertEqual(invoice.reversal_move_ids.smart_state, "issued")
        self.assertEqual(invoice.amount_residual, 0)
        anew = self.env["account.move"].browse(action["res_id"])
        self.assertEqual((anew.state, anew.smart_sheet_id.ids), ("draft", []))

from unittest.mock import patch

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.l10n_ve_edi_smart.tests.common import SmartCommon

from ..hooks import post_init_hook


@tagged("post_install", "-at_install")
class TestFiscalData(SmartCommon):
    """OCA's data say what SMART has said, when it has said it."""

    def data(self, move):
        move.invalidate_recordset()
        return (
            move.l10n_ve_control_number,
            move.l10n_ve_control_date,
            move.l10n_ve_emission_medium,
            move.l10n_ve_fiscal_data_locked,
        )

    def told(self):
        """Do what follows the issue, as the scheduled action does."""
        self.send_waiting()
        self.env["smart.document"]._tell_owners(self.registry)

    def assert_noted(self, move):
        self.assertTrue(move.smart_control_number)
        self.assertEqual(
            self.data(move),
            (move.smart_control_number, move.smart_document_id.issue_date, "digital", True),
        )

    def test_a_journal_that_issues_is_digital_by_itself(self):
        journal = self.env["account.journal"].create(
            {"name": "Sucursal", "code": "SUC", "type": "sale", "company_id": self.company.id}
        )
        self.assertEqual(journal.l10n_ve_emission_medium, "digital")
        with self.assertRaisesRegex(ValidationError, "Sucursal.*switch off"):
            journal.l10n_ve_emission_medium = "free"
        journal.write({"smart_enabled": False, "l10n_ve_emission_medium": "free"})
        self.assertEqual(journal.l10n_ve_emission_medium, "free")
        journal.smart_enabled = True
        self.assertEqual(journal.l10n_ve_emission_medium, "digital")

    def test_the_number_and_the_day_in_caracas_are_noted_after_the_issue(self):
        invoice = self.confirm()
        self.told()
        self.assert_noted(invoice)
        with self.assertRaises(UserError):
            invoice.l10n_ve_control_number = "00-99999999"
        with self.assertRaises(UserError):
            invoice.button_draft()

    def test_a_credit_note_and_a_debit_note_have_theirs(self):
        invoice = self.confirm()
        credit = self.make_invoice(
            ("general", 10.0), move_type="out_refund", smart_note_origin_id=invoice.id
        )
        debit = self.make_invoice(("general", 10.0), debit_origin_id=invoice.id)
        self.confirm(credit, debit)
        self.told()
        for note in credit + debit:
            self.assert_noted(note)

    def test_what_waits_is_free_until_it_is_issued(self):
        self.simulator.fault("refuse", seconds=60)
        invoice = self.confirm()
        self.assertEqual(self.data(invoice), (False, False, "digital", False))
        invoice.button_draft()
        self.assertEqual(invoice.state, "draft")
        invoice.invoice_line_ids[0].price_unit = 50.0
        self.simulator.control("DELETE", "/faults")
        self.env["smart.lane"].sudo().search([])._resume()
        self.confirm(invoice)
        self.told()
        self.assert_noted(invoice)

    def test_what_is_annulled_is_cancelled_and_keeps_its_number(self):
        invoice = self.confirm()
        self.told()
        number = invoice.smart_control_number
        action = invoice.action_smart_annul()
        wizard = self.env["smart.annul.wizard"].browse(action["res_id"])
        wizard.reason = "Emitida al cliente equivocado"
        wizard.action_annul()
        self.commit()
        self.send_in_background()
        self.assertEqual((invoice.state, invoice.smart_state), ("cancel", "annulled"))
        self.assertEqual(invoice.l10n_ve_control_number, number)

    def test_nobody_types_the_number_of_what_smart_issues(self):
        invoice = self.make_invoice()
        with self.assertRaisesRegex(ValidationError, "SMART gives the control number"):
            invoice.l10n_ve_control_number = "00-00000009"
        journal = self.env["account.journal"].create(
            {"name": "Talonario", "code": "TAL", "type": "sale", "company_id": self.company.id}
        )
        journal.write({"smart_enabled": False, "l10n_ve_emission_medium": "contingency"})
        on_paper = self.make_invoice(journal_id=journal.id)
        on_paper.l10n_ve_control_number = "00-00000009"
        on_paper.action_post()
        self.assertEqual(on_paper.l10n_ve_emission_medium, "contingency")
        self.assertTrue(on_paper.l10n_ve_fiscal_data_locked)
        with self.assertRaises(UserError):
            on_paper.button_draft()

    def test_a_journal_on_paper_is_contingency_by_itself_and_notes_its_sheets(self):
        sale = self.company_data["default_journal_sale"]
        journal = sale.copy({"code": "PAP", "default_account_id": sale.default_account_id.id})
        journal.smart_channel = "contingency"
        self.assertEqual(journal.l10n_ve_emission_medium, "contingency")
        with (
            self.assertRaisesRegex(ValidationError, "another channel"),
            self.env.cr.savepoint(),
        ):
            journal.l10n_ve_emission_medium = "free"
        self.env["smart.pad"].create(
            {
                "journal_id": journal.id,
                "number_from": 1,
                "number_to": 9,
                "printer_name": "Imprenta La Estrella, C.A.",
                "printer_rif": "J-30984512-8",
            }
        )
        invoice = self.confirm(self.make_invoice(journal_id=journal.id))
        self.assertEqual(
            self.data(invoice), ("00-00000001", invoice.invoice_date, "contingency", True)
        )
        with self.assertRaises(UserError):
            invoice.button_draft()
        wizard = self.env["smart.sheet.annul"].browse(invoice.action_smart_annul_sheet()["res_id"])
        wizard.reason = "Cliente equivocado"
        wizard.action_annul()
        self.assertEqual((invoice.state, invoice.smart_sheet_state), ("cancel", "annulled"))
        self.assertEqual(invoice.l10n_ve_control_number, "00-00000001")
        journal.smart_channel = "digital"
        self.assertEqual(journal.l10n_ve_emission_medium, "digital")

    def test_an_error_while_it_is_noted_costs_nothing_and_is_made_good(self):
        Move = self.registry["account.move"]
        with (
            patch.object(Move, "_l10n_ve_assign_control_data", side_effect=ValueError("Ups")),
            self.assertLogs("odoo.addons.l10n_ve_edi_smart", "ERROR"),
        ):
            invoice = self.confirm()
        self.assertTrue(invoice.smart_control_number)
        self.assertFalse(invoice.l10n_ve_control_number)
        self.told()
        self.assert_noted(invoice)

    def test_the_installation_notes_what_was_issued_before(self):
        issued = self.confirm()
        annulled = self.confirm()
        self.told()
        self.simulator.fault("refuse", seconds=60)
        refused = self.confirm()
        annulled.smart_document_id.sudo()._engine_write({"state": "annulled"})
        self.env.flush_all()
        # As OCA's own installation leaves them.
        self.env.cr.execute(
            "UPDATE account_move SET l10n_ve_control_number = NULL, l10n_ve_control_date = NULL,"
            " l10n_ve_emission_medium = NULL, l10n_ve_fiscal_data_locked = TRUE WHERE id = ANY(%s)",
            [[issued.id, annulled.id, refused.id]],
        )
        self.env.cr.execute("UPDATE account_move SET state = 'cancel' WHERE id = %s", [annulled.id])
        self.env.invalidate_all()
        post_init_hook(self.env)
        self.assert_noted(issued)
        self.assert_noted(annulled)
        self.assertFalse(refused.l10n_ve_fiscal_data_locked)
        refused.button_draft()

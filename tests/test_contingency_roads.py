"""Every road by which a document on paper is confirmed, changed or left: nothing is ever sent."""

from datetime import timedelta
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..models.contingency.account_move_sheets import SheetError
from .contingency_common import ContingencyCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestContingencyRoads(ContingencyCommon):
    def test_form_list_and_rpc(self):
        form = Form(self.make_paper())
        form.smart_sheet_control = "00-00000001"
        by_form = form.save()
        by_form.action_post()
        by_list = self.make_paper() + self.make_paper()
        wizard = (
            self.env["validate.account.move"]
            .with_user(self.cashier)
            .with_context(active_model="account.move", active_ids=by_list.ids)
            .create({})
        )
        wizard.validate_move()
        by_rpc = self.make_paper()
        by_rpc.with_user(self.cashier).action_post()
        moves = by_form + by_list + by_rpc
        self.assertEqual(
            moves.mapped("smart_control_number"), [f"00-{number:08d}" for number in range(1, 5)]
        )
        self.assertEqual(set(moves.mapped("state")), {"posted"})
        self.commit()
        self.assertTrue(self.nothing_sent())

    def test_one_bad_document_of_a_list_confirms_none(self):
        good, bad = self.make_paper(), self.make_paper(smart_sheet_control="00-00000777")
        with self.assertRaises(SheetError), self.env.cr.savepoint():
            self.put(good, bad)
        self.assertEqual((good + bad).mapped("state"), ["draft", "draft"])
        self.assertFalse(self.pad.sheet_ids)

    def test_where_nobody_is_asked_only_a_typed_sheet_is_taken(self):
        typed = self.make_paper(smart_sheet_control="00-00000001")
        nobody = self.make_paper()
        wrong = self.make_paper(smart_sheet_control="00-00000777")
        (typed + nobody + wrong).with_user(self.env.ref("base.user_root")).sudo().action_post()
        self.assertEqual((typed + nobody + wrong).mapped("state"), ["posted", "draft", "draft"])
        self.assertEqual(typed.smart_control_number, "00-00000001")
        self.assertFalse(typed.activity_ids)
        self.assertIn("Nobody was there", nobody.activity_ids.note)
        self.assertIn("on no pad", wrong.activity_ids.note)
        self.put(nobody)
        self.assertFalse(nobody.activity_ids)
        self.commit()
        self.assertTrue(self.nothing_sent())

    def test_posted_by_the_scheduled_action(self):
        today = self.env["account.move"]._smart_today()
        due = self.make_paper(
            auto_post="at_date",
            date=today,
            invoice_date=today,
            smart_sheet_control="00-00000001",
        )
        later = self.make_paper(
            auto_post="at_date",
            date=today + timedelta(days=9),
            invoice_date=today + timedelta(days=9),
        )
        self.env.flush_all()
        with patch.object(self.env.cr, "commit"), patch.object(self.env.cr, "rollback"):
            self.env["account.move"].sudo()._autopost_draft_entries()
        self.assertEqual((due.state, later.state), ("posted", "draft"))
        self.assertEqual(due.smart_control_number, "00-00000001")
        self.assertTrue(self.nothing_sent())

    def test_a_future_document_waits_for_its_day_without_a_sheet(self):
        later = self.make_paper(
            invoice_date=self.env["account.move"]._smart_today() + timedelta(days=9)
        )
        later.with_user(self.cashier)._post(soft=True)
        self.assertEqual(later.state, "draft")
        self.assertFalse(self.pad.sheet_ids)

    def test_imported_with_its_number(self):
        result = self.env["account.move"].with_user(self.cashier).load(
            ["move_type", "partner_id/.id", "journal_id/.id", "invoice_date",
             "smart_sheet_control", "invoice_line_ids/name", "invoice_line_ids/price_unit"],
            [["out_invoice", str(self.customer.id), str(self.on_paper.id), "2026-11-20",
              "00-00000001", "Ferretería", "100"]],
        )  # fmt: skip
        self.assertFalse(result["messages"])
        invoice = self.env["account.move"].browse(result["ids"])
        self.put(invoice)
        self.assertEqual(invoice.smart_control_number, "00-00000001")
        self.assertEqual(str(invoice.smart_sheet_id.issue_date), "2026-11-20")
        self.assertTrue(self.nothing_sent())

    def test_a_status_that_is_set_by_hand_is_refused(self):
        draft = self.make_paper()
        with self.assertRaisesRegex(UserError, "cannot be set by hand"):
            draft.write({"state": "posted"})
        self.assertEqual(draft.state, "draft")

    # -- after it is on paper --------------------------------------------------------------

    def test_it_is_locked_as_an_issued_one(self):
        invoice = self.write_paper()
        self.assertTrue(invoice.smart_is_locked)
        line = invoice.invoice_line_ids
        boss = invoice.with_user(self.boss)
        for name, attempt in (
            ("draft", boss.button_draft),
            ("cancel", boss.button_cancel),
            ("state", lambda: boss.write({"state": "draft"})),
            ("date", lambda: boss.write({"invoice_date": "2026-01-01"})),
            ("customer", lambda: boss.write({"partner_id": self.company.partner_id.id})),
            ("number", lambda: boss.write({"smart_sheet_control": "00-00000009"})),
            ("price", lambda: line.with_user(self.boss).write({"price_unit": 1.0})),
            ("lines", lambda: boss.write({"invoice_line_ids": [self.line()]})),
            ("new line", lambda: boss.write({"line_ids": [Command.delete(line.id)]})),
            ("delete", boss.unlink),
            ("forced", lambda: boss.with_context(force_delete=True).unlink()),
            (
                "journal",
                lambda: boss.write({"journal_id": self.company_data["default_journal_sale"].id}),
            ),
        ):
            with (
                self.subTest(name),
                self.assertRaises(UserError),
                self.env.cr.savepoint(),
            ):
                attempt()
        boss.write({"ref": "OC 12", "narration": "Gracias"})
        self.assertEqual((invoice.state, invoice.amount_total), ("posted", 116.0))
        self.assertFalse(invoice.show_reset_to_draft_button)

    def test_a_journal_that_becomes_digital_sends_nothing_that_is_on_paper(self):
        invoice = self.write_paper()
        draft = self.make_paper()
        self.on_paper.smart_channel = "digital"
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertFalse(invoice._smart_is_fiscal())
        for attempt in (
            invoice.action_smart_send,
            invoice.action_smart_check,
            invoice.button_draft,
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                attempt()
        self.commit()
        self.assertTrue(self.nothing_sent())
        self.assertEqual(invoice.smart_control_number, "00-00000001")
        self.confirm(draft)  # this one is digital now, for nobody has written it on paper
        self.assertEqual(draft.smart_state, "issued")
        self.assertFalse(draft.smart_sheet_id)

    def test_a_number_that_was_typed_is_told_when_its_journal_leaves_paper(self):
        typed = self.make_paper(smart_sheet_control="00-00000001", smart_sheet_number="C-7")
        others = self.make_paper() + self.write_paper(smart_sheet_control="00-00000001")
        before = {move: len(move.message_ids) for move in typed + others}
        for name, value, back in (
            ("smart_channel", "digital", "contingency"),
            ("smart_channel", "other", "contingency"),
            ("smart_enabled", True, False),
        ):
            with self.subTest(name, value=value):
                self.on_paper.with_user(self.boss).write({name: value})
                self.env.flush_all()
                said = typed.message_ids[0].body
                self.assertIn("00-00000001 (C-7)", said)
                self.assertIn(self.on_paper.display_name, said)
                alert = typed.alerts["smart_paper"]
                self.assertEqual(alert["level"], "warning")
                self.assertIn("00-00000001 (C-7)", alert["message"])
                for move in others:
                    self.assertEqual(len(move.message_ids), before[move])
                    self.assertNotIn("smart_paper", move.alerts or {})
                self.on_paper.write({name: back})
                self.on_paper.smart_channel = "contingency"
        self.assertEqual(len(typed.message_ids), before[typed] + 3)
        self.assertIn("on numbered paper", typed.alerts["smart_paper"]["message"])
        typed.journal_id = self.company_data["default_journal_sale"]
        self.assertIn("is not used", typed.alerts["smart_paper"]["message"])
        typed.write({"smart_sheet_control": False, "smart_sheet_number": False})
        self.assertNotIn("smart_paper", typed.alerts or {})

    def test_a_draft_that_changes_its_journal_takes_no_sheet(self):
        draft = self.make_paper(smart_sheet_control="00-00000001")
        draft.journal_id = self.company_data["default_journal_sale"]
        self.confirm(draft)
        self.assertEqual(draft.smart_state, "issued")
        self.assertFalse(self.pad.sheet_ids)
        refused = self.make_invoice(partner_id=self.customer.copy({"phone": False}).id)
        refused.journal_id = self.on_paper
        self.put(refused)
        self.assertEqual(refused.smart_control_number, "00-00000001")
        self.assertEqual(len(self.simulator.calls()), 1)

    def test_a_document_that_waits_for_smart_goes_on_paper_once_it_is_withdrawn(self):
        self.simulator.fault("refuse", seconds=600)
        waiting = self.confirm()
        self.assertEqual(waiting.smart_state, "queued")
        waiting.button_draft()
        waiting.write({"name": False, "journal_id": self.on_paper.id})
        self.put(waiting)
        self.assertEqual(waiting.smart_number, "Invoice 00-00000001")
        self.simulator.control("DELETE", "/faults")
        self.env["smart.lane"].sudo().search([])._resume()
        calls = len(self.simulator.calls())
        self.send_in_background()
        self.assertEqual(len(self.simulator.calls()), calls)
        self.assertEqual(waiting.smart_sheet_state, "used")
        self.assertFalse(waiting._smart_is_unnumbered())

    def test_a_payment_settles_it(self):
        invoice = self.write_paper()
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({})._create_payments()
        self.assertIn(invoice.payment_state, ("paid", "in_payment"))

    def test_a_copy_is_a_draft_without_a_sheet(self):
        copy = self.write_paper().copy()
        self.assertFalse(copy.smart_sheet_id or copy.smart_sheet_control)
        self.assertFalse(copy.smart_is_locked)

    # -- annulling -------------------------------------------------------------------------

    def test_annulled_paper_is_kept_with_its_reason_and_cancelled_in_the_books(self):
        invoice = self.write_paper()
        with self.assertRaises(AccessError):
            self.annul(invoice, user=self.cashier)
        with self.assertRaisesRegex(UserError, "reason"), self.env.cr.savepoint():
            self.annul(invoice, reason="  ")
        self.annul(invoice)
        sheet = invoice.smart_sheet_id
        self.assertEqual((invoice.state, sheet.state), ("cancel", "annulled"))
        self.assertEqual((sheet.reason, sheet.annulled_by_id), ("Cliente equivocado", self.boss))
        self.assertEqual(invoice.smart_number, "Invoice 00-00000001")
        self.assertIn("Cliente equivocado", invoice.message_ids[:1].body)
        for attempt in (
            invoice.button_draft,
            invoice.unlink,
            lambda: invoice.write({"invoice_date": "2026-01-01"}),
            lambda: self.annul(invoice),
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                attempt()
        self.assertEqual(self.write_paper().smart_control_number, "00-00000002")
        self.assertTrue(self.nothing_sent())

    def test_what_stands_in_the_way_is_said_before(self):
        invoice = self.write_paper()
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({})._create_payments()
        with self.assertRaisesRegex(UserError, "reconciled with"), self.env.cr.savepoint():
            self.annul(invoice)
        self.assertEqual((invoice.state, invoice.smart_sheet_state), ("posted", "used"))
        self.annul(invoice, unreconcile=True)
        self.assertEqual((invoice.state, invoice.smart_sheet_state), ("cancel", "annulled"))

    def test_request_cancel_leads_to_the_same_window(self):
        action = self.write_paper().with_user(self.boss).button_request_cancel()
        self.assertEqual(action["res_model"], "smart.sheet.annul")

    # -- notes -----------------------------------------------------------------------------

    def test_a_credit_note_goes_to_smart_with_the_number_of_the_paper(self):
        day = self.env["account.move"]._smart_today() - timedelta(days=2)
        invoice = self.write_paper(invoice_date=day)
        form = Form(
            self.env["account.move.reversal"].with_context(
                active_model="account.move", active_ids=invoice.ids
            )
        )
        form.reason = "Devolución"
        wizard = form.save()
        self.assertEqual(wizard.journal_id, self.company_data["default_journal_sale"])
        self.assertEqual(wizard.smart_former_number, "00-00000001")
        self.assertEqual(wizard.smart_former_date, day)
        note = self.env["account.move"].browse(wizard.refund_moves()["res_id"])
        self.confirm(note)
        self.assertEqual(note.smart_state, "issued")
        [document] = self.simulator.documents("")
        request = document["request"]
        self.assertEqual((request["regimenanterior"], request["idtipodocumento"]), (1, 3))
        self.assertEqual(request["relacionado"], "00-00000001")
        self.assertIn("116,00", request["observacion"])
        self.assertEqual(invoice.amount_residual, 0)
        self.assertEqual(invoice.smart_note_count, 1)
        with self.assertRaisesRegex(UserError, "refers to it"), self.env.cr.savepoint():
            self.annul(invoice, unreconcile=True)

    def test_a_debit_note_does_as_well(self):
        invoice = self.write_paper()
        wizard = (
            self.env["account.debit.note"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"reason": "Flete", "copy_lines": True})
        )
        self.assertEqual(wizard.smart_former_number, "00-00000001")
        note = self.env["account.move"].browse(wizard.create_debit()["res_id"])
        self.assertEqual(note.journal_id, self.company_data["default_journal_sale"])
        self.confirm(note)
        self.assertEqual(note.smart_state, "issued")
        request = self.simulator.documents("")[-1]["request"]
        self.assertEqual((request["regimenanterior"], request["relacionado"]), (1, "00-00000001"))

    def test_a_note_that_names_it_by_hand_is_completed(self):
        invoice = self.write_paper()
        note = self.make_invoice(move_type="out_refund", smart_note_reason="Devolución")
        note.smart_note_origin_id = invoice
        self.confirm(note)
        self.assertEqual(note.smart_state, "issued")
        self.assertEqual(note.smart_former_number, "00-00000001")

    def test_a_note_on_paper_about_an_issued_document(self):
        issued = self.confirm()
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=issued.ids)
            .create({"reason": "Devolución", "journal_id": self.on_paper.id})
        )
        note = self.env["account.move"].browse(wizard.refund_moves()["res_id"])
        self.put(note)
        self.assertEqual(note.smart_number, "Credit Note 00-00000001")
        self.assertIn(issued.smart_control_number, note.smart_sheet_id.affected)
        self.assertEqual(issued.amount_residual, 0)
        self.commit()
        self.assertEqual(len(self.simulator.documents()), 1)

    def test_in_the_portal_it_is_known_by_the_paper(self):
        invoice = self.write_paper()
        portal = self.new_user(
            "smart_portal", "base.group_portal", partner_id=self.customer.id, name="Cliente"
        )
        self.env.flush_all()
        self.env.invalidate_all()
        seen = invoice.with_user(portal)
        self.assertEqual(seen.smart_number, "Invoice 00-00000001")
        self.assertIn(
            seen, seen.search([("smart_number", "ilike", "00000001"), ("id", "=", invoice.id)])
        )

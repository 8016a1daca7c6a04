from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..models.schedule import progress
from ..smart_api.client import SmartClient
from .test_annulment import AnnulCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestAnnulmentChecks(AnnulCommon):
    def problems(self, move, **values):
        """Return what the wizard says about one document."""
        wizard = self.env["smart.annul.wizard"].browse(move.action_smart_annul()["res_id"])
        wizard.write(values)
        return wizard.problems or ""

    def assert_not_annulled(self, move, words, **values):
        self.assertRegex(self.problems(move, **values), words)
        with self.assertRaisesRegex(UserError, words), self.env.cr.savepoint():
            self.annul(move, **values)
        self.assertFalse(self.annul_calls())

    def test_only_issued_documents_are_annulled(self):
        self.connect(enforce_numbering=False)
        self.simulator.fault("drop_after")
        unknown = self.confirm()
        self.assert_not_annulled(unknown, "not known whether it was issued.*dashboard")
        self.simulator.fault("refuse", seconds=60)
        queued = self.confirm()
        self.assert_not_annulled(queued, "was not issued.*Reset it to draft")
        self.simulator.control("DELETE", "/faults")
        with self.assertRaisesRegex(UserError, "None of these"):
            self.make_invoice().action_smart_annul()

    def test_annulling_twice_is_said_to_be_done(self):
        invoice = self.confirm()
        self.annul(invoice)
        self.assertIn("annulled already", self.problems(invoice))

    def test_all_problems_are_said_at_once(self):
        invoice = self.confirm()
        note = self.make_invoice(("general", 10.0), debit_origin_id=invoice.id)
        self.confirm(note)
        self.pay(invoice)
        self.company.sudo().tax_lock_date = fields.Date.today()
        said = self.problems(invoice)
        self.assertRegex(said, "period is closed: .*reopened, or correct it with a credit note")
        self.assertRegex(said, "reconciled with PBNK.*Tick “Remove the reconciliation”")
        self.assertRegex(said, f"{note.smart_legal_name}.* refers to it.*Annul that note first")
        self.assertEqual(len(said.splitlines()), 3)
        self.assert_not_annulled(invoice, "period is closed")

    def test_a_document_of_a_hashed_journal_is_corrected_by_a_note(self):
        invoice = self.confirm()
        self.company_data["default_journal_sale"].restrict_mode_hash_table = True
        self.assert_not_annulled(invoice, "secures its entries.*Correct it with a credit note")

    def test_payments_are_set_free_when_that_is_asked_for(self):
        invoice = self.confirm()
        payment = self.pay(invoice)
        self.assert_not_annulled(invoice, "reconciled with")
        self.assertEqual(self.problems(invoice, unreconcile=True), "")
        self.simulator.fault("out_of_control_numbers", path="/anulacion")
        self.annul(invoice, unreconcile=True)
        self.assertEqual(invoice.smart_annulment_state, "refused")
        self.assertIn(
            invoice.payment_state, ("paid", "in_payment"), "nothing is undone unless annulled"
        )
        self.annul(invoice, unreconcile=True)
        self.assert_annulled(invoice)
        self.assertFalse(invoice._smart_reconciled_with())
        self.assertNotIn(payment.state, ("draft", "canceled"))
        self.assertIn("outstanding again", self.said(invoice))
        self.assertIn(payment.name, self.said(invoice))

    def test_a_payment_registered_while_the_annulment_waits_stops_it(self):
        invoice = self.confirm()
        self.simulator.fault("refuse", seconds=60)
        self.annul(invoice)
        self.pay(invoice)
        self.simulator.control("DELETE", "/faults")
        self.due(invoice)
        self.send_in_background()
        self.assert_alive(invoice)
        self.assertEqual(invoice.smart_annulment_state, "refused")
        self.assertIn("SMART was not asked", invoice.smart_annulment_error)
        self.assertFalse(self.annul_calls())

    def test_another_environment_than_the_documents_is_named(self):
        invoice = self.confirm()
        self.move_service(smart_environment="test")
        self.assert_not_annulled(invoice, "“Custom address”.*“Test”.*administrator")

    def test_notes_are_annulled_before_the_document_that_they_correct(self):
        invoice = self.confirm()
        note = self.confirm(self.make_invoice(("general", 10.0), debit_origin_id=invoice.id))
        other = self.confirm()
        self.annul(invoice + note + other)
        self.send_in_background()
        for move in invoice + note + other:
            self.assert_annulled(move)
        numbers = [
            exchange.document_id.move_id
            for exchange in self.env["smart.exchange"].search(
                [("operation", "=", "annul")], order="id"
            )
        ]
        self.assertLess(numbers.index(note), numbers.index(invoice))

    def test_a_note_that_settles_it_is_called_by_its_legal_number(self):
        invoice = self.confirm()
        values = {"move_type": "out_refund", "smart_note_origin_id": invoice.id}
        note = self.confirm(self.make_invoice(("general", 10.0), **values))
        said = self.problems(invoice)
        self.assertIn(f"reconciled with {note.smart_legal_name}", said)
        self.assertNotIn(note.name, said)

    def test_no_note_is_confirmed_about_a_document_that_is_being_annulled(self):
        invoice = self.confirm()
        self.simulator.fault("error_500", path="/anulacion")
        self.annul(invoice)
        note = self.make_invoice(("general", 10.0), debit_origin_id=invoice.id)
        with self.assertRaisesRegex(Exception, "is being annulled"), self.env.cr.savepoint():
            note.action_post()
        self.due(invoice)
        self.send_in_background()
        with self.assertRaisesRegex(Exception, invoice.smart_number), self.env.cr.savepoint():
            note.action_post()


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestAnnulmentOfMany(AnnulCommon):
    def test_faults_in_the_middle_of_many_lose_nothing_of_the_others(self):
        moves = self.env["account.move"].concat(*(self.make_invoice() for _n in range(12)))
        self.confirm(moves)
        self.send_in_background()
        self.assertEqual(set(moves.mapped("smart_state")), {"issued"})
        closed, doubtful, refused = moves[2], moves[5], moves[7]
        self.pay(closed)
        wizard = self.annul(moves)
        self.assertEqual((wizard.document_count, wizard.ready_count), (12, 11))
        self.assertTrue(wizard.is_running)
        called = SmartClient.annul

        def failing(client, body):
            if doubtful.smart_control_number in body:
                self.simulator.fault("drop_after")
            if refused.smart_control_number in body:
                self.simulator.fault("out_of_control_numbers")
            return called(client, body)

        with patch.object(SmartClient, "annul", failing):
            self.send_in_background()
        rest = moves - closed - doubtful - refused
        self.assertEqual(set(rest.mapped("smart_annulment_state")), {"done"})
        self.assertEqual(set(rest.mapped("state")), {"cancel"})
        self.assertEqual((wizard.done_count, wizard.failed_count), (9, 1))
        self.assertEqual((wizard.waiting_count, wizard.is_running), (1, True))
        results = {line.document_id.move_id: line for line in wizard.line_ids}
        self.assertEqual(results[closed].result, "blocked")
        self.assertIn("reconciled with", results[closed].message)
        self.assertEqual(results[doubtful].result, "pending")
        self.assertEqual(results[refused].result, "refused")
        self.assertIn("Order more", results[refused].message)
        for move in closed + doubtful + refused:
            self.assert_alive(move)
        self.due(doubtful)
        self.send_in_background()
        self.assert_annulled(doubtful)
        self.assertFalse(wizard.is_running)
        self.assertEqual(wizard.progress, 100)
        annulled = [one for one in self.simulator.documents() if one["annulled"]]
        self.assertEqual(len(annulled), 10)

    def test_a_service_that_answers_nothing_is_left_alone_after_three(self):
        moves = self.env["account.move"].concat(*(self.make_invoice() for _n in range(6)))
        self.confirm(moves)
        self.send_in_background()
        self.simulator.fault("error_500", count=9)
        self.annul(moves)
        self.send_in_background()
        self.assertEqual(len(self.annul_calls()), 3)
        self.simulator.control("DELETE", "/faults")
        self.due(moves)
        self.send_in_background()
        self.assertEqual(set(moves.mapped("smart_annulment_state")), {"done"})

    def test_a_batch_that_runs_out_of_time_goes_on_at_once(self):
        moves = self.env["account.move"].concat(*(self.make_invoice() for _n in range(3)))
        self.confirm(moves)
        self.send_in_background()
        self.annul(moves)
        cron = self.company.smart_sending_action_id
        triggers = self.env["ir.cron.trigger"]
        triggers.search([]).unlink()
        with (
            patch.object(progress, "BUDGET_SECONDS", 0),
            patch.object(type(cron), "_commit_progress", side_effect=[1, 1, 0, 0]) as told,
        ):
            self.run_sending_action()
        self.assertEqual(moves.smart_document_id.mapped("state").count("annulled"), 1)
        self.assertEqual(told.call_args.kwargs, {"remaining": 2})
        self.assertTrue(triggers.search([("cron_id", "=", cron.id)]))
        # Past its time the scheduler calls again: what remains must not look done.
        with patch.object(type(cron), "_commit_progress", return_value=0) as told:
            self.run_sending_action()
        self.assertEqual(told.call_args.kwargs, {"remaining": 2})
        self.send_in_background()
        self.assertEqual(set(moves.mapped("smart_annulment_state")), {"done"})

    def test_who_confirms_does_not_wait_for_a_batch_of_annulments(self):
        moves = self.env["account.move"].concat(*(self.make_invoice() for _n in range(3)))
        self.confirm(moves)
        self.send_in_background()
        self.annul(moves)
        urgent = self.make_invoice()
        called = SmartClient.annul

        def while_somebody_confirms(client, body):
            if urgent.state == "draft":
                urgent.action_post()
                self.env.flush_all()
                self.env.cr.postcommit.clear()  # the lane is busy with the batch
            return called(client, body)

        with patch.object(SmartClient, "annul", while_somebody_confirms):
            self.send_in_background()
        paths = [call["path"] for call in self.simulator.calls()]
        self.assertEqual(paths[-4:], ["/anulacion", "/facturacion", "/anulacion", "/anulacion"])

    def test_who_annulled_many_is_told_when_it_is_done(self):
        moves = self.confirm(), self.confirm()
        moves = moves[0] + moves[1]
        self.annul(moves)
        with patch.object(self.env.registry["bus.bus"], "_sendone") as sent:
            self.send_in_background()
        [message] = [
            call.args[2] for call in sent.call_args_list if call.args[1] == "account_notification"
        ]
        self.assertEqual(message["message"], "2 of 2 documents are annulled.")
        self.assertEqual(set(message["action_button"]["res_ids"]), set(moves.smart_document_id.ids))

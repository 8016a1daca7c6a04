"""What goes to a customer, and when: nothing before it is legal, then once, with SMART's print."""

import base64
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.document.document_file import PATIENT_ATTEMPTS
from .common import SmartCommon
from .resolving_common import ResolvingCommon

SEND_CRON = "account.ir_cron_account_move_send"


class SendingCase(SmartCommon):
    def waiting(self, move=None):
        """Return an invoice that is confirmed while SMART cannot be reached."""
        self.simulator.fault("refuse", seconds=600)
        return self.confirm(*([move] if move else []))

    def issue(self, moves):
        """Have SMART answer again, and what waits sent to it."""
        self.simulator.control("DELETE", "/faults")
        moves.action_smart_send()
        self.commit()
        self.send_in_background()

    def run_mails(self):
        """Run Odoo's scheduled action that sends invoices, as often as it has something to do."""
        self.env.ref(SEND_CRON).sudo().method_direct_trigger()
        self.env.invalidate_all()

    def mails(self, invoice):
        """Return what was mailed of an invoice: the names of the files that went with each."""
        messages = self.env["mail.message"].search(
            [("model", "=", "account.move"), ("res_id", "=", invoice.id), ("subject", "!=", False)]
        )
        return [message.attachment_ids.mapped("name") for message in messages]

    def printed(self, invoice):
        """Keep a print of Odoo's beside an invoice, as sending it made one."""
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": "early.pdf",
                    "raw": b"%PDF-1.4 this is not a fiscal document",
                    "res_model": "account.move",
                    "res_id": invoice.id,
                    "res_field": "invoice_pdf_report_file",
                }
            )
        )
        self.env.invalidate_all()
        return attachment

    def smart_print(self, invoice):
        return base64.b64decode(invoice.smart_document_id.document_file)

    def batch(self, moves):
        return self.env["account.move.send.batch.wizard"].create({"move_ids": moves.ids})


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestNothingLeavesBefore(SendingCase):
    def test_an_invoice_is_ready_once_it_is_issued_and_its_print_is_here(self):
        ready = []
        Move = self.registry["account.move"]
        with patch.object(
            Move, "_action_invoice_ready_to_be_sent", lambda moves: ready.extend(moves.ids)
        ):
            invoice = self.waiting()
            self.assertFalse(invoice._is_ready_to_be_sent())
            self.issue(invoice)
            self.assertEqual(invoice.smart_state, "issued")
            self.assertFalse(invoice._is_ready_to_be_sent(), "SMART's print is on its way")
            self.assertEqual(ready, [])
            self.do_errands()
            self.assertTrue(invoice._is_ready_to_be_sent())
            self.assertEqual(ready, invoice.ids)
            self.send_in_background()
            self.do_errands()
            self.assertEqual(ready, invoice.ids, "told once")

    def test_a_print_that_does_not_come_is_not_waited_for_for_ever(self):
        invoice = self.waiting()
        invoice._generate_and_send()
        self.issue(invoice)
        document = invoice.smart_document_id.sudo()
        document._engine_write({"file_attempts": PATIENT_ATTEMPTS - 1})
        self.send_in_background()
        self.assertFalse(invoice._is_ready_to_be_sent())
        document._engine_write({"file_attempts": PATIENT_ATTEMPTS})
        self.send_in_background()
        self.assertTrue(invoice._is_ready_to_be_sent())
        self.run_mails()
        self.assertEqual(self.mails(invoice), [["FAC-00000001.pdf"]])

    def test_what_was_never_issued_through_smart_is_sent_as_ever(self):
        invoice = self.make_invoice()
        invoice.journal_id.smart_enabled = False
        invoice.action_post()
        invoice.journal_id.smart_enabled = True
        self.assertTrue(invoice._is_ready_to_be_sent())
        invoice._generate_and_send()
        self.assertTrue(invoice.is_move_sent)
        self.assertEqual(len(self.mails(invoice)), 1)

    def test_what_the_till_sends_while_it_confirms_goes_once_when_it_is_issued(self):
        invoice = self.make_invoice()
        invoice.action_post()
        invoice._generate_and_send()  # as the point of sale does, in one transaction
        self.assertFalse(invoice.is_move_sent or invoice.invoice_pdf_report_id)
        self.assertEqual(self.mails(invoice), [])
        self.commit()
        self.assertEqual(invoice.smart_state, "issued")
        self.run_mails()
        self.assertEqual(self.mails(invoice), [], "with SMART's own print")
        self.assertFalse(invoice.is_move_sent)
        self.do_errands()
        self.run_mails()
        self.run_mails()
        self.assertEqual(self.mails(invoice), [["FAC-00000001.pdf"]])
        self.assertTrue(invoice.is_move_sent)
        [message] = invoice.message_ids.filtered("subject")
        self.assertEqual(message.attachment_ids.raw, self.smart_print(invoice))

    def test_what_somebody_wrote_in_the_window_goes_as_it_was_written(self):
        invoice = self.waiting()
        other = self.env["res.partner"].create({"name": "Contadora", "email": "c@example.com"})
        wizard = self.env["account.move.send.wizard"].create({"move_id": invoice.id})
        wizard.write({"subject": "Mi factura", "body": "<p>Hola</p>", "mail_partner_ids": other})
        self.assertEqual(wizard.alerts["smart_no_control_number"]["level"], "info")
        self.assertIn(invoice.name, wizard.alerts["smart_no_control_number"]["message"])
        self.assertIn(invoice.name, wizard.action_send_and_print()["params"]["message"])
        self.assertTrue(invoice.is_being_sent)
        self.assertEqual(self.mails(invoice), [])
        self.issue(invoice)
        self.do_errands()
        self.run_mails()
        [message] = invoice.message_ids.filtered("subject")
        self.assertEqual(message.subject, "Mi factura")
        self.assertIn("Hola", message.body)
        self.assertEqual(message.partner_ids, other)
        self.assertFalse(invoice.is_being_sent)

    def test_nobody_has_sent_later_what_they_may_not_read_now(self):
        secret = self.env["ir.attachment"].sudo().create({"name": "secret", "raw": b"secret"})
        clerk = self.new_user("clerk", "account.group_account_invoice")
        stolen = [{"id": secret.id, "name": "secret", "mimetype": "text/plain"}]
        invoice = self.waiting().with_user(clerk)
        Wizard = self.env["account.move.send.wizard"].with_user(clerk)
        for manual in (True, False):  # added by hand, or offered by the window
            wizard = Wizard.create({"move_id": invoice.id})
            wizard.mail_attachments_widget = [{**stolen[0], "manual": manual}]
            with (
                self.subTest(manual=manual),
                self.assertRaises(AccessError),
                self.env.cr.savepoint(),
            ):
                wizard.action_send_and_print()
            self.assertFalse(invoice.sudo().smart_sending_data)
            self.assertFalse(secret.res_id)
        draft = self.make_invoice().with_user(clerk)
        for vals in (
            {"smart_sending_data": {"mail_attachments_widget": stolen}},
            {"sending_data": {"author_user_id": clerk.id, "mail_attachments_widget": stolen}},
            {"sending_data": {"mail_template": 1}},
        ):
            with self.subTest(vals), self.assertRaises(AccessError), self.env.cr.savepoint():
                draft.write(vals)
            with self.subTest(vals), self.assertRaises(AccessError), self.env.cr.savepoint():
                draft.create({"move_type": "out_invoice", **vals})
        draft.write({"sending_data": {"author_user_id": clerk.id}})  # as Odoo's own window

    def test_what_is_sent_by_hand_meanwhile_does_not_go_twice(self):
        invoice = self.waiting()
        invoice._generate_and_send()
        self.issue(invoice)
        invoice._generate_and_send()
        self.assertEqual(len(self.mails(invoice)), 1)
        self.do_errands()
        self.run_mails()
        self.assertEqual(len(self.mails(invoice)), 1)

    def test_what_was_to_be_sent_and_is_corrected_goes_with_a_text_of_then(self):
        invoice = self.waiting()
        wizard = self.env["account.move.send.wizard"].create({"move_id": invoice.id})
        wizard.body = "<p>You owe 116.00</p>"
        wizard.action_send_and_print()
        invoice.button_draft()
        self.assertFalse(invoice.is_being_sent)
        invoice.invoice_line_ids.price_unit = 200
        self.simulator.control("DELETE", "/faults")
        self.env["smart.lane"].sudo().search([])._resume()
        self.confirm(invoice)
        self.send_in_background()
        self.assertEqual(invoice.smart_state, "issued")
        self.do_errands()
        self.run_mails()
        [message] = invoice.message_ids.filtered("subject")
        self.assertNotIn("116.00", message.body)
        cancelled = self.waiting()
        cancelled._generate_and_send()
        cancelled.button_cancel()
        self.assertFalse(cancelled.smart_sending_data)

    def test_a_failure_of_what_follows_costs_no_number_and_is_made_good(self):
        Move = self.registry["account.move"]

        def broken(moves):
            raise ValueError("an addon")

        with (
            patch.object(Move, "_action_invoice_ready_to_be_sent", broken),
            mute_logger("odoo.addons.l10n_ve_edi_smart.models.document.document_file"),
        ):
            invoice = self.confirm()
            invoice._generate_and_send()
            self.do_errands()
        self.assertEqual(invoice.smart_control_number, "00-00000001")
        self.assertEqual(invoice.smart_document_id.owner_step, "print")
        self.send_in_background()
        self.assertFalse(invoice.smart_document_id.owner_step)


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestResolvedAndSent(SendingCase, ResolvingCommon):
    def test_what_a_person_resolves_is_sent_as_well(self):
        invoice = self.unknown()
        invoice._generate_and_send()
        self.assertEqual(self.mails(invoice), [])
        wizard = self.wizard(invoice, control_number="00-00000001")
        self.press(wizard, "action_issued")
        self.assertEqual(invoice.smart_state, "issued")
        self.run_mails()
        self.assertEqual(len(self.mails(invoice)), 1)


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestSendingMany(SendingCase):
    def states(self):
        """Return issued, waiting, refused and unknown invoices."""
        issued = self.confirm()
        moves = {"issued": issued, "queued": self.waiting(), "refused": self.waiting()}
        moves["unknown"] = self.waiting()
        for state in ("refused", "unknown"):
            moves[state].smart_document_id.sudo()._engine_write({"state": state})
        self.do_errands()
        return moves

    def test_the_issued_ones_go_and_the_others_are_named_and_go_later(self):
        moves = self.states()
        many = self.env["account.move"].union(*moves.values())
        wizard = self.batch(many)
        words = wizard.alerts["smart_no_control_number"]["message"]
        self.assertIn("3 of 4", words)
        for state, move in moves.items():
            self.assertEqual(move.name in words, state != "issued")
        wizard.action_send_and_print()
        self.run_mails()
        for state, move in moves.items():
            self.assertEqual(move.is_move_sent, state == "issued")
            self.assertEqual(len(self.mails(move)), int(state == "issued"))
            self.assertEqual(move.is_being_sent, state != "issued")
        waiting = moves["queued"]
        self.issue(waiting)
        self.do_errands()
        self.run_mails()
        self.assertEqual(self.mails(waiting), [["FAC-00000002.pdf"]])
        self.assertEqual(self.mails(moves["refused"]), [])

    def test_waiting_ones_do_not_keep_the_scheduled_action_busy(self):
        moves = self.states()
        # Another addon notes by itself that they are to be sent.
        for move in moves.values():
            move.sudo().sending_data = {
                "author_user_id": self.env.uid,
                "author_partner_id": self.env.user.partner_id.id,
            }
        self.run_mails()
        for state, move in moves.items():
            self.assertFalse(move.sending_data)
            self.assertEqual(len(self.mails(move)), int(state == "issued"))

    def test_a_batch_of_waiting_ones_says_so(self):
        invoice, other = self.waiting(), self.waiting()
        action = self.batch(invoice + other).action_send_and_print()
        self.assertIn(other.name, action["params"]["message"])
        self.assertFalse(invoice.sending_data)
        self.assertTrue(invoice.smart_sending_data)


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestWhatIsHandedOut(SendingCase):
    def pdf(self, invoice, **options):
        return invoice._get_invoice_legal_documents("pdf", **options)

    def test_it_is_smarts_print_and_odoos_with_control_number_until_then(self):
        invoice = self.confirm()
        early = self.pdf(invoice)
        self.assertEqual(early["filename"], "FAC-00000001.pdf")
        self.assertIn(b"00-00000001", early["content"])
        self.assertNotIn(b"es un documento fiscal", early["content"])
        self.assertNotIn(b"Proforma", early["content"])
        self.assertEqual(invoice._get_move_zip_export_docs()[0]["filename"], early["filename"])
        self.do_errands()
        for documents in (
            [self.pdf(invoice)],
            invoice._get_invoice_legal_documents_all(allow_fallback=True),
            invoice._get_move_zip_export_docs(),
        ):
            self.assertEqual(
                documents,
                [
                    {
                        "filename": "FAC-00000001.pdf",
                        "filetype": "application/pdf",
                        "content": self.smart_print(invoice),
                    }
                ],
            )

    def test_what_waits_is_handed_out_as_a_proforma_if_at_all(self):
        invoice = self.waiting()
        self.printed(invoice)
        self.assertFalse(self.pdf(invoice))
        self.assertEqual(invoice._get_move_zip_export_docs(), [])
        proforma = self.pdf(invoice, allow_fallback=True)
        self.assertIn("proforma", proforma["filename"])
        self.assertIn("todavía no es un documento fiscal".encode(), proforma["content"])

    def test_what_odoo_printed_before_the_issue_is_dropped(self):
        invoice = self.waiting()
        early = self.printed(invoice)
        send = self.env["account.move.send"]
        self.assertFalse(send._get_invoice_extra_attachments(invoice))
        self.issue(invoice)
        self.assertFalse(early.exists())
        self.assertIn(b"00-00000001", self.pdf(invoice)["content"])

    def test_what_odoo_printed_before_smarts_print_came_is_replaced(self):
        invoice = self.confirm()
        invoice._generate_and_send()
        own = invoice.invoice_pdf_report_id
        self.assertEqual(own.name, "FAC-00000001.pdf")
        self.assertIn(b"00-00000001", own.raw)
        self.do_errands()
        self.assertFalse(own.exists())
        self.assertEqual(len(self.mails(invoice)), 1)

    def test_looking_at_the_menu_prints_nothing(self):
        invoice = self.confirm()
        with patch.object(self.registry["account.move"], "_smart_print") as printing:
            self.assertIn("download_all", [one["key"] for one in invoice.get_extra_print_items()])
        printing.assert_not_called()

    def test_sending_by_hand_downloads_smarts_print_as_a_file_of_the_invoice(self):
        invoice = self.confirm()
        self.do_errands()
        wizard = self.env["account.move.send.wizard"].create({"move_id": invoice.id})
        wizard.sending_methods = ["manual"]
        url = wizard.action_send_and_print()["url"]
        files = self.env["ir.attachment"].browse(
            int(one) for one in url.rpartition("/")[2].split(",")
        )
        self.assertEqual(files.mapped("res_model"), ["account.move"])
        self.assertEqual(files.mapped("name"), ["FAC-00000001.pdf"])
        self.assertEqual(files.raw, self.smart_print(invoice))
        self.assertTrue(invoice.is_move_sent)

    def test_files_are_named_by_type_and_internal_number(self):
        invoice = self.confirm()
        wizard = (
            self.env["account.debit.note"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"reason": "Interest", "copy_lines": True})
        )
        debit = self.env["account.move"].browse(wizard.create_debit()["res_id"])
        debit.invoice_date = invoice.invoice_date
        self.confirm(debit)
        credit = invoice._reverse_moves([{"invoice_date": invoice.invoice_date}])
        self.confirm(credit)
        self.do_errands()
        for move, stem in ((invoice, "FAC"), (debit, "ND"), (credit, "NC")):
            name = f"{stem}-00000001.pdf"
            self.assertEqual(move.smart_document_filename, name)
            self.assertEqual(move.smart_document_id._file_attachment().name, name)
            self.assertEqual(move._get_invoice_report_filename(), name)
        self.assertEqual(debit.type_name, "Debit Note")
        self.assertEqual(invoice.type_name, "Invoice")
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        html, _kind = report._render_qweb_html("account.report_invoice", debit.ids)
        self.assertIn("Nota de débito", html.decode())

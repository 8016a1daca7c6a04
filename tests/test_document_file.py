import base64
from datetime import timedelta
from unittest.mock import patch

import odoo
from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .common import SmartCommon
from .test_pauses import jitter


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestDocumentFile(SmartCommon):
    def test_the_printed_document_comes_back_by_itself(self):
        invoice = self.confirm()
        self.assertFalse(invoice.smart_document_file)
        self.do_errands()
        content = base64.b64decode(invoice.smart_document_file)
        self.assertTrue(content.startswith(b"%PDF-"))
        self.assertFalse(invoice.smart_document_id.file_next_at)
        self.assertEqual(invoice.smart_document_filename, "FAC-00000001.pdf")
        self.assertIn(
            invoice.smart_document_id._file_attachment(),
            invoice._get_mail_thread_data_attachments(),
            "it is shown with the invoice's attachments",
        )
        self.assertTrue(
            invoice.smart_document_id._file_attachment().has_thumbnail,
            "the web client would draw one, and fail to store it",
        )

    def test_a_file_that_is_not_there_yet_is_tried_again_later_and_later(self):
        document = self.confirm().smart_document_id
        document.sudo()._engine_write({"document_url": f"{document.document_url}-not-yet"})
        start = fields.Datetime.now() + timedelta(seconds=1)
        for attempt, minutes in enumerate((1, 2, 4), start=1):
            with freeze_time(start), jitter(0.5):
                self.do_errands()
                self.assertEqual(document.file_attempts, attempt)
                self.assertEqual(document.file_next_at - start, timedelta(minutes=minutes))
                self.do_errands()
                self.assertEqual(document.file_attempts, attempt, "not before its time")
            start = document.file_next_at
        self.assertIn("not yet", document.file_error)
        self.assertEqual(document.state, "issued")

    def test_nothing_is_fetched_from_anywhere_but_the_service(self):
        invoice = self.confirm()
        document = invoice.smart_document_id
        for url in (
            "https://elsewhere.invalid/a.pdf",
            "http://127.0.0.1:1/a.pdf",
            "file:///etc/passwd",
        ):
            document.sudo()._engine_write(
                {"document_url": url, "file_next_at": fields.Datetime.now()}
            )
            self.do_errands()
            self.assertIn("not one of SMART", document.file_error)
            self.assertFalse(document.document_file)

    def test_a_service_that_is_down_is_asked_once_for_all_its_documents(self):
        documents = self.confirm().smart_document_id + self.confirm().smart_document_id
        self.move_service(smart_base_url="http://127.0.0.1:9")
        documents.sudo()._engine_write({"document_url": "http://127.0.0.1:9/archivos/x"})
        self.do_errands()
        self.assertEqual(sorted(documents.mapped("file_attempts")), [0, 1])

    def test_a_document_of_another_environment_is_not_fetched_from_this_one(self):
        document = self.confirm().smart_document_id
        self.company.smart_environment = "disabled"
        self.do_errands()
        self.assertIn("another SMART environment", document.file_error)

    def test_the_button_fetches_after_the_commit_and_says_what_went_wrong(self):
        invoice = self.confirm()
        document = invoice.smart_document_id
        user = self.new_user("smart_billing", "account.group_account_invoice")
        reader = self.new_user("smart_reader", "account.group_account_readonly")
        with self.assertRaises(AccessError):
            document.with_user(reader).action_fetch_file()
        document.with_user(user).action_fetch_file()
        self.assertFalse(document.document_file, "not inside the transaction")
        self.commit()
        self.assertTrue(document.document_file)
        document.sudo()._engine_write({"document_url": f"{document.document_url}-gone"})
        document.with_user(user).action_fetch_file()
        self.commit()
        self.assertIn("does not have the printed document", document.file_error)
        self.assertTrue(document.document_file, "what is here is kept")
        document.sudo()._engine_write({"document_url": False})
        with self.assertRaisesRegex(UserError, "has no printed document"):
            document.with_user(user).action_fetch_file()

    def test_the_evented_server_and_several_buttons_leave_it_to_the_scheduled_action(self):
        first, second = self.confirm().smart_document_id, self.confirm().smart_document_id
        (first + second).sudo()._engine_write({"file_next_at": False})
        with patch.object(odoo, "evented", True):
            first.action_fetch_file()
            self.commit()
        self.assertFalse(first.document_file)
        self.do_errands()
        self.assertTrue(first.document_file)
        first.sudo()._engine_write({"document_file": False})
        first.action_fetch_file()
        second.action_fetch_file()
        self.commit()
        self.assertFalse(first.document_file or second.document_file)
        self.do_errands()
        self.assertTrue(first.document_file and second.document_file)

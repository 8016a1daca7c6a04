from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from .resolving_common import ResolvingCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestResolvingDoubts(ResolvingCommon):
    """Somebody states that a document was not issued: it may be all the same."""

    def test_what_may_be_issued_is_not_changed_before_its_number_has_settled_that(self):
        invoice = self.unknown("drop_after", enforced=True)
        self.simulator.fault("error_500", path="/facturacion/numerointerno")
        self.press(self.wizard(invoice), "action_set_aside")
        self.assertEqual(invoice.smart_state, "refused")
        self.assertIn("Ana Pérez stated that it was not issued", invoice.smart_last_error)
        for change in (invoice.button_draft, invoice.button_cancel):
            with self.assertRaisesRegex(UserError, "may be issued"):
                change()
        self.send_in_background()
        self.assertEqual(invoice.smart_state, "refused", "not sent by itself")
        invoice.action_smart_send()
        self.commit()
        self.assertEqual((invoice.smart_state, invoice.smart_document_id.proven_issued),
                         ("unknown", True))  # fmt: skip
        self.assertEqual(self.simulator.issued(), ["00000001"])

    def test_what_is_set_aside_and_free_at_smart_can_be_corrected(self):
        invoice = self.unknown("drop_before", enforced=True)
        document = invoice.smart_document_id.sudo()
        document.sent_at -= timedelta(minutes=30)  # no request is under way any more
        wizard = self.wizard(invoice)
        later = self.confirm()
        self.assertEqual(later.smart_state, "queued", "held up")
        self.press(wizard, "action_set_aside")
        self.assertFalse(document.doubted_sequence, "SMART itself says that it is free")
        self.send_in_background()
        self.assertEqual(
            (later.smart_state, later.smart_internal_number), ("issued", "00000001")
        )
        invoice.button_draft()
        invoice.invoice_line_ids.price_unit = 55
        self.confirm(invoice)
        self.assertEqual(
            (invoice.smart_state, invoice.smart_internal_number), ("issued", "00000002")
        )

    def test_a_doubt_is_over_when_another_document_was_issued_under_the_number(self):
        invoice = self.unknown("drop_before", enforced=True)
        self.simulator.fault("error_500", path="/facturacion/numerointerno")
        self.press(self.wizard(invoice), "action_set_aside")
        with self.assertRaisesRegex(UserError, "may be issued"):
            invoice.button_draft()
        later = self.confirm()
        self.assertEqual(later.smart_internal_number, "00000001")
        invoice.button_draft()
        self.assertEqual(invoice.smart_state, "withdrawn")

    def test_stated_not_issued_and_then_refused_its_number_is_asked_for(self):
        for fault, proven in (("drop_before", False), ("drop_after", True)):
            with self.subTest(fault):
                invoice = self.unknown(fault, enforced=True)
                document = invoice.smart_document_id.sudo()
                self.simulator.fault("error_500", path="/facturacion/numerointerno")
                self.press(self.wizard(invoice), "action_not_issued")
                # What it says is refused: that comes before its number.
                document.request_body = document.request_body.replace(
                    '"idtipodocumento":1', '"idtipodocumento":3'
                ).replace('"relacionado":""', '"relacionado":"00-00009999"')
                self.send_in_background()
                self.assertEqual(document.proven_issued, proven)
                self.assertEqual(document.state, "unknown" if proven else "refused")
                if not proven:
                    self.assertFalse(document.doubted_sequence)
                    invoice.button_draft()
                    self.assertEqual(invoice.smart_state, "withdrawn")

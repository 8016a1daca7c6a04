"""What fails in Odoo itself while a document is to be annulled."""

from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.annulment.annuller import Annuller
from .test_annulment import AnnulCommon

LOGGERS = tuple(
    f"odoo.addons.l10n_ve_edi_smart.models.{name}"
    for name in ("base.after_commit", "schedule.annulling")
)


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestAnnulmentDefects(AnnulCommon):
    def test_a_defect_while_annulling_does_not_stop_issuing_and_is_in_the_log(self):
        invoice = self.confirm()
        defect = RuntimeError("a defect of some addon")
        with patch.object(Annuller, "_begin_annulment", side_effect=defect):
            with mute_logger(*LOGGERS):
                self.annul(invoice)
            self.assert_alive(invoice)
            self.assertEqual(invoice.smart_annulment_state, "requested")
            waiting = self.make_invoice()
            waiting.action_post()
            self.env.cr.postcommit.clear()
            with self.assertLogs(LOGGERS[1], "ERROR") as logs:
                self.send_in_background()
            self.assertIn("a defect of some addon", logs.output[0])
            self.assertEqual(waiting.smart_state, "issued")
        self.assertFalse(self.annul_calls())
        self.send_in_background()
        self.assert_annulled(invoice)

    def test_what_was_rounded_to_its_total_is_annulled(self):
        tax = self.taxes["general"].copy({"name": "included"})
        tax.price_include_override = "tax_included"
        invoice = self.make_invoice()
        invoice.invoice_line_ids.write({"price_unit": 99.94, "tax_ids": [Command.set(tax.ids)]})
        self.confirm(invoice)
        self.assertIn("The total of 99.94 stands", self.said(invoice))
        self.annul(invoice)
        self.assert_annulled(invoice)

    def test_a_request_that_breaks_a_rule_by_now_is_not_sent_and_says_why(self):
        invoice = self.confirm()
        self.simulator.fault("refuse", seconds=60)
        self.annul(invoice)
        self.simulator.control("DELETE", "/faults")
        document = invoice.smart_document_id.sudo()
        # The rule was another when it was asked for.
        document._engine_write({"annulment_reason": " "})
        self.due(invoice)
        self.send_in_background()
        self.assert_alive(invoice)
        self.assertEqual(invoice.smart_annulment_state, "refused")
        self.assertIn("SMART was not asked.", invoice.smart_annulment_error)
        self.assertIn("it is missing", invoice.smart_annulment_error)
        self.assertFalse(self.annul_calls())
        self.assertEqual(document.annulment_attempts, 1, "the one that found nobody")

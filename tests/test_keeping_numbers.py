from unittest.mock import patch

from odoo.tests import mute_logger, tagged

from ..models.document.exchange import SmartExchange
from ..models.document.links import SmartDocument as ChainedDocument
from ..models.lane.document_sending import SmartDocument
from .common import SmartCommon

LOGGERS = (
    "odoo.addons.l10n_ve_edi_smart.models.lane.sender",
    "odoo.addons.l10n_ve_edi_smart.models.lane.document_keep",
    "odoo.sql_db",
)


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestKeepingNumbers(SmartCommon):
    def test_a_defect_in_settling_does_not_cost_the_control_number(self):
        broken = ValueError("a defect of some addon")
        with (
            patch.object(SmartDocument, "_settle_accepted", side_effect=broken),
            mute_logger(*LOGGERS),
        ):
            invoice = self.confirm()
        self.assertEqual(invoice.smart_state, "issued")
        self.assertEqual(invoice.smart_control_number, "00-00000001")
        self.assertIn("Only the control number", invoice.smart_last_error)
        self.assertEqual(invoice.smart_exchange_ids.mapped("outcome"), ["accepted"])
        self.assertEqual(self.confirm().smart_control_number, "00-00000002", "the lane goes on")

    def test_nor_does_a_defect_in_the_log(self):
        broken = ValueError("a defect of some addon")
        with (
            patch.object(SmartExchange, "_log", side_effect=broken),
            mute_logger(*LOGGERS),
        ):
            invoice = self.confirm()
        self.assertEqual(invoice.smart_control_number, "00-00000001")
        self.assertFalse(invoice.smart_exchange_ids)

    def test_nor_does_a_defect_in_whatever_is_written_with_it(self):
        broken = ValueError("a defect of some addon")
        with (
            patch.object(ChainedDocument, "_chain", side_effect=broken),
            mute_logger(*LOGGERS),
        ):
            invoice = self.confirm()
        self.assertEqual(invoice.smart_state, "issued")
        self.assertEqual(invoice.smart_control_number, "00-00000001")

    def test_a_number_that_another_document_has_is_told_and_stops_no_other(self):
        first = self.confirm()
        # As after the reset of a test environment: SMART begins again at 1.
        self.simulator.reset()
        self.connect()
        with mute_logger(*LOGGERS):
            second = self.confirm()
        self.assertEqual(second.smart_state, "unknown")
        self.assertTrue(second.smart_document_id.proven_issued)
        self.assertIn("00-00000001", second.smart_last_error)
        self.assertIn(first.smart_number, second.smart_last_error)
        self.assertEqual(second.smart_exchange_ids.mapped("outcome"), ["accepted"])
        self.assertEqual(self.confirm().smart_control_number, "00-00000002")

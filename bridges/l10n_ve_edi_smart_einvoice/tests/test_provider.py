from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.l10n_ve_edi_smart.tests.common import SmartCommon

from ..models.edoc_provider import SMART

DUMMY = "l10n.ve.edoc.provider.dummy"


@tagged("post_install", "-at_install")
class TestProvider(SmartCommon):
    """OCA's buttons, states and log, with SMART behind them."""

    def setUp(self):
        super().setUp()
        self.company.l10n_ve_edoc_provider = SMART

    def told(self):
        self.send_waiting()
        self.env["smart.document"]._tell_owners(self.registry)
        self.env.invalidate_all()

    def log(self, move):
        entries = self.env["l10n.ve.edoc.log"].search([("move_id", "=", move.id)], order="id")
        return [(entry.endpoint, entry.ok) for entry in entries]

    def test_two_houses_are_refused(self):
        with self.assertRaisesRegex(ValidationError, "Dummy.*each would give.*Choose SMART"):
            self.company.l10n_ve_edoc_provider = DUMMY

    def test_no_other_provider_numbers_what_smart_does(self):
        # As it is where both were there before this bridge.
        self.env.flush_all()
        self.env.cr.execute("UPDATE res_company SET l10n_ve_edoc_provider = %s", [DUMMY])
        self.env.invalidate_all()
        self.simulator.fault("refuse", seconds=60)
        invoice = self.confirm()
        invoice.action_l10n_ve_edoc_send()
        self.env["account.move"]._l10n_ve_edoc_cron()
        self.assertEqual(invoice.l10n_ve_edoc_state, "sent")
        self.assertFalse(invoice.l10n_ve_control_number)

    def test_the_number_comes_by_itself(self):
        invoice = self.confirm()
        self.told()
        self.assertEqual(invoice.l10n_ve_edoc_state, "assigned")
        self.assertEqual(invoice.l10n_ve_control_number, invoice.smart_control_number)
        self.assertEqual(
            invoice.l10n_ve_edoc_external_id, invoice.smart_document_id.internal_number
        )
        self.assertEqual(self.log(invoice), [("fetch", True)])

    def test_sending_waits_for_the_queue(self):
        self.simulator.fault("refuse", seconds=60)
        invoice = self.confirm()
        self.assertEqual(invoice.l10n_ve_edoc_state, "to_send")
        invoice.action_l10n_ve_edoc_send()
        self.assertEqual(invoice.l10n_ve_edoc_state, "sent")
        invoice.action_l10n_ve_edoc_fetch()
        self.assertEqual(invoice.l10n_ve_edoc_state, "sent")
        self.simulator.control("DELETE", "/faults")
        self.env["smart.lane"].sudo().search([])._resume()
        self.told()
        self.assertEqual(invoice.l10n_ve_edoc_state, "assigned")
        self.assertEqual(self.log(invoice), [("send", True), ("fetch", True), ("fetch", True)])

    def test_what_smart_refuses_is_an_error_until_it_is_corrected(self):
        self.simulator.fault("refuse", seconds=60)
        invoice = self.confirm()
        invoice.action_l10n_ve_edoc_send()
        self.make_refusable(invoice.smart_document_id.sudo())
        self.simulator.control("DELETE", "/faults")
        self.env["smart.lane"].sudo().search([])._resume()
        self.told()
        self.assertEqual(invoice.smart_state, "refused")
        self.env["account.move"]._l10n_ve_edoc_cron()
        self.assertEqual(invoice.l10n_ve_edoc_state, "error")
        self.assertEqual(invoice.l10n_ve_edoc_error, str(invoice.smart_last_error))
        invoice.button_draft()
        self.confirm(invoice)
        self.told()
        self.assertEqual(
            (invoice.l10n_ve_edoc_state, invoice.l10n_ve_edoc_error), ("assigned", False)
        )

    def test_cancelling_asks_smart_and_is_done_when_it_has_annulled(self):
        invoice = self.confirm()
        self.told()
        wizard = self.env["l10n.ve.edoc.cancel.wizard"].create(
            {"move_id": invoice.id, "reason": "Emitida al cliente equivocado"}
        )
        self.assertEqual(wizard.action_confirm(), {"type": "ir.actions.act_window_close"})
        self.assertEqual(invoice.l10n_ve_edoc_state, "assigned")
        self.commit()
        self.send_in_background()
        self.env.invalidate_all()
        self.assertEqual(
            (invoice.state, invoice.smart_state, invoice.l10n_ve_edoc_state),
            ("cancel", "annulled", "cancelled"),
        )

    def test_whoever_may_not_annul_cannot_cancel(self):
        invoice = self.confirm()
        self.told()
        clerk = self.new_user("clerk", "account.group_account_invoice")
        wizard = self.env["l10n.ve.edoc.cancel.wizard"].with_user(clerk)
        wizard = wizard.create({"move_id": invoice.id, "reason": "No"})
        self.assertEqual(wizard.action_confirm()["params"]["type"], "danger")
        self.assertIn("Only managers", invoice.l10n_ve_edoc_error)
        self.assertFalse(invoice.smart_annulment_state)

    def test_the_connection_is_tested_without_issuing(self):
        provider = self.env[SMART].with_company(self.company)
        self.assertIn("Next numbers", provider._edoc_test_connection())
        self.assertFalse(self.simulator.documents())
        self.simulator.fault("refuse", seconds=60)
        with self.assertRaisesRegex(UserError, "Connection"):
            provider._edoc_test_connection()

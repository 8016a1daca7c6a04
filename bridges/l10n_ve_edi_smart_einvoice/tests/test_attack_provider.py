from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.l10n_ve_edi_smart.tests.common import SmartCommon

from ..models.edoc_provider import SMART


@tagged("post_install", "-at_install")
class TestAttackProvider(SmartCommon):
    """OCA's methods and fields, called by whoever, in whatever order."""

    def setUp(self):
        super().setUp()
        self.company.l10n_ve_edoc_provider = SMART
        self.clerk = self.new_user("clerk", "account.group_account_invoice")

    def issued(self):
        invoice = self.confirm()
        self.send_waiting()
        self.env["smart.document"]._tell_owners(self.registry)
        self.env.invalidate_all()
        return invoice

    def test_nobody_writes_what_the_provider_has_said(self):
        invoice = self.issued()
        for values in (
            {"l10n_ve_edoc_state": "cancelled"},
            {"l10n_ve_edoc_state": "sent"},
            {"l10n_ve_edoc_external_id": "7"},
            {"l10n_ve_edoc_error": "No"},
        ):
            for user in (self.clerk, self.env.user):
                with self.subTest(values=values), self.assertRaises(UserError):
                    invoice.with_user(user).write(values)
                self.env.invalidate_all()
        self.assertEqual(invoice.l10n_ve_edoc_state, "assigned")

    def test_a_draft_is_neither_sent_nor_fetched_nor_cancelled(self):
        draft = self.make_invoice()
        provider = self.env[SMART]
        with self.assertRaises(UserError):
            draft.action_l10n_ve_edoc_send()
        with self.assertRaisesRegex(UserError, "not to be issued"):
            provider._edoc_send(draft, {})
        self.assertFalse(provider._edoc_fetch(draft)["control_number"])
        draft.l10n_ve_edoc_state = "sent"
        draft.action_l10n_ve_edoc_fetch()
        self.assertFalse(draft._l10n_ve_edoc_do_cancel("No"))
        self.env["account.move"]._l10n_ve_edoc_cron()
        self.assertEqual(draft.state, "draft")
        self.assertFalse(draft.l10n_ve_control_number)

    def test_what_waits_is_cancelled_by_nobody(self):
        self.simulator.fault("refuse", seconds=60)
        invoice = self.confirm()
        self.assertFalse(invoice._l10n_ve_edoc_do_cancel("No"))
        self.assertTrue(invoice.l10n_ve_edoc_error)
        self.assertEqual((invoice.state, invoice.smart_state), ("posted", "queued"))
        self.assertFalse(invoice.smart_annulment_state)

    def test_what_is_annulled_is_neither_sent_nor_cancelled_again(self):
        invoice = self.issued()
        self.assertTrue(invoice._l10n_ve_edoc_do_cancel("Emitida al cliente equivocado"))
        self.commit()
        self.send_in_background()
        self.env.invalidate_all()
        self.assertEqual(invoice.l10n_ve_edoc_state, "cancelled")
        for call in (invoice.action_l10n_ve_edoc_send, invoice.action_l10n_ve_edoc_cancel):
            with self.assertRaises(UserError):
                call()
        invoice.action_l10n_ve_edoc_fetch()
        self.env["account.move"]._l10n_ve_edoc_cron()
        self.assertEqual((invoice.state, invoice.l10n_ve_edoc_state), ("cancel", "cancelled"))

    def test_of_another_company_nobody_calls_anything(self):
        invoice = self.issued()
        other = self.env["res.company"].sudo().create({"name": "Otra, C.A."})
        stranger = self.new_user("ajena", "account.group_account_invoice", company=other)
        theirs = invoice.with_user(stranger).with_company(other)
        wizards = theirs.env["l10n.ve.edoc.cancel.wizard"]
        for call in (
            theirs.action_l10n_ve_edoc_send,
            theirs.action_l10n_ve_edoc_fetch,
            theirs.action_l10n_ve_edoc_cancel,
            lambda: wizards.create({"move_id": invoice.id, "reason": "No"}).action_confirm(),
        ):
            with mute_logger("odoo.models"), self.assertRaises(AccessError):
                call()
            self.env.invalidate_all()
        entries = theirs.env["l10n.ve.edoc.log"].search([("move_id", "=", invoice.id)])
        self.assertFalse(entries)

    def test_nobody_writes_the_log(self):
        invoice = self.issued()
        entry = self.env["l10n.ve.edoc.log"].search([("move_id", "=", invoice.id)], limit=1)
        self.assertTrue(entry)
        for call in (
            lambda: entry.with_user(self.clerk).write({"ok": False}),
            lambda: entry.with_user(self.clerk).unlink(),
            lambda: entry.with_user(self.clerk).create({"move_id": invoice.id, "ok": True}),
        ):
            with mute_logger("odoo.models"), self.assertRaises(AccessError):
                call()

    def test_an_auditor_changes_nothing_and_asks_nobody(self):
        invoice = self.issued()
        auditor = self.new_user("auditora", "l10n_ve_edi_smart.group_smart_auditor")
        mine = invoice.with_user(auditor)
        company = self.company.with_user(auditor)
        wizards = mine.env["l10n.ve.edoc.cancel.wizard"]
        entry = self.env["l10n.ve.edoc.log"].search([("move_id", "=", invoice.id)], limit=1)
        asked = len(self.simulator.calls())
        for call in (
            mine.action_l10n_ve_edoc_send,
            mine.action_l10n_ve_edoc_fetch,
            mine.action_l10n_ve_edoc_cancel,
            lambda: wizards.create({"move_id": invoice.id, "reason": "No"}),
            lambda: mine.write({"l10n_ve_edoc_state": "sent"}),
            lambda: mine.write({"l10n_ve_edoc_error": "No"}),
            lambda: company.write({"l10n_ve_edoc_provider": False}),
            lambda: entry.with_user(auditor).write({"ok": False}),
            lambda: entry.with_user(auditor).unlink(),
        ):
            with mute_logger("odoo.models"), self.assertRaises(AccessError):
                call()
            self.env.invalidate_all()
        self.assertEqual(len(self.simulator.calls()), asked)
        self.assertEqual((invoice.state, invoice.l10n_ve_edoc_state), ("posted", "assigned"))

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import SmartCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestLocks(SmartCommon):
    def test_what_waits_is_withdrawn_when_it_goes_back_to_draft(self):
        self.simulator.fault("refuse", seconds=30)
        invoice = self.confirm()
        self.assertEqual(invoice.smart_state, "queued")
        document = invoice.smart_document_id
        invoice.button_draft()
        self.assertEqual(document.state, "withdrawn")
        self.simulator.control("DELETE", "/faults")
        document.sudo().lane_id._resume()
        self.send_in_background()
        self.assertFalse(self.simulator.documents(), "a withdrawn document is not sent")
        self.confirm(invoice)
        self.assertEqual(invoice.smart_document_id, document, "the history stays with it")
        self.assertEqual(invoice.smart_internal_number, "00000001", "no number was lost")

    def test_an_issued_document_cannot_be_undone_by_any_road(self):
        invoice = self.confirm()
        roads = {
            "reset": invoice.button_draft,
            "cancel": invoice.button_cancel,
            "write state": lambda: invoice.write({"state": "draft"}),
            "delete": invoice.unlink,
            "delete by force": lambda: invoice.with_context(force_delete=True).unlink(),
            "rename": lambda: invoice.write({"name": "INV/2099/00001"}),
            "customer": lambda: invoice.with_context(skip_readonly_check=True).write(
                {"partner_id": self.partner_a.id}
            ),
            "lines": lambda: invoice.with_context(skip_readonly_check=True).write(
                {"invoice_line_ids": [Command.create({"name": "x", "price_unit": 1})]}
            ),
        }
        for name, road in roads.items():
            with (
                self.subTest(name),
                self.assertRaisesRegex(UserError, "00-00000001"),
                self.env.cr.savepoint(),
            ):
                road()
        self.assertFalse(invoice.show_reset_to_draft_button)

    def test_what_is_not_fiscal_stays_free_on_an_issued_document(self):
        invoice = self.confirm()
        invoice.write({"invoice_date_due": "2030-01-01", "ref": "OC-123", "narration": "x"})
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({})._create_payments()
        self.assertIn(invoice.payment_state, ("paid", "in_payment"))

    def test_an_unknown_document_cannot_be_undone(self):
        self.connect(enforce_numbering=False)
        self.simulator.fault("drop_after")
        invoice = self.confirm()
        self.assertEqual(invoice.smart_state, "unknown")
        with self.assertRaisesRegex(UserError, "may be issued"):
            invoice.button_draft()

    def test_a_draft_that_was_refused_can_be_deleted_and_its_exchanges_stay(self):
        self.simulator.fault("unauthorized")
        invoice = self.confirm()
        document = invoice.smart_document_id
        invoice.button_draft()
        invoice.with_context(force_delete=True).unlink()
        self.assertTrue(document.exists())
        self.assertEqual(len(document.exchange_ids), 1)

    def test_nobody_writes_fiscal_data_by_hand(self):
        manager = self.new_user("smart_manager", "account.group_account_manager")
        invoice, draft = self.confirm(), self.make_invoice()
        document = invoice.smart_document_id.with_user(manager)
        self.assertEqual(document.control_number, "00-00000001")
        for attempt in (
            lambda: document.write({"control_number": "00-99999999"}),
            lambda: document.write({"state": "annulled"}),
            lambda: document.unlink(),
            lambda: document.create({}),
            lambda: draft.with_user(manager).write({"smart_document_id": document.id}),
            lambda: draft.with_user(manager).copy({"smart_document_id": document.id}),
            lambda: self.env["smart.lane"].with_user(manager).search([]).write({"blocked": True}),
        ):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                attempt()
        draft.with_user(manager).write(
            {"smart_control_number": "00-99999999", "smart_state": "issued"}
        )
        draft.invalidate_recordset()
        self.assertFalse(draft.smart_control_number)

    def test_the_log_of_exchanges_is_append_only_for_everyone(self):
        exchange = self.confirm().smart_exchange_ids
        self.assertEqual(len(exchange), 1)
        for attempt in (
            lambda: exchange.sudo().write({"message": "x"}),
            lambda: exchange.sudo().unlink(),
            lambda: exchange.sudo().with_context(_force_unlink=True).unlink(),
        ):
            with self.assertRaisesRegex(AccessError, "by hand"), self.env.cr.savepoint():
                attempt()

    def test_what_waits_is_changed_in_draft_only_and_goes_with_its_invoice(self):
        self.simulator.fault("refuse", seconds=30)
        invoice = self.confirm()
        document = invoice.smart_document_id
        self.assertEqual(invoice.smart_state, "queued")
        for road in (
            lambda: invoice.invoice_line_ids.write({"price_unit": 1}),
            lambda: invoice.with_context(skip_readonly_check=True).write(
                {"partner_id": self.partner_a.id}
            ),
        ):
            with self.assertRaisesRegex(UserError, "Reset it to draft"), self.env.cr.savepoint():
                road()
        self.assertTrue(document.exchange_ids, "it was tried once")
        invoice.with_context(force_delete=True).unlink()
        self.assertEqual(document.state, "withdrawn", "nobody sends what was deleted")
        self.simulator.control("DELETE", "/faults")
        document.sudo().lane_id._resume()
        self.send_in_background()
        self.assertFalse(self.simulator.documents())

    def test_another_companys_user_sees_nothing(self):
        invoice = self.confirm()
        other = self.setup_other_company()["company"]
        stranger = self.new_user("smart_stranger", "account.group_account_manager", company=other)
        for model in ("smart.document", "smart.exchange", "smart.numbering", "smart.lane"):
            with self.subTest(model):
                Model = self.env[model].with_user(stranger)
                self.assertFalse(Model.search([]))
        with self.assertRaises(AccessError):
            invoice.smart_document_id.with_user(stranger).read(["control_number"])

"""How a document was paid, as far as that is known when it leaves."""

import json

from odoo import Command
from odoo.tests import tagged

from .common import SmartCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestFormsOfPayment(SmartCommon):
    def pay_in_advance(self, amount, journal="bank", **values):
        payment = self.env["account.payment"].create(
            {
                "partner_id": self.customer.id,
                "amount": amount,
                "journal_id": self.company_data[f"default_journal_{journal}"].id,
                "currency_id": self.bolivar.id,
                **values,
            }
        )
        payment.action_post()
        return payment

    def match(self, payment, move):
        line = payment.move_id.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        move.js_assign_outstanding_line(line.id)

    def forms(self, move):
        """Return what the request of a confirmed invoice says, which SMART has taken."""
        self.commit()
        self.assertEqual(move.smart_state, "issued", move.smart_last_error)
        said = json.loads(move.smart_document_id.request_body).get("formasdepago") or []
        return [(one["forma"], one["valor"]) for one in said]

    def setUp(self):
        super().setUp()
        self.bank = self.company_data["default_journal_bank"]
        self.cash = self.company_data["default_journal_cash"]
        self.bank.name, self.cash.name = "Banco Mercantil", "Efectivo"

    def test_a_payment_in_advance_that_was_matched_with_the_draft(self):
        move = self.make_invoice()
        self.match(self.pay_in_advance(116.0), move)
        move.action_post()
        self.assertEqual(self.forms(move), [("Banco Mercantil", 116)])

    def test_a_payment_that_is_matched_in_the_transaction_that_confirms(self):
        payment = self.pay_in_advance(500.0)
        move = self.make_invoice()
        move.action_post()
        self.match(payment, move)
        self.assertEqual(self.forms(move), [("Banco Mercantil", 116)])

    def test_what_is_open_is_named_by_the_payment_term(self):
        term = self.env.ref("account.account_payment_term_30days")
        move = self.make_invoice(invoice_payment_term_id=term.id)
        self.match(self.pay_in_advance(16.0, "cash"), move)
        move.action_post()
        self.assertEqual(self.forms(move), [("Efectivo", 16), (term.name, 100)])

    def test_without_a_term_what_is_open_is_not_spoken_of(self):
        move = self.make_invoice()
        self.match(self.pay_in_advance(16.0, "cash"), move)
        move.action_post()
        self.assertEqual(self.forms(move), [("Efectivo", 16)])

    def test_two_payments_of_one_kind_are_one_form(self):
        move = self.make_invoice()
        for amount in (16.0, 50.0):
            self.match(self.pay_in_advance(amount, "cash"), move)
        move.action_post()
        self.assertEqual(self.forms(move), [("Efectivo", 66)])

    def test_a_payment_in_dollars_is_stated_in_the_currency_of_the_document(self):
        move = self.make_invoice()
        self.match(self.pay_in_advance(1.0, currency_id=self.usd.id), move)
        move.action_post()
        self.assertEqual(self.forms(move), [("Banco Mercantil", 40.56)])

    def test_a_document_in_dollars_states_dollars(self):
        move = self.make_invoice(currency_id=self.usd.id)
        self.match(self.pay_in_advance(50.0, currency_id=self.usd.id), move)
        move.action_post()
        self.assertEqual(self.forms(move), [("Banco Mercantil", 50)])

    def test_a_payment_without_a_journal_entry(self):
        # Journals without an outstanding account book payments with the bank statement alone.
        move = self.make_invoice()
        self.bank.inbound_payment_method_line_ids.payment_account_id = False
        # As where Odoo's app for statements is installed.
        moves = type(self.env["account.move"])
        self.patch(moves, "_get_invoice_in_payment_state", lambda self: "in_payment")
        payment = self.pay_in_advance(500.0, invoice_ids=[Command.set(move.ids)])
        self.assertFalse(payment.move_id)
        move.action_post()
        self.assertEqual(self.forms(move), [("Banco Mercantil", 116)])

    def test_a_long_name_is_cut_at_a_word(self):
        self.bank.name = "Terminal de punto de venta | Banco"
        move = self.make_invoice()
        self.match(self.pay_in_advance(116.0), move)
        move.action_post()
        self.assertEqual(self.forms(move), [("Terminal de punto…", 116)])

    def test_a_credit_note_is_no_payment(self):
        term = self.env.ref("account.account_payment_term_30days")
        origin = self.confirm(self.make_invoice(invoice_payment_term_id=term.id))
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=origin.ids)
            .create({"journal_id": origin.journal_id.id, "reason": "Devolución"})
        )
        wizard.refund_moves()
        note = wizard.new_move_ids
        note.action_post()
        lines = (origin + note).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        if not all(lines.mapped("reconciled")):
            lines.reconcile()
        self.assertEqual(self.forms(note), [])

    def test_a_later_payment_does_not_change_what_was_sent(self):
        self.simulator.fault("refuse", seconds=60)
        move = self.confirm(self.make_invoice())
        self.assertEqual(move.smart_state, "queued")
        body = move.smart_document_id.request_body
        self.match(self.pay_in_advance(116.0), move)
        self.assertEqual(move.smart_document_id.request_body, body)
        self.assertEqual(move.payment_state, "paid")

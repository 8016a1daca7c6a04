from collections import defaultdict
from itertools import chain

from odoo import models

from ...smart_api import amounts
from ..terms import QUEUED


class AccountMove(models.Model):
    """How an invoice was paid, as far as that is known when it is confirmed.

    Confirming takes what is matched with it by then: a draft can be matched with payments in
    advance, and what its own transaction matches afterwards (the till, a web payment) is added to
    the request. What is paid later does not change it.
    """

    _inherit = "account.move"

    def _smart_payments(self):
        # EXTENDS 'smart.document.owner'
        self.ensure_one()
        # Names that have translations are printed in the customer's language. sudo: the document
        # says how it was paid, even if the user may not read payments.
        move = self.sudo().with_context(lang=self.partner_id.lang or self.env.lang)
        paid = defaultdict(lambda: amounts.ZERO)
        for line, amount in move._smart_matched():
            entry = line.move_id
            # Exchange differences and notes settle a document, but nobody paid with them.
            exchange = entry.journal_id == entry.company_id.currency_exchange_journal_id
            if amount <= 0 or exchange or entry.is_invoice(include_receipts=True):
                continue
            if name := move._smart_payment_name(line):
                paid[name] += amounts.money(amount)
        # What credit notes settled is not open either.
        rest = amounts.money(move.amount_total) - sum(paid.values(), amounts.ZERO)
        rest = min(rest, amounts.money(move.amount_residual))
        for name, amount in move._smart_expected_payments(rest) if rest > 0 else ():
            paid[name] += amount
        return list(paid.items())

    def _smart_matched(self):
        """Yield what is matched with the invoice: counterpart's journal item, amount."""
        for line in self.line_ids:  # not filtered: what is matched is read for all at once
            if line.display_type != "payment_term":
                continue
            for partial in line.matched_credit_ids:
                yield partial.credit_move_id, partial.debit_amount_currency
            for partial in line.matched_debit_ids:
                yield partial.debit_move_id, partial.credit_amount_currency

    def _smart_payment_name(self, line):
        """Return what the customer knows a payment by; nothing if nobody has paid.

        :param line: its journal item that is matched with this invoice
        """
        return self._smart_name_of(line.move_id.origin_payment_id) or line.journal_id.name

    def _smart_name_of(self, payment):
        # “Manual Payment” says less than the journal: Efectivo, Banco Mercantil…
        method = payment.payment_method_line_id
        renamed = method.name and method.name != method.payment_method_id.name
        return method.name if renamed else payment.journal_id.name

    def _smart_expected_payments(self, rest):
        """Tell how an amount is to be paid, greater than zero, that no journal item has paid.

        :returns: pairs of (name, amount), of ``rest`` at most
        """
        ways = chain(self._smart_unbooked_payments(), [(self.invoice_payment_term_id.name, rest)])
        expected = []
        for name, amount in ways:
            taken = min(amount, rest)
            if name and taken > 0:
                expected.append((name, taken))
                rest -= taken
        return expected

    def _smart_unbooked_payments(self):
        """Yield payments of this invoice that have no journal entry: name, amount."""
        for payment in self.matched_payment_ids:
            if payment.state in ("in_process", "paid") and not payment.move_id:
                amount = payment.currency_id._convert(
                    payment.amount, self.currency_id, self.company_id, payment.date
                )
                yield self._smart_name_of(payment), amounts.money(amount)

    def _smart_state_payments(self):
        """State on the requests of this transaction how their invoices have been paid meanwhile.

        The till and web shops post an invoice first, and pay it in the same transaction. Requests
        of earlier transactions may be on their way already: they stay as they are.
        """
        for move in self:
            # sudo: whoever pays need not read fiscal documents
            document = move.sudo().smart_document_id
            if document.state == QUEUED and move.sudo()._smart_confirmed_here():
                document._state_payments()

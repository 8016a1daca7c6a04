"""The evening's overview: which documents the orders of a session have, and how they were paid."""

from odoo import models

from odoo.addons.l10n_ve_edi_smart.models.terms import STATES, UNNUMBERED_STATES

#: Beside the states of documents: the invoice is a draft that has to be mended, nothing was to be
#: issued because it was free, or there is no invoice.
DRAFT, FREE, WITHOUT = "draft", "free", "without"


class PosOrder(models.Model):
    _inherit = "pos.order"

    def _smart_overview(self):
        """Return what the evening's report says of these orders; empty if no shop is fiscal.

        Amounts are words, in the currency of the shop.

        :rtype: dict[str, list[dict]]
        """
        # sudo: cashiers need no right to invoices
        orders = self.sudo().filtered(lambda order: order._smart_is_fiscal())
        if not orders:
            return {}
        found = {}
        for order in orders:
            for move in order.account_move | order.smart_note_ids:
                found[move] = order
        return {
            "documents": orders._smart_states(found),
            "waiting": orders._smart_waiting(found),
            "payments": orders._smart_paid_by(),
        }

    def _smart_states(self, found):
        """Return how many documents are in each state, and what they come to."""
        totals, label = {}, self._smart_state_labels()
        for move in found:
            count, total = totals.get(state := self._smart_state(move), (0, 0.0))
            totals[state] = count + 1, total - move.direction_sign * move.amount_total
        for order in self.filtered(lambda one: not one.account_move and not one.smart_note_ids):
            count, total = totals.get(WITHOUT, (0, 0.0))
            totals[WITHOUT] = count + 1, total + order.amount_total
        currency = self.currency_id[:1]
        return [
            {"name": label[state], "count": count, "total": currency.format(total)}
            for state, (count, total) in sorted(
                totals.items(), key=lambda one: list(label).index(one[0])
            )
        ]

    def _smart_state(self, move):
        if move.smart_document_id:
            return move.smart_state
        return FREE if move.state == "posted" else DRAFT

    def _smart_state_labels(self):
        """Return the states in the order of the report, in the language of whoever reads it."""
        document = self.env["smart.document"]
        said = dict(document._fields["state"]._description_selection(self.env))
        return {state: said[state] for state, _label in STATES} | {
            DRAFT: self.env._("To be mended"),
            FREE: self.env._("Free, without a document"),
            WITHOUT: self.env._("Without an invoice"),
        }

    def _smart_waiting(self, found):
        """Return what is not issued yet, and why; none of it keeps a session open."""
        reasons = []
        label = self._smart_state_labels()
        for move, order in found.items():
            state = self._smart_state(move)
            if state not in (*UNNUMBERED_STATES, DRAFT):
                continue
            why = move.smart_last_error or (
                self.env._("Its activity says what to mend.") if state == DRAFT else ""
            )
            reasons.append(
                {
                    "order": order.pos_reference or order.name,
                    "customer": move.commercial_partner_id.name,
                    "total": order.currency_id.format(move.amount_total),
                    "state": label[state],
                    "why": why,
                }
            )
        return reasons

    def _smart_paid_by(self):
        """Return what was paid by each method and at which rate, in its own currency too."""
        paid = {}
        for payment in self.payment_ids:
            method = payment.payment_method_id
            rate = payment.smart_rate if payment.smart_foreign_amount else 0.0
            amount, foreign = paid.get((method, rate), (0.0, 0.0))
            paid[method, rate] = amount + payment.amount, foreign + payment.smart_foreign_amount
        currency, to_words = self.currency_id[:1], self.env["ir.qweb.field.float"].value_to_html
        return [
            {
                "name": method.name,
                "total": currency.format(amount),
                "foreign": method.smart_currency_id.format(foreign) if foreign else "",
                "rate": to_words(rate, {"precision": 4}) if rate else "",
            }
            for (method, rate), (amount, foreign) in paid.items()
        ]

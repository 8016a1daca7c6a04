from odoo import api, models
from odoo.exceptions import UserError

from ..conversion.problem import Problem
from ..terms import PAST_APPROVALS, SHEET_USED


class AccountMove(models.Model):
    """An invoice whose document is annulled: what keeps it from being cancelled, and cancelling."""

    _inherit = "account.move"

    # -- Odoo's own buttons ----------------------------------------------------------------

    @api.depends_context("smart_cancel_annulled")
    @api.depends("smart_state")
    def _compute_need_cancel_request(self):
        # EXTENDS 'account' to add dependencies
        return super()._compute_need_cancel_request()

    def _need_cancel_request(self):
        # EXTENDS 'account', which then neither offers to reset the document to draft nor does so
        # sudo: customers in the portal compute it, too, and read no such fields
        locked = self.sudo().smart_is_locked and not self._smart_is_annulling()
        return super()._need_cancel_request() or locked

    def button_draft(self):
        # EXTENDS 'account', which does not say which document is meant, and why
        if not self._smart_is_annulling():
            for move in self.filtered("smart_is_locked"):
                move._smart_refuse()
        # What was not issued is mended, whoever has approved it; it is approved anew.
        moves = self
        if all(move.smart_state for move in self):
            moves = self.with_context(**PAST_APPROVALS)
        return super(AccountMove, moves).button_draft()

    def button_request_cancel(self):
        # EXTENDS 'account': the button “Request Cancel”
        if self.smart_sheet_id:
            return self.action_smart_annul_sheet()
        return self.action_smart_annul() if self.smart_state else super().button_request_cancel()

    def action_smart_annul_sheet(self):
        """Button: ask for the reason, and annul what is on paper."""
        self.ensure_one()
        self._smart_check_may_annul()
        if self.smart_sheet_state != SHEET_USED:
            raise UserError(
                self.env._("%s is not on paper, or annulled already.", self.display_name)
            )
        return self.env["smart.sheet.annul"]._open_on(self)

    # -- cancelling ------------------------------------------------------------------------

    def _smart_obstacles(self, unreconcile):
        # EXTENDS 'smart.document.owner'
        locks = self._get_violated_lock_dates(self.date, self._affect_tax_report())
        if locks:
            yield Problem(
                self,
                "",
                self.env._(
                    "Its period is closed: %s.", self.env["res.company"]._format_lock_dates(locks)
                ),
                self.env._("Have the period reopened, or correct it with a credit note."),
            )
        if self.inalterable_hash or self.journal_id.restrict_mode_hash_table:
            yield Problem(
                self,
                "",
                self.env._(
                    "The journal “%s” secures its entries with a hash, so nothing in it can be "
                    "cancelled.",
                    self.journal_id.name,
                ),
                self.env._("Correct it with a credit note."),
            )
        freed = not unreconcile and self._smart_reconciled_with()
        if freed:
            yield Problem(
                self,
                "",
                self.env._("It is reconciled with %s.", ", ".join(freed)),
                self.env._(
                    "Tick “Remove the reconciliation”, or remove it on the invoice. Payments stay "
                    "as outstanding."
                ),
            )

    def _smart_reconciled_with(self):
        # EXTENDS 'smart.document.owner': payments, notes, statement lines
        # sudo: payments may be out of the user's sight; they are named all the same
        lines = self.line_ids.sudo()
        partials = lines.matched_debit_ids + lines.matched_credit_ids
        entries = (partials.debit_move_id + partials.credit_move_id).move_id - self
        # Differences of exchange are made, and undone, by Odoo itself.
        entries -= partials.exchange_move_id
        payments = self.sudo().matched_payment_ids.filtered(
            lambda payment: (
                payment.state not in ("draft", "canceled", "rejected")
                and payment.move_id not in entries
            )
        )
        names = [entry.smart_legal_name or entry.name for entry in entries]
        return [*names, *payments.mapped("name")]

    def _smart_undo(self):
        # IMPLEMENTS 'smart.document.owner'
        self.ensure_one()
        if self.state != "cancel":
            self.button_cancel()
        self.matched_payment_ids = False

    def _smart_undone_words(self):
        # EXTENDS 'smart.document.owner'
        return self.env._(
            "The journal entry was cancelled; its number and its control number stay used."
        )

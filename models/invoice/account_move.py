from contextvars import ContextVar

from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ..terms import QUEUED, REFUSED, UNKNOWN

#: Whether a document is just being posted; any other way to set its state would not issue it.
_posting = ContextVar("l10n_ve_edi_smart.posting", default=False)


class AccountMove(models.Model):
    _inherit = "account.move"

    @api.depends("smart_state")
    def _compute_show_reset_to_draft_button(self):
        # EXTENDS 'account'
        result = super()._compute_show_reset_to_draft_button()
        # sudo: customers in the portal compute it, too, and may not read such fields
        locked = self.filtered(lambda move: move.sudo().smart_is_locked)
        locked.show_reset_to_draft_button = False
        return result

    # -- confirming ------------------------------------------------------------------------

    def _post(self, soft=True):
        # EXTENDS 'account'
        for move in self:
            if move.state == "draft" and move._smart_is_fiscal():
                move._smart_settle_cents()
        with self._smart_saying_everything():
            self._smart_give_up_taken_names()
            token = _posting.set(True)
            try:
                posted = super()._post(soft)
            finally:
                _posting.reset(token)
            fiscal = posted.filtered(lambda move: move._smart_is_fiscal())
            if fiscal:
                fiscal._smart_enqueue()
        return posted

    def _smart_enqueue(self):
        """Convert the documents and queue them; sending begins after the commit.

        :raises UserError: naming every problem of every document; nothing is posted then
        """
        # In the order of their fiscal numbers, whatever order they were selected in.
        ordered = self.sorted(lambda move: (move.sequence_prefix or "", move.sequence_number))
        conversions = self.env["smart.payload"]._convert(ordered)
        # sudo: users have no rights on fiscal documents; they are written by confirming
        documents = self.env["smart.document"].sudo()._enqueue(conversions)
        self.env["smart.lane"]._send_after_commit(documents)

    def action_smart_send(self):
        """Send now: what waits, what was refused and has been corrected, what is in doubt.

        Refused documents are converted anew. One document is sent right after this call's
        transaction has committed, several in the background.
        """
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group("account.group_account_invoice"):
            raise AccessError(self.env._("You do not have the right to issue fiscal documents."))
        moves = self.filtered(lambda move: move.smart_state in (QUEUED, REFUSED, UNKNOWN))
        if not moves:
            raise UserError(
                self.env._("None of these documents waits for SMART: there is nothing to send.")
            )
        # sudo: queue and documents are written by sending, which the user has the right to
        documents = moves.smart_document_id.sudo()
        documents._lane()._resume()
        moves.filtered(lambda move: move.smart_state == REFUSED)._smart_enqueue()
        self.env["smart.lane"]._send_after_commit(
            documents.filtered(lambda document: document.state in (QUEUED, UNKNOWN))
        )

    # -- locks -----------------------------------------------------------------------------

    def write(self, vals):
        # EXTENDS 'account'
        if "smart_document_id" in vals and not self.env.su:
            raise AccessError(
                self.env._("The fiscal document of an invoice cannot be set by hand.")
            )
        state = vals.get("state")
        if state in ("draft", "cancel") and not self._smart_is_annulling():
            self._smart_withdraw()
        if state == "posted" and not _posting.get():
            self._smart_refuse_unissued()
        return super().write(vals)

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'account'
        if not self.env.su and any("smart_document_id" in vals for vals in vals_list):
            raise AccessError(
                self.env._("The fiscal document of an invoice cannot be set by hand.")
            )
        return super().create(vals_list)

    def _smart_refuse_unissued(self):
        """Refuse to set documents to posted by hand: nobody would issue them."""
        self._smart_check_write({"state": "posted"})
        for move in self:
            if move.state != "posted" and move._smart_is_fiscal():
                raise UserError(
                    self.env._(
                        "%s must be issued through SMART, so its status cannot be set by hand. "
                        "Confirm it instead.",
                        move.display_name,
                    )
                )

    def action_switch_move_type(self):
        # EXTENDS 'account', which refuses this as well but does not say what to do instead
        for move in self.filtered("smart_is_locked"):
            move._smart_refuse()
        return super().action_switch_move_type()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_smart(self):
        for move in self:
            if move.smart_is_locked:
                move._smart_refuse()

    def unlink(self):
        # EXTENDS 'account'
        # A waiting document must not be sent any more, even if a posted invoice is force-deleted.
        self._smart_withdraw()
        # sudo: a document that was never sent goes with its draft; one with exchanges stays
        documents = self.smart_document_id.sudo()
        res = super().unlink()
        documents.exists().filtered(lambda document: not document.exchange_ids)._engine_unlink()
        return res

    # -- views -----------------------------------------------------------------------------

    def action_smart_open_document(self):
        """Button: the fiscal document with its exchanges."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Fiscal Document"),
            "res_model": "smart.document",
            "res_id": self.smart_document_id.id,
            "view_mode": "form",
        }

from contextvars import ContextVar

from odoo import api, models
from odoo.exceptions import UserError

#: Whether a document is just being posted; whatever else sets its state leaves it unissued.
_posting = ContextVar("l10n_ve_edi_smart.posting", default=False)


class AccountMove(models.Model):
    _inherit = "account.move"

    @api.depends("smart_state")
    def _compute_show_reset_to_draft_button(self):
        # EXTENDS 'account'
        result = super()._compute_show_reset_to_draft_button()
        # sudo: customers in the portal compute it, too, and read no such fields
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

    # -- locks -----------------------------------------------------------------------------

    def write(self, vals):
        # EXTENDS 'account'
        state = vals.get("state")
        if state in ("draft", "cancel") and not self._smart_is_annulling():
            self._smart_withdraw()
            self._smart_review_sending(state)
        if state == "posted" and not _posting.get():
            self._smart_refuse_unissued()
        return super().write(vals)

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

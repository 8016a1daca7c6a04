from contextlib import nullcontext
from contextvars import ContextVar

from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ..terms import CARACAS

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
        drafts = self.filtered(lambda move: move.state == "draft")
        fiscal = drafts.filtered(lambda move: move._smart_is_fiscal())
        on_paper = (drafts - fiscal).filtered(lambda move: move._smart_is_on_paper())
        if not fiscal and not on_paper:
            return super()._post(soft)
        others = self - fiscal - on_paper
        free = fiscal.filtered(lambda move: move._smart_is_free())
        fiscal -= free

        def post_in_odoo(moves):
            token = _posting.set(True)
            try:
                return super(AccountMove, moves)._post(soft)  # noqa: UP008 - not of self
            finally:
                _posting.reset(token)

        def post(moves):
            moves._smart_date()
            moves._smart_settle_origin()
            moves._smart_hold_origins()
            today = self._smart_today()
            for move in moves:
                if not soft or move.date <= today:  # else Odoo confirms it on its day
                    # Tills confirm without having taxes and amounts due follow their lines.
                    move.with_context(skip_invoice_sync=False)._smart_settle_cents()
            with moves._smart_saying_everything():
                moves._smart_give_up_taken_names()
                posted = post_in_odoo(moves)
                if confirmed := posted & moves:
                    confirmed._smart_enqueue()
            return posted

        posted = super(AccountMove, others)._post(soft) if others else others
        if on_paper:
            posted += on_paper._smart_post_on_paper(post_in_odoo, soft)
        # Whoever confirms: what has no date yet gets that of Caracas.
        if free:
            booked = post_in_odoo(free.with_context(tz=CARACAS.key)) & free
            booked._smart_confirm_free()
            booked._smart_close_deferred(self.env._("Confirmed."))
            posted += self.browse(booked.ids)
        if not fiscal:
            return posted
        moves = fiscal.with_context(tz=CARACAS.key)
        fiscal._smart_propose_origin()
        if fiscal._smart_is_asked():
            issued = post(moves)
        else:
            fiscal._smart_correct_tomorrow()
            issued = moves._smart_post_what_can(post, soft)
        issued._smart_close_deferred(self.env._("Confirmed."))
        return posted + self.browse(issued.ids)

    def _smart_date(self):
        """Date what has no date yet, before Odoo does, with the exchange rate of that day.

        Invoices of orders have none. Odoo keeps a rate that differs from that of the day of
        creation, as one that somebody has set; but it takes that day in UTC, and an invoice in
        dollars that was made in the evening would keep a rate of yesterday. So would one that was
        made in the morning, before the rate of the day was entered.
        """
        today = self._smart_today()
        rate = self._fields["invoice_currency_rate"]
        for move in self:
            if not move.invoice_date:
                by_hand = not move._smart_has_rate_when_made()
                with self.env.protecting([rate], move) if by_hand else nullcontext():
                    move.invoice_date = today

    # -- locks -----------------------------------------------------------------------------

    @api.model
    def _smart_check_document(self, vals_list):
        # EXTENDS 'smart.document.owner' with what is written by this addon, or by Odoo, alone
        if not self.env.su and any(
            {"smart_free", "smart_sheet_id"} & vals.keys() or self._smart_notes_sending(vals)
            for vals in vals_list
        ):
            raise AccessError(self.env._("The fiscal document of a record cannot be set by hand."))
        return super()._smart_check_document(vals_list)

    def write(self, vals):
        # EXTENDS 'account'
        state = vals.get("state")
        if state in ("draft", "cancel") and not self._smart_is_annulling():
            self._smart_withdraw()
            self._smart_take_back_free()
            self._smart_review_sending(state)
        if state == "cancel":
            self._smart_close_deferred(self.env._("Cancelled."))
        if state == "posted" and not _posting.get():
            self._smart_refuse_unissued()
        result = super().write(vals)
        if state == "draft":
            self._smart_unround()
        return result

    def _smart_refuse_unissued(self):
        """Refuse to set documents to posted by hand: nobody would issue them."""
        self._smart_check_write({"state": "posted"})
        for move in self:
            if move.state != "posted" and not move._smart_is_fiscal() and move._smart_is_on_paper():
                raise UserError(
                    self.env._(
                        "%s is written on numbered paper, so its status cannot be set by hand. "
                        "Confirm it instead.",
                        move.display_name,
                    )
                )
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
        result = super().action_switch_move_type()
        # What was a credit note a moment ago corrects nothing: it would become a debit note.
        self.filtered(lambda move: move.move_type == "out_invoice")._smart_correct_nothing()
        return result

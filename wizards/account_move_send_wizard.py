from odoo import models


class AccountMoveSendWizard(models.TransientModel):
    _inherit = "account.move.send.wizard"

    def action_send_and_print(self, allow_fallback_pdf=False):
        # EXTENDS 'account', which says nothing where nothing was sent
        action = super().action_send_and_print(allow_fallback_pdf=allow_fallback_pdf)
        waiting = self.move_id.filtered(lambda move: move._smart_is_unnumbered())
        return waiting._smart_words_sent_later() if waiting else action

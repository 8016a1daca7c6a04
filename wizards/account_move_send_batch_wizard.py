from odoo import models

from ..models.base.lock import opened


class AccountMoveSendBatchWizard(models.TransientModel):
    _inherit = "account.move.send.batch.wizard"

    def action_send_and_print(self, force_synchronous=False, allow_fallback_pdf=False):
        # EXTENDS 'account', which notes on each document how it is to be sent
        with opened("account.move", "sending_data"):
            action = super().action_send_and_print(
                force_synchronous=force_synchronous, allow_fallback_pdf=allow_fallback_pdf
            )
        # Kept apart from what is sent now: the scheduled action would come back to it for ever.
        waiting = self.move_ids.filtered(lambda move: move._smart_is_unnumbered())
        waiting._smart_send_once_issued()
        return waiting._smart_words_sent_later() if waiting == self.move_ids else action

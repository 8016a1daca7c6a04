from odoo import models

from ..models.base.lock import opened


class AccountMoveSendBatchWizard(models.TransientModel):
    _inherit = "account.move.send.batch.wizard"

    def action_send_and_print(self, force_synchronous=False, allow_fallback_pdf=False):
        # EXTENDS 'account', which notes on each document how it is to be sent
        with opened("account.move", "sending_data"):
            return super().action_send_and_print(
                force_synchronous=force_synchronous, allow_fallback_pdf=allow_fallback_pdf
            )

from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def _smart_is_made_free(self):
        # EXTENDS 'l10n_ve_edi_smart': of orders of the till, which a coupon may pay for
        return bool(self.pos_order_ids) or super()._smart_is_made_free()

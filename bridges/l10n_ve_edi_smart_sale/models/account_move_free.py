from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def _smart_is_made_free(self):
        # EXTENDS 'l10n_ve_edi_smart': of orders, which a coupon or a down payment may pay for
        sold = self.invoice_line_ids.filtered(lambda line: line.display_type == "product")
        return all(line.sale_line_ids for line in sold) or super()._smart_is_made_free()

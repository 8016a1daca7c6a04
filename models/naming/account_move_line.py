from odoo import models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _compute_display_name(self):
        # EXTENDS 'account'
        res = super()._compute_display_name()
        for line in self:
            number = line.move_id.smart_legal_name
            if number:
                label = line.name or line.product_id.display_name
                line.display_name = self._format_aml_name(label, line.ref, number)
        return res

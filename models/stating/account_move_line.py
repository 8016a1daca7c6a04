from odoo import models

from .account_move_rounding import BEFORE


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _smart_deducts_advance(self):
        """Tell whether it deducts what was invoiced in advance; for addons that know."""
        return False

    def copy_data(self, default=None):
        # EXTENDS 'account': a copy is rounded anew when it is confirmed
        vals_list = super().copy_data(default)
        for vals in vals_list:
            if BEFORE in (vals.get("extra_tax_data") or {}):
                vals["extra_tax_data"] = vals["extra_tax_data"][BEFORE]
        return vals_list

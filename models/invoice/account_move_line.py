from odoo import models


class AccountMoveLine(models.Model):
    """Exempt is a tax, not its absence: a line that somebody types gets the company's."""

    _inherit = "account.move.line"

    def _get_computed_taxes(self):
        # EXTENDS 'account', which proposes taxes of a product or an account alone
        taxes = super()._get_computed_taxes()
        move = self.move_id
        typed = self.display_type == "product" and not self.product_id
        if taxes or not typed or not move or not move._smart_is_fiscal():
            return taxes
        company = move.company_id
        # sudo: as for new products, a branch may take its parent's, which the user cannot read
        default = company.account_sale_tax_id or company.root_id.sudo().account_sale_tax_id
        return move.fiscal_position_id.map_tax(default) if default else taxes

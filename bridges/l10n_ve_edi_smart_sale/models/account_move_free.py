from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def _smart_is_made_free(self):
        # EXTENDS 'l10n_ve_edi_smart': of orders, which a coupon or a down payment may pay for
        sold = self.invoice_line_ids.filtered(lambda line: line.display_type == "product")
        return all(line.sale_line_ids for line in sold) or super()._smart_is_made_free()

    def _smart_confirm_free(self):
        # EXTENDS 'l10n_ve_edi_smart' to say so on the orders, too
        res = super()._smart_confirm_free()
        for move in self:
            # sudo: whoever confirms invoices need not read orders
            for order in move.sudo().line_ids.sale_line_ids.order_id:
                order._message_log(
                    body=self.env._(
                        "%s charges nothing, so it was confirmed without a fiscal document.",
                        move._get_html_link(),
                    )
                )
        return res

from odoo import api, models


class AccountTax(models.Model):
    _inherit = "account.tax"

    @api.model
    def _smart_rules(self, base_lines):
        # EXTENDS 'l10n_ve_edi_smart': an order comes to what its invoice will come to, so that who
        # pays the order has paid the invoice
        record = base_lines[0]["record"]
        if not isinstance(record, models.BaseModel) or record._name != "sale.order.line":
            return super()._smart_rules(base_lines)
        # sudo: orders are computed for customers in the web shop, too
        order = record.order_id.sudo()
        enabled = not order.journal_id or order.journal_id.smart_enabled
        return enabled and bool(order.company_id.smart_issuer_id)

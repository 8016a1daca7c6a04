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
        return record.order_id._smart_is_fiscal()

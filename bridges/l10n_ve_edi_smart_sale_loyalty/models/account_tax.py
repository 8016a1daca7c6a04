from odoo import api, models


class AccountTax(models.Model):
    _inherit = "account.tax"

    @api.model
    def _prepare_down_payment_lines(self, base_lines, company, amount_type, amount, **options):
        # EXTENDS 'account': a down payment is of what is sold, and comes to its share of what a
        # card does not pay
        sold = [line for line in base_lines if not self._smart_is_card(line["record"])]
        if len(sold) < len(base_lines) and amount_type == "percent":
            [currency] = {line["currency_id"] for line in base_lines}
            order = base_lines[0]["record"].order_id
            amount_type, amount = "fixed", currency.round(order.amount_total * amount / 100)
        return super()._prepare_down_payment_lines(sold, company, amount_type, amount, **options)

    @api.model
    def _smart_is_card(self, record):
        """Tell whether a line of taxes is the line of a fiscal order that a card pays."""
        if not isinstance(record, models.BaseModel) or record._name != "sale.order.line":
            return False
        return record._smart_is_card() and record.order_id._smart_is_fiscal()

from odoo import models

from odoo.addons.l10n_ve_edi_smart.smart_api import amounts


class AccountMove(models.Model):
    _inherit = "account.move"

    def _smart_payment_name(self, line):
        # EXTENDS 'l10n_ve_edi_smart': the customer knows the provider, not the bank's journal
        provider = line.move_id.origin_payment_id.payment_transaction_id.provider_id
        return provider.name or super()._smart_payment_name(line)

    def _smart_unbooked_payments(self):
        # EXTENDS 'l10n_ve_edi_smart': what a provider has, or holds, for the invoice or its order,
        # and is not matched with the invoice so far
        yield from super()._smart_unbooked_payments()
        transactions = self.transaction_ids | self.line_ids.sale_line_ids.order_id.transaction_ids
        matched = {line.move_id.origin_payment_id for line, _amount in self._smart_matched()}
        for transaction in transactions:
            if transaction.state in ("authorized", "done"):
                payment = transaction.payment_id
                if not payment or payment not in matched:
                    amount, currency = transaction.amount, transaction.currency_id
                    if payment.move_id:  # other invoices may have taken some of it
                        open_items = payment.move_id.line_ids.filtered(
                            lambda item: item.account_type == "asset_receivable"
                        )
                        amount = -sum(open_items.mapped("amount_residual_currency"))
                    amount = currency._convert(
                        amount, self.currency_id, self.company_id, self.invoice_date
                    )
                    yield transaction.provider_id.name, amounts.money(amount)

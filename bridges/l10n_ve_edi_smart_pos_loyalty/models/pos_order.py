from odoo import Command, models


class PosOrder(models.Model):
    """What gift cards and e-wallets pay of an order settles its invoice."""

    _inherit = "pos.order"

    def _reconcile_invoice_payments(self, invoice, payment_moves):
        # EXTENDS 'point_of_sale'
        result = super()._reconcile_invoice_payments(invoice, payment_moves)
        if self._smart_is_fiscal():
            for line in self._smart_payment_lines():
                line._smart_pay(invoice.sudo())  # sudo: as Odoo books what the till was paid
        return result


class PosOrderLine(models.Model):
    _inherit = "pos.order.line"

    def _smart_card_program(self):
        """Return the program of the card that pays by this line, or is paid back by it."""
        # sudo: cashiers need no right to programs
        return (self.refunded_orderline_id or self).sudo().reward_id.program_id

    def _smart_is_payment(self):
        # EXTENDS 'l10n_ve_edi_smart_pos'
        return self._smart_card_program().is_payment_program or super()._smart_is_payment()

    def _smart_pay(self, invoice):
        """Settle an invoice, or a credit note, with what the card has paid or got back."""
        self.ensure_one()
        terms = invoice.line_ids.filtered(lambda item: item.display_type == "payment_term")
        receivable = terms.account_id[:1]
        amount = -self.price_subtotal_incl
        balance = invoice.company_currency_id.round(amount / (invoice.invoice_currency_rate or 1))
        template = self.product_id.product_tmpl_id.with_company(invoice.company_id)
        accounts = template.get_product_accounts(fiscal_pos=self.order_id.fiscal_position_id)
        common = {
            "name": self.full_product_name or self.product_id.display_name,
            "partner_id": invoice.commercial_partner_id.id,
            "currency_id": invoice.currency_id.id,
        }
        account = accounts["income"] or invoice.journal_id.default_account_id
        entry = invoice.create(
            {
                "move_type": "entry",
                "journal_id": self._smart_card_journal(invoice.company_id).id,
                "company_id": invoice.company_id.id,
                "currency_id": invoice.currency_id.id,
                "partner_id": invoice.commercial_partner_id.id,
                "date": invoice.date or invoice._smart_today(),
                "ref": self.order_id.name,
                "smart_card_pos_line_id": self.id,
                "line_ids": [
                    Command.create(
                        {
                            **common,
                            "account_id": of.id,
                            "amount_currency": sign * amount,
                            "balance": sign * balance,
                        }
                    )
                    for of, sign in ((account, 1), (receivable, -1))
                ],
            }
        )
        entry._post(soft=False)
        paid = entry.line_ids.filtered(lambda item: item.account_id == receivable)
        (paid | terms.filtered(lambda item: not item.reconciled)).reconcile()

    def _smart_card_journal(self, company):
        # sudo: as above; differences of exchange are no payments
        Journal = self.env["account.journal"].sudo()
        return Journal.search(
            [
                *Journal._check_company_domain(company),
                ("type", "=", "general"),
                ("id", "!=", company.sudo().currency_exchange_journal_id.id),
            ],
            limit=1,
        )

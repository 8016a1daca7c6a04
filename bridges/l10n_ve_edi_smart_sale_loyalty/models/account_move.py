from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import formatLang

#: What this addon alone writes.
CARD_FIELDS = {
    "smart_card_line_ids",
    "smart_card_invoice_id",
    "smart_card_sale_line_id",
    "smart_card_amount",
}


class AccountMove(models.Model):
    """Gift cards and e-wallets are forms of payment: they take nothing off an invoice.

    An invoice is made without the lines of the order that a card pays. Once it is confirmed, an
    entry on what is owed to holders of cards settles it; where it goes back to draft or is
    cancelled, the entry is reversed.
    """

    _inherit = "account.move"

    smart_card_line_ids = fields.Many2many(
        comodel_name="sale.order.line",
        relation="smart_card_line_rel",
        column1="move_id",
        column2="line_id",
        string="Paid by Card",
        readonly=True,
        copy=False,
    )
    smart_card_invoice_id = fields.Many2one(
        comodel_name="account.move",
        string="Invoice Paid by Card",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    smart_card_sale_line_id = fields.Many2one(
        comodel_name="sale.order.line",
        string="Order Line of the Card",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    smart_card_amount = fields.Monetary(string="Amount by Card", readonly=True, copy=False)

    def _smart_take_cards_out(self):
        """Have this draft be of the whole amount, and note which lines of orders cards pay."""
        self.ensure_one()
        cards = self.invoice_line_ids.filtered(
            lambda item: any(line._smart_is_card() for line in item.sale_line_ids)
        )
        # sudo: nobody else says what a card pays
        self.sudo().smart_card_line_ids |= cards.sale_line_ids
        cards.unlink()

    def _post(self, soft=True):
        # EXTENDS 'account'
        posted = super()._post(soft)
        for move in posted:
            # sudo: whoever confirms invoices need not make entries, nor read orders
            for line in move.sudo().smart_card_line_ids:
                move.sudo()._smart_pay_by_card(line)
        return posted

    @api.model
    def _smart_check_document(self, vals_list):
        # EXTENDS 'l10n_ve_edi_smart': entries are made, and reversed, as superuser by what is here
        if not self.env.su and any(CARD_FIELDS & vals.keys() for vals in vals_list):
            raise AccessError(self.env._("What a card pays cannot be set by hand."))
        return super()._smart_check_document(vals_list)

    def button_draft(self):
        # EXTENDS 'account': a card would pay a second time
        for entry in self.filtered("smart_card_invoice_id"):
            if entry.smart_card_invoice_id.state == "posted" and not entry.reversal_move_ids:
                raise UserError(
                    self.env._(
                        "%(entry)s is what a card paid of %(invoice)s, which is confirmed. Reset "
                        "or annul that instead.",
                        entry=entry.display_name,
                        invoice=entry.smart_card_invoice_id.display_name,
                    )
                )
        return super().button_draft()

    def write(self, vals):
        # EXTENDS 'account'
        res = super().write(vals)
        if vals.get("state") in ("draft", "cancel"):
            self._smart_give_cards_back()
        return res

    # -- entries ---------------------------------------------------------------------------

    def _smart_pay_by_card(self, line):
        """Settle this invoice with what the card of an order's line still has to pay."""
        self.ensure_one()
        order = line.order_id
        same = order.partner_invoice_id.commercial_partner_id == self.commercial_partner_id
        if not line._smart_is_card() or not same or order.company_id != self.company_id:
            return
        terms = self.line_ids.filtered(lambda item: item.display_type == "payment_term")
        residual = sum(terms.mapped("amount_residual_currency"))
        rest = line.currency_id._convert(
            line._smart_card_rest(), self.currency_id, self.company_id, self.date
        )
        if residual * rest <= 0:  # nothing is open, or it is for the other side
            return
        amount = min(residual, rest, key=abs)
        account = self._smart_card_account(line)
        balance = self.company_currency_id.round(amount / (self.invoice_currency_rate or 1.0))
        common = {
            "name": line.name,
            "partner_id": self.commercial_partner_id.id,
            "currency_id": self.currency_id.id,
        }
        entry = self.with_company(self.company_id).create(
            {
                "move_type": "entry",
                "journal_id": self._smart_card_journal().id,
                "company_id": self.company_id.id,
                "currency_id": self.currency_id.id,
                "partner_id": self.commercial_partner_id.id,
                "date": self.date,
                "ref": f"{self.name} · {line.order_id.name}",
                "smart_card_invoice_id": self.id,
                "smart_card_sale_line_id": line.id,
                "smart_card_amount": amount,
                "line_ids": [
                    Command.create(
                        {
                            **common,
                            "account_id": of,
                            "amount_currency": sign * amount,
                            "balance": sign * balance,
                        }
                    )
                    for of, sign in ((account.id, 1), (terms.account_id[:1].id, -1))
                ],
            }
        )
        entry._post(soft=False)
        paid = entry.line_ids.filtered(lambda item: item.account_id == terms.account_id[:1])
        (paid | terms.filtered(lambda item: not item.reconciled)).reconcile()

    def _smart_give_cards_back(self):
        """Reverse what cards have paid of these invoices, which are no longer confirmed."""
        # sudo: see _post
        paid = self.sudo().search(
            [
                ("smart_card_invoice_id", "in", self.ids),
                ("smart_card_sale_line_id", "!=", False),
                ("state", "=", "posted"),
                ("reversed_entry_id", "=", False),
                ("reversal_move_ids", "=", False),
            ]
        )
        if paid:
            paid._reverse_moves(
                [
                    {
                        "date": max(entry.date, self._smart_today()),
                        "ref": entry.ref,
                        "smart_card_invoice_id": entry.smart_card_invoice_id.id,
                        "smart_card_sale_line_id": entry.smart_card_sale_line_id.id,
                        "smart_card_amount": -entry.smart_card_amount,
                    }
                    for entry in paid
                ],
                cancel=True,
            )

    def _smart_card_account(self, line):
        """Return the account of the card's product: what is owed to those who hold cards."""
        template = line.product_id.product_tmpl_id.with_company(line.company_id)
        accounts = template.get_product_accounts(fiscal_pos=line.order_id.fiscal_position_id)
        return accounts["income"] or self.journal_id.default_account_id

    def _smart_card_journal(self):
        company = self.company_id
        journals = self.env["account.journal"].search(
            [
                *self.env["account.journal"]._check_company_domain(company),
                ("type", "=", "general"),
            ]
        )
        # Differences of exchange are no payments.
        return (journals - company.currency_exchange_journal_id)[:1] or journals[:1]

    def _smart_payment_name(self, line):
        # EXTENDS 'l10n_ve_edi_smart': what the customer knows the card by
        program = line.move_id.smart_card_sale_line_id.reward_id.program_id
        if not program:
            return super()._smart_payment_name(line)
        return (
            self.env._("Gift card")
            if program.program_type == "gift_card"
            else self.env._("eWallet")
        )

    # -- what is said before it is confirmed --------------------------------------------------

    def _get_alerts(self):
        # EXTENDS 'account'
        alerts = super()._get_alerts()
        # sudo: for amounts only; whoever sees the invoice may know how it is paid
        lines = self.sudo().smart_card_line_ids
        if self.state == "draft" and lines:
            rest = sum(
                line.currency_id._convert(
                    line._smart_card_rest(), self.currency_id, self.company_id, self.date
                )
                for line in lines
            )
            rest = min(rest, self.amount_total)
            alerts["smart_cards"] = {
                "level": "info",
                "message": self.env._(
                    "%s of it is paid by gift card or e-wallet: confirming settles that.",
                    formatLang(self.env, rest, currency_obj=self.currency_id),
                ),
            }
        return alerts

    def _smart_refer(self, conversion):
        # EXTENDS 'l10n_ve_edi_smart': the VAT is due when the card pays for something
        res = super()._smart_refer(conversion)
        # sudo: who invoices need not read programs
        programs = self.env["loyalty.program"].sudo()
        sold = programs.search([("program_type", "in", ("gift_card", "ewallet"))])
        for line in self.invoice_line_ids:
            taxes = line.tax_ids.filtered(lambda tax: tax.amount)
            if taxes and line.product_id in sold.trigger_product_ids:
                conversion.problem(
                    line.product_id,
                    "taxes_id",
                    self.env._(
                        "“%s” is a card that pays later for something, with the VAT of that: with "
                        "a tax here, the customer pays VAT twice.",
                        line.product_id.display_name,
                    ),
                    self.env._("Give the product the exempt tax."),
                    warning=True,
                )
        return res

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang


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
    def _smart_card_fields(self):
        # EXTENDS 'l10n_ve_edi_smart_loyalty'
        return super()._smart_card_fields() | {
            "smart_card_line_ids",
            "smart_card_invoice_id",
            "smart_card_sale_line_id",
            "smart_card_amount",
        }

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
        self._smart_make_card_entry(
            line.product_id,
            order.fiscal_position_id,
            line.name,
            amount,
            ref=f"{self.name} · {order.name}",
            smart_card_program_id=line.reward_id.program_id.id,
            smart_card_invoice_id=self.id,
            smart_card_sale_line_id=line.id,
            smart_card_amount=amount,
        )

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
                        "smart_card_program_id": entry.smart_card_program_id.id,
                        "smart_card_invoice_id": entry.smart_card_invoice_id.id,
                        "smart_card_sale_line_id": entry.smart_card_sale_line_id.id,
                        "smart_card_amount": -entry.smart_card_amount,
                    }
                    for entry in paid
                ],
                cancel=True,
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

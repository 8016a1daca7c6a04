from odoo import Command, api, fields, models
from odoo.exceptions import AccessError


class AccountMove(models.Model):
    """What a card pays of an invoice is an entry on what is owed to those who hold cards."""

    _inherit = "account.move"

    smart_card_program_id = fields.Many2one(
        comodel_name="loyalty.program", string="Program of the Card", readonly=True, copy=False
    )

    @api.model
    def _smart_card_fields(self):
        """Return the names of the fields that say what a card pays: no user writes them."""
        return {"smart_card_program_id"}

    @api.model
    def _smart_check_document(self, vals_list):
        # EXTENDS 'l10n_ve_edi_smart': entries are made, and reversed, as superuser by what is here
        names = self._smart_card_fields()
        if not self.env.su and any(names & vals.keys() for vals in vals_list):
            raise AccessError(self.env._("What a card pays cannot be set by hand."))
        return super()._smart_check_document(vals_list)

    def _smart_make_card_entry(self, product, fiscal_position, name, amount, **values):
        """Settle this invoice, or credit note, with what a card pays of it, or gets back.

        :param product: of the card's line; its income account is what is owed to who holds one
        :param fiscal_position: of the order
        :param str name: what the entry's items are called
        :param float amount: in the currency of the invoice; negative where the card gets it back
        :param values: of the entry
        """
        self.ensure_one()
        terms = self.line_ids.filtered(lambda item: item.display_type == "payment_term")
        receivable = terms.account_id[:1]
        template = product.product_tmpl_id.with_company(self.company_id)
        accounts = template.get_product_accounts(fiscal_pos=fiscal_position)
        owed = accounts["income"] or self.journal_id.default_account_id
        balance = self.company_currency_id.round(amount / (self.invoice_currency_rate or 1.0))
        common = {
            "name": name,
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
                "date": self.date or self._smart_today(),
                "line_ids": [
                    Command.create(
                        {
                            **common,
                            "account_id": account.id,
                            "amount_currency": sign * amount,
                            "balance": sign * balance,
                        }
                    )
                    for account, sign in ((owed, 1), (receivable, -1))
                ],
                **values,
            }
        )
        entry._post(soft=False)
        paid = entry.line_ids.filtered(lambda item: item.account_id == receivable)
        (paid | terms.filtered(lambda item: not item.reconciled)).reconcile()

    def _smart_card_journal(self):
        company = self.company_id
        Journal = self.env["account.journal"]
        journals = Journal.search(
            [*Journal._check_company_domain(company), ("type", "=", "general")]
        )
        # Differences of exchange are no payments.
        return (journals - company.currency_exchange_journal_id)[:1] or journals[:1]

    def _smart_payment_name(self, line):
        # EXTENDS 'l10n_ve_edi_smart': what the customer knows the card by
        # sudo: who confirms invoices need not read programs
        program = line.move_id.sudo().smart_card_program_id
        if not program:
            return super()._smart_payment_name(line)
        return (
            self.env._("Gift card")
            if program.program_type == "gift_card"
            else self.env._("eWallet")
        )

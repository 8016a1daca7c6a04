from odoo import models
from odoo.tools import formatLang


class AccountMove(models.Model):
    """What somebody who looks at a draft has to know of cards."""

    _inherit = "account.move"

    def _get_alerts(self):
        # EXTENDS 'account'
        alerts = super()._get_alerts()
        # sudo: for amounts only; whoever sees the invoice may know how it is paid
        lines = self.sudo().smart_card_line_ids
        if self.state == "draft" and lines:
            rest = sum(line._smart_card_rest() for line in lines)
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

from odoo import fields, models
from odoo.tools import float_is_zero


class AccountMove(models.Model):
    """What is free, or was invoiced in advance altogether: SMART issues no document of 0.00.

    An order that a coupon of 100 % pays for, the final invoice after a down payment of 100 %: the
    order needs its invoice, to be done with, and the books may need it, to make revenue of the down
    payment. It is confirmed like any other entry; it changes no total of sales or taxes.
    """

    _inherit = "account.move"

    smart_free = fields.Boolean(
        string="Without Fiscal Document",
        readonly=True,
        copy=False,
        help="Confirmed without a fiscal document, for it charges nothing: SMART does not issue "
        "documents of 0.00.",
        groups="base.group_user",
    )

    def _smart_is_free(self):
        # EXTENDS 'smart.document.owner'
        self.ensure_one()
        # sudo: web shops confirm, too, and the document is looked at for its existence only
        move = self.sudo()
        return bool(
            move.state == "draft"
            # One that has waited for SMART is in the list of fiscal documents already.
            and not move.smart_document_id
            and move._smart_is_made_free()
            and not move._smart_takes_goods_back()
            and move._smart_charges_nothing()
        )

    def _smart_is_made_free(self):
        """Tell whether it was made from something that can be free, such as an order.

        One of 0.00 that somebody typed lacks its prices.
        """
        return False

    def _smart_takes_goods_back(self):
        """Tell whether a quantity is taken back: that is credited, and what is sold is invoiced."""
        return any(
            line.quantity < 0
            for line in self.invoice_line_ids
            if line.display_type == "product" and not line._smart_deducts_advance()
        )

    def _smart_charges_nothing(self):
        """Tell whether all amounts cancel out: the total, each tax, and what each tax is of.

        Otherwise a line at 0 % could take back what is sold at 16 %, and the VAT with it.
        """
        sums = {}
        for line in self.line_ids:
            if line.display_type == "payment_term":
                key = ("total",)
            elif line.display_type == "product":
                key = ("base", *line.tax_ids.ids)
            else:
                key = (line.display_type, line.tax_line_id.id)
            amount, balance = sums.get(key, (0.0, 0.0))
            sums[key] = amount + line.amount_currency, balance + line.balance
        return all(
            float_is_zero(amount, precision_rounding=self.currency_id.rounding)
            and float_is_zero(balance, precision_rounding=self.company_currency_id.rounding)
            for amount, balance in sums.values()
        )

    def _smart_cure_of_zero(self):
        # EXTENDS 'smart.document.owner'
        if self.smart_document_id.sudo():  # sudo: for its existence only
            return self.env._("Enter a line with an amount, or cancel it and make another one.")
        return self.env._(
            "Enter a line with an amount. What is free, or was invoiced in advance altogether, is "
            "invoiced from its order: an invoice of 0.00 is confirmed there without a fiscal "
            "document. Goods that are taken back need a credit note, and what is sold instead an "
            "invoice of its own."
        )

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import float_round


class SaleOrderLine(models.Model):
    """The part of an order that a gift card, or an e-wallet, pays.

    It is invoiced once it has settled an invoice, or is about to.
    """

    _inherit = "sale.order.line"

    smart_card_move_ids = fields.Many2many(
        comodel_name="account.move",
        relation="smart_card_line_rel",
        column1="line_id",
        column2="move_id",
        string="Invoices Paid by Card",
        readonly=True,
        copy=False,
    )
    smart_card_entry_ids = fields.One2many(
        comodel_name="account.move",
        inverse_name="smart_card_sale_line_id",
        string="Payments by Card",
        readonly=True,
        copy=False,
    )

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'sale'
        self._smart_check_cards(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        # EXTENDS 'sale'
        self._smart_check_cards([vals])
        return super().write(vals)

    def _smart_check_cards(self, vals_list):
        """Refuse that anybody says by hand what a card pays: entries are made of it."""
        fields_of_cards = {"smart_card_move_ids", "smart_card_entry_ids"}
        if not self.env.su and any(fields_of_cards & vals.keys() for vals in vals_list):
            raise AccessError(self.env._("What a card pays cannot be set by hand."))

    def _smart_is_card(self):
        """Tell whether it is not a discount, but what a gift card or an e-wallet pays."""
        self.ensure_one()
        # sudo: who sells may not read programs
        return self.sudo().reward_id.program_id.is_payment_program

    def _smart_card_paid(self):
        """Return what the card has paid of invoices, in the order's currency."""
        self.ensure_one()
        entries = self.sudo().smart_card_entry_ids  # sudo: who sells may not read entries
        return sum(
            entry.currency_id._convert(
                entry.smart_card_amount, self.currency_id, entry.company_id, entry.date
            )
            for entry in entries
            if entry.state == "posted"
        )

    def _smart_card_rest(self):
        """Return what the card is still to pay: negative, if the order takes it back."""
        self.ensure_one()
        return self.currency_id.round(-self.price_total - self._smart_card_paid())

    def _smart_card_quantity(self):
        """Return how much of the line the card has paid, rounded so that no rest is lost."""
        self.ensure_one()
        paid = self._smart_card_paid()
        whole = -(self.price_total / self.product_uom_qty if self.product_uom_qty else 0.0)
        if not paid or not self._smart_card_rest():
            return self.product_uom_qty if paid else 0.0
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        return float_round(
            paid / (whole or -self.price_unit or paid),
            precision_digits=digits,
            rounding_method="DOWN",
        )

    # -- what of it is invoiced ------------------------------------------------------------

    @api.depends("smart_card_move_ids.state", "smart_card_entry_ids.state")
    def _compute_qty_invoiced(self):
        # EXTENDS 'sale' to add dependencies
        return super()._compute_qty_invoiced()

    def _prepare_qty_invoiced(self):
        # EXTENDS 'sale'
        quantities = super()._prepare_qty_invoiced()
        for line in self:
            if line._smart_is_card():
                moves = line.sudo().smart_card_move_ids  # sudo: who sells may not read invoices
                planned = any(move.state == "draft" for move in moves)
                quantities[line] += line.product_uom_qty if planned else line._smart_card_quantity()
        return quantities

    @api.depends("smart_card_entry_ids.state")
    def _compute_qty_invoiced_posted(self):
        # EXTENDS 'sale'
        res = super()._compute_qty_invoiced_posted()
        for line in self.filtered(lambda line: line._smart_is_card()):
            line.qty_invoiced_posted += line._smart_card_quantity()
        return res

    @api.depends("smart_card_entry_ids.state")
    def _compute_amount_invoiced(self):
        # EXTENDS 'sale'
        res = super()._compute_amount_invoiced()
        for line in self.filtered(lambda line: line._smart_is_card()):
            line.amount_invoiced -= line._smart_card_paid()
        return res

"""The IGTF of an order: a line of a product of its own, which is no line of the document.

The till asks for it before the payment (``static/src/app/igtf``), and says of what it is. Only here
it becomes a line, when the order is paid: so whatever counts lines at the till, such as discounts
and loyalty, never meets it, and sums, refunds, the closing of the session and the invoice all do.
"""

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from odoo.addons.l10n_ve_edi_smart.smart_api import amounts

from ...igtf import base_to_give_back, igtf_of

#: No order of a till comes to so much; a float has its cents exactly below it.
LARGEST = 1e13


class PosOrder(models.Model):
    _inherit = "pos.order"

    smart_igtf_base = fields.Monetary(
        string="Paid in Foreign Currency",
        readonly=True,
        copy=False,
        help="What the IGTF of this sale is computed of: what was paid of it in foreign currency.",
    )
    smart_igtf_back_base = fields.Monetary(
        string="IGTF Given Back of",
        readonly=True,
        copy=False,
        help="What the IGTF that this return gives back is computed of.",
    )

    def _smart_add_igtf(self, handed_in):
        """Give an order that a till hands in, paid, the lines of its IGTF.

        :param dict handed_in: the order as it came
        """
        self.ensure_one()
        if self.lines.filtered("smart_igtf_base"):
            return  # a return that the back office has begun
        shop, turned = self.config_id, self.is_refund
        collected = self._smart_handed_in_base(handed_in, "smart_igtf_base")
        back = self._smart_handed_in_base(handed_in, "smart_igtf_back_base")
        values = []
        if collected > 0 and shop._smart_collects_igtf():
            values.append(self._smart_igtf_line(shop, collected, turned))
        if back > 0 and shop.smart_is_fiscal:
            sold = self._smart_originals().lines.filtered("smart_igtf_base")
            values += [self._smart_igtf_line(shop, back, turned, line) for line in sold[:1]]
        self._smart_write_igtf(values)

    def _smart_handed_in_base(self, handed_in, name):
        """Return a base that a till hands in.

        :raises UserError: it is no amount
        :rtype: decimal.Decimal
        """
        base = handed_in.get(name) or 0
        if not isinstance(base, (int, float)) or not abs(base) < LARGEST:
            raise UserError(
                self.env._(
                    "%(field)s: “%(value)s” is no amount. Load the till anew.",
                    field=self._fields[name]._description_string(self.env),
                    value=str(base)[:50],
                )
            )
        return amounts.money(base)

    def _smart_write_igtf(self, values):
        """Add lines of IGTF, given as :meth:`_smart_igtf_line` returns them."""
        if values:
            # sudo: cashiers set no IGTF by hand
            self.sudo().write({"lines": [Command.create(one) for one in values]})

    @api.model
    def _smart_igtf_line(self, shop, base, turned, given_back=None):
        """Return the values of a line.

        :param decimal.Decimal base: of what the IGTF is
        :param bool turned: whether amounts have their signs turned, as on what is called a refund
        :param given_back: the line of a sold order whose IGTF is given back
        """
        sign = -1 if given_back else 1
        tax = sign * float(igtf_of(base))
        # sudo: cashiers need no right to companies
        product = shop.sudo().company_id.smart_igtf_product_id
        return {
            "product_id": product.id,
            "qty": sign,
            "price_unit": abs(tax),
            "price_subtotal": -tax if turned else tax,
            "price_subtotal_incl": -tax if turned else tax,
            # What the treasury gets is no margin.
            "total_cost": tax,
            "is_total_cost_computed": True,
            "tax_ids": [Command.clear()],
            "full_product_name": self.env._(
                "IGTF 3 %% of %s", shop.currency_id.format(float(base))
            ),
            "smart_igtf_base": sign * float(base),
            "refunded_orderline_id": given_back.id if given_back else False,
        }

    # -- returns that are made in the back office ----------------------------------------------

    def _refund(self):
        # EXTENDS 'point_of_sale', which copies all lines: the IGTF is given back by its share
        refunds = super()._refund()
        for order in refunds:
            order._smart_give_igtf_back()
        return refunds

    def _smart_give_igtf_back(self):
        """Have a return give back the share of the IGTF of what it takes back."""
        self.ensure_one()
        self.lines.filtered(lambda line: line.refunded_orderline_id.smart_igtf_base).unlink()
        for sold in self._smart_originals().lines.filtered("smart_igtf_base"):
            base = sold._smart_igtf_to_give_back(self)
            if base > 0:
                line = self._smart_igtf_line(self.config_id, base, self.is_refund, sold)
                self._smart_write_igtf([line])
        self._compute_prices()


class PosOrderLine(models.Model):
    _inherit = "pos.order.line"

    smart_igtf_base = fields.Monetary(
        string="IGTF of",
        readonly=True,
        copy=False,
        help="What this IGTF is computed of; below zero if it is given back.",
    )

    @api.model
    def _load_pos_data_fields(self, config):
        # EXTENDS 'point_of_sale'
        return super()._load_pos_data_fields(config) + ["smart_igtf_base"]

    def _smart_igtf_to_give_back(self, refund):
        """Return of what base a return gives this IGTF back.

        :param refund: the order that takes back lines of this one's order
        :rtype: decimal.Decimal
        """
        goods = self.order_id.lines.filtered(lambda line: not line.smart_igtf_base)
        here = refund.lines.filtered(lambda line: line.refunded_orderline_id in goods)
        return self._smart_igtf_base_back(
            sum(line._smart_amount() * line.refunded_qty / line.qty for line in goods if line.qty),
            -refund._smart_total(here),
            self.refund_orderline_ids.filtered(
                lambda line: line.order_id.state != "cancel" and line.order_id != refund
            ),
        )

    def _smart_igtf_base_back(self, returned, limit, given):
        """Return of what base this IGTF is given back.

        :param float returned: what was taken back by now of the goods of this line's order
        :param float limit: what of that is taken back just now
        :param given: order lines that have given back of this IGTF
        :rtype: decimal.Decimal
        """
        self.ensure_one()
        goods = self.order_id.lines.filtered(lambda line: not line.smart_igtf_base)
        total = sum(line._smart_amount() for line in goods)
        return base_to_give_back(
            amounts.money(self.smart_igtf_base),
            amounts.money(self.price_subtotal_incl),
            returned / total if total else 0.0,
            amounts.money(limit),
            amounts.money(-sum(given.mapped("smart_igtf_base"))),
            amounts.money(-sum(line._smart_amount() for line in given)),
        )

    def _prepare_base_line_for_taxes_computation(self):
        # EXTENDS 'point_of_sale': the IGTF is owed to the treasury; it is no revenue
        values = super()._prepare_base_line_for_taxes_computation()
        if self.smart_igtf_base:
            # sudo: cashiers need no right to accounts
            values["account_id"] = self.sudo().company_id._smart_igtf_account()
        return values

"""What moved goods are worth: SMART issues no document without an amount."""

from decimal import Decimal

from odoo import models
from odoo.tools import groupby

from odoo.addons.l10n_ve_edi_smart.smart_api import amounts
from odoo.addons.l10n_ve_edi_smart.smart_api.line_amounts import decimal
from odoo.addons.l10n_ve_edi_smart.smart_api.rates import RATES

from ..goods import Price

#: The ways to a price, in the order of the company's setting.
WAYS = {
    "order": ("_smart_order_prices", "_smart_list_prices", "_smart_costs"),
    "list": ("_smart_list_prices", "_smart_costs"),
    "cost": ("_smart_costs", "_smart_list_prices"),
}


class StockMove(models.Model):
    """The price of each move of one transfer: of its order, of the price list, or the cost."""

    _inherit = "stock.move"

    def _smart_prices(self):
        """Return their prices by the first way of the company's setting that leads to one.

        :rtype: dict[stock.move, Price] in the order of the moves
        """
        company = self.company_id
        prices = dict.fromkeys(self, Price(amounts.ZERO, company.currency_id))
        rest = self
        for way in WAYS[company.sudo().smart_delivery_prices or "order"]:  # sudo: a setting
            found = {move: one for move, one in getattr(rest, way)() if one.amount > 0}
            prices.update(found)
            rest = rest.filtered(lambda move, found=found: move not in found)
            if not rest:
                break
        return prices

    def _smart_order_line(self):
        """Return the order line that has a price for exactly these goods, or nothing.

        What is moved of a kit, or bought or made for an order, is other goods than the order's.
        """
        if "sale_line_id" not in self._fields:
            return None
        line = self.sudo().sale_line_id  # sudo: whoever moves goods need not read orders
        return line if line and line.product_id == self.product_id else None

    def _smart_order_prices(self):
        for move in self:
            if line := move._smart_order_line():
                price = decimal(line.price_unit) * (1 - decimal(line.discount) / 100)
                price = move._smart_without_tax(price, line.tax_ids)
                yield move, move._smart_price_in(price, line.product_uom_id, line.currency_id)

    def _smart_list_prices(self):
        # sudo: whoever moves goods need not read price lists
        company, partner = self.company_id, self.picking_id.partner_id.sudo()
        pricelist = partner.with_company(company).property_product_pricelist
        # Its rules are looked up for all goods of one quantity at once.
        for quantity, moves in groupby(self.sudo(), lambda move: move._smart_base_quantity()):
            products = self.env["product.product"].sudo().union(*(one.product_id for one in moves))
            listed = pricelist and pricelist._get_products_price(
                products, quantity, date=self.env.cr.now()
            )
            for move in moves:
                product = move.product_id
                price = listed[product.id] if listed else product.list_price
                currency = pricelist.currency_id or product.currency_id
                taxes = product.taxes_id.filtered(lambda tax: tax.company_id in company.parent_ids)
                price = move._smart_without_tax(decimal(price), taxes)
                yield (
                    move.sudo(self.env.su),
                    move._smart_price_in(price, product.uom_id, currency),
                )

    def _smart_costs(self):
        for move in self:
            # sudo: the cost is not shown to whoever moves goods, but printed where the company
            # wants it
            product = move.product_id.with_company(move.company_id).sudo()
            price = decimal(product.standard_price)
            yield move, move._smart_price_in(price, product.uom_id, move.company_id.currency_id)

    def _smart_base_quantity(self):
        """Return the quantity in the product's own unit."""
        return self.product_uom._compute_quantity(
            self.quantity, self.product_id.uom_id, round=False
        )

    def _smart_price_in(self, price, unit, currency):
        """Return a price of some unit as one of the move's own."""
        if unit and unit != self.product_uom and price:
            price = decimal(unit._compute_price(float(price), self.product_uom))
        return Price(price, currency)

    def _smart_without_tax(self, price, taxes):
        """Return a price without the VAT that it includes."""
        included = taxes._smart_on_document().filtered("price_include")
        rates = sum(RATES[tax.smart_tax_kind] for tax in included if tax.smart_tax_kind)
        return price / (1 + Decimal(rates) / 100)

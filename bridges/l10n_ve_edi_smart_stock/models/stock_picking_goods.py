"""The goods of a transfer as lines of its document, each with a price."""

from collections import defaultdict

from odoo import models

from odoo.addons.l10n_ve_edi_smart.models.conversion.payload_currency import CURRENCIES, is_bolivar
from odoo.addons.l10n_ve_edi_smart.models.conversion.payload_lines import COMMENT_LENGTH, WireLine
from odoo.addons.l10n_ve_edi_smart.smart_api import amounts, texts
from odoo.addons.l10n_ve_edi_smart.smart_api.line_amounts import decimal
from odoo.addons.l10n_ve_edi_smart.smart_api.rates import EXEMPT, RATES
from odoo.addons.l10n_ve_edi_smart.smart_api.reductions import quantity_words

from ..goods import Goods

#: Where less is left of a line's comment, the road is not told there.
LEAST_ROOM = 40


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _smart_moves(self):
        """Return the moves of what leaves, or has left: not what is scrapped or stays behind."""
        self.ensure_one()
        moves = self.move_ids.filtered(
            lambda move: (
                move.state != "cancel"
                and move.quantity > 0
                and move.location_dest_usage != "inventory"
            )
        )
        if self.state == "done":
            return moves.filtered(lambda move: move.state == "done")
        # As Odoo does: where some are marked as picked, the others wait.
        return moves.filtered("picked") or moves

    def _smart_goods(self):
        """Return the goods with their prices.

        :rtype: Goods
        """
        self.ensure_one()
        picking = self.with_company(self.company_id)
        prices = picking._smart_moves()._smart_prices()
        currency = picking._smart_currency(prices.values())
        lines, bases = [], defaultdict(lambda: amounts.ZERO)
        for move, price in prices.items():
            unit = price.amount
            # The bolívar has two codes in Odoo, an old and a new one.
            if price.currency != currency and not (
                is_bolivar(price.currency) and is_bolivar(currency)
            ):
                unit = decimal(
                    price.currency._convert(
                        float(unit), currency, picking.company_id, self._smart_today(), round=False
                    )
                )
            quantity = decimal(move.quantity)
            kind = move._smart_rate_kind()
            line = WireLine(
                item=move,
                product=move.product_id,
                name=move._smart_description(),
                kind=kind or EXEMPT,
                unit=unit,
                quantity=quantity,
                amount=amounts.money(unit * quantity),
                comment=move._smart_details(),
                measure=move.product_uom,
            )
            bases[line.kind] += line.amount
            lines.append((move, line))
        taxes = (amounts.service_tax(base, RATES[kind]) for kind, base in bases.items())
        return Goods(currency, lines, sum(taxes, sum(bases.values(), amounts.ZERO)))

    def _smart_currency(self, prices):
        """Return the currency of the document: that of all its prices, else the company's."""
        used = self.env["res.currency"].union(*(one.currency for one in prices if one.amount))
        own = self.company_id.currency_id
        if len(used) != 1 or used.name not in CURRENCIES or is_bolivar(used) and is_bolivar(own):
            return own
        return used

    def _smart_items(self, conversion):
        # IMPLEMENTS 'smart.document.owner'
        self.ensure_one()
        goods = conversion.stated.goods
        for move, _line in goods.lines:
            if move._smart_rate_kind() is None:
                conversion.problem(
                    move.product_id,
                    "taxes_id",
                    self.env._(
                        "It is not clear at which rate “%s” is taxed.", move.product_id.display_name
                    ),
                    self.env._("Give the product one sales tax of 16 %, 8 %, 31 % or exempt."),
                )
        lines = [line for _move, line in goods.lines]
        self._smart_tell_route(conversion, lines)
        return lines

    def _smart_tell_route(self, conversion, lines):
        """Tell what did not fit into the remark where the most room is left."""
        route = self._smart_transport().route
        if not route or not lines:
            return
        teller = min(lines, key=lambda line: len(line.comment))
        room = COMMENT_LENGTH - len(teller.comment) - 2
        told = texts.shorten(route, room) if room >= LEAST_ROOM else ""
        teller.comment = ". ".join(filter(None, (teller.comment, told)))
        if told != route:
            conversion.problem(
                self,
                "",
                self.env._(
                    "“%(written)s” will be printed as “%(sent)s”, for there is no more room on "
                    "the document.",
                    written=route,
                    sent=told,
                ),
                self.env._("Shorten what is said of lots and transport, if it should be read."),
                warning=True,
            )


class StockMove(models.Model):
    """What one move says on the document."""

    _inherit = "stock.move"

    # -- at which rate -----------------------------------------------------------------------

    def _smart_rate_kind(self):
        """Return the rate that the document states, ``None`` if it cannot be told."""
        self.ensure_one()
        move = self.sudo()  # sudo: whoever moves goods need not read taxes
        company = move.company_id
        if not company.smart_delivery_vat:
            return EXEMPT
        line = self._smart_order_line()
        taxes = line.tax_ids if line else move._smart_usual_taxes()
        taxes = taxes._smart_on_document()
        return (taxes.smart_tax_kind or None) if len(taxes) == 1 else None

    def _smart_usual_taxes(self):
        """Return the taxes that an invoice of these goods would have."""
        company = self.company_id
        taxes = self.product_id.taxes_id.filtered(lambda tax: tax.company_id in company.parent_ids)
        position = self.env["account.fiscal.position"].with_company(company)
        return position._get_fiscal_position(self.picking_id.partner_id).map_tax(taxes)

    # -- what it is ------------------------------------------------------------------------

    def _smart_description(self):
        """Return what the goods are called on the document, in the receiver's language."""
        self.ensure_one()
        lang = self.picking_id._smart_receiver().lang or self.env.lang
        return self.product_id.with_context(lang=lang).display_name

    def _smart_details(self):
        """Return lots and serials, packages and weight, in the words of the document."""
        self.ensure_one()
        said = []
        lots = defaultdict(float)
        for line in self.move_line_ids:
            name = line.lot_id.name or line.lot_name
            if name:
                lots[name] += line.quantity_product_uom
        if lots and self.product_id.tracking == "serial":
            said.append(f"Serial: {', '.join(lots)}")
        elif lots:
            words = [f"{name} ({self._smart_number(amount)})" for name, amount in lots.items()]
            said.append(f"Lote: {', '.join(words if len(words) > 1 else lots)}")
        packages = self.move_line_ids.result_package_id
        if packages:
            said.append(f"Bulto: {', '.join(packages.mapped('name'))}")
        if weight := self._smart_weight():
            said.append(f"Peso: {weight}")
        return texts.one_line(". ".join(said))

    def _smart_weight(self):
        """Return the weight in words, ``""`` if the product has none."""
        weight = self.product_id.weight * self.product_uom._compute_quantity(
            self.quantity, self.product_id.uom_id, round=False
        )
        if not weight:
            return ""
        unit = self.env["product.template"]._get_weight_uom_name_from_ir_config_parameter()
        return f"{self._smart_number(weight)} {unit}"

    def _smart_number(self, value):
        """Return a number as it is written in Venezuela, without zeros at the end."""
        return quantity_words(decimal(value))

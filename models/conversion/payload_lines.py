from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from odoo import api, models

from ...smart_api import amounts, schemas, texts
from ...smart_api.line_amounts import decimal, fit_line, share
from ...smart_api.rates import RATES
from .problem import amount_words

#: Stands in `codigo`, which the manual requires, for a product without code (sin código).
NO_CODE = "S/C"

#: At most so many lines are sent; with more, the service takes longer than a call may last.
MAX_LINES = 1000


@dataclass(eq=False)
class WireLine:
    """A line of the document while discounts and returns are being worked into it."""

    item: models.BaseModel
    kind: str
    unit: Decimal
    quantity: Decimal
    amount: Decimal
    discounted: bool
    comment: str = ""

    @property
    def goods(self):
        """Return what a returned line must have in common with the line it returns."""
        item = self.item
        return item.product_id, item.price_unit, item.discount, item.tax_ids


class SmartPayload(models.AbstractModel):
    """The lines: prices, quantities and discounts whose result is the ledger's amount."""

    _inherit = "smart.payload"

    @api.model
    def _wire_lines(self, conversion):
        """Return the lines that have one of SMART's rates; note a problem for the others."""
        move = conversion.owner
        igtf = move._smart_igtf_lines()
        lines, early_notes = [], []
        for item in move.invoice_line_ids.sorted(lambda item: (item.sequence, item.id)):
            if item.display_type == "line_note":
                if lines:
                    lines[-1].comment += f" {item.name or ''}"
                else:
                    early_notes.append(item.name or "")
            elif item.display_type == "product" and item not in igtf:
                kind = self._line_kind(conversion, item)
                if kind:
                    lines.append(self._wire_line(move, item, kind))
        if lines:
            lines[0].comment = " ".join([*early_notes, lines[0].comment])
        elif not conversion.errors:
            conversion.problem(
                move,
                "invoice_line_ids",
                self.env._("The document has no lines."),
                self.env._("Enter what is sold."),
            )
        return lines

    @api.model
    def _line_kind(self, conversion, item):
        """Return which of SMART's rates a line is taxed with; ``None`` is a problem noted."""
        taxes = item.tax_ids
        if not taxes:
            return "exempt"
        unknown = taxes.filtered(lambda tax: not tax.smart_tax_kind)
        for tax in unknown:
            self._add_unknown_tax(conversion, tax, item)
        if unknown:
            return None
        if len(taxes) > 1:
            conversion.problem(
                item,
                "tax_ids",
                self.env._("The line has more than one tax."),
                self.env._("Leave one."),
            )
            return None
        return taxes.smart_tax_kind

    @api.model
    def _wire_line(self, move, item, kind):
        quantity = decimal(item.quantity)
        unit = decimal(item.price_unit)
        if quantity < 0 and unit < 0:
            quantity, unit = -quantity, -unit
        rate = RATES[kind]
        if rate and any(tax.price_include for tax in item.tax_ids.flatten_taxes_hierarchy()):
            unit /= 1 + Decimal(rate) / 100
        return WireLine(
            item=item,
            kind=kind,
            unit=unit,
            quantity=quantity,
            amount=self._amount(move, item),
            discounted=item.discount > 0,
        )

    # -- what reduces other lines ----------------------------------------------------------

    @api.model
    def _dispatch(self, conversion, lines, bases):
        """Work returned goods, discounts and deducted down payments into the other lines.

        The sums per rate stay as they are. The list is changed in place.
        """
        if all(line.amount >= 0 and line.quantity >= 0 for line in lines):
            return
        self._return_goods(lines)
        by_kind = defaultdict(list)
        for line in lines:
            by_kind[line.kind].append(line)
        for kind, group in by_kind.items():
            negative = [line for line in group if line.amount < 0]
            if bases[kind] < 0:
                self._add_negative(conversion, negative[0], bases[kind])
                continue
            positive = [line for line in group if line.amount > 0]
            off = -sum((line.amount for line in negative), amounts.ZERO)
            cuts = share(off, [line.amount for line in positive])
            for line, cut in zip(positive, cuts, strict=True):
                line.amount -= cut
                line.discounted = line.discounted or bool(cut)
        self._drop(lines, lambda line: line.amount < 0 or line.quantity < 0)

    @api.model
    def _drop(self, lines, unwanted):
        """Remove lines; their comments go to the line before."""
        kept = []
        for line in lines:
            if not unwanted(line):
                kept.append(line)
            elif kept:
                kept[-1].comment += f" {line.comment}"
        lines[:] = kept

    @api.model
    def _return_goods(self, lines):
        """Take returned quantities off the lines with the same product, price and taxes."""
        sold = defaultdict(list)
        for line in lines:
            if line.amount > 0 and line.quantity > 0 and line.item.product_id:
                sold[line.goods].append(line)
        for line in lines:
            if line.quantity >= 0 or line.amount > 0 or not line.item.product_id:
                continue
            for other in sold[line.goods]:
                returned = min(-line.quantity, other.quantity)
                if not returned:
                    continue
                whole = returned == -line.quantity
                cut = -line.amount
                if not whole:
                    cut = amounts.money(line.amount * returned / line.quantity)
                # If no quantity is left, no amount may be left; no amount may be negative.
                if cut > other.amount or (returned == other.quantity and cut != other.amount):
                    continue
                line.quantity += returned
                line.amount += cut
                other.quantity -= returned
                other.amount -= cut
        self._drop(lines, lambda line: not line.quantity and not line.amount)

    @api.model
    def _add_negative(self, conversion, line, base):
        conversion.problem(
            line.item,
            "price_subtotal",
            self.env._(
                "The lines at %(rate)s %% add up to %(amount)s, which SMART does not take.",
                rate=RATES[line.kind],
                amount=amount_words(self.env, base),
            ),
            self.env._(
                "Give the line the tax of the lines that it reduces, reduce it, or issue a credit "
                "note."
            ),
        )

    # -- the wire ----------------------------------------------------------------------------

    @api.model
    def _lines(self, conversion, lines, taxes):
        """Return the values of :class:`smart_api.schemas.Line`."""
        if len(lines) > MAX_LINES:
            conversion.problem(
                conversion.owner,
                "invoice_line_ids",
                self.env._(
                    "The document has %(lines)s lines; SMART is sent at most %(limit)s.",
                    lines=len(lines),
                    limit=MAX_LINES,
                ),
                self.env._("Divide it into several documents."),
            )
        shares = {}
        for kind in taxes:
            group = [line for line in lines if line.kind == kind]
            cuts = share(taxes[kind], [line.amount for line in group])
            shares.update(zip(group, cuts, strict=True))
        return [self._line(conversion, line, shares.get(line, amounts.ZERO)) for line in lines]

    @api.model
    def _line(self, conversion, line, tax):
        fitted = fit_line(line.unit, line.quantity, line.amount, line.discounted)
        if not fitted or max(fitted) >= schemas.MONEY_LIMIT:
            conversion.problem(
                line.item,
                "price_unit",
                self.env._("The line cannot be written as price times quantity to the cent."),
                self.env._("Round the price or the quantity."),
            )
            return {}
        price, quantity, discount = fitted
        product = line.item.product_id
        return {
            "code": texts.shorten(product.default_code, 50) or NO_CODE,
            "description": texts.shorten(self._line_name(line.item), 250) or "-",
            "comment": texts.shorten(line.comment, 150),
            "price": price,
            "quantity": quantity,
            "rate": RATES[line.kind],
            "tax": tax,
            "discount": discount,
            "exempt": line.kind == "exempt",
            "amount": line.amount,
        }

    @api.model
    def _line_name(self, item):
        """Return a line's description without the product code that Odoo puts before it."""
        code = item.product_id.default_code
        name = texts.one_line(item.name).removeprefix(f"[{code}]").lstrip() if code else item.name
        return texts.one_line(name) or texts.one_line(item.product_id.name)

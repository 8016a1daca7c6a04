from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from odoo import api, models

from ...smart_api import amounts, schemas, texts
from ...smart_api.line_amounts import fit_line, share
from ...smart_api.rates import RATES
from ...smart_api.reductions import (
    SEPARATOR,
    Reduction,
    listed,
    number_words,
    quantity_words,
)
from ..terms import WIRE_UNITS
from .payload_currency import is_bolivar
from .problem import amount_words

#: Stands in `codigo`, which the manual requires, for a product without code (sin código).
NO_CODE = "S/C"
#: Characters of a line's comment, and at most of a unit's and a discount's name in it.
COMMENT_LENGTH = 150
UNIT_LENGTH = 40
NAME_LENGTH = 100
#: Up to so many lines, each tells its own part of a discount; of more, one tells the whole.
FEW = 10


@dataclass(eq=False)
class WireLine:
    """A line of the document while discounts and returns are being worked into it.

    :param item: the record of the owner that it comes from
    :param kind: a key of :data:`terms.RATES`
    :param amount: without tax, after discounts; ``unit`` times ``quantity`` if there are none
    :param goods: what a returned line must have in common with the line it returns
    :param measure: ``uom.uom`` of the quantity; ``None`` where it has none
    :param reductions: the discounts that were worked into it
    """

    item: models.BaseModel
    product: models.BaseModel
    name: str
    kind: str
    unit: Decimal
    quantity: Decimal
    amount: Decimal
    discounted: bool = False
    goods: tuple = ()
    comment: str = ""
    measure: models.BaseModel | None = None
    reductions: list[Reduction] = field(default_factory=list)


class SmartPayload(models.AbstractModel):
    """The lines: prices, quantities and discounts whose result is the ledger's amount."""

    _inherit = "smart.payload"

    @api.model
    def _line_kind(self, conversion, item, free=False):
        """Return which of SMART's rates a line is taxed with; ``None`` is a problem noted.

        :param item: a line with ``tax_ids``, ``product_id`` and ``name``, of an invoice or an order
        :param free: it comes to nothing, taxes included, so that its tax does not matter
        """
        taxes = item.tax_ids._smart_on_document()
        if free and (len(taxes) != 1 or not taxes.smart_tax_kind):
            return "exempt"
        if not taxes:
            conversion.problem(
                item,
                "tax_ids",
                self.env._(
                    "The line “%s” has no tax.", self._line_name(item.product_id, item.name)
                ),
                self.env._("Choose one: what is exempt has the tax “Exempt”."),
            )
            return None
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
    def _add_unknown_tax(self, conversion, tax, item):
        name = self._line_name(item.product_id, item.name)
        conversion.problem(
            tax,
            "smart_tax_kind",
            self.env._("SMART does not know the tax of the line “%s”.", name),
            self.env._("Use a tax of 16 %, 8 %, 31 % or exempt on the line."),
        )

    # -- what reduces other lines ----------------------------------------------------------
    #
    # The law asks for description and value of each discount, so both are told in the comments of
    # the lines that it reduces: in Venezuelan notation, and in Spanish like the document.

    @api.model
    def _dispatch(self, conversion, lines, bases):
        """Work what is negative into the other lines.

        The sums per rate stay as they are. The list is changed in place.
        """
        if all(line.amount >= 0 and line.quantity >= 0 for line in lines):
            return
        self._return_goods(conversion, lines)
        by_kind = defaultdict(list)
        for line in lines:
            by_kind[line.kind].append(line)
        for kind, group in by_kind.items():
            negative = [line for line in group if line.amount < 0]
            if bases[kind] < 0:
                self._add_negative(conversion, negative[0], bases[kind])
                continue
            positive = [line for line in group if line.amount > 0]
            for line in negative:
                self._reduce(conversion, line, positive)
        for line in lines:
            if line.quantity < 0 and not line.amount:  # returned, and free
                returned = f"{self._reduction_name(conversion, line)}: "
                returned += quantity_words(line.quantity)
                line.comment = f"{returned} {line.comment}"
        self._drop(lines, lambda line: line.amount < 0 or line.quantity < 0)

    @api.model
    def _reduce(self, conversion, line, positive):
        """Take what a line takes off in proportion from others, which say so."""
        name = self._reduction_name(conversion, line)
        cuts = share(-line.amount, [one.amount for one in positive])
        reduced = [(one, cut) for one, cut in zip(positive, cuts, strict=True) if cut]
        for one, cut in reduced:
            one.amount -= cut
            one.discounted = True
            if len(reduced) <= FEW:
                one.reductions.append(Reduction(name, self._value_words(conversion, -cut)))
        if len(reduced) > FEW:
            # The first that has the most room: several discounts stand at different lines.
            teller = min((one for one, _cut in reduced), key=lambda one: len(one.reductions))
            whole = self._value_words(conversion, line.amount)
            teller.reductions.append(Reduction(name, f"{whole} en {len(reduced)} renglones"))

    @api.model
    def _reduction_name(self, conversion, line):
        name = self._line_name(line.product, line.name)
        return self._printed(conversion, name, NAME_LENGTH, line.item, "name")

    @api.model
    def _value_words(self, conversion, amount):
        """Return an amount as it is printed: of the document's currency, named if foreign."""
        currency = conversion.stated.currency
        unit = "" if is_bolivar(currency) else f" {currency.name}"
        return f"{number_words(amount)}{unit}"

    @api.model
    def _drop(self, lines, unwanted):
        """Remove lines; their comments go to the line before, of the first ones to the next."""
        kept, early = [], ""
        for line in lines:
            if not unwanted(line):
                line.comment = f"{early} {line.comment}".strip()
                early = ""
                kept.append(line)
            elif kept:
                kept[-1].comment = f"{kept[-1].comment} {line.comment}".strip()
            else:
                early = f"{early} {line.comment}"
        lines[:] = kept

    @api.model
    def _return_goods(self, conversion, lines):
        """Take returned quantities off the lines with the same product, price and taxes."""
        sold = defaultdict(list)
        for line in lines:
            if line.amount > 0 and line.quantity > 0 and line.goods:
                sold[line.goods].append(line)
        for line in lines:
            if line.quantity >= 0 or line.amount > 0 or not line.goods:
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
                name = self._reduction_name(conversion, line)
                left = f"{quantity_words(other.quantity)} - {quantity_words(returned)}"
                value = self._value_words(conversion, -cut)
                other.reductions.append(Reduction(name, value, left))
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
        name = self._line_name(line.product, line.name)
        return {
            "code": texts.printed(line.product.default_code, 50) or NO_CODE,
            "description": self._printed(conversion, name, 250, line.item, "name") or "-",
            "comment": self._comment(conversion, line),
            "price": price,
            "quantity": quantity,
            "rate": RATES[line.kind],
            "tax": tax,
            "discount": discount,
            "exempt": line.kind == "exempt",
            "amount": line.amount,
            "unit": WIRE_UNITS.get(line.measure and line.measure.smart_unit),
        }

    @api.model
    def _comment(self, conversion, line):
        """Return what stands below a line: a unit that SMART has no number for, discounts, notes.

        What the law asks for comes first, so that it is never cut for the sake of a note.
        """
        unit = self._unit_words(conversion, line)
        note = texts.one_line(line.comment)
        room = COMMENT_LENGTH - len(f"{unit}{SEPARATOR}" if unit else "")
        discounts, whole = listed(line.reductions, room), listed(line.reductions)
        written, kept = (
            SEPARATOR.join(filter(None, (unit, said, note))) for said in (whole, discounts)
        )
        return self._printed(conversion, kept, COMMENT_LENGTH, line.item, "name", written)

    @api.model
    def _unit_words(self, conversion, line):
        """Return quantity and unit in words, where SMART's own units would say another one."""
        measure = line.measure
        if not measure or measure.smart_unit or not line.quantity:
            return ""
        # In the customer's language, as the document's other words.
        lang = conversion.stated.contact.lang or self.env.lang
        name = measure.with_context(lang=lang).name
        return f"{quantity_words(line.quantity)} {texts.printed(name, UNIT_LENGTH)}"

    @api.model
    def _line_name(self, product, name):
        """Return a line's description without the product code that Odoo puts before it."""
        code = product.default_code
        name = texts.one_line(name).removeprefix(f"[{code}]").lstrip() if code else name
        return texts.one_line(name) or texts.one_line(product.name)

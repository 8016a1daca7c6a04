"""What an invoice is made of, read from its journal items: ledger and request cannot differ."""

from collections import defaultdict
from decimal import Decimal

from odoo import models

from ...smart_api import amounts, rates
from ...smart_api.line_amounts import decimal
from ...smart_api.rates import EXEMPT, PARTS, RATES
from ..conversion.payload_currency import is_bolivar
from ..conversion.payload_lines import WireLine
from ..conversion.problem import amount_words
from .account_move_rounding import LOWERED, REDONDEO

#: Journal items that are neither lines of the document, nor its taxes, nor what is owed.
#: Discounts shown on an account of their own and costs of goods come in pairs that cancel out.
NEUTRAL_DISPLAY_TYPES = frozenset(
    {"payment_term", "discount", "cogs", "line_section", "line_subsection", "line_note"}
)


class AccountMove(models.Model):
    _inherit = "account.move"

    def _smart_taxes(self, conversion):
        # EXTENDS 'smart.document.owner': as they are booked
        self.ensure_one()
        payload = self.env["smart.payload"]
        taxes = defaultdict(lambda: amounts.ZERO)
        for line in self.line_ids:
            if line.display_type in NEUTRAL_DISPLAY_TYPES or line.display_type == "product":
                continue
            if line.display_type == "rounding" and self._smart_rounding():
                continue  # confirming turns it into lines
            tax = line.group_tax_id or line.tax_line_id
            if line.display_type != "tax" or not tax:
                self._smart_add_foreign_item(conversion, line)
            elif tax.smart_tax_kind:
                taxes[tax.smart_tax_kind] += self._smart_amount(line)
            elif tax not in self.invoice_line_ids.tax_ids:
                payload._add_unknown_tax(conversion, tax, line)
        return taxes

    def _smart_amount(self, item):
        """Return what a journal item adds to the document, in the document's currency."""
        return amounts.money(self.direction_sign * item.amount_currency)

    def _smart_add_foreign_item(self, conversion, item):
        """Name a journal item that changes the total without being a line or a tax."""
        if item.display_type == "rounding":
            conversion.problem(
                self,
                "invoice_cash_rounding_id",
                self.env._(
                    "The cash rounding changes the total by %s, which SMART cannot be told.",
                    amount_words(self.env, self._smart_amount(item)),
                ),
                self.env._("Remove the cash rounding method."),
            )
        elif item.display_type == "epd":
            conversion.problem(
                self,
                "invoice_payment_term_id",
                self.env._(
                    "The early payment discount reduces the tax, but not the amount it is of."
                ),
                self.env._(
                    "Choose a payment term that reduces the tax on early payment, or never."
                ),
            )
        else:
            conversion.problem(
                item,
                "display_type",
                self.env._("The journal item is neither a line nor a tax of the document."),
                self.env._("Remove it."),
            )

    def _smart_igtf(self, conversion):
        # EXTENDS 'smart.document.owner': on the invoice it is a line, on the document it is none
        self.ensure_one()
        lines = self._smart_igtf_lines()
        if not lines:
            return amounts.ZERO, amounts.ZERO
        tax = sum((self._smart_amount(line) for line in lines), amounts.ZERO)
        base = amounts.money(self.smart_igtf_base)
        company = self.company_id
        cure = self.env._("Use the button “IGTF” again, or remove the line.")
        if not company.smart_collects_igtf:
            conversion.problem(
                company,
                "smart_collects_igtf",
                self.env._("The company does not collect the IGTF, but the document has some."),
                self.env._("Remove the line, or switch it on in the Invoicing settings."),
            )
        elif lines.tax_ids:
            conversion.problem(
                lines[0], "tax_ids", self.env._("The IGTF is not subject to VAT."), cure
            )
        elif lines.account_id != company.smart_igtf_account_id:
            conversion.problem(
                lines[0],
                "account_id",
                self.env._("The IGTF is owed to the treasury; it is no revenue."),
                cure,
            )
        elif base <= 0 or not amounts.tax_matches(base, rates.IGTF_RATE, tax):
            conversion.problem(
                self,
                "smart_igtf_base",
                self.env._(
                    "The IGTF of %(base)s is %(tax)s here, but SMART computes %(expected)s.",
                    base=amount_words(self.env, base),
                    tax=amount_words(self.env, tax),
                    expected=amount_words(self.env, amounts.service_tax(base, rates.IGTF_RATE)),
                ),
                cure,
            )
        elif base > (rest := self._smart_final_total() - tax) + self._smart_rounded_by():
            conversion.problem(
                self,
                "smart_igtf_base",
                self.env._(
                    "The IGTF is of %(base)s, but the document comes to %(rest)s without it.",
                    base=amount_words(self.env, base),
                    rest=amount_words(self.env, rest),
                ),
                cure,
            )
        return base, tax

    def _smart_final_total(self):
        """Return the total; of a draft that which confirming settles."""
        kept = self._smart_total_to_keep() if self.state == "draft" else None
        return amounts.money(self.amount_total) if kept is None else kept

    def _smart_rounded_by(self):
        """Return by how much a rounding of what is paid may change the total, IGTF included."""
        return amounts.money(self.invoice_cash_rounding_id.rounding)

    def _smart_settle(self, conversion, lines, taxes):
        # EXTENDS 'smart.document.owner': what confirming a draft will settle in the books, see
        # `account_move_cents` and `account_move_rounding`; here nothing is booked
        self.ensure_one()
        if self.state != "draft":
            return amounts.ZERO
        if rounding := self._smart_rounding():
            return self._smart_settle_rounding(conversion, lines, taxes, rounding)
        change = amounts.ZERO
        for _lines, base, tax, wanted, kind in self._smart_cents():
            booked = sum((line.amount for line in lines if line.kind == kind), amounts.ZERO)
            if booked != base or taxes[kind] != tax:
                continue
            taxes[kind] = wanted
            change += wanted - tax
            conversion.problem(
                self,
                "line_ids",
                self.env._(
                    "The tax at %(rate)s %% of %(base)s is %(tax)s here, but SMART computes "
                    "%(expected)s.",
                    rate=RATES[kind],
                    base=amount_words(self.env, base),
                    tax=amount_words(self.env, tax),
                    expected=amount_words(self.env, wanted),
                ),
                self.env._("Nothing: confirming books it as SMART computes it."),
                warning=True,
            )
        return change

    def _smart_settle_rounding(self, conversion, lines, taxes, rounding):
        rests = self._smart_rounding_lines()
        lines[:] = [line for line in lines if line.item not in rests]
        for line in lines:
            cut = rounding.cuts.get(line.item)
            if cut:
                line.amount -= cut
                self._smart_state_discount(line, rounding.lowered)
        if rounding.rest:
            lines.append(
                WireLine(
                    item=self,
                    product=self.env["product.product"],
                    name=REDONDEO,
                    kind=EXEMPT,
                    unit=rounding.rest,
                    quantity=Decimal(1),
                    amount=rounding.rest,
                )
            )
        taxes.update(rounding.taxes)
        conversion.problem(
            self,
            "amount_total",
            self._smart_rounding_words(rounding),
            self.env._("Nothing: confirming does it, and the total stays."),
            warning=True,
        )
        return rounding.total - amounts.money(self.amount_total)

    def _smart_state_discount(self, line, lowered):
        """Have a line state what it was reduced by, for its text and value must be told."""
        if lowered:
            line.discounted = True
            line.comment = f"{line.comment} {REDONDEO}".strip()

    def _smart_items(self, conversion):
        # IMPLEMENTS 'smart.document.owner'
        self.ensure_one()
        payload = self.env["smart.payload"]
        igtf, rests = self._smart_igtf_lines(), self._smart_rounding_lines()
        lines, early_notes = [], []
        for item in self.invoice_line_ids.sorted(lambda item: (item.sequence, item.id)):
            if item.display_type == "line_note":
                if lines:
                    lines[-1].comment += f" {item.name or ''}"
                else:
                    early_notes.append(item.name or "")
            elif item.display_type == "product" and item not in igtf:
                free = not item.price_subtotal and not item.price_total
                kind = EXEMPT if item in rests else payload._line_kind(conversion, item, free)
                if kind:
                    lines.append(self._smart_wire_line(item, kind))
        if lines:
            lines[0].comment = " ".join([*early_notes, lines[0].comment])
        return lines

    def _smart_kind_of(self, item):
        """Return which of SMART's rates a line is taxed with; ``None`` if none, or not known."""
        taxes = item.tax_ids._smart_on_document()
        if len(taxes) == 1 and taxes.smart_tax_kind:
            return taxes.smart_tax_kind
        return None if item.price_subtotal or item.price_total else EXEMPT

    def _smart_wire_line(self, item, kind):
        quantity = decimal(item.quantity)
        unit = decimal(item.price_unit)
        if quantity < 0 and unit < 0:
            quantity, unit = -quantity, -unit
        rate = RATES[kind]
        if rate and self._smart_includes_tax(item):
            unit /= 1 + Decimal(rate) / 100
        product = item.product_id
        line = WireLine(
            item=item,
            product=product,
            name=item.name,
            kind=kind,
            unit=unit,
            quantity=quantity,
            amount=self._smart_amount(item),
            discounted=item.discount > 0,
            measure=item.product_uom_id,
            goods=(product, item.price_unit, item.discount, item.tax_ids) if product else (),
        )
        self._smart_state_discount(line, (item.extra_tax_data or {}).get(LOWERED))
        return line

    # -- in bolívares ----------------------------------------------------------------------

    def _smart_bolivares(self, conversion):
        # EXTENDS 'smart.document.owner': what is booked in bolívares is not computed again
        bolivares = super()._smart_bolivares(conversion)
        if not is_bolivar(self.company_currency_id):
            return bolivares
        # In the currency of the document alone: nothing of the IGTF's base is in the books.
        bolivares = {
            part: bolivares[part] if part == "igtf_base" else amounts.ZERO for part in PARTS
        }
        igtf = self._smart_igtf_lines()
        for line in self.line_ids:
            part = self._smart_part(line, igtf)
            if part:
                bolivares[part] += amounts.money(self.direction_sign * line.balance)
        return bolivares

    def _smart_part(self, line, igtf):
        """Return which of :data:`PARTS` a journal item adds to; ``None`` for the others."""
        if line in igtf:
            return "igtf_tax"
        if line.display_type == "product":
            kind = self._smart_kind_of(line) or EXEMPT
            return EXEMPT if kind == EXEMPT else f"{kind}_base"
        tax = line.group_tax_id or line.tax_line_id
        if line.display_type == "tax" and tax.smart_tax_kind not in (False, "exempt"):
            return f"{tax.smart_tax_kind}_tax"
        return None

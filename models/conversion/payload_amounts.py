from collections import defaultdict

from odoo import api, models

from ...smart_api import amounts, rates
from ...smart_api.rates import RATES
from .problem import amount_words

#: Journal items that are neither lines of the document, nor its taxes, nor what is owed.
#: Discounts shown on an account of their own and costs of goods come in pairs that cancel out.
NEUTRAL_DISPLAY_TYPES = frozenset(
    {"payment_term", "discount", "cogs", "line_section", "line_subsection", "line_note"}
)


class SmartPayload(models.AbstractModel):
    """Bases, taxes and totals, as they stand in the journal items."""

    _inherit = "smart.payload"

    @api.model
    def _add_amounts(self, conversion):
        taxes = self._taxes(conversion)
        lines = self._wire_lines(conversion)
        igtf_base, igtf_tax = self._igtf(conversion)
        bases = defaultdict(lambda: amounts.ZERO)
        for line in lines:
            bases[line.kind] += line.amount
        self._dispatch(conversion, lines, bases)
        subtotal = sum(bases.values(), amounts.ZERO)
        booked = amounts.money(conversion.owner.amount_total)
        booked += self._settle(conversion, bases, taxes)
        total = sum(taxes.values(), subtotal) + igtf_tax
        if not conversion.errors:
            self._check_amounts(conversion, bases, taxes, subtotal, total, booked)
        if conversion.errors:
            return
        conversion.values.update(
            lines=self._lines(conversion, lines, taxes),
            subtotal=subtotal,
            total=total,
            exempt=bases[rates.EXEMPT],
            igtf_base=igtf_base,
            igtf_tax=igtf_tax,
        )
        for vat in rates.VAT:
            if bases[vat.kind] or not vat.optional:
                conversion.values.update(
                    {
                        f"{vat.kind}_rate": vat.percent,
                        f"{vat.kind}_base": bases[vat.kind],
                        f"{vat.kind}_tax": taxes[vat.kind],
                    }
                )

    @api.model
    def _taxes(self, conversion):
        """Return the tax of each of SMART's rates."""
        move = conversion.owner
        taxes = defaultdict(lambda: amounts.ZERO)
        for line in move.line_ids:
            if line.display_type in NEUTRAL_DISPLAY_TYPES or line.display_type == "product":
                continue
            tax = line.group_tax_id or line.tax_line_id
            if line.display_type != "tax" or not tax:
                self._add_foreign_item(conversion, line)
            elif tax.smart_tax_kind:
                taxes[tax.smart_tax_kind] += self._amount(move, line)
            elif tax not in move.invoice_line_ids.tax_ids:
                self._add_unknown_tax(conversion, tax, line)
        return taxes

    @api.model
    def _amount(self, move, item):
        """Return what a journal item adds to the document, in the document's currency."""
        return amounts.money(move.direction_sign * item.amount_currency)

    @api.model
    def _add_foreign_item(self, conversion, item):
        """Name a journal item that changes the total without being a line or a tax."""
        move = conversion.owner
        if item.display_type == "rounding":
            conversion.problem(
                move,
                "invoice_cash_rounding_id",
                self.env._(
                    "The cash rounding changes the total by %s, which SMART cannot be told.",
                    amount_words(self.env, self._amount(move, item)),
                ),
                self.env._("Remove the cash rounding method."),
            )
        elif item.display_type == "epd":
            conversion.problem(
                move,
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

    @api.model
    def _add_unknown_tax(self, conversion, tax, line):
        conversion.problem(
            tax,
            "smart_tax_kind",
            self.env._("SMART does not know the tax of the line “%s”.", self._line_name(line)),
            self.env._("Use a tax of 16 %, 8 %, 31 % or exempt on the line."),
        )

    @api.model
    def _igtf(self, conversion):
        """Return base and tax of the IGTF, which is not a line of the document."""
        move = conversion.owner
        lines = move._smart_igtf_lines()
        if not lines:
            return amounts.ZERO, amounts.ZERO
        tax = sum((self._amount(move, line) for line in lines), amounts.ZERO)
        base = amounts.money(move.smart_igtf_base)
        company = move.company_id
        cure = self.env._("Use the button “IGTF” again, or remove the line.")
        if not company.smart_collects_igtf:
            conversion.problem(
                company,
                "smart_collects_igtf",
                self.env._("The company does not collect the IGTF, but the document has some."),
                self.env._("Remove the line, or switch it on in the Accounting settings."),
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
                move,
                "smart_igtf_base",
                self.env._(
                    "The IGTF of %(base)s is %(tax)s here, but SMART computes %(expected)s.",
                    base=amount_words(self.env, base),
                    tax=amount_words(self.env, tax),
                    expected=amount_words(self.env, amounts.service_tax(base, rates.IGTF_RATE)),
                ),
                cure,
            )
        elif base > (rest := amounts.money(move.amount_total) - tax):
            conversion.problem(
                move,
                "smart_igtf_base",
                self.env._(
                    "The IGTF is of %(base)s, but the document comes to %(rest)s without it.",
                    base=amount_words(self.env, base),
                    rest=amount_words(self.env, rest),
                ),
                cure,
            )
        return base, tax

    @api.model
    def _settle(self, conversion, bases, taxes):
        """Include the cents that confirming a draft will settle in the books.

        See ``account_move_cents``; nothing is booked here.

        :returns: what the total will change by
        """
        move = conversion.owner
        if move.state != "draft":
            return amounts.ZERO
        change = amounts.ZERO
        for _lines, base, tax, wanted, kind in move._smart_cents():
            if bases[kind] != base or taxes[kind] != tax:
                continue
            taxes[kind] = wanted
            change += wanted - tax
            conversion.problem(
                move,
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

    @api.model
    def _check_amounts(self, conversion, bases, taxes, subtotal, total, booked):
        move = conversion.owner
        if subtotal <= 0:
            conversion.problem(
                move,
                "invoice_line_ids",
                self.env._("The amount is zero, which SMART does not issue."),
                self.env._("Enter a line with an amount."),
            )
        for kind in sorted(bases.keys() | taxes.keys()):
            base, tax, rate = bases[kind], taxes[kind], RATES[kind]
            if not amounts.tax_matches(base, rate, tax):
                conversion.problem(
                    move,
                    "line_ids",
                    self.env._(
                        "The tax at %(rate)s %% of %(base)s is %(tax)s here, but SMART computes "
                        "%(expected)s.",
                        rate=rate,
                        base=amount_words(self.env, base),
                        tax=amount_words(self.env, tax),
                        expected=amount_words(self.env, amounts.service_tax(base, rate)),
                    ),
                    self.env._(
                        "Undo the change of the tax amount: edit the price of a line and save, "
                        "and the taxes are computed anew."
                    ),
                )
        if total != booked or not amounts.sum_matches(filter(None, bases.values()), subtotal):
            conversion.problem(
                move,
                "amount_total",
                self.env._(
                    "The lines and taxes add up to %(sum)s, not to the total %(total)s.",
                    sum=amount_words(self.env, total),
                    total=amount_words(self.env, booked),
                ),
                self.env._("Remove whatever else changes the total."),
            )

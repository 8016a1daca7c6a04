from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from odoo import Command, models

from ...smart_api import amounts
from ...smart_api.rates import RATES
from ...smart_api.reach import reach, take_off
from ..conversion.problem import amount_words
from .account_move_cents import ROUNDING

#: Key in ``extra_tax_data``: what stood there before a document was rounded; ``None`` for nothing.
BEFORE = "smart_before"
#: Likewise: the line has a discount, because the customer pays less than was asked for.
LOWERED = "smart_lowered"

#: What the paper says, in the language of the law.
REDONDEO = "Redondeo"


@dataclass
class Rounding:
    """How the lines of a draft come to the total that has to stand.

    :param total: of the document, IGTF included
    :param bases: kind of rate -> base, without the line of the rest
    :param taxes: kind of rate -> tax
    :param rest: what these leave of the total: an exempt line
    :param cuts: line -> what its amount is reduced by
    :param lowered: the customer pays less than the lines come to, so the cuts are discounts
    """

    total: Decimal
    bases: dict
    taxes: dict
    rest: Decimal
    cuts: dict
    lowered: bool


class AccountMove(models.Model):
    """A total that stands is reached: its lines are reduced to fit, what is left is a line.

    Drafts show Odoo's own amounts; confirming books these. Bases and taxes are kept in Odoo's own
    field for given amounts (``extra_tax_data``), so whatever computes them again gets the same.
    Back in draft, everything is as it was before.
    """

    _inherit = "account.move"

    def _smart_rounding(self):
        """Return the :class:`Rounding` that a draft needs; ``None`` if none, or with errors."""
        self.ensure_one()
        total = self._smart_total_to_keep() if self.state == "draft" else None
        if total is None:
            return None
        igtf, rests = self._smart_igtf_lines(), self._smart_rounding_lines()
        lines, taxes = defaultdict(list), defaultdict(lambda: amounts.ZERO)
        rounding_items = self.env["account.move.line"]
        for line in self.line_ids - igtf - rests:
            if line.display_type == "product":
                lines[self._smart_kind_of(line)].append(line)
            elif line.display_type == "tax":
                kind = (line.group_tax_id or line.tax_line_id).smart_tax_kind
                taxes[kind] += self._smart_amount(line)
            elif line.display_type == "rounding":
                rounding_items += line
        bases = {kind: self._smart_sum(of_kind) for kind, of_kind in lines.items()}
        if not all(bases) or any(
            # Of a tax that somebody wrote, or that is not SMART's, nothing is known.
            base < 0
            or abs(taxes[kind] - amounts.service_tax(base, RATES[kind])) > amounts.money(ROUNDING)
            for kind, base in bases.items()
        ):
            return None
        included = {
            kind for kind, of_kind in lines.items() if any(map(self._smart_includes_tax, of_kind))
        }
        reached = reach(total - self._smart_sum(igtf), bases, included)
        if not reached or (
            not rounding_items
            and reached.bases == bases
            and reached.rest == self._smart_sum(rests)
            and all(taxes[kind] == tax for kind, tax in reached.taxes.items())
        ):
            return None
        cuts = {}
        for kind, of_kind in lines.items():
            weights = [self._smart_amount(line) for line in of_kind]
            off = take_off(bases[kind] - reached.bases[kind], weights)
            cuts.update((line, cut) for line, cut in zip(of_kind, off, strict=True) if cut)
        asked = sum(taxes.values(), sum(bases.values(), self._smart_sum(igtf + rests)))
        return Rounding(
            total, reached.bases, reached.taxes, reached.rest, cuts, lowered=total < asked
        )

    def _smart_sum(self, items):
        return sum(map(self._smart_amount, items), amounts.ZERO)

    def _smart_rounding_words(self, rounding):
        """Return in the user's language what a :class:`Rounding` does."""
        words = {
            "total": amount_words(self.env, rounding.total),
            "reached": amount_words(self.env, rounding.total - rounding.rest),
            "rest": amount_words(self.env, rounding.rest),
        }
        if rounding.rest:
            return self.env._(
                "The total of %(total)s stands: the lines and their taxes, as SMART computes them, "
                "come to %(reached)s, and an exempt line “Redondeo” to %(rest)s.",
                **words,
            )
        return self.env._(
            "The total of %(total)s stands: the lines are reduced until they and their taxes, as "
            "SMART computes them, come to it.",
            **words,
        )

    # -- in the books ------------------------------------------------------------------------

    def _smart_round(self, rounding):
        """Book a :class:`Rounding`; the total and what is due stay as they are."""
        extra = self._smart_given_amounts(rounding)
        commands = [Command.delete(line.id) for line in self._smart_rounding_lines()]
        if rounding.rest:
            commands.append(Command.create(self._smart_rounding_values(rounding.rest)))
        vals, method = {}, self.invoice_cash_rounding_id
        signed = self.direction_sign * float(rounding.total)
        if method and method.compute_difference(self.currency_id, signed):
            vals["invoice_cash_rounding_id"] = False  # it would round the total once more
        self._smart_write_taxes(extra, commands, vals)

    def _smart_given_amounts(self, rounding):
        """Return line -> ``extra_tax_data``, so that Odoo's tax engine comes to these amounts."""
        base_lines = [
            base_line
            for base_line in self._get_rounded_base_and_tax_lines()[0]
            if not base_line["special_type"]
            and base_line["record"] not in self._smart_igtf_lines() + self._smart_rounding_lines()
        ]
        by_kind = defaultdict(list)
        for base_line in base_lines:
            for data in base_line["tax_details"]["taxes_data"]:
                by_kind[self._smart_kind_of(base_line["record"])].append(data)
        taxes = {}
        for kind, taxes_data in by_kind.items():
            booked = [amounts.money(data["tax_amount_currency"]) for data in taxes_data]
            more = rounding.taxes[kind] - sum(booked, amounts.ZERO)
            cuts = take_off(max(-more, amounts.ZERO), booked)
            largest = max(range(len(booked)), key=booked.__getitem__)
            for index, (data, tax, cut) in enumerate(zip(taxes_data, booked, cuts, strict=True)):
                added = max(more, amounts.ZERO) if index == largest else amounts.ZERO
                taxes[id(data)] = float(tax - cut + added)
        extra = {}
        for base_line in base_lines:
            line = base_line["record"]
            cut = rounding.cuts.get(line, amounts.ZERO)
            base = float(self._smart_amount(line) - cut)
            given = dict.fromkeys(map(str, line.tax_ids.flatten_taxes_hierarchy().ids), {})
            for data in base_line["tax_details"]["taxes_data"]:
                given[str(data["tax"].id)] = {
                    "tax_amount_currency": taxes[id(data)],
                    "base_amount_currency": base,
                }
            before = line.extra_tax_data or None
            extra[line] = {
                "computation_key": (before or {}).get("computation_key"),
                **{key: base_line[key] for key in ("price_unit", "discount", "quantity", "rate")},
                "currency_id": base_line["currency_id"].id,
                "manual_total_excluded_currency": base,
                "manual_tax_amounts": given,
                BEFORE: before,
                LOWERED: bool(cut) and rounding.lowered,
            }
        return extra

    def _smart_rounding_values(self, rest):
        """Return the values of the line that is what is left of a total."""
        company = self.company_id
        # sudo: the person who confirms may have no right to change the chart or the settings
        product = company.sudo()._smart_rounding_product()
        return {
            "product_id": product.id,
            "name": REDONDEO,
            "quantity": 1.0,
            "price_unit": float(rest),
            "account_id": company.sudo()._smart_rounding_account().id,  # sudo: as above
            "tax_ids": [Command.set(company.sudo()._smart_exempt_tax().ids)],  # sudo: as above
            "sequence": 9998,
        }

    def _smart_unround(self):
        """Take back what rounding has done, for the documents are drafts again."""
        for move in self:
            extra = {
                line: line.extra_tax_data[BEFORE]
                for line in move.invoice_line_ids
                if BEFORE in (line.extra_tax_data or {})
            }
            if extra:
                rests = move._smart_rounding_lines()
                move._smart_write_taxes(extra, [Command.delete(line.id) for line in rests], {})

    def _smart_write_taxes(self, extra, commands, vals):
        """Give lines their ``extra_tax_data``, and have Odoo compute all taxes anew.

        Odoo does so only when the taxes of a line change, so they are taken off and put on again.

        :param extra: line -> value
        """
        taxed = self.invoice_line_ids.filtered("tax_ids")
        taxes = {line.id: line.tax_ids.ids for line in taxed}
        self.write(
            {
                "invoice_line_ids": [
                    Command.update(line, {"tax_ids": [Command.clear()]}) for line in taxes
                ]
            }
        )
        deleted = {command[1] for command in commands if command[0] == Command.DELETE}
        values = defaultdict(dict)
        for line, value in extra.items():
            values[line.id]["extra_tax_data"] = value
        for line, ids in taxes.items():
            values[line]["tax_ids"] = [Command.set(ids)]
        updates = [
            Command.update(line, value) for line, value in values.items() if line not in deleted
        ]
        self.write({**vals, "invoice_line_ids": [*updates, *commands]})

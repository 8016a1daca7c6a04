import re

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .pad import DIGITS, TRAILING_NUMBER

#: A control number with its prefix, which may be written together: 00-12, 0000000012.
PREFIXED = re.compile(rf"([0-9]{{1,2}})(?:-([0-9]{{1,{DIGITS}}})|([0-9]{{{DIGITS}}}))")
#: The number alone.
BARE = re.compile(rf"[0-9]{{1,{DIGITS}}}")


def runs(numbers):
    """Return the first and the last number of each unbroken run.

    >>> runs([4, 1, 2, 3, 7])
    [(1, 4), (7, 7)]
    """
    found = []
    for number in sorted(numbers):
        if found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found


class SmartPad(models.Model):
    """Which sheets of a pad are left, and what is printed on each."""

    _inherit = "smart.pad"

    def _control_number(self, number):
        """Return the control number that is printed on a sheet."""
        return f"{self.prefix or ''}-{number or 0:0{DIGITS}d}"

    def _document_number(self, number):
        """Return the document number that is printed on a sheet, ``""`` for none."""
        match = TRAILING_NUMBER.fullmatch(self.document_from or "")
        if not match:
            return ""
        text, digits = match.groups()
        return f"{text}{int(digits) + number - self.number_from:0{len(digits)}d}"

    def _understand(self, typed):
        """Return the sheet's number that somebody means with ``00-00000012``, or ``12``; else 0.

        It may be none of this pad.
        """
        typed = re.sub(r"[\s.]", "", typed or "")
        if whole := PREFIXED.fullmatch(typed):
            prefix, apart, together = whole.groups()
            return int(apart or together) if prefix.zfill(2) == self.prefix else 0
        return int(typed) if BARE.fullmatch(typed) else 0

    def _has(self, number):
        """Tell whether a number is one of its sheets."""
        return self.number_from <= number <= self.number_to

    def _hold(self):
        """Have others who take sheets of these pads in this moment wait, then see what was taken.

        Nothing of the row changes, but for PostgreSQL it does: whoever is second is refused as on
        any row that two change. Odoo repeats that request, which then finds the sheet used.
        """
        if self:
            self.env.cr.execute(
                SQL("UPDATE smart_pad SET write_date = write_date WHERE id IN %s", tuple(self.ids))
            )

    def _used(self):
        """Return the numbers of the sheets that are accounted for."""
        self.ensure_one()
        self.env["smart.sheet"].flush_model()
        rows = self.env.execute_query(
            SQL("SELECT number FROM smart_sheet WHERE pad_id = %s", self.id)
        )
        return {row[0] for row in rows}

    def _free(self, count, besides=()):
        """Return the first numbers that are left, at most so many.

        :param besides: numbers that are spoken for
        """
        self.ensure_one()
        taken = self._used() | set(besides)
        found = []
        for number in range(self.number_from, self.number_to + 1):
            if len(found) == count:
                break
            if number not in taken:
                found.append(number)
        return found

    def _left_before(self, number):
        """Return the numbers that are left before one of its sheets."""
        used = self._used()
        return [one for one in range(self.number_from, number) if one not in used]

    def _ranges(self, numbers):
        """Return numbers of sheets as people write them: 00-00000001 – 00-00000005."""
        return [self._range_words(first, last) for first, last in runs(numbers)]

    def _range_words(self, first, last):
        """Return sheets from one number to another as people write them."""
        numbers = dict.fromkeys((self._control_number(first), self._control_number(last)))
        return " – ".join(numbers)

    def _action_explain(self, first, last):
        """Return the action that asks what became of these sheets."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Explain Sheets"),
            "res_model": "smart.sheet.explain",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_pad_id": self.id,
                "default_number_from": self._control_number(first),
                "default_number_to": self._control_number(last),
            },
        }

    def action_explain(self):
        """Button: say what became of sheets that no document is on."""
        self.ensure_one()
        self.check_access("read")
        free = self._free(1)
        if not free:
            raise UserError(self.env._("Every sheet of this pad is accounted for."))
        return self._action_explain(free[0], free[0])

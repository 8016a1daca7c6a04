from odoo import models

from ...smart_api import amounts, texts
from ..conversion.problem import Conversion


class AccountMove(models.Model):
    """Documents on numbered paper: their totals, and what notes name and take back."""

    _inherit = "account.move"

    def _smart_sheet_vals(self):
        # EXTENDS this addon
        return super()._smart_sheet_vals() | {"affected": self._smart_affected()}

    def _smart_affected(self):
        """Return by its number what a note corrects, as the book names it."""
        # sudo: it may be of a branch that the user cannot read
        corrected = self.sudo().smart_note_origin_id
        control = corrected.smart_control_number
        if not control:
            return texts.one_line(self.smart_former_number) or corrected.name or ""
        number = corrected.smart_number
        return number if control in number else f"{number} {control}"

    def _smart_settle_on_paper(self):
        """Book the total that has to stand, where a draft does not show it.

        What a till was paid, say, or what is left of what a note takes back. Otherwise taxes on
        paper are those that Odoo computes.
        """
        for move in self:
            total = move._smart_total_to_keep()
            if total not in (None, amounts.money(move.amount_total)):
                # Tills confirm without having taxes and amounts due follow their lines.
                move.with_context(skip_invoice_sync=False)._smart_settle_total()

    def _smart_check_heads(self, problems):
        # EXTENDS this addon
        result = super()._smart_check_heads(problems)
        self._smart_check_rates_on_paper(problems)
        self._smart_check_corrected(problems)
        return result

    def _smart_check_corrected(self, problems):
        """Name what is wrong about what these notes correct: as for those that SMART issues.

        Confirmed together they see each other only once they are posted.
        """
        payload, shared = self.env["smart.payload"], {"owners": self}
        for note in self:
            if note._smart_document_type() == "invoice":
                continue
            conversion = Conversion(note, shared)
            if number := texts.one_line(note.smart_former_number):
                payload._check_former(conversion, number)
            else:
                payload._add_related(conversion)
            problems[note] += conversion.errors

from odoo import models

from ..terms import CONTINGENCY


class AccountJournal(models.Model):
    """A journal on paper: its pads."""

    _inherit = "account.journal"

    def _smart_on_paper(self):
        """Return those whose documents are written on numbered paper."""
        return self.filtered(lambda journal: journal.smart_channel == CONTINGENCY)

    def _smart_tell_numbers_in_vain(self):
        """Note on drafts, where these are no longer on paper, the numbers typed for sheets."""
        # sudo: drafts of branches, too, in which the user may not be
        drafts = self.env["account.move"].sudo()
        typed = ["|", ("smart_sheet_control", "!=", False), ("smart_sheet_number", "!=", False)]
        if left := self - self._smart_on_paper():
            drafts = drafts.search(
                [("journal_id", "in", left.ids), ("state", "=", "draft"), *typed]
            )
        for draft in drafts:
            draft._smart_note(draft._smart_typed_in_vain())

    def action_smart_open_pads(self):
        """Button: the pads of numbered paper of this journal."""
        self.ensure_one()
        pads = self.env["smart.pad"].search([("journal_id", "=", self.id)])
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Pads of Numbered Paper"),
            "res_model": "smart.pad",
            "view_mode": "list,form" if len(pads) != 1 else "form",
            "res_id": pads.id if len(pads) == 1 else False,
            "domain": [("journal_id", "=", self.id)],
            "context": {"default_journal_id": self.id},
        }

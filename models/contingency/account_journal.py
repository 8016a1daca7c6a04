from odoo import models

from ..terms import CONTINGENCY


class AccountJournal(models.Model):
    """A journal on paper: its pads."""

    _inherit = "account.journal"

    def write(self, vals):
        # EXTENDS 'account': what was typed for sheets of paper is not forgotten in silence
        on_paper = self.filtered(lambda journal: journal.smart_channel == CONTINGENCY)
        result = super().write(vals)
        if left := on_paper.filtered(lambda journal: journal.smart_channel != CONTINGENCY):
            # sudo: drafts of branches, too, in which the user may not be
            drafts = self.env["account.move"].sudo()
            for draft in drafts.search(
                [
                    ("journal_id", "in", left.ids),
                    ("state", "=", "draft"),
                    "|",
                    ("smart_sheet_control", "!=", False),
                    ("smart_sheet_number", "!=", False),
                ]
            ):
                draft._smart_note(draft._smart_typed_in_vain())
        return result

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

from odoo import models


class AccountJournal(models.Model):
    """A journal on paper: its pads."""

    _inherit = "account.journal"

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

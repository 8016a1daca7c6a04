from odoo import models
from odoo.exceptions import UserError


class AccountJournal(models.Model):
    _inherit = "account.journal"

    def write(self, vals):
        # EXTENDS 'account'
        if "company_id" in vals and any(
            journal.company_id.id != vals["company_id"]
            # sudo: only whether there are any
            and self.env["smart.pad"].sudo().search_count([("journal_id", "=", journal.id)], limit=1)
            for journal in self
        ):
            raise UserError(
                self.env._("Pads of numbered paper belong to this journal: its company stays.")
            )
        return super().write(vals)

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

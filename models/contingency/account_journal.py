from odoo import api, models
from odoo.exceptions import ValidationError


class AccountJournal(models.Model):
    """A journal on paper: its pads, and that they stay with their company."""

    _inherit = "account.journal"

    @api.constrains("company_id")
    def _check_smart_pads(self):
        for journal in self:
            # sudo: only whether there are any
            used = self.env["smart.sheet"].sudo()
            if used.search_count(
                [
                    ("pad_id.journal_id", "=", journal.id),
                    ("company_id", "!=", journal.company_id.id),
                ],
                limit=1,
            ):
                raise ValidationError(
                    self.env._(
                        "Sheets of numbered paper of another company are used in the journal %s: "
                        "its company stays.",
                        journal.display_name,
                    )
                )

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

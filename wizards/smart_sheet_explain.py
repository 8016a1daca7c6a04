from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..models.contingency.sheet import EXPLAINED, REASON_LENGTH
from ..models.terms import SHEET_STATES


class SmartSheetExplain(models.TransientModel):
    """Say what became of sheets that no document is on."""

    _name = "smart.sheet.explain"
    _description = "Explain Sheets of Numbered Paper"
    _inherit = "smart.wizard"
    _smart_inputs = frozenset({"pad_id", "number_from", "number_to", "state", "reason"})
    _smart_fixed = frozenset({"pad_id"})

    pad_id = fields.Many2one(comodel_name="smart.pad", required=True, ondelete="cascade")
    number_from = fields.Char(string="From Control Number", required=True)
    number_to = fields.Char(string="To Control Number", required=True)
    state = fields.Selection(
        selection=[item for item in SHEET_STATES if item[0] in EXPLAINED],
        string="What Became of Them",
        required=True,
    )
    reason = fields.Char(
        size=REASON_LENGTH,
        required=True,
        help="Why no document is on these sheets; listed in the book and in the contingency "
        "report.",
    )
    count = fields.Integer(string="Number of Sheets", compute="_compute_count")

    @api.depends("pad_id", "number_from", "number_to")
    def _compute_count(self):
        for wizard in self:
            first, last = wizard._numbers()
            wizard.count = max(0, last - first + 1) if first and last else 0

    def _numbers(self):
        pad = self.pad_id
        return pad._understand(self.number_from), pad._understand(self.number_to)

    def action_explain(self):
        """Button: note it."""
        wizard = self._acting()
        if not self.env.user.has_group("account.group_account_invoice"):
            raise AccessError(self.env._("You do not have the right to issue fiscal documents."))
        # sudo: sheets are written by their transitions alone
        pad = wizard.pad_id.sudo()
        self.env["smart.sheet"].sudo()._explain(
            pad, *wizard._numbers(), wizard.state, wizard.reason
        )
        return {"type": "ir.actions.act_window_close"}

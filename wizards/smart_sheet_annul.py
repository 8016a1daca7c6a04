from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.annulment.document import REASON_LENGTH
from ..models.conversion.problem import Problem
from ..models.terms import SHEET_USED
from ..smart_api import texts


class SmartSheetAnnul(models.TransientModel):
    """Annul a document on paper: the sheet is kept, marked, and counts for nothing."""

    _name = "smart.sheet.annul"
    _description = "Annul a Document on Paper"
    _inherit = "smart.wizard"
    _smart_inputs = frozenset({"reason", "unreconcile"})

    move_id = fields.Many2one(
        comodel_name="account.move", required=True, readonly=True, ondelete="cascade"
    )
    reason = fields.Char(
        size=REASON_LENGTH, help="It is kept with the sheet. At most 200 characters."
    )
    unreconcile = fields.Boolean(
        string="Remove the reconciliation",
        help="The document is no longer reconciled with its payments and notes. They stay as "
        "outstanding amounts of the customer.",
    )
    is_reconciled = fields.Boolean(compute="_compute_problems")
    problems = fields.Text(compute="_compute_problems", compute_sudo=False)

    @api.depends("move_id", "unreconcile")
    def _compute_problems(self):
        for wizard in self:
            move = wizard.move_id._origin
            wizard.is_reconciled = bool(move._smart_reconciled_with())
            wizard.problems = "\n".join(
                problem.sentence(move) for problem in wizard._obstacles(move)
            )

    def _obstacles(self, move):
        yield from move._smart_obstacles(self.unreconcile)
        # sudo: a note of another branch counts, too
        known = move.sudo()
        notes = known.reversal_move_ids | known.debit_note_ids
        for note in notes.filtered(lambda one: one.state == "posted"):
            yield Problem(
                move,
                "",
                self.env._("%s refers to it.", note.display_name),
                self.env._("Annul that note first."),
            )

    @api.model
    def _open_on(self, move):
        """Return the action that asks why a document that the user may annul is annulled."""
        wizard = self._make([{"move_id": move.id}])
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Annul on Paper"),
            "res_model": self._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_annul(self):
        """Button: mark the sheet, and cancel the entry in the books."""
        wizard = self._acting()
        move = wizard.move_id
        move._smart_check_may_annul()
        reason = texts.readable(wizard.reason)
        if not reason or len(reason) > REASON_LENGTH:
            raise UserError(
                self.env._(
                    "Enter the reason of the annulment, of at most %s characters.", REASON_LENGTH
                )
            )
        # sudo: sheets are written by their transitions alone
        sheet = move.smart_sheet_id.sudo()
        sheet.pad_id._hold()
        if sheet.state != SHEET_USED:
            raise UserError(self.env._("%s is annulled already.", move.display_name))
        problems = [problem.sentence(move) for problem in wizard._obstacles(move)]
        if problems:
            raise UserError("\n".join([move.display_name, *problems]))
        freed = move._smart_cancel_annulled()
        sheet._annul(reason)
        move._smart_note(
            self.env._(
                "Annulled on paper: %(reason)s The sheet %(number)s is kept. %(undone)s%(freed)s",
                reason=reason.rstrip(".") + ".",
                number=sheet.control_number,
                undone=move._smart_undone_words(),
                freed=" " + self.env._("No longer reconciled with it: %s.", ", ".join(freed))
                if freed
                else "",
            )
        )
        return {"type": "ir.actions.act_window_close"}

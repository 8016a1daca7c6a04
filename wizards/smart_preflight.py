from odoo import api, fields, models

from ..models.conversion.problem import headline


class SmartPreflight(models.TransientModel):
    """All problems of all selected documents, before they are confirmed."""

    _name = "smart.preflight"
    _description = "Check for SMART"
    _inherit = "smart.wizard"

    move_ids = fields.Many2many(comodel_name="account.move", string="Documents", readonly=True)
    line_ids = fields.One2many(
        comodel_name="smart.preflight.line", inverse_name="preflight_id", readonly=True
    )
    error_count = fields.Integer(string="To Mend", compute="_compute_counts")
    warning_count = fields.Integer(string="Warnings", compute="_compute_counts")
    document_count = fields.Integer(string="Documents Checked", compute="_compute_counts")

    @api.depends("line_ids.severity", "move_ids")
    def _compute_counts(self):
        for preflight in self:
            severities = preflight.line_ids.mapped("severity")
            preflight.error_count = severities.count("error")
            preflight.warning_count = severities.count("warning")
            preflight.document_count = len(preflight.move_ids)

    @api.model
    def _open_on(self, drafts):
        """Return the action that shows what is wrong with drafts that the user can read."""
        preflight = self._make([{"move_ids": drafts.ids}])
        preflight._check()
        return preflight._open()

    def _check(self):
        """Convert the drafts anew and list what is wrong with them."""
        self.ensure_one()
        self.sudo().line_ids.unlink()  # sudo: only the window makes and deletes its lines
        drafts = self.move_ids.filtered(lambda move: move.state == "draft")
        self.env["smart.preflight.line"]._make(
            [
                self._prepare_line(conversion.owner, problem)
                for conversion in self.env["smart.payload"]._check(drafts)
                for problem in conversion.problems
            ]
        )

    def _prepare_line(self, move, problem):
        record = problem.record
        # A line of the document is mended on the document.
        target = move if record._name == "account.move.line" else record
        return {
            "preflight_id": self.id,
            "move_id": move.id,
            "document": headline(self.env, move),
            "severity": "warning" if problem.warning else "error",
            "record_name": problem.record_name,
            "field_label": problem.field_label,
            "what": problem.what,
            "cure": problem.cure,
            "res_model": target._name,
            "res_id": target.id,
        }

    def _open(self):
        """Return the action that shows the list."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Check for SMART"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    def action_check_again(self):
        """Button: look again after something was mended."""
        preflight = self._acting()
        preflight._check()
        return preflight._open()


class SmartPreflightLine(models.TransientModel):
    _name = "smart.preflight.line"
    _description = "Problem that SMART Would Have"
    _inherit = "smart.wizard"
    _order = "severity, move_id, id"

    preflight_id = fields.Many2one(
        comodel_name="smart.preflight", required=True, index=True, ondelete="cascade"
    )
    move_id = fields.Many2one(comodel_name="account.move", string="Invoice", required=True)
    # Texts, because lists show them whole.
    document = fields.Text()
    severity = fields.Selection(
        selection=[("error", "To mend"), ("warning", "Warning")], required=True
    )
    record_name = fields.Text(string="Where")
    field_label = fields.Text(string="Field")
    what = fields.Text(string="What Is Wrong")
    cure = fields.Text(string="What to Do")
    res_model = fields.Char()
    res_id = fields.Integer()

    def action_open(self):
        """Button: open the record that has to be mended."""
        line = self._acting()
        return {
            "type": "ir.actions.act_window",
            "name": line.record_name,
            "res_model": line.res_model,
            "res_id": line.res_id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

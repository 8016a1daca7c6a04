from odoo import api, fields, models

from ..models.smart_problem import headline


class SmartPreflight(models.TransientModel):
    """All problems of all selected documents, before they are confirmed."""

    _name = "smart.preflight"
    _description = "Check for SMART"

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

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'base'
        preflights = super().create(vals_list)
        for preflight in preflights:
            preflight._check()
        return preflights

    def _check(self):
        """Convert the drafts anew and list what is wrong with them."""
        self.ensure_one()
        self.line_ids.unlink()
        drafts = self.move_ids.filtered(lambda move: move.state == "draft")
        self.env["smart.preflight.line"].create(
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
        self._check()
        return self._open()


class SmartPreflightLine(models.TransientModel):
    _name = "smart.preflight.line"
    _description = "Problem that SMART Would Have"
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
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.record_name,
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

from collections import Counter

from odoo import api, fields, models


class SmartPreflight(models.TransientModel):
    """All problems of all selected documents, before they are confirmed."""

    _name = "smart.preflight"
    _description = "Check for SMART"
    _inherit = "smart.wizard"

    owner_model = fields.Char(readonly=True)
    owner_ids = fields.Json(readonly=True)
    line_ids = fields.One2many(
        comodel_name="smart.preflight.line", inverse_name="preflight_id", readonly=True
    )
    error_count = fields.Integer(string="To Mend", compute="_compute_counts")
    warning_count = fields.Integer(string="Warnings", compute="_compute_counts")
    document_count = fields.Integer(string="Documents Checked", compute="_compute_counts")
    rates = fields.Text(
        string="Exchange Rates", readonly=True, help="Which rate of which day the documents state."
    )
    asks_others = fields.Boolean(compute="_compute_counts")

    @api.depends("line_ids.severity", "owner_ids")
    def _compute_counts(self):
        for preflight in self:
            severities = preflight.line_ids.mapped("severity")
            preflight.error_count = severities.count("error")
            preflight.warning_count = severities.count("warning")
            preflight.document_count = len(preflight.owner_ids or ())
            preflight.asks_others = any(preflight.line_ids.mapped("who"))

    @api.model
    def _open_on(self, drafts):
        """Return the action that shows what is wrong with drafts that the user can read."""
        preflight = self._make([{"owner_model": drafts._name, "owner_ids": drafts.ids}])
        preflight._check()
        return preflight._open()

    def _owners(self):
        """Return the documents that are checked."""
        return self.env[self.owner_model].browse(self.owner_ids)

    def _check_pointed_at(self):
        # EXTENDS 'smart.wizard'
        self._owners().check_access("read")
        return super()._check_pointed_at()

    def _check(self):
        """Convert the drafts anew and list what is wrong with them."""
        self.ensure_one()
        self.sudo().line_ids.unlink()  # sudo: lines are made and unmade by the window alone
        drafts = self._owners().filtered(lambda owner: owner._smart_is_draft())
        conversions = self.env["smart.payload"]._check(drafts)
        self.env["smart.preflight.line"]._make(
            [
                self._prepare_line(conversion.owner, problem)
                for conversion in conversions
                for problem in conversion.problems
            ]
        )
        self._update({"rates": self._words_of_rates(conversions)})

    @api.model
    def _words_of_rates(self, conversions):
        """Return which rates are used, each once; of several, by how many documents."""
        used = Counter(one.quote.words(self.env) for one in conversions if one.quote)
        if len(used) == 1 and len(conversions) == used.total():
            return next(iter(used))
        return "\n".join(
            self.env._("%(rate)s (documents: %(count)s)", rate=rate, count=count)
            for rate, count in used.items()
        )

    def _prepare_line(self, owner, problem):
        record = problem.record
        # A line of the document is mended on the document.
        target = record if owner._smart_part_name(record) is None else owner
        return {
            "preflight_id": self.id,
            "document": owner._smart_headline(),
            "severity": "warning" if problem.warning else "error",
            "record_name": problem.record_name(owner),
            "field_label": problem.field_label,
            "what": problem.what,
            "cure": problem.cure,
            "who": problem.who_can(owner),
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
    _order = "severity, id"

    preflight_id = fields.Many2one(
        comodel_name="smart.preflight", required=True, index=True, ondelete="cascade"
    )
    # Texts, because lists show them whole.
    document = fields.Text()
    severity = fields.Selection(
        selection=[("error", "To mend"), ("warning", "Warning")], required=True
    )
    record_name = fields.Text(string="Where")
    field_label = fields.Text(string="Field")
    what = fields.Text(string="What Is Wrong")
    cure = fields.Text(string="What to Do")
    who = fields.Text(string="Who Can", help="You may not change it yourself: ask one of these.")
    res_model = fields.Char()
    res_id = fields.Integer()

    def _check_pointed_at(self):
        # EXTENDS 'smart.wizard'
        for preflight in self.preflight_id:
            preflight._owners().check_access("read")
        return super()._check_pointed_at()

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

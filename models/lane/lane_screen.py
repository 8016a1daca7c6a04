from odoo import api, fields, models

from ..base.labels import labels
from ..terms import REFUSED


class SmartLane(models.Model):
    """What people see of a queue."""

    _inherit = "smart.lane"

    refused_count = fields.Integer(string="Refused", compute="_compute_refused_count")
    next_attempt = fields.Char(compute="_compute_next_attempt")

    def _compute_refused_count(self):
        for lane in self:
            lane.refused_count = self.env["smart.document"].search_count(lane._documents([REFUSED]))

    @api.depends("blocked", "paused_until")
    def _compute_next_attempt(self):
        for lane in self:
            lane.next_attempt = lane._next_attempt_words()

    @api.depends("issuer_id", "environment")
    def _compute_display_name(self):
        # EXTENDS 'base'
        environments = labels(self, "environment")
        for lane in self:
            lane.display_name = f"{lane.issuer_id.name} · {environments[lane.environment]}"

    def action_open_documents(self):
        """Button: the documents of the queue in some states (``smart_states`` of the context)."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Fiscal Documents"),
            "res_model": "smart.document",
            "view_mode": "list,form",
            "domain": self._documents(self.env.context["smart_states"]),
        }

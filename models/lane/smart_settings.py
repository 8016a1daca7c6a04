from odoo import api, fields, models

from ..base.said import SaidText


class SmartSettings(models.AbstractModel):
    """The responsible person."""

    _inherit = "smart.settings"

    smart_responsible_id = fields.Many2one(
        related="company_id.smart_responsible_id", readonly=False, related_sudo=False
    )
    smart_effective_responsible_id = fields.Many2one(
        related="company_id.smart_effective_responsible_id", related_sudo=False
    )


class ResConfigSettings(models.TransientModel):
    """The state of the queue."""

    _inherit = "res.config.settings"

    smart_lane_id = fields.Many2one(
        comodel_name="smart.lane", string="SMART Queue", compute="_compute_smart_lane_id"
    )
    smart_queued_count = fields.Integer(related="smart_lane_id.queued_count")
    smart_unknown_count = fields.Integer(related="smart_lane_id.unknown_count")
    smart_refused_count = fields.Integer(related="smart_lane_id.refused_count")
    smart_lane_blocked = fields.Boolean(related="smart_lane_id.blocked")
    smart_lane_reason = SaidText(related="smart_lane_id.reason")
    smart_next_attempt = fields.Char(string="Next Attempt", compute="_compute_smart_next_attempt")

    @api.depends("company_id", "smart_environment", "smart_token")
    def _compute_smart_lane_id(self):
        for settings in self:
            issuer = settings.company_id.smart_issuer_id
            settings.smart_lane_id = self.env["smart.lane"].search(
                [("issuer_id", "=", issuer.id), ("environment", "=", issuer.smart_environment)],
                limit=1,
            )

    @api.depends("smart_lane_id")
    def _compute_smart_next_attempt(self):
        for settings in self:
            lane = settings.smart_lane_id
            settings.smart_next_attempt = lane and lane.next_attempt

    def action_smart_resume(self):
        """Button: try again now."""
        self.ensure_one()
        self.smart_lane_id.action_resume()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_smart_open_queue(self):
        """Button: the queue with its activities."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "smart.lane",
            "res_id": self.smart_lane_id.id,
            "view_mode": "form",
        }

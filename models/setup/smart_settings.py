from odoo import api, fields, models


class SmartSettings(models.AbstractModel):
    """The checklist on the settings, and what is wrong with them before they are saved."""

    _inherit = "smart.settings"

    smart_setup = fields.Json(string="SMART: Set-up", compute="_compute_smart_setup")
    # Not related: it is written, and checked, only when it changes. A page of settings is saved for
    # companies of other countries, too.
    smart_vat = fields.Char(
        string="RIF", compute="_compute_smart_vat", inverse="_inverse_smart_vat", readonly=False
    )
    smart_credentials_problem = fields.Text(
        string="What Is Wrong with the Token", compute="_compute_smart_credentials_problem"
    )
    smart_credentials_holder = fields.Char(
        string="Whose the Token Is", compute="_compute_smart_credentials_problem"
    )
    smart_saved_environment = fields.Selection(
        string="SMART Environment, as Saved",
        related="company_id.smart_environment",
        related_sudo=False,
    )

    @api.depends("company_id")
    def _compute_smart_setup(self):
        for settings in self:
            settings.smart_setup = settings.company_id._smart_setup()

    @api.depends("company_id")
    def _compute_smart_vat(self):
        for settings in self:
            settings.smart_vat = settings.company_id.vat

    def _inverse_smart_vat(self):
        for settings in self:
            if (settings.smart_vat or "") != (settings.company_id.vat or ""):
                settings.company_id.vat = settings.smart_vat

    @api.depends("company_id", "smart_vat", "smart_environment", "smart_base_url", "smart_token")
    def _compute_smart_credentials_problem(self):
        for settings in self:
            # sudo: the token is judged, and never told to who cannot read it
            entered = settings.sudo()
            problem, holder = settings.company_id._smart_judge_credentials(
                settings.smart_vat,
                settings.smart_environment,
                entered.smart_base_url,
                entered.smart_token,
            )
            settings.smart_credentials_problem = problem
            settings.smart_credentials_holder = holder and f"{holder.rif} · {holder.name}"

    def action_smart_test(self):
        """Button: ask SMART whether everything is in order; issues nothing."""
        self.ensure_one()
        return self.company_id._smart_test_connection()

    def action_smart_production(self):
        """Button: the step that makes documents legal."""
        self.ensure_one()
        return self.company_id.action_smart_setup("production")

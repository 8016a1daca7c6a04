from odoo import api, fields, models

from ..terms import ENVIRONMENTS


class SmartSettings(models.AbstractModel):
    """Environment, address and token: three fields, written to the company together.

    Related fields would be written one by one: an environment without its address, or a new
    address with the token for the old one.
    """

    _inherit = "smart.settings"

    smart_environment = fields.Selection(
        selection=ENVIRONMENTS,
        string="SMART Environment",
        compute="_compute_smart_environment",
        inverse="_inverse_smart_credentials",
        readonly=False,
    )
    smart_base_url = fields.Char(
        string="SMART Address",
        groups="base.group_system",
        compute="_compute_smart_base_url",
        inverse="_inverse_smart_credentials",
        readonly=False,
    )
    smart_token_needed = fields.Boolean(compute="_compute_smart_token_needed")
    smart_token = fields.Char(
        string="SMART Token",
        groups="base.group_system",
        compute="_compute_smart_token",
        inverse="_inverse_smart_credentials",
        readonly=False,
    )

    @api.depends("company_id")
    def _compute_smart_environment(self):
        for settings in self:
            settings.smart_environment = settings.company_id.smart_environment

    @api.depends("company_id")
    def _compute_smart_base_url(self):
        for settings in self:
            settings.smart_base_url = settings.company_id.smart_base_url

    @api.depends("company_id", "smart_environment", "smart_base_url")
    def _compute_smart_token_needed(self):
        for settings in self:
            # sudo: to compare the address; whoever cannot read it is only told whether it fits
            settings.smart_token_needed = settings.company_id._smart_token_needed(
                settings.smart_environment, settings.sudo().smart_base_url or ""
            )

    @api.depends("smart_token_needed")
    def _compute_smart_token(self):
        for settings in self:
            needed = settings.smart_token_needed
            settings.smart_token = not needed and settings.company_id.smart_token

    def _inverse_smart_credentials(self):
        for settings in self:
            company, token = settings.company_id, settings.smart_token
            company._smart_entering_production(
                settings.smart_environment
            )._smart_refuse_production()
            changed = {
                name: settings[name]
                for name in ("smart_environment", "smart_base_url")
                if settings[name] != company[name]
            }
            # An empty token beside a new address is missing: the company refuses that. Beside the
            # same address it was removed.
            if token if settings.smart_token_needed else token != company.smart_token:
                changed["smart_token"] = token
            if changed:
                company.write(changed)

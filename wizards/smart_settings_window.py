from odoo import api, fields, models


class SmartSettingsWindow(models.TransientModel):
    """The settings of fiscal documents, for those to whom Odoo's own settings are closed.

    Accounting managers can change everything except the address of a stand-in, to which the
    server sends what it is told to. They can enter a token, and nobody can read it here. What is
    stated is written to the company when the window is saved.
    """

    _name = "smart.settings.window"
    _description = "SMART Settings"
    _inherit = ["smart.settings", "smart.company.window"]

    smart_new_token = fields.Char(
        string="New Token",
        compute="_compute_smart_new_token",
        inverse="_inverse_smart_credentials",
        readonly=False,
        help="Paste it as SMART sent it. Empty: the present one stays.",
    )
    smart_has_token = fields.Boolean(string="Has a Token", compute="_compute_smart_has_token")

    @property
    def _smart_inputs(self):
        """All that can be entered on a page of settings, whichever room or bridge adds it."""
        return frozenset(
            name
            for name, field in self._fields.items()
            if name == "company_id"
            or (name.startswith("smart_") and field.inverse and not field.readonly)
        ) - {"smart_token"}

    @api.depends("company_id")
    def _compute_smart_new_token(self):
        self.smart_new_token = False

    @api.depends("company_id")
    def _compute_smart_has_token(self):
        for window in self:
            window.smart_has_token = bool(window.company_id.smart_holder_rif)

    @api.depends("smart_token_needed", "smart_new_token")
    def _compute_smart_token(self):
        # EXTENDS 'smart.settings': what is entered counts, else the present one, if it may go there
        for window in self:
            present = not window.smart_token_needed and window.company_id.smart_token
            window.smart_token = window.smart_new_token or present

    def action_save(self):
        """Button: close the window, which was saved by pressing it."""
        self._acting()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

from odoo import api, fields, models


class SmartConnection(models.TransientModel):
    """What a test of the connection found."""

    _name = "smart.connection"
    _description = "Test of the Connection to SMART"
    _inherit = "smart.wizard"

    tested_id = fields.Many2one(comodel_name="res.company", string="Tested Company", readonly=True)
    asked = fields.Char(readonly=True, help="Issuer and environment.")
    findings = fields.Json(readonly=True)

    @api.model
    def _open_with(self, company, asked, findings):
        """Return the action that shows what was found.

        :param str asked: issuer and environment, in words
        :param findings: see :meth:`smart.lane._test_connection`
        """
        window = self._make(
            [{"tested_id": company.id, "asked": asked, "findings": {"steps": findings}}]
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Test of the connection"),
            "res_model": self._name,
            "res_id": window.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
        }

    def action_close(self):
        """Button: back to the page, which shows what was saved before the test."""
        self._acting()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

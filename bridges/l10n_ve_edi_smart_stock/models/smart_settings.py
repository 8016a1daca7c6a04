from odoo import api, fields, models


class SmartSettings(models.AbstractModel):
    _inherit = "smart.settings"

    smart_delivery_numbering = fields.Selection(
        related="company_id.smart_delivery_numbering", readonly=False, related_sudo=False
    )
    smart_delivery_prices = fields.Selection(
        related="company_id.smart_delivery_prices", readonly=False, related_sudo=False
    )
    smart_delivery_vat = fields.Boolean(
        related="company_id.smart_delivery_vat", readonly=False, related_sudo=False
    )
    smart_delivery_sample_id = fields.Many2one(
        comodel_name="smart.document",
        string="Sample",
        compute="_compute_smart_delivery_sample_id",
        help="The newest delivery document: look at the title that SMART printed.",
    )

    @api.depends("company_id")
    def _compute_smart_delivery_sample_id(self):
        for settings in self:
            settings.smart_delivery_sample_id = self.env["smart.document"].search(
                [
                    ("issuer_id", "=", settings.company_id.smart_issuer_id.id),
                    ("document_type", "in", settings.company_id._smart_delivery_types()),
                    ("control_number", "!=", False),
                ],
                limit=1,
            )

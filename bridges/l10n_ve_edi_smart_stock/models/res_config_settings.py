from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    smart_delivery_numbering = fields.Selection(
        related="company_id.smart_delivery_numbering", readonly=False
    )
    smart_delivery_prices = fields.Selection(
        related="company_id.smart_delivery_prices", readonly=False
    )
    smart_delivery_vat = fields.Boolean(related="company_id.smart_delivery_vat", readonly=False)

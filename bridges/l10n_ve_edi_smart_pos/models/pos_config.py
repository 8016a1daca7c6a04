from odoo import api, fields, models


class PosConfig(models.Model):
    """A shop: what it sells is issued through SMART, unless the law knows it by another channel."""

    _inherit = "pos.config"

    smart_channel = fields.Selection(
        selection=[("smart", "SMART"), ("other", "Another channel")],
        string="Fiscal Documents Through",
        default="smart",
        required=True,
        help="Each sale of a shop is a fiscal document. Another channel is, for example, a fiscal "
        "machine: of what this shop sells, nothing is then sent to SMART.",
    )
    smart_is_fiscal = fields.Boolean(
        string="Issues Through SMART",
        compute="_compute_smart_is_fiscal",
        help="Whether each sale of this shop is issued through SMART.",
    )

    @api.depends("smart_channel", "company_id", "invoice_journal_id")
    def _compute_smart_is_fiscal(self):
        # sudo: cashiers need no right to journals or companies
        for shop in self.sudo():
            shop.smart_is_fiscal = bool(
                shop.smart_channel == "smart"
                and shop.company_id.smart_issuer_id
                and shop.invoice_journal_id.smart_enabled
            )

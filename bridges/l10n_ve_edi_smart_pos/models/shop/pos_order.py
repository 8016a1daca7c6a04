from odoo import fields, models


class PosOrder(models.Model):
    """How an order became a fiscal document, and what it takes back."""

    _inherit = "pos.order"

    smart_channel = fields.Selection(
        selection=lambda self: self.env["pos.config"]._fields["smart_channel"].selection,
        string="Sold Through",
        readonly=True,
        copy=False,
        help="By what channel this sale became a fiscal document.",
    )

    def _smart_is_fiscal(self):
        """Tell whether invoices of these orders are issued through SMART."""
        return bool(self) and all(order.config_id.smart_is_fiscal for order in self)

    def _smart_originals(self):
        """Return the orders whose goods these take back."""
        return self.lines.refunded_orderline_id.order_id

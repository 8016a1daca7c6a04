from odoo import fields, models


class SmartGuideGoods(models.Model):
    """Goods of a guide that an invoice charges: settled when the invoice is confirmed.

    What is invoiced of a guide is told from these, and from what its order says; see
    ``stock_picking_invoicing``. They go when the invoice is a draft again, and count while it is
    confirmed.
    """

    _name = "smart.guide.goods"
    _inherit = ["smart.record"]
    _description = "Goods of a Guide on an Invoice"
    _order = "id"

    move_id = fields.Many2one(
        comodel_name="account.move",
        string="Invoice",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    stock_move_id = fields.Many2one(
        comodel_name="stock.move",
        string="Goods",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    picking_id = fields.Many2one(related="stock_move_id.picking_id", string="Guide")
    quantity = fields.Float(
        digits="Product Unit", readonly=True, help="In the product's own unit of measure."
    )
    is_chosen = fields.Boolean(
        string="Chosen by a Person",
        readonly=True,
        help="The invoice names the guide because somebody chose it, not by the sales order.",
    )
    company_id = fields.Many2one(related="move_id.company_id", store=True)

from odoo import models


class PosMakeInvoice(models.TransientModel):
    _inherit = "pos.make.invoice"

    def action_create_invoices(self):
        # EXTENDS 'point_of_sale'
        orders = self.env["pos.order"].browse(self.env.context.get("active_ids"))
        orders._smart_check_returns()
        return super().action_create_invoices()

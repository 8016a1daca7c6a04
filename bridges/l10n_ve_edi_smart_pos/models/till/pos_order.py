from odoo import api, models


class PosOrder(models.Model):
    _inherit = "pos.order"

    @api.model
    def _process_order(self, order, existing_order):
        # EXTENDS 'point_of_sale': what a till, a kiosk or the self-service hands in
        self._smart_take_handed_in(order)
        shop = self.env["pos.session"].browse(order["session_id"]).config_id
        self._smart_name_customer(order, shop)
        return super()._process_order(order, existing_order)

from werkzeug.exceptions import Unauthorized

from odoo import http
from odoo.tools import consteq

from odoo.addons.pos_self_order.controllers.orders import PosSelfOrderController


class SmartSelfOrderController(PosSelfOrderController):
    @http.route("/pos-self-order/smart-ticket", auth="public", type="jsonrpc", website=True)
    def smart_ticket(self, access_token, order_id, order_access_token):
        """Return what is shown of an order's documents to who has its token."""
        shop = self._verify_pos_config(access_token)
        order = shop.env["pos.order"].browse(order_id).exists()
        if not order or not consteq(order.access_token, order_access_token):
            raise Unauthorized
        return order.smart_ticket

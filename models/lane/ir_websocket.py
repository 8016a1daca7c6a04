from odoo import models


class IrWebsocket(models.AbstractModel):
    _inherit = "ir.websocket"

    def _build_bus_channel_list(self, channels):
        # EXTENDS 'bus': users who may see fiscal documents get the progress of their companies
        channels = super()._build_bus_channel_list(channels)
        user = self.env.user
        if user._is_internal() and self.env["smart.document"].has_access("read"):
            channels.extend(user.company_ids)
        return channels

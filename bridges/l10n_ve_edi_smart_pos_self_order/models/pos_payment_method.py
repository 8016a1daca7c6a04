from odoo import api, models


class PosPaymentMethod(models.Model):
    _inherit = "pos.payment.method"

    @api.model
    def _load_pos_self_data_read(self, records, config):
        # EXTENDS 'pos_self_order': a kiosk cannot add the IGTF to what it asks for, so that it does
        # not offer what costs it; after the money it would be too late
        if config._smart_collects_igtf():
            records = records.filtered(lambda method: not method.smart_collects_igtf)
        return super()._load_pos_self_data_read(records, config)

from odoo import api, models


class PosConfig(models.Model):
    _inherit = "pos.config"

    @api.model
    def _load_pos_data_read(self, records, config):
        # EXTENDS 'point_of_sale'
        read = super()._load_pos_data_read(records, config)
        for values in read:
            shop = self.browse(values["id"])
            values["smart_walk_in_partner_id"] = shop._smart_walk_in().id
        if read and config.smart_is_fiscal:
            read[0] |= config._smart_money_to_load()
            # Of 'pos_restaurant': the document is made with the payment, so a tip is given with it.
            if read[0].get("set_tip_after_payment"):
                read[0]["set_tip_after_payment"] = False
        return read

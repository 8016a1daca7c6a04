from odoo import api, models


class AccountTax(models.Model):
    _inherit = "account.tax"

    @api.model
    def _load_pos_data_fields(self, config):
        # EXTENDS 'point_of_sale': the till tells at once of a line that SMART would not take
        fields = [*super()._load_pos_data_fields(config), "smart_tax_kind"]
        if "is_withholding_tax_on_payment" in self._fields:  # of 'l10n_account_withholding_tax'
            fields.append("is_withholding_tax_on_payment")
        return list(dict.fromkeys(fields))

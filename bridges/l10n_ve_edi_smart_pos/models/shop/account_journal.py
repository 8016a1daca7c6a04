from odoo import api, models


class AccountJournal(models.Model):
    _inherit = "account.journal"

    @api.constrains("smart_enabled")
    def _check_smart_shops(self):
        # sudo: whoever keeps journals need no right to shops
        shops = self.env["pos.config"].sudo().search([("invoice_journal_id", "in", self.ids)])
        shops.with_env(self.env)._smart_refuse_second_document()

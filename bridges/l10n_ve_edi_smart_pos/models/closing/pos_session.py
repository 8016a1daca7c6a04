from odoo import models


class PosSession(models.Model):
    _inherit = "pos.session"

    def _check_invoices_are_posted(self):
        # EXTENDS 'point_of_sale': what could not be issued yet is a draft, with an activity that
        # says what to mend; it is paid already, and no reason to keep the till open
        # sudo: cashiers need no right to invoices
        orders = self._get_closed_orders().sudo().with_company(self.company_id)
        unposted = orders.account_move.filtered(lambda move: move.state != "posted")
        if unposted and all(move.state == "draft" and move._smart_is_fiscal() for move in unposted):
            return None
        return super()._check_invoices_are_posted()

    def get_closing_control_data(self):
        # EXTENDS 'point_of_sale': with the fiscal documents of this session
        data = super().get_closing_control_data()
        overview = self._get_closed_orders()._smart_overview()
        return data | ({"smart_overview": overview} if overview else {})

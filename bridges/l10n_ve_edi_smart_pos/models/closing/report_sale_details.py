from odoo import api, models


class ReportSaleDetails(models.AbstractModel):
    _inherit = "report.point_of_sale.report_saledetails"

    @api.model
    def get_sale_details(
        self, date_start=False, date_stop=False, config_ids=False, session_ids=False, **kwargs
    ):
        # EXTENDS 'point_of_sale': with the fiscal documents of these orders
        details = super().get_sale_details(date_start, date_stop, config_ids, session_ids, **kwargs)
        if not session_ids:
            date_start, date_stop = self._get_date_start_and_date_stop(date_start, date_stop)
        domain = self._get_domain(date_start, date_stop, config_ids, session_ids, **kwargs)
        orders = self.env["pos.order"].search(domain)
        return details | {"smart_overview": orders._smart_overview()}

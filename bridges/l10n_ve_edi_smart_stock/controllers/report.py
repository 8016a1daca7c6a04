import json

from odoo.http import content_disposition, request, route

from odoo.addons.web.controllers.report import ReportController

from ..models.stock_picking_prints import SLIP


class SmartReportController(ReportController):
    """What is downloaded as a delivery slip has the name of the document that it is."""

    @route()
    def report_download(self, data, context=None, token=None, readonly=True):
        # EXTENDS 'web'
        response = super().report_download(data, context=context, token=token, readonly=readonly)
        url = json.loads(data)[0]
        start, _slash, ids = url.partition("?")[0].rpartition("/")
        if start == f"/report/pdf/{SLIP}" and ids.isdigit():
            stem = request.env["stock.picking"].browse(int(ids))._smart_file_stem()
            if stem:
                response.headers["Content-Disposition"] = content_disposition(f"{stem}.pdf")
        return response

from odoo.http import content_disposition, request, route

from odoo.addons.sale_stock.controllers.portal import SaleStockPortal


class SmartSaleStockPortal(SaleStockPortal):
    """Customers get the document of a delivery under its name."""

    @route()
    def portal_my_picking_report(self, picking_id, access_token=None, **kw):
        # EXTENDS 'sale_stock'
        response = super().portal_my_picking_report(picking_id, access_token=access_token, **kw)
        if response.mimetype == "application/pdf":
            # sudo: whoever was given the document may know its name
            stem = request.env["stock.picking"].sudo().browse(picking_id)._smart_file_stem()
            if stem:
                response.headers["Content-Disposition"] = content_disposition(
                    f"{stem}.pdf", disposition_type="inline"
                )
        return response

import io
from collections import OrderedDict

from odoo import models

from .stock_picking_prints import SLIP


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        # EXTENDS 'base': on whatever road the slip is printed, SMART's own print takes its place
        report = self._get_report(report_ref)
        if report.report_name == SLIP and res_ids and not self.env.context.get("smart_own_slip"):
            pickings = self.env["stock.picking"].browse(res_ids)
            pickings.check_access("read")
            files = {picking.id: picking._smart_file() for picking in pickings}
            if any(files.values()):
                streams = OrderedDict()
                for res_id in res_ids:
                    # One by one, for the order of what is printed: Odoo may return the others as
                    # one file.
                    streams.update(
                        {
                            res_id: {
                                "stream": io.BytesIO(files[res_id].raw),
                                "attachment": files[res_id],
                            }
                        }
                        if files[res_id]
                        else super()._render_qweb_pdf_prepare_streams(
                            report_ref, data, res_ids=[res_id]
                        )
                    )
                return streams
        return super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids=res_ids)

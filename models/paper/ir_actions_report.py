import io
from collections import OrderedDict

from odoo import models


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        # EXTENDS 'base': on whatever road a fiscal document is printed (buttons, lists, menus,
        # mails, the till), SMART's own print takes the place of Odoo's, once it is here
        owners = self._smart_owners(report_ref, res_ids)
        if not owners:
            return super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids=res_ids)
        streams = OrderedDict()
        for owner in owners:
            file = owner._smart_paper_file()
            # One by one, for the order of what is printed, and because not every wkhtmltopdf
            # prints several at once.
            streams.update(
                {owner.id: {"stream": io.BytesIO(file.raw), "attachment": file}}
                if file
                else super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids=owner.ids)
            )
        return streams

    def _smart_owners(self, report_ref, res_ids):
        """Return what a report prints, if that has fiscal documents; else nothing."""
        report = self._get_report(report_ref)
        if (
            not res_ids
            or self.env.context.get("smart_own_print")
            or not self.env["smart.document"]._is_owner(report.model)
        ):
            return None
        owners = self.env[report.model].browse(dict.fromkeys(res_ids))
        # sudo: only whether there is one; who may not read an owner gets nothing of it
        if not owners._smart_is_paper(report) or not owners.sudo().smart_document_id:
            return None
        owners.check_access("read")
        return owners

from odoo import models

from .stock_picking_prints import SLIP


class MailTemplate(models.Model):
    _inherit = "mail.template"

    def _generate_template_attachments(self, res_ids, render_fields, render_results=None):
        # EXTENDS 'mail': what has its number is named by it, for the customer as for everybody
        results = super()._generate_template_attachments(
            res_ids, render_fields, render_results=render_results
        )
        slips = [report.report_name == SLIP for report in self.report_template_ids]
        if self.model == "stock.picking" and any(slips):
            for picking in self.env["stock.picking"].browse(res_ids):
                files = results[picking.id].get("attachments")
                stem = picking._smart_file_stem()
                if files and stem:
                    results[picking.id]["attachments"] = [
                        (f"{stem}.{name.rpartition('.')[2]}" if is_slip else name, content)
                        for is_slip, (name, content) in zip(slips, files, strict=True)
                    ]
        return results

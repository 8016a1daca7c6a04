from urllib.parse import urlencode

from odoo.http import content_disposition, request

from odoo.addons.account_payment.controllers.portal import PortalAccount

#: Odoo's own reader of PDFs, for phones have none within a page.
READER = "/web/static/lib/pdfjs/web/viewer.html"


class SmartPortal(PortalAccount):
    """Customers get the document that SMART has printed, on screen as well as to keep."""

    def _invoice_get_page_view_values(self, invoice, access_token, **kwargs):
        # EXTENDS 'account_payment': what is paid is called by its legal number
        values = super()._invoice_get_page_view_values(invoice, access_token, **kwargs)
        return values | {"invoice_name": invoice.smart_number}

    def _show_report(self, model, report_type, report_ref, download=False):
        # EXTENDS 'portal'
        if model._name == "account.move" and model._smart_is_numbered():
            if report_type == "pdf":
                document = model._get_invoice_legal_documents("pdf", allow_fallback=True)
                content = document["content"]
                headers = self._get_http_headers(model, report_type, content, download)
                return request.make_response(content, headers=list(headers.items()))
            if report_type == "html" and model._smart_paper_file():
                file = urlencode({"file": model.get_portal_url(report_type="pdf")})
                return request.render(
                    "l10n_ve_edi_smart.portal_invoice_paper",
                    {"url": f"{READER}?{file}#zoom=page-width&pagemode=none"},
                )
        return super()._show_report(model, report_type, report_ref, download=download)

    def _get_http_headers(self, model, report_type, report, download):
        # EXTENDS 'portal', which has no hyphens in names of files
        headers = super()._get_http_headers(model, report_type, report, download)
        if report_type == "pdf" and model._name == "account.move" and model._smart_is_numbered():
            headers["Content-Disposition"] = content_disposition(
                model._get_invoice_report_filename(),
                disposition_type="attachment" if download else "inline",
            )
        return headers

from odoo import api, models

from ..terms import ANNULLED, LEGAL, SHEET_ANNULLED


class AccountMove(models.Model):
    """The file that a customer gets: SMART's, Odoo's print with the control number until then.

    Whatever hands out an invoice asks Odoo's own methods for it: the portal, the gear menu, lists,
    zips, *Send*.
    """

    _inherit = "account.move"

    def _get_invoice_legal_documents(self, filetype, allow_fallback=False):
        # EXTENDS 'account'
        if filetype == "pdf" and (self._smart_is_numbered() or self._smart_is_unnumbered()):
            return self._smart_legal_pdf(allow_fallback)
        return super()._get_invoice_legal_documents(filetype, allow_fallback=allow_fallback)

    def _get_invoice_legal_documents_all(self, allow_fallback=False):
        # EXTENDS 'account', which knows no legal document but its own print
        if not (self._smart_is_numbered() or self._smart_is_unnumbered()):
            return super()._get_invoice_legal_documents_all(allow_fallback=allow_fallback)
        document = self._smart_legal_pdf(allow_fallback)
        if not document or not self._smart_is_numbered():
            return [document] if document else []
        beside = self.env["account.move.send"]._get_invoice_extra_attachments(self)
        return [
            document,
            *(
                {"filename": one.name, "filetype": one.mimetype, "content": one.raw}
                for one in beside - self.invoice_pdf_report_id
            ),
        ]

    def _get_mail_thread_data_attachments(self):
        # EXTENDS 'account', which shows the file that was sent; until then, what is there
        res = super()._get_mail_thread_data_attachments()
        if self.invoice_pdf_report_id:
            return res
        # sudo: whoever may see the invoice may see its document
        return res | self.sudo().smart_document_id._file_attachment()

    def get_extra_print_items(self):
        # EXTENDS 'account', which makes every file only to learn whether there is one
        return super(
            AccountMove, self.with_context(smart_only_whether=True)
        ).get_extra_print_items()

    def _smart_legal_pdf(self, allow_fallback):
        """Return the document as Odoo hands it out, see ``_get_invoice_legal_documents``.

        Before it has its control number that is a proforma, which says so, if anything.
        """
        if self._smart_is_unnumbered():
            return self._get_invoice_pdf_proforma() if allow_fallback else None
        file = self._smart_paper_file() or self._smart_own_print()
        if file:
            content = file.raw
        else:
            content = b"" if self.env.context.get("smart_only_whether") else self._smart_print()
        return {
            "filename": f"{self._smart_file_stem()}.pdf",
            "filetype": "application/pdf",
            "content": content,
        }

    def _smart_own_print(self):
        """Return the print that Odoo has kept, but none from before it was issued, or annulled."""
        document = self.sudo().smart_document_id  # sudo: for where the document stands only
        if (
            self._smart_is_unnumbered()
            or document.owner_step == LEGAL
            or document.state == ANNULLED
        ):
            return self.env["ir.attachment"]
        return self.invoice_pdf_report_id

    def _smart_print(self):
        """Return Odoo's print with the control number, made anew."""
        report = self.env["account.move.send"]._get_default_pdf_report_id(self).report_name
        Report = self.env["ir.actions.report"].with_company(self.company_id)
        content, kind = Report._pre_render_qweb_pdf(report, res_ids=self.ids)
        return Report._get_splitted_report(report, content, kind)[self.id]

    def _smart_drop_outdated_prints(self):
        """Drop what Odoo has kept, where it is not, or no longer, the document to hand out."""
        # sudo: to be replaced by what says the same, and more; nobody else may
        for move in self.sudo().filtered("invoice_pdf_report_id"):
            file = move.smart_document_id._file_attachment()
            if not move._smart_own_print() or (
                file and file.checksum != move.invoice_pdf_report_id.checksum
            ):
                move.invoice_pdf_report_id.unlink()
                move.invalidate_recordset(["invoice_pdf_report_id", "invoice_pdf_report_file"])

    # -- Odoo's own print ------------------------------------------------------------------

    @api.model
    def _smart_is_paper(self, report):
        # EXTENDS 'smart.document.owner': the invoice reports of Odoo, and of who has others
        return report._is_invoice_report(report)

    def _smart_paper_numbers(self):
        # EXTENDS 'smart.document.owner': Odoo's own number, as long as the document has none
        return [] if self._smart_is_numbered() else [("Referencia provisional", self.name)]

    def _smart_paper_marks(self):
        # EXTENDS 'smart.document.owner': Odoo's print is no original of what is on numbered paper
        sheet = self.sudo().smart_sheet_id  # sudo: whoever may print it may see that
        if not sheet:
            return super()._smart_paper_marks()
        number = sheet.control_number
        marks = [f"Copia: el original es el formato con número de control {number}."]
        if sheet.state == SHEET_ANNULLED:
            marks.insert(0, f"ANULADA: {sheet.reason}")
        return marks

    def _smart_number_on_paper(self):
        """Return the number of what is on numbered paper; ``""`` for all others."""
        sheet = self.sudo().smart_sheet_id  # sudo: as above
        return sheet.document_number or sheet.control_number or ""

    def _smart_lacks_document(self):
        # EXTENDS 'smart.document.owner': what charges nothing gets none, and is no fiscal document
        # sudo: whoever may print it may see that
        return super()._smart_lacks_document() or self.sudo().smart_free

    def _get_name_invoice_report(self):
        # EXTENDS 'account'
        # sudo: for the state only
        if self.sudo().smart_document_id._is_on_paper():
            return "l10n_ve_edi_smart.report_invoice_fiscal"
        return super()._get_name_invoice_report()

    # -- names -----------------------------------------------------------------------------

    def _get_report_base_filename(self):
        # EXTENDS 'account'
        if self._smart_is_numbered():
            return self._smart_file_stem()
        return super()._get_report_base_filename()

    def _get_invoice_report_filename(self, extension="pdf", report=None):
        # EXTENDS 'account': also where a report has a name of its own
        if self._smart_is_numbered():
            return f"{self._smart_file_stem()}.{extension}"
        return super()._get_invoice_report_filename(extension=extension, report=report)

    def _compute_type_name(self):
        # EXTENDS 'account', to which a debit note is an invoice
        res = super()._compute_type_name()
        for move in self.filtered("smart_is_debit_note"):
            move.type_name = self.env._("Debit Note")
        return res


class AccountMoveSend(models.AbstractModel):
    """What goes with a mail, and what of an invoice is downloaded after sending."""

    _inherit = "account.move.send"

    @api.model
    def _prepare_invoice_pdf_report(self, invoices_data):
        # EXTENDS 'account': SMART's own print, where it is here, is the file of the invoice
        printing = {}
        for move, data in invoices_data.items():
            content = move.smart_document_id._file_attachment().raw
            if not content:
                printing[move] = data
                continue
            data["pdf_attachment_values"] = {
                "name": move._get_invoice_report_filename(),
                "raw": content,
                "mimetype": "application/pdf",
                "res_model": move._name,
                "res_id": move.id,
                "res_field": "invoice_pdf_report_file",
            }
        if not printing:
            return None
        return super()._prepare_invoice_pdf_report(printing)

    @api.model
    def _link_invoice_documents(self, invoices_data):
        # EXTENDS 'account': others have put files of theirs into the print in the meantime (UBL
        # does, for whatever customer); the one of SMART stays as SMART made it
        for move, data in invoices_data.items():
            content = move.smart_document_id._file_attachment().raw
            if content and data.get("pdf_attachment_values"):
                data["pdf_attachment_values"]["raw"] = content
        return super()._link_invoice_documents(invoices_data)

    @api.model
    def _get_invoice_extra_attachments(self, move):
        # EXTENDS 'account'
        attachments = super()._get_invoice_extra_attachments(move)
        return attachments - (move.invoice_pdf_report_id - move._smart_own_print())

from odoo import api, models

from ..terms import ISSUED


class SmartDocumentOwner(models.AbstractModel):
    """What *Print* gives of an owner: SMART's document, and Odoo's own print where it is not here.

    A report of the owner's model shows in its template what :meth:`_smart_paper` returns, and
    :meth:`_smart_is_paper` tells that SMART's own print takes its place.
    """

    _inherit = "smart.document.owner"

    @api.model
    def _smart_is_paper(self, report):
        """Tell whether a report (``ir.actions.report``) prints the fiscal document itself."""
        return False

    def _smart_paper_file(self):
        """Return the attachment with SMART's print, empty where Odoo's own has to do.

        The one of an annulled document was made before that, and would not say it.
        """
        self.ensure_one()
        # sudo: whoever may see the owner (a customer in the portal) may have its document
        document = self.sudo().smart_document_id
        return document.filtered(lambda one: one.state == ISSUED)._file_attachment()

    def _smart_file_stem(self):
        """Return the name of its print without extension, ``""`` before it has its number."""
        self.ensure_one()
        if not self._smart_is_numbered():
            return ""
        # sudo: for the name only
        return self.sudo().smart_document_id.document_filename.removesuffix(".pdf")

    def _smart_paper(self):
        """Return what Odoo's own print says of its document, ``None`` where it shows none.

        :rtype: words.Paper | None
        """
        self.ensure_one()
        # sudo: whoever may print the owner may see what was sent of it
        document = self.sudo().smart_document_id
        return document._paper() if document._is_on_paper() else None

    def _smart_paper_numbers(self):
        """Return what it is numbered by besides: pairs of label and value, in Spanish."""
        return []

    def _smart_paper_marks(self):
        """Return in words what nobody may overlook on its print, the gravest first."""
        self.ensure_one()
        # sudo: whoever may print the owner may see how its document stands
        document = self.sudo().smart_document_id
        if not document and self._smart_lacks_document():
            return ["Sin número de control: este no es un documento fiscal."]
        return document._paper_marks()

    def _smart_lacks_document(self):
        """Tell whether it ought to get a document, or nobody may take it for one.

        What was done before the company joined SMART is not meant.
        """
        return self._smart_is_draft() and self._smart_is_fiscal()

    def _smart_paper_lang(self):
        """Return the language of its print: the law wants Spanish, whatever the customer speaks."""
        codes = [code for code, _name in self.env["res.lang"].get_installed()]
        spanish = [code for code in codes if code.startswith("es")]
        return "es_VE" if "es_VE" in spanish else next(iter(spanish), self.env.lang)

from odoo import models

from odoo.addons.l10n_ve_edi_smart.models.terms import ISSUED

#: Odoo's delivery slip: what *Print* gives, what mails carry, what the portal offers.
SLIP = "stock.report_deliveryslip"


class StockPicking(models.Model):
    """The file that goes with the goods: SMART's, Odoo's delivery slip until it is here."""

    _name = "stock.picking"
    _inherit = "stock.picking"

    def _smart_file(self):
        """Return the attachment with SMART's print, empty where the slip has to do.

        The one of an annulled document was made before that, and would not say it.
        """
        self.ensure_one()
        # sudo: whoever may see the transfer (a customer in the portal) may have its document
        document = self.sudo().smart_document_id
        return document.filtered(lambda one: one.state == ISSUED)._file_attachment()

    def _smart_file_stem(self):
        """Return the name of its print without extension, ``""`` before it has its number."""
        self.ensure_one()
        # sudo: for the name only
        document = self.sudo().smart_document_id
        if not self._smart_is_numbered():
            return ""
        return document.document_filename.removesuffix(".pdf")

    def _attach_sign(self):
        # EXTENDS 'stock', which keeps the slip with the signature of who received the goods
        return super(StockPicking, self.with_context(smart_own_slip=True))._attach_sign()

    def _get_mail_thread_data_attachments(self):
        # EXTENDS 'mail'
        res = super()._get_mail_thread_data_attachments()
        return res | self._smart_file()

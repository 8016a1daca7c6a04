from odoo import api, models

#: Odoo's delivery slip: what *Print* gives, what mails carry, what the portal offers.
SLIP = "stock.report_deliveryslip"


class StockPicking(models.Model):
    """The file that goes with the goods: SMART's, Odoo's delivery slip until it is here."""

    _name = "stock.picking"
    _inherit = "stock.picking"

    @api.model
    def _smart_is_paper(self, report):
        # EXTENDS 'smart.document.owner'
        return report.report_name == SLIP

    def _attach_sign(self):
        # EXTENDS 'stock', which keeps the slip with the signature of who received the goods
        return super(StockPicking, self.with_context(smart_own_print=True))._attach_sign()

    def _get_mail_thread_data_attachments(self):
        # EXTENDS 'mail'
        res = super()._get_mail_thread_data_attachments()
        return res | self._smart_paper_file()

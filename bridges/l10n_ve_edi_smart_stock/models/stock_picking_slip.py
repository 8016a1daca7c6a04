from odoo import models

from odoo.addons.l10n_ve_edi_smart.smart_api.schemas import stated


class StockPicking(models.Model):
    """What Odoo's delivery slip says: all that the law wants, in Spanish, whatever prints it."""

    _name = "stock.picking"
    _inherit = "stock.picking"

    def _smart_lacks_document(self):
        # EXTENDS 'smart.document.owner': transfers from before SMART, that are done, print as ever
        return self.state != "done" and self._smart_is_fiscal()

    def _smart_paper_numbers(self):
        # EXTENDS 'smart.document.owner'
        return [("Traslado", self.name)]

    def _smart_paper_road(self):
        """Return why and how the goods are moved: pairs of label and value.

        As it is, where SMART's remark had to cut it short.
        """
        self.ensure_one()
        # sudo: whoever may print the transfer may see what was sent of it
        picking = self.sudo()
        said, route = picking._smart_road()
        pairs = dict([*said, *route])
        # What goes to a customer goes to the address that the document is made out to.
        sent = stated(picking.smart_document_id.request_body)
        pairs["Hasta"] = pairs["Hasta"] or sent["customer_address"]
        return [(label, value) for label, value in pairs.items() if value]

    def _get_report_lang(self):
        # EXTENDS 'stock'
        # sudo: for the state only
        if not self.sudo().smart_document_id._is_on_paper():
            return super()._get_report_lang()
        return self._smart_paper_lang()

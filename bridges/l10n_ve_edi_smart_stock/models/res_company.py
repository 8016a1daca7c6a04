from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.l10n_ve_edi_smart.smart_api.schemas import DocumentType

from .terms import DELIVERY_TYPES

#: How SMART's numbers 4 and 5 are meant: by the manual, or by what the service prints.
WIRE_TYPES = {
    "manual": {
        "dispatch_guide": DocumentType.DISPATCH_GUIDE,
        "delivery_note": DocumentType.DELIVERY_NOTE,
    },
    "printed": {
        "dispatch_guide": DocumentType.DELIVERY_NOTE,
        "delivery_note": DocumentType.DISPATCH_GUIDE,
    },
}


class ResCompany(models.Model):
    """What a company decides about the documents of its transfers."""

    _inherit = "res.company"

    smart_delivery_numbering = fields.Selection(
        selection=[
            ("manual", "By SMART's manual: 4 dispatch guide, 5 delivery note"),
            ("printed", "By what SMART prints: 4 delivery note, 5 dispatch guide"),
        ],
        string="SMART's Delivery Types",
        default="manual",
        required=True,
        help="SMART's manual and the documents that it prints disagree. Issue one document in the "
        "test environment, look at its PDF, and choose what gives the right title.",
        groups="base.group_user",
    )
    smart_delivery_prices = fields.Selection(
        selection=[
            ("order", "Of the sales order; else of the price list; else the cost"),
            ("list", "Of the price list; else the cost"),
            ("cost", "The cost; else of the price list"),
        ],
        string="Prices on Delivery Documents",
        default="order",
        required=True,
        help="SMART issues no document without an amount, so goods on the road have a price, too.",
        groups="base.group_user",
    )
    smart_delivery_vat = fields.Boolean(
        string="VAT on Delivery Documents",
        help="Delivery documents state the VAT of the goods. Without it their amounts stand as "
        "exempt. They give no right to a tax credit either way.",
        groups="base.group_user",
    )

    def _smart_wire_type(self, document_type):
        # EXTENDS 'l10n_ve_edi_smart'
        types = WIRE_TYPES[self.smart_delivery_numbering or "manual"]
        return types.get(document_type) or super()._smart_wire_type(document_type)

    def write(self, vals):
        # EXTENDS 'base'
        if "smart_delivery_numbering" in vals:
            changed = self.filtered(
                lambda one: one.smart_delivery_numbering != vals["smart_delivery_numbering"]
            )
            changed._smart_check_delivery_numbering()
        closed = self._smart_moved_locks(vals)
        res = super().write(vals)
        self._smart_tell_guides_in(closed)
        return res

    @api.model
    def _smart_delivery_types(self):
        return [key for key, _label in DELIVERY_TYPES]

    def _smart_check_delivery_numbering(self):
        """Refuse to swap the types once documents are numbered under them.

        :raises UserError: for in production the number of the type is decided once; elsewhere,
            because of what waits
        """
        for company in self:
            # sudo: whoever may change the settings need not read all branches' documents
            document = (
                company.env["smart.document"]
                .sudo()
                .search(
                    [
                        ("issuer_id", "=", company.id),
                        ("document_type", "in", self._smart_delivery_types()),
                        "|",
                        ("state", "in", ("queued", "sending", "unknown")),
                        "&",
                        ("environment", "=", "production"),
                        ("internal_number", "!=", False),
                    ],
                    limit=1,
                )
            )
            if document:
                raise UserError(
                    self.env._(
                        "%(document)s was already sent to SMART under the types of now: they "
                        "cannot be exchanged any more, for each type has numbers of its own.",
                        document=document.display_name,
                    )
                )

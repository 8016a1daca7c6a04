from odoo import fields, models

from .terms import AT_VALIDATION, DELIVERY_TYPES, ISSUED_WHEN, REASONS


class StockPickingType(models.Model):
    """Which transfers carry a fiscal document, and when it is issued."""

    _inherit = "stock.picking.type"

    smart_document_type = fields.Selection(
        selection=DELIVERY_TYPES,
        string="Fiscal Document",
        help="What goods carry that leave their place in such a transfer, issued through SMART. "
        "Transfers within one place carry none; of receipts, only goods that were delivered and "
        "come back do.",
    )
    smart_issued_when = fields.Selection(
        selection=ISSUED_WHEN,
        string="Issued",
        default=AT_VALIDATION,
        required=True,
        help="Before the goods leave: a button on the transfer that is ready. What was issued "
        "cannot change any more. What is validated without, is issued then.",
    )
    smart_transfer_reason = fields.Selection(
        selection=REASONS,
        string="Usual Reason",
        help="Why goods are moved, where it cannot be told from the transfer.",
    )
    smart_transfer_reason_other = fields.Char(string="Usual Other Reason")

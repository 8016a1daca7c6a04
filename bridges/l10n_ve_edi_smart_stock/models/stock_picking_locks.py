from contextlib import ExitStack, contextmanager

from odoo import api, models

from odoo.addons.l10n_ve_edi_smart.models.base.lock import opened

from .stock_picking_content import MOVE_FIELDS, MOVE_LINE_FIELDS, PICKING_FIELDS

#: Stands for rows that are made or deleted, beside the names of fields; see ``opened``.
ROWS = "id"


class StockPicking(models.Model):
    """What a fiscal document rests on is locked with it; everything else on a transfer is free.

    Here the list is of what is locked, the reverse of invoices: shipping, batches, quality, and
    what else follows the goods write on transfers that are done, and say nothing on the document.
    """

    _inherit = "stock.picking"

    @api.model
    def _smart_free_fields(self):
        # EXTENDS 'smart.lock'
        return super()._smart_free_fields() | (self._fields.keys() - PICKING_FIELDS)

    @contextmanager
    def _smart_opened(self):
        """Let Odoo's code inside the ``with`` block do what validating does."""
        with ExitStack() as stack:
            for model, names in (
                ("stock.picking", PICKING_FIELDS),
                ("stock.move", MOVE_FIELDS),
                ("stock.move.line", MOVE_LINE_FIELDS),
            ):
                stack.enter_context(opened(model, ROWS, *names))
            yield

    def action_cancel(self):
        # EXTENDS 'stock'
        for picking in self._smart_settled():
            picking._smart_refuse()
        return super().action_cancel()

    def action_toggle_is_locked(self):
        # EXTENDS 'stock', which would let quantities be changed that are on the document
        for picking in self._smart_settled():
            picking._smart_refuse()
        return super().action_toggle_is_locked()

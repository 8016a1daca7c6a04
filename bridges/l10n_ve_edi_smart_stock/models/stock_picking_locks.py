from contextlib import contextmanager
from contextvars import ContextVar

from odoo import api, models

from .stock_picking_content import PICKING_FIELDS

#: Ids of the transfers that the running code validates.
_validating = ContextVar("l10n_ve_edi_smart_stock.validating", default=frozenset())


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
    def _smart_validating(self):
        """Let Odoo's code inside the ``with`` block do with these what validating does.

        With these alone: it may take goods that are on the document of another transfer.
        """
        token = _validating.set(_validating.get() | set(self.ids))
        try:
            yield
        finally:
            _validating.reset(token)

    def _smart_is_being_validated(self):
        self.ensure_one()
        return self.id in _validating.get()

    def _smart_closed(self):
        """Return those whose goods nobody may change now."""
        return self._smart_settled().filtered(
            lambda picking: not picking._smart_is_being_validated()
        )

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

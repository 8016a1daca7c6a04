from odoo import api, models
from odoo.fields import Domain

from odoo.addons.l10n_ve_edi_smart.models.terms import DONE, WITHDRAWN

from .stock_picking_content import MOVE_FIELDS


class StockMove(models.Model):
    """The goods of a transfer, locked with its document."""

    _name = "stock.move"
    _inherit = ["smart.lock", "stock.move"]

    @api.model
    def _smart_free_fields(self):
        # EXTENDS 'smart.lock'
        return super()._smart_free_fields() | (self._fields.keys() - MOVE_FIELDS)

    def _smart_settled(self):
        # IMPLEMENTS 'smart.lock'
        settled = self.picking_id._smart_closed()
        if not settled:
            return self.browse()
        # What is scrapped after it has left is not on the document.
        return self.filtered(
            lambda move: move.picking_id in settled and move.location_dest_usage != "inventory"
        )

    def _smart_why_locked(self):
        # IMPLEMENTS 'smart.lock'
        return self.picking_id._smart_why_locked()

    def _smart_confirmed_here(self):
        # IMPLEMENTS 'smart.lock'
        return self.picking_id._smart_confirmed_here()

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'stock'
        moves = super().create(vals_list)
        moves._smart_refuse_all()
        return moves

    def write(self, vals):
        # EXTENDS 'stock'
        if vals.get("picking_id"):
            others = self.filtered(
                lambda move: (
                    move.picking_id.id != vals["picking_id"]
                    and move.location_dest_usage != "inventory"
                )
            )
            target = self.env["stock.picking"].browse(vals["picking_id"])
            for picking in others and target._smart_closed():
                picking._smart_refuse()
        return super().write(vals)

    def _smart_refuse_all(self):
        """Refuse, if one of them is on a document.

        :raises UserError: then
        """
        for move in self._smart_settled():
            move._smart_refuse()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_smart(self):
        self._smart_refuse_all()

    def _search_picking_for_assignation_domain(self):
        # EXTENDS 'stock': what an order adds goes into a transfer of its own, once the document of
        # the first one is made
        domain = Domain(super()._search_picking_for_assignation_domain())
        over = Domain("state", "=", WITHDRAWN) | Domain("annulment_state", "=", DONE)
        # Whoever sells need not read fiscal documents.
        return domain & (
            Domain("smart_document_id", "=", False) | Domain("smart_document_id", "any!", over)
        )

    def _action_cancel(self):
        # EXTENDS 'stock', which orders and other transfers also call
        self._smart_refuse_all()
        return super()._action_cancel()

    def _do_unreserve(self):
        # EXTENDS 'stock': what is on a document stays reserved for it
        self._smart_refuse_all()
        return super()._do_unreserve()

    def _action_done(self, cancel_backorder=False):
        # EXTENDS 'stock': other addons validate moves without their transfer's own method
        moves = super()._action_done(cancel_backorder=cancel_backorder)
        self.picking_id.filtered(
            lambda picking: not picking._smart_is_being_validated()
        )._smart_enqueue_done()
        return moves

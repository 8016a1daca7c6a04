from odoo import api, models

from .stock_picking_content import MOVE_LINE_FIELDS


class StockMoveLine(models.Model):
    """Quantities, lots and packages of a transfer, locked with its document."""

    _name = "stock.move.line"
    _inherit = ["smart.lock", "stock.move.line"]

    @api.model
    def _smart_free_fields(self):
        # EXTENDS 'smart.lock'
        return super()._smart_free_fields() | (self._fields.keys() - MOVE_LINE_FIELDS)

    def _smart_settled(self):
        # IMPLEMENTS 'smart.lock'
        moves = self.move_id._smart_settled()
        pickings = self.picking_id._smart_closed()
        return self.filtered(
            lambda line: line.move_id in moves if line.move_id else line.picking_id in pickings
        )

    def _smart_why_locked(self):
        # IMPLEMENTS 'smart.lock'
        return (self.move_id.picking_id or self.picking_id)._smart_why_locked()

    def _smart_confirmed_here(self):
        # IMPLEMENTS 'smart.lock'
        return (self.move_id.picking_id or self.picking_id)._smart_confirmed_here()

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'stock', which makes a move of its own for a row without one
        lines = super().create(vals_list)
        lines._smart_refuse_settled()
        return lines

    def write(self, vals):
        # EXTENDS 'stock'
        res = super().write(vals)
        if vals.get("move_id") or vals.get("picking_id"):
            self._smart_refuse_settled()
        return res

    def _smart_refuse_settled(self):
        """Refuse, if one of them is on a document.

        :raises UserError: then
        """
        for line in self._smart_settled():
            line._smart_refuse()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_smart(self):
        self._smart_refuse_settled()

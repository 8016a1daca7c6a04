from odoo import api, models

from odoo.addons.l10n_ve_edi_smart.models.base.lock import is_open

from .stock_picking_content import MOVE_LINE_FIELDS
from .stock_picking_locks import ROWS


class StockMoveLine(models.Model):
    """Quantities, lots and packages of a transfer, locked with its document."""

    _name = "stock.move.line"
    _inherit = ["smart.lock", "stock.move.line"]

    @api.model
    def _smart_free_fields(self):
        # EXTENDS 'smart.lock'
        return super()._smart_free_fields() | (self._fields.keys() - MOVE_LINE_FIELDS)

    def _smart_picking(self):
        return self.move_id.picking_id | self.picking_id

    def _smart_settled(self):
        # IMPLEMENTS 'smart.lock'
        settled = self._smart_picking()._smart_settled()
        return (
            self.filtered(lambda line: line._smart_picking() & settled)
            if settled
            else self.browse()
        )

    def _smart_why_locked(self):
        # IMPLEMENTS 'smart.lock'
        return self._smart_picking()[:1]._smart_why_locked()

    def _smart_confirmed_here(self):
        # IMPLEMENTS 'smart.lock'
        return self._smart_picking()[:1]._smart_confirmed_here()

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'stock'
        self._smart_check_target(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        # EXTENDS 'stock'
        self._smart_check_target([vals])
        return super().write(vals)

    @api.model
    def _smart_check_target(self, vals_list):
        """Refuse to add rows to a transfer whose document is made."""
        if is_open(self._name, ROWS):
            return
        moves = self.env["stock.move"].browse(
            {vals.get("move_id") for vals in vals_list} - {None, False}
        )
        ids = {vals.get("picking_id") for vals in vals_list} - {None, False}
        pickings = (
            moves.picking_id | self.env["stock.picking"].browse(ids)
        ) - self._smart_picking()
        for picking in pickings._smart_settled():
            picking._smart_refuse()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_smart(self):
        if not is_open(self._name, ROWS):
            for line in self._smart_settled():
                line._smart_refuse()

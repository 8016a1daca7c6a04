"""What a transfer says, for the integrity chain, and what is locked: both are the same."""

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.l10n_ve_edi_smart.models.chain.owner import OwnerContent

CONTENT = """
    SELECT picking.id,
           picking.state <> 'cancel',
           json_build_object(
               'company', picking.company_id,
               'name', picking.name,
               'partner', picking.partner_id,
               'picking_type', picking.picking_type_id,
               'location', picking.location_id,
               'destination', picking.location_dest_id,
               'origin', picking.origin,
               'return_of', picking.return_id,
               'reason', picking.smart_transfer_reason,
               'reason_other', picking.smart_transfer_reason_other,
               'carrier', picking.smart_carrier_name,
               'plate', picking.smart_vehicle_plate,
               'driver', picking.smart_driver_name,
               'driver_vat', picking.smart_driver_vat,
               'lines', (
                   SELECT json_agg(json_build_object(
                              'id', move.id,
                              'product', move.product_id,
                              'uom', move.product_uom,
                              'quantity', trim_scale(move.quantity::numeric),
                              'details', (
                                  SELECT json_agg(json_build_array(
                                             COALESCE(lot.name, line.lot_name),
                                             line.result_package_id,
                                             line.product_uom_id,
                                             trim_scale(line.quantity::numeric)
                                         ) ORDER BY COALESCE(lot.name, line.lot_name),
                                             line.result_package_id, line.quantity, line.id)
                                    FROM stock_move_line AS line
                               LEFT JOIN stock_lot AS lot ON lot.id = line.lot_id
                                   WHERE line.move_id = move.id AND line.quantity <> 0)
                          ) ORDER BY move.id)
                     FROM stock_move AS move
                     JOIN stock_location AS target ON target.id = move.location_dest_id
                    WHERE move.picking_id = picking.id
                      AND move.state <> 'cancel'
                      AND move.quantity > 0
                      AND target.usage <> 'inventory')
           )::text
      FROM stock_picking AS picking
     WHERE picking.id = ANY(%s)
"""

#: Fields of transfers, of their moves, and of the rows of these, that the document rests on.
PICKING_FIELDS = frozenset(
    {
        "company_id",
        "is_locked",
        "location_dest_id",
        "location_id",
        "name",
        "origin",
        "partner_id",
        "picking_type_id",
        "return_id",
        "smart_carrier_name",
        "smart_document_ids",
        "smart_document_id",
        "smart_driver_name",
        "smart_driver_vat",
        "smart_transfer_reason",
        "smart_transfer_reason_other",
        "smart_vehicle_plate",
        "state",
    }
)
MOVE_FIELDS = frozenset(
    {
        "company_id",
        "lot_ids",
        "picked",
        "picking_id",
        "product_id",
        "product_uom",
        "product_uom_qty",
        "quantity",
        "state",
    }
)
MOVE_LINE_FIELDS = frozenset(
    {
        "lot_id",
        "lot_name",
        "move_id",
        "picked",
        "picking_id",
        "product_id",
        "product_uom_id",
        "quantity",
        "quantity_product_uom",
        "result_package_id",
        "state",
    }
)


class StockPicking(models.Model):
    _inherit = "stock.picking"

    @api.model
    def _smart_contents(self, ids):
        # IMPLEMENTS 'smart.document.owner'
        self.env.flush_all()
        rows = self.env.execute_query(SQL(CONTENT, list(ids)))
        return {row[0]: OwnerContent(text=row[2], stands=row[1]) for row in rows}

"""How much of the goods of guides is invoiced: one query, for one guide or for all of them.

Orders say how much of a line is invoiced, not of which delivery: the first delivery is invoiced
first, unless an invoice names another guide (``smart.guide.goods``). Goods that came back are
taken off. Without an order only what an invoice names is invoiced.

All quantities are in the product's own unit. Of a kit its parts are moved, and the kit is invoiced:
there is so much of each part to a kit as was delivered.
"""

from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .terms import SOLD_REASONS

#: Less is a rounding of units, not goods.
LEAST = 0.0005

TO_INVOICE = "to_invoice"
PARTLY = "partly"
INVOICED = "invoiced"
RETURNED = "returned"
INVOICING = [
    (TO_INVOICE, "To invoice"),
    (PARTLY, "Partly invoiced"),
    (INVOICED, "Invoiced"),
    (RETURNED, "Goods came back"),
]
#: Something is still to be invoiced.
OPEN = (TO_INVOICE, PARTLY)

GOODS = """
    WITH scope AS (%(scope)s),
    %(wanted)s,
    moved AS (
        SELECT wanted.id, wanted.picking_id, wanted.product_id, wanted.company_id, wanted.date,
               wanted.state = 'done' AS has_left,
               document.id IS NOT NULL AS has_guide,
               wanted.line_id,
               base.factor,
               GREATEST(
                   wanted.quantity * unit.factor / base.factor
                   - COALESCE(back.quantity / base.factor, 0), 0
               )::float8 AS quantity,
               COALESCE(taken.quantity, 0)::float8 AS taken,
               COALESCE(taken.chosen, 0)::float8 AS chosen
          FROM wanted
          JOIN stock_location AS target ON target.id = wanted.location_dest_id
          JOIN uom_uom AS unit ON unit.id = wanted.product_uom
          JOIN product_product AS product ON product.id = wanted.product_id
          JOIN product_template AS template ON template.id = product.product_tmpl_id
          JOIN uom_uom AS base ON base.id = template.uom_id
     LEFT JOIN smart_document AS document
            ON document.picking_id = wanted.picking_id
           AND document.state NOT IN ('annulled', 'withdrawn')
     LEFT JOIN (
                   SELECT other.origin_returned_move_id AS id,
                          sum(other.quantity * its.factor) AS quantity
                     FROM stock_move AS other
                     JOIN uom_uom AS its ON its.id = other.product_uom
                    WHERE other.origin_returned_move_id IN (SELECT id FROM wanted)
                      AND other.state = 'done'
                 GROUP BY other.origin_returned_move_id
               ) AS back ON back.id = wanted.id
     LEFT JOIN (
                   SELECT goods.stock_move_id AS id,
                          sum(goods.quantity) AS quantity,
                          sum(goods.quantity) FILTER (WHERE goods.is_chosen) AS chosen
                     FROM smart_guide_goods AS goods
                     JOIN account_move AS invoice ON invoice.id = goods.move_id
                    WHERE goods.stock_move_id IN (SELECT id FROM wanted)
                      AND invoice.state = 'posted'
                      AND invoice.payment_state IS DISTINCT FROM 'reversed'
                      AND invoice.id <> ALL(%(without)s)
                 GROUP BY goods.stock_move_id
               ) AS taken ON taken.id = wanted.id
         WHERE wanted.quantity > 0
           AND (wanted.state = 'done' OR wanted.state <> 'cancel' AND document.id IS NOT NULL)
           AND (target.usage = 'customer'
                OR target.usage = 'transit' AND wanted.picking_id IN (SELECT id FROM scope))
    ),
    %(sold)s,
    ordered AS (
        SELECT moved.*,
               sold.ratio,
               LEAST(moved.quantity, moved.taken) AS named,
               moved.quantity - LEAST(moved.quantity, moved.taken) AS other,
               COALESCE(sold.quantity * sold.ratio, 0)
                   + sum(moved.chosen) OVER same AS charged
          FROM moved
     LEFT JOIN sold ON sold.line_id = moved.line_id AND sold.product_id = moved.product_id
        WINDOW same AS (PARTITION BY COALESCE(moved.line_id, -moved.id), moved.product_id)
    ),
    counted AS (
        SELECT ordered.*,
               sum(named) OVER same AS all_named,
               sum(named) OVER before - named AS named_before,
               sum(other) OVER before - other AS other_before
          FROM ordered
        WINDOW same AS (PARTITION BY COALESCE(line_id, -id), product_id),
               before AS (same ORDER BY has_left DESC, date, id)
    )
    SELECT id, picking_id, product_id, company_id, line_id, ratio, has_left, has_guide, date,
           quantity,
           LEAST(GREATEST(charged - named_before, 0), named)
           + LEAST(GREATEST(charged - all_named - other_before, 0), other) AS covered
      FROM counted
"""
COLUMNS = """
    move.id, move.picking_id, move.product_id, move.company_id, move.date, move.state,
    move.quantity, move.product_uom, move.location_dest_id
"""
#: The goods that matter, where transfers know orders: what else left for the same lines counts.
WANTED_OF_ORDERS = """
    lines AS (
        SELECT DISTINCT move.sale_line_id AS id
          FROM stock_move AS move
          JOIN scope ON scope.id = move.picking_id
         WHERE move.sale_line_id IS NOT NULL
    ),
    wanted AS (
        SELECT %(columns)s, move.sale_line_id AS line_id
          FROM stock_move AS move
          JOIN lines ON lines.id = move.sale_line_id
         WHERE move.state = 'done'
     UNION ALL
        SELECT %(columns)s, move.sale_line_id AS line_id
          FROM stock_move AS move
          JOIN scope ON scope.id = move.picking_id
         WHERE move.sale_line_id IS NULL OR move.state <> 'done'
    )
"""
WANTED = """
    wanted AS (
        SELECT %(columns)s, NULL::int4 AS line_id
          FROM stock_move AS move
          JOIN scope ON scope.id = move.picking_id
    )
"""
#: How much of the order lines is invoiced, in their unit, and what of the goods is in one unit.
SOLD_BY_ORDERS = """
    delivered AS (
        SELECT line_id, product_id, factor, sum(quantity) AS quantity
          FROM moved
         WHERE line_id IS NOT NULL
      GROUP BY line_id, product_id, factor
    ),
    invoiced AS (
        SELECT rel.order_line_id AS line_id,
               sum(item.quantity * COALESCE(its.factor, unit.factor) / unit.factor
                   * CASE invoice.move_type WHEN 'out_refund' THEN -1 ELSE 1 END) AS quantity
          FROM sale_order_line_invoice_rel AS rel
          JOIN sale_order_line AS line ON line.id = rel.order_line_id
          JOIN uom_uom AS unit ON unit.id = line.product_uom_id
          JOIN account_move_line AS item ON item.id = rel.invoice_line_id
          JOIN account_move AS invoice ON invoice.id = item.move_id
     LEFT JOIN uom_uom AS its ON its.id = item.product_uom_id
         WHERE rel.order_line_id IN (SELECT line_id FROM delivered)
           AND invoice.state = 'posted'
           AND invoice.move_type IN ('out_invoice', 'out_refund')
           AND item.display_type = 'product'
           AND invoice.id <> ALL(%(without)s)
      GROUP BY rel.order_line_id
    ),
    sold AS (
        SELECT delivered.line_id, delivered.product_id,
               CASE WHEN line.product_id = delivered.product_id
                    THEN unit.factor / delivered.factor
                    ELSE delivered.quantity
                         / NULLIF(COALESCE(NULLIF(line.qty_delivered, 0), line.product_uom_qty), 0)
                END::float8 AS ratio,
               COALESCE(invoiced.quantity, 0)::float8 AS quantity
          FROM delivered
          JOIN sale_order_line AS line ON line.id = delivered.line_id
          JOIN uom_uom AS unit ON unit.id = line.product_uom_id
     LEFT JOIN invoiced ON invoiced.line_id = delivered.line_id
    )
"""
NOTHING_SOLD = """
    sold AS (
        SELECT NULL::int4 AS line_id, NULL::int4 AS product_id, NULL::float8 AS ratio,
               NULL::float8 AS quantity
         WHERE FALSE
    )
"""
GUIDES = """
    SELECT document.picking_id AS id
      FROM smart_document AS document
      JOIN stock_picking AS picking ON picking.id = document.picking_id
     WHERE document.state = 'issued'
       AND picking.smart_transfer_reason = ANY(%(reasons)s)
"""
STATUS = """
    SELECT picking_id AS id,
           CASE WHEN sum(quantity) <= %(least)s THEN 'returned'
                WHEN sum(quantity - covered) <= %(least)s THEN 'invoiced'
                WHEN sum(covered) <= %(least)s THEN 'to_invoice'
                ELSE 'partly'
            END AS status
      FROM (%(goods)s) AS goods
     WHERE picking_id IN (%(guides)s)
  GROUP BY picking_id
"""


class GuidedGoods(NamedTuple):
    """What was moved, and how much of it is invoiced, in the product's own unit.

    :param line_id: of the order, ``None`` without one
    :param ratio: what of the goods is in one unit of the order line
    :param has_guide: the transfer has, or waits for, a fiscal document
    """

    id: int
    picking_id: int
    product_id: int
    company_id: int
    line_id: int | None
    ratio: float | None
    has_left: bool
    has_guide: bool
    date: object
    quantity: float
    covered: float


class StockPicking(models.Model):
    """Guides know their invoices, and what of them is still to be invoiced."""

    _inherit = "stock.picking"

    smart_invoicing = fields.Selection(
        selection=INVOICING,
        string="Invoicing of the Guide",
        compute="_compute_smart_invoicing",
        search="_search_smart_invoicing",
        compute_sudo=True,
        help="Of goods that were sold and left with an issued guide: whether an invoice has them.",
    )
    smart_invoice_count = fields.Integer(compute="_compute_smart_invoice_count")

    # -- how much is invoiced ---------------------------------------------------------------

    @api.model
    def _smart_knows_orders(self):
        """Tell whether transfers know their sales orders: then ``sale_stock`` is installed."""
        return "sale_line_id" in self.env["stock.move"]._fields

    @api.model
    def _smart_goods_query(self, scope, without=()):
        """Return the query that says how much of the goods is invoiced: :class:`GuidedGoods`.

        :param SQL scope: query of the ids of transfers; of the same order lines it counts all
        :param without: ids of invoices that do not count
        """
        self.env.flush_all()
        without = SQL("%s::int4[]", list(without))
        known = self._smart_knows_orders()
        return SQL(
            GOODS,
            scope=scope,
            without=without,
            wanted=SQL(WANTED_OF_ORDERS if known else WANTED, columns=SQL(COLUMNS)),
            sold=SQL(SOLD_BY_ORDERS, without=without) if known else SQL(NOTHING_SOLD),
        )

    @api.model
    def _smart_guided_goods(self, scope, without=()):
        """Return what the query says, in the order in which it is to be invoiced.

        :rtype: list[GuidedGoods]
        """
        rows = self.env.execute_query(self._smart_goods_query(scope, without))
        goods = [GuidedGoods(*row) for row in rows]
        return sorted(goods, key=lambda one: (not one.has_left, one.date, one.id))

    @api.model
    def _smart_status_query(self, ids=None):
        """Return the query of the ids of issued guides and their status.

        :param ids: of the transfers; ``None`` for all
        """
        guides = SQL(GUIDES, reasons=list(SOLD_REASONS))
        if ids is not None:
            guides = SQL("%s AND picking.id = ANY(%s)", guides, list(ids))
        return SQL(STATUS, goods=self._smart_goods_query(guides), guides=guides, least=LEAST)

    @api.depends("smart_state", "smart_transfer_reason", "move_ids.state", "move_ids.quantity")
    def _compute_smart_invoicing(self):
        status = dict(self.env.execute_query(self._smart_status_query(self._origin.ids)))
        for picking in self:
            picking.smart_invoicing = status.get(picking._origin.id)

    @api.model
    def _search_smart_invoicing(self, operator, value):
        if operator != "in":
            return NotImplemented
        status = self._smart_status_query()

        def among(condition):
            # Once for the search, not once for each transfer.
            return Domain.custom(
                to_sql=lambda model, alias, query: SQL(
                    "%s IN (SELECT id FROM (%s) AS status WHERE %s)",
                    SQL.identifier(alias, "id"),
                    status,
                    condition,
                )
            )

        found = among(SQL("status = ANY(%s)", [one for one in value if one]))
        return found | ~among(SQL("TRUE")) if False in value else found

    # -- its invoices -----------------------------------------------------------------------

    def _smart_invoices(self):
        """Return the confirmed invoices that name these guides, as far as the user sees them."""
        # sudo: to find them; what the user may not read is left out
        moves = self.env["account.move"].sudo()
        found = moves.search(
            Domain("state", "=", "posted")
            & Domain.OR(
                [
                    Domain("smart_guide_ids", "in", self.ids),
                    Domain("smart_guide_goods_ids.picking_id", "in", self.ids),
                ]
            )
        )
        return found.with_env(self.env)._filtered_access("read")

    @api.depends("smart_state")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_smart_invoice_count(self):
        for picking in self:
            guide = picking._origin
            picking.smart_invoice_count = len(guide._smart_invoices()) if guide.smart_state else 0

    def action_smart_open_invoices(self):
        """Button “Invoices”."""
        invoices = self._smart_invoices()
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Invoices"),
            "res_model": "account.move",
            "view_mode": "list,form",
            "domain": [("id", "in", invoices.ids)],
            "context": {"create": False},
        }
        if len(invoices) == 1:
            action.update(view_mode="form", res_id=invoices.id)
        return action

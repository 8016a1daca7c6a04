from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.l10n_ve_edi_smart.models.terms import WITHDRAWN

from .stock_picking_invoicing import LEAST


class AccountMove(models.Model):
    """An invoice and the guides whose goods it charges: told by its orders, or chosen.

    What a draft would name is found anew each time; confirming settles it, for it stands on the
    document.
    """

    _inherit = "account.move"

    smart_guide_ids = fields.Many2many(
        comodel_name="stock.picking",
        relation="smart_invoice_guide_rel",
        column1="move_id",
        column2="picking_id",
        string="Guides",
        copy=False,
        check_company=True,
        domain="[('company_id', '=', company_id), ('smart_state', '=', 'issued'), "
        "('partner_id.commercial_partner_id', '=', commercial_partner_id)]",
        help="Guías de despacho and notas de entrega that the invoice names. Those of the "
        "deliveries of its sales order are found without being chosen here.",
        groups="account.group_account_readonly,account.group_account_invoice",
    )
    smart_guide_goods_ids = fields.One2many(
        comodel_name="smart.guide.goods",
        inverse_name="move_id",
        string="Goods of Guides",
        readonly=True,
        copy=False,
        groups="account.group_account_readonly,account.group_account_invoice",
    )
    smart_guide_count = fields.Integer(
        compute="_compute_smart_guide_count", groups="base.group_user"
    )

    # -- which guides -----------------------------------------------------------------------

    def _smart_guides(self):
        """Return the guides of the goods that this invoice charges, none of a note.

        :rtype: stock.picking in superuser mode, in the order of their numbers
        """
        self.ensure_one()
        move = self.sudo()  # sudo: whoever confirms invoices need not read transfers
        guides = move.env["stock.picking"]
        if move.move_type != "out_invoice" or move._smart_document_type() != "invoice":
            return guides
        if move.state == "draft":
            moves = move.env["stock.move"].browse(
                goods["stock_move_id"] for goods in move._smart_goods_charged(move)
            )
            guides = moves.picking_id
        else:
            guides = move.smart_guide_goods_ids.picking_id
        guides |= move.smart_guide_ids._origin
        return guides.sorted(lambda guide: (guide.smart_internal_number or "~", guide.id))

    def _smart_goods_charged(self, uncounted):
        """Return which goods of which guides this invoice charges, the oldest first.

        :param uncounted: invoices that do not count: this one, and those settled after it
        :rtype: list[dict] values of ``smart.guide.goods``
        """
        ordered, by_hand = self._smart_quantities()
        chosen = self.smart_guide_ids._origin.ids
        goods = self._smart_goods_around(list(ordered), chosen, uncounted._origin.ids)
        # What a person chose goes before what is older.
        goods.sort(key=lambda one: one.picking_id not in chosen)
        left, charged = {}, []
        for one in goods:
            if one.line_id in ordered:
                pool = one.line_id, one.product_id
                left.setdefault(pool, ordered[one.line_id] * (one.ratio or 0))
            elif one.picking_id not in chosen:
                continue
            else:
                pool = one.product_id
                # An invoice of services that names a guide is of all its goods.
                whole = not ordered and not by_hand
                left.setdefault(pool, float("inf") if whole else by_hand.get(pool, 0))
            quantity = min(one.quantity - one.covered, left[pool])
            if quantity <= LEAST:
                continue
            left[pool] -= quantity
            if one.has_guide and one.company_id == self.company_id.id:
                charged.append(
                    {
                        "move_id": self.id,
                        "stock_move_id": one.id,
                        "quantity": quantity,
                        "is_chosen": one.line_id not in ordered,
                    }
                )
        return charged

    def _smart_quantities(self):
        """Return what the invoice charges: of order lines, and of other goods.

        :returns: id of an order line -> quantity in its unit; id of a product -> quantity in its
        """
        ordered, by_hand = defaultdict(float), defaultdict(float)
        known = self.env["stock.picking"]._smart_knows_orders()
        for line in self.invoice_line_ids:
            if line.display_type != "product":
                continue
            order_lines = line.sale_line_ids._origin if known else []
            for order_line in order_lines:
                ordered[order_line.id] += line._smart_quantity_in(order_line.product_uom_id)
            if not order_lines and line.product_id.type == "consu":
                by_hand[line.product_id.id] += line._smart_quantity_in(line.product_id.uom_id)
        return ordered, by_hand

    @api.model
    def _smart_goods_around(self, order_line_ids, guide_ids, uncounted):
        """Return the goods of these order lines and guides; see ``_smart_guided_goods``."""
        if not order_line_ids and not guide_ids:
            return []
        scope = SQL("SELECT unnest(%s::int4[]) AS id", guide_ids)
        if order_line_ids:
            scope = SQL(
                "%s UNION SELECT picking_id FROM stock_move WHERE sale_line_id = ANY(%s)",
                scope,
                order_line_ids,
            )
        return self.env["stock.picking"]._smart_guided_goods(scope, uncounted)

    # -- settling ---------------------------------------------------------------------------

    def _smart_enqueue(self):
        # EXTENDS 'l10n_ve_edi_smart': what waits or was refused is settled, and converted anew
        # sudo: for the state only; whoever confirms need not read fiscal documents
        self.filtered(
            lambda move: move.sudo().smart_document_id.state in (False, WITHDRAWN)
        )._smart_settle_guides()
        res = super()._smart_enqueue()
        guides = self.env["stock.picking"].sudo().union(*(move._smart_guides() for move in self))
        guides._smart_close_to_invoice()
        return res

    def _smart_settle_guides(self):
        """Note which goods of which guides these invoices charge, one after another."""
        uncounted = self
        for move in self._smart_in_order():
            # sudo: the engine writes them; whoever confirms invoices need not read transfers
            move = move.sudo()
            move.smart_guide_goods_ids._engine_unlink()
            if move.move_type == "out_invoice" and move._smart_document_type() == "invoice":
                charged = move._smart_goods_charged(uncounted)
                move.env["smart.guide.goods"]._engine_create(charged)
            uncounted -= move

    def write(self, vals):
        # EXTENDS 'l10n_ve_edi_smart': a draft names what it would name
        res = super().write(vals)
        if vals.get("state") == "draft":
            # sudo: the engine writes them
            self.sudo().smart_guide_goods_ids._engine_unlink()
        return res

    # -- buttons ----------------------------------------------------------------------------

    def _smart_readable_guides(self):
        return self._smart_guides().with_env(self.env)._filtered_access("read")

    @api.depends("state", "smart_guide_ids", "smart_guide_goods_ids")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_smart_guide_count(self):
        for move in self:
            move.smart_guide_count = len(move._smart_readable_guides())

    def action_smart_open_guides(self):
        """Button “Guides”."""
        self.ensure_one()
        guides = self._smart_readable_guides()
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Guides"),
            "res_model": "stock.picking",
            "view_mode": "list,form",
            "domain": [("id", "in", guides.ids)],
            "context": {"create": False},
        }
        if len(guides) == 1:
            action.update(view_mode="form", res_id=guides.id)
        return action


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _smart_quantity_in(self, unit):
        """Return its quantity in another unit."""
        own = self.product_uom_id
        if not own or not unit:
            return self.quantity
        return own._compute_quantity(self.quantity, unit, round=False)

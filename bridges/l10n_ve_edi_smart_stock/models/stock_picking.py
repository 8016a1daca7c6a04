from dataclasses import dataclass

from odoo import fields, models
from odoo.tools.sql import column_exists, create_column

from odoo.addons.l10n_ve_edi_smart.models.base.said import telling
from odoo.addons.l10n_ve_edi_smart.models.conversion.problem import Stated

from ..goods import Goods


@dataclass(frozen=True)
class StatedGoods(Stated):
    """The head of a transfer's document.

    :param goods: with their prices, which are looked up once for head and lines
    """

    goods: Goods | None = None


class StockPicking(models.Model):
    """A transfer, owner of the fiscal document that its goods carry."""

    _name = "stock.picking"
    _inherit = ["smart.document.owner", "stock.picking"]

    smart_document_ids = fields.One2many(
        comodel_name="smart.document",
        inverse_name="picking_id",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )

    _smart_group_to_send = "stock.group_stock_user"
    _smart_group_to_annul = "stock.group_stock_manager"
    _smart_fields = {
        "branch": "picking_type_id",
        "company": "company_id",
        "customer": "partner_id",
        "lines": "move_ids",
        "name": "name",
        "remark": "smart_transfer_reason",
        "taxes": "move_ids",
        "total": "move_ids",
    }
    _smart_references = {
        "res.partner": ("partner_id",),
        "product.product": ("move_ids.product_id",),
    }
    _smart_cancelled_by_annulling = False
    _smart_list_action = "l10n_ve_edi_smart_stock.action_smart_check"

    def _auto_init(self):
        # EXTENDS 'base': nothing is computed for transfers from before the addon was there
        columns = {
            "smart_document_id": "int4",
            "smart_transfer_reason": "varchar",
            "smart_carrier_name": "varchar",
            "smart_vehicle_plate": "varchar",
            "smart_driver_name": "varchar",
            "smart_driver_vat": "varchar",
        }
        for name, kind in columns.items():
            if not column_exists(self.env.cr, self._table, name):
                create_column(self.env.cr, self._table, name, kind)
        return super()._auto_init()

    def _smart_document_type(self):
        # IMPLEMENTS 'smart.document.owner'
        self.ensure_one()
        # Once it is issued, the setting of the operation type may change.
        document = self.sudo().smart_document_id  # sudo: for its type only
        kept = document.document_type if document and not self._smart_stands_annulled() else ""
        return kept or self.picking_type_id.smart_document_type

    def _smart_stated(self):
        # IMPLEMENTS 'smart.document.owner'
        self.ensure_one()
        contact = self._smart_receiver()
        goods = self._smart_goods()
        return StatedGoods(
            name=self.name,
            company=self.company_id,
            contact=contact,
            customer=contact.commercial_partner_id,
            day=None,
            currency=goods.currency,
            total=float(goods.total),
            remark=self._smart_transport().remark,
            branch=self.picking_type_id.warehouse_id or None,
            goods=goods,
        )

    def _smart_in_order(self):
        # EXTENDS 'smart.document.owner'
        return self.sorted(lambda picking: (picking.name or "", picking.id))

    def _smart_part_name(self, record):
        # EXTENDS 'smart.document.owner'
        if record._name in ("stock.move", "stock.move.line"):
            return record.product_id.display_name or ""
        return None

    def _smart_cure_of_zero(self):
        # EXTENDS 'smart.document.owner'
        return self.env._(
            "Give the goods a price, or a cost: SMART wants an amount for what is on the road, too."
        )

    def _smart_how_to_change(self):
        # EXTENDS 'smart.document.owner'
        return telling(self.env)._("Press “Take Back” to change it.")

    def _smart_undo(self):
        # IMPLEMENTS 'smart.document.owner': goods that have left cannot be cancelled, and those
        # that have not may leave with another document
        return

    def _smart_undone_words(self):
        # EXTENDS 'smart.document.owner'
        self.ensure_one()
        if self.state == "done":
            return self.env._(
                "The goods stay where they are in Odoo. If they are on the road, issue another "
                "document; if they came back, make a return."
            )
        return self.env._("The transfer can be changed, and issued again, before the goods leave.")

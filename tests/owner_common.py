"""A second owner of fiscal documents, which only the tests have: goods on the road.

As small as the contract allows (``models/document/document_owner.py``), with nothing of an invoice.
Its models are made in the registry of the class, and its tables in the class's transaction.
"""

import json

from odoo import Command, fields, models
from odoo.orm.model_classes import add_to_registry

from ..models.chain.owner import OwnerContent
from ..models.conversion.payload_lines import WireLine
from ..models.conversion.problem import Problem, Stated
from ..smart_api import amounts
from ..smart_api.line_amounts import decimal
from .chain_common import ChainCommon


class SmartDocument(models.Model):
    _module = None
    _name = "smart.document"
    _inherit = ["smart.document"]

    delivery_id = fields.Many2one(comodel_name="smart.test.delivery", ondelete="set null")
    #: Points to an owner, and is none: what this document corrects, say.
    other_delivery_id = fields.Many2one(comodel_name="smart.test.delivery")

    _delivery_unique = models.UniqueIndex("(delivery_id) WHERE delivery_id IS NOT NULL")


class DeliveryLine(models.Model):
    _module = None
    _name = "smart.test.delivery.line"
    _inherit = []
    _description = "Goods of a Delivery"

    delivery_id = fields.Many2one(comodel_name="smart.test.delivery", ondelete="cascade")
    product_id = fields.Many2one(comodel_name="product.product")
    quantity = fields.Float()
    price = fields.Float()


class Delivery(models.Model):
    _module = None
    _name = "smart.test.delivery"
    _inherit = ["smart.document.owner", "mail.thread", "mail.activity.mixin"]
    _description = "Delivery"

    name = fields.Char()
    state = fields.Selection([("draft", "Draft"), ("done", "Done"), ("cancel", "Cancelled")])
    company_id = fields.Many2one(comodel_name="res.company")
    partner_id = fields.Many2one(comodel_name="res.partner")
    reason = fields.Char()
    lorry_left = fields.Boolean()
    line_ids = fields.One2many(comodel_name="smart.test.delivery.line", inverse_name="delivery_id")
    smart_document_ids = fields.One2many(comodel_name="smart.document", inverse_name="delivery_id")

    _smart_fields = {"customer": "partner_id", "lines": "line_ids", "remark": "reason"}
    _smart_references = {
        "res.partner": ("partner_id",),
        "product.product": ("line_ids.product_id",),
    }

    def action_confirm(self):
        self.state = "done"
        self._smart_enqueue()

    def action_draft(self):
        self._smart_withdraw()
        self.state = "draft"

    # -- the contract ----------------------------------------------------------------------

    def _smart_is_fiscal(self):
        return True

    def _smart_document_type(self):
        return "delivery_note"

    def _smart_stated(self):
        return Stated(
            name=self.name,
            company=self.company_id,
            contact=self.partner_id,
            customer=self.partner_id.commercial_partner_id,
            day=None,
            currency=self.company_id.currency_id,
            total=sum(line.quantity * line.price for line in self.line_ids),
            remark=self.reason or "",
        )

    def _smart_items(self, conversion):
        return [
            WireLine(
                item=line,
                product=line.product_id,
                name=line.product_id.name,
                kind="exempt",
                unit=decimal(line.price),
                quantity=decimal(line.quantity),
                amount=amounts.money(line.quantity * line.price),
            )
            for line in self.line_ids
        ]

    def _smart_contents(self, ids):
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT delivery.id, state, json_build_object(
                       'name', name, 'partner', partner_id, 'reason', reason, 'lines',
                       json_agg(json_build_object(
                           'product', product_id, 'quantity', quantity, 'price', price
                       ) ORDER BY line.id))::text
              FROM smart_test_delivery AS delivery
              JOIN smart_test_delivery_line AS line ON line.delivery_id = delivery.id
             WHERE delivery.id = ANY(%s)
          GROUP BY delivery.id
            """,
            [list(ids)],
        )
        return {
            delivery_id: OwnerContent(text=text, stands=state == "done")
            for delivery_id, state, text in self.env.cr.fetchall()
        }

    def _smart_obstacles(self, unreconcile):
        if self.lorry_left:
            yield Problem(self, "", "The lorry has left.", "Call it back.")

    def _smart_undo(self):
        self.state = "cancel"

    def _smart_part_name(self, record):
        return record.product_id.name if record._name == "smart.test.delivery.line" else None


MODELS = (SmartDocument, DeliveryLine, Delivery)


class OwnerCommon(ChainCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_models()
        cls.product = cls.env["product.product"].create(
            {"name": "Cemento gris", "default_code": "CEM"}
        )
        cls.moves = cls.env["account.move"].sudo().search([])

    @classmethod
    def make_models(cls):
        """Give the registry the models for as long as the class runs, and their tables."""
        registry = cls.registry
        parents = ("smart.document.owner", "mail.thread", "mail.activity.mixin", "base")
        for name in ("smart.document", *parents):
            model = registry[name]
            cls.addClassCleanup(setattr, model, "_base_classes__", model._base_classes__)
            cls.addClassCleanup(setattr, model, "_inherit_children", model._inherit_children)
            model._inherit_children = type(model._inherit_children)(model._inherit_children)
        for definition in (DeliveryLine, Delivery, SmartDocument):
            if definition._name not in registry:
                cls.addClassCleanup(registry.models.pop, definition._name)
            add_to_registry(registry, definition)
        names = [definition._name for definition in MODELS]
        registry._setup_models__(cls.cr, names)
        registry.init_models(cls.cr, names, {})
        rights = dict.fromkeys(("perm_read", "perm_write", "perm_create", "perm_unlink"), True)
        group_id = cls.env.ref("base.group_user").id
        for name in names[1:]:
            model_id = cls.env["ir.model"]._get_id(name)
            cls.env["ir.model.access"].sudo().create(
                {"name": name, "model_id": model_id, "group_id": group_id, **rights}
            )

    def tearDown(self):
        moves = self.env["account.move"].sudo().search([])
        self.assertEqual(moves, self.moves, "all that without an invoice")
        super().tearDown()

    def make_delivery(self, *lines, **values):
        """Return a draft.

        :param lines: (quantity, price)
        """
        number = self.env["smart.test.delivery"].search_count([]) + 1
        return self.env["smart.test.delivery"].create(
            {
                "name": f"ENT/{number:05d}",
                "state": "draft",
                "company_id": self.company.id,
                "partner_id": self.customer.id,
                "reason": "Traslado entre depósitos",
                "line_ids": [
                    Command.create(
                        {"product_id": self.product.id, "quantity": quantity, "price": price}
                    )
                    for quantity, price in lines or [(2, 50.0)]
                ],
                **values,
            }
        )

    def deliver(self, *deliveries):
        """Confirm together, commit, and return all as one recordset."""
        deliveries = self.env["smart.test.delivery"].union(*deliveries) or self.make_delivery()
        deliveries.action_confirm()
        self.commit()
        return deliveries

    def said(self, delivery):
        """Return what its chatter says."""
        return " ".join(str(message.body) for message in delivery.message_ids)

    def sent(self, delivery):
        """Return the request that was made of it."""
        return json.loads(delivery.smart_document_id.request_body)

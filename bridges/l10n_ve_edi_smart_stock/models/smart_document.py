from odoo import fields, models


class SmartDocument(models.Model):
    _inherit = "smart.document"

    picking_id = fields.Many2one(
        comodel_name="stock.picking",
        string="Transfer",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )

    _picking_unique = models.UniqueIndex(
        "(picking_id) WHERE picking_id IS NOT NULL AND state <> 'annulled'",
        "A transfer has one fiscal document that is not annulled.",
    )

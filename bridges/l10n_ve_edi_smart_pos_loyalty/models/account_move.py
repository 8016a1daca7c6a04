from odoo import api, fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    smart_card_pos_line_id = fields.Many2one(
        comodel_name="pos.order.line",
        string="Order Line of the Till's Card",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )

    @api.model
    def _smart_card_fields(self):
        # EXTENDS 'l10n_ve_edi_smart_loyalty'
        return super()._smart_card_fields() | {"smart_card_pos_line_id"}

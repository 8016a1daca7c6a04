from odoo import api, fields, models

from ..terms import LOCKED_STATES


class AccountMove(models.Model):
    """The invoice is an owner of fiscal documents."""

    _name = "account.move"
    _inherit = ["account.move", "smart.document.owner"]

    smart_document_ids = fields.One2many(
        comodel_name="smart.document",
        inverse_name="move_id",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )
    smart_is_locked = fields.Boolean(compute="_compute_smart_is_locked", groups="base.group_user")

    @api.depends("smart_document_ids")
    def _compute_smart_document_id(self):
        # IMPLEMENTS 'smart.document.owner'
        for move in self:
            move.smart_document_id = move.smart_document_ids[:1]

    @api.depends("smart_state")
    def _compute_smart_is_locked(self):
        for move in self:
            move.smart_is_locked = move.smart_state in LOCKED_STATES

    def _smart_is_fiscal(self):
        """Tell whether this document must be issued through SMART."""
        self.ensure_one()
        # sudo: Odoo also computes taxes for users without rights, such as a portal customer
        move = self.sudo()
        return bool(
            move.is_sale_document(include_receipts=False)
            and move.journal_id.smart_enabled
            and move.company_id.smart_issuer_id
        )

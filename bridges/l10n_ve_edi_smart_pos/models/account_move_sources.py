from odoo import fields, models


class AccountMove(models.Model):
    """Credit notes that come from a till: the orders that they take back know their invoices."""

    _inherit = "account.move"

    smart_pos_order_ids = fields.Many2many(
        comodel_name="pos.order",
        relation="smart_pos_order_note_rel",
        column1="account_move_id",
        column2="pos_order_id",
        readonly=True,
        copy=False,
    )

    def _smart_originals(self):
        """Return the orders whose goods these credit notes take back."""
        # sudo: accountants need no right to orders of tills
        note = self.sudo()
        return (note.pos_order_ids | note.smart_pos_order_ids)._smart_originals()

    def _smart_sources(self):
        # EXTENDS 'l10n_ve_edi_smart'
        whole, parts = super()._smart_sources()
        invoices = self._smart_originals().account_move.with_env(self.env)
        if len(invoices) == 1:
            return whole | invoices, parts
        return whole, parts | invoices

    def _smart_how_to_choose_origin(self):
        # EXTENDS 'l10n_ve_edi_smart'
        never = self._smart_originals().filtered(lambda order: not order.account_move)
        if not never:
            return super()._smart_how_to_choose_origin()
        return self.env._(
            "What it takes back was sold by %s, which was never invoiced. Invoice that first, "
            "under Point of Sale › Orders, then choose the invoice; or delete this draft, if the "
            "goods were taken back without an invoice.",
            ", ".join(order.pos_reference or order.name for order in never),
        )

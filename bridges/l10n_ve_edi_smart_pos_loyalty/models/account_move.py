from odoo import api, fields, models
from odoo.exceptions import AccessError


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
    def _smart_check_document(self, vals_list):
        # EXTENDS 'l10n_ve_edi_smart': what the till alone writes
        if not self.env.su and any("smart_card_pos_line_id" in vals for vals in vals_list):
            raise AccessError(self.env._("What a card pays cannot be set by hand."))
        return super()._smart_check_document(vals_list)

    def _smart_payment_name(self, line):
        # EXTENDS 'l10n_ve_edi_smart': what the customer knows the card by
        card = line.move_id.smart_card_pos_line_id
        if not card:
            return super()._smart_payment_name(line)
        return (
            self.env._("Gift card")
            if card._smart_card_program().program_type == "gift_card"
            else self.env._("eWallet")
        )

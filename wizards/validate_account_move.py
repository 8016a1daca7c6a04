from odoo import models


class ValidateAccountMove(models.TransientModel):
    _inherit = "validate.account.move"

    def validate_move(self):
        # EXTENDS 'account'
        self.move_ids.check_access("write")  # the list of problems tells their content
        with self.move_ids._smart_offer_list():
            return super().validate_move()

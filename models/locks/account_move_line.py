from odoo import api, models

#: Fields that are not on the issued document, or that say when it is paid.
FREE_FIELDS = frozenset(
    {
        "analytic_distribution",
        "analytic_line_ids",
        "date_maturity",
        "no_followup",
        "reconciled_lines_ids",
        # of 'account_followup': how far the customer was reminded
        "followup_line_id",
        "last_followup_date",
        "next_action_date",
    }
)


class AccountMoveLine(models.Model):
    """The lines of an issued document, locked with it."""

    _name = "account.move.line"
    _inherit = ["smart.lock", "account.move.line"]

    @api.model
    def _smart_free_fields(self):
        # EXTENDS 'smart.lock'
        return super()._smart_free_fields() | FREE_FIELDS

    def _smart_settled(self):
        # IMPLEMENTS 'smart.lock'
        settled = self.move_id._smart_settled()
        return self.filtered(lambda line: line.move_id in settled) if settled else self.browse()

    def _smart_why_locked(self):
        # IMPLEMENTS 'smart.lock'
        return self.move_id._smart_why_locked()

    def _smart_confirmed_here(self):
        # IMPLEMENTS 'smart.lock'
        return self.move_id._smart_confirmed_here()

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'account', which also requires `move_id`
        self._smart_check_target(*(vals["move_id"] for vals in vals_list))
        return super().create(vals_list)

    def write(self, vals):
        # EXTENDS 'account'
        if "move_id" in vals and self.move_id.ids != [vals["move_id"]]:
            self._smart_check_target(vals["move_id"])
        return super().write(vals)

    @api.model
    def _smart_check_target(self, *move_ids):
        """Refuse to add lines to a document whose content is settled."""
        if self._smart_is_annulling():
            return  # what was rounded to its total is as it was before: its taxes are made anew
        moves = self.env["account.move"].browse(set(move_ids))
        for move in moves._smart_settled():
            move._smart_refuse()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_smart(self):
        if not self._smart_is_annulling():
            for line in self._smart_settled():
                line._smart_refuse()

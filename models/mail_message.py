from odoo import api, models
from odoo.exceptions import UserError

#: What a message says, of what, and by whom.
CONTENT = frozenset(
    {
        "author_guest_id",
        "author_id",
        "body",
        "date",
        "email_from",
        "message_type",
        "model",
        "res_id",
        "subject",
        "subtype_id",
        "tracking_value_ids",
    }
)


class MailMessage(models.Model):
    """Who changed a numbering, and how, stays: accounting managers could delete it otherwise."""

    _inherit = "mail.message"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_smart_numbering(self):
        self._check_no_smart_numbering_trace()

    def write(self, vals):
        # EXTENDS 'mail'
        if CONTENT & vals.keys():
            self._check_no_smart_numbering_trace()
        return super().write(vals)

    def _check_no_smart_numbering_trace(self):
        # Comments are their authors'. sudo: whoever may not read a message may not undo it either.
        if not self.env.su and self.sudo().filtered(
            lambda one: one.model == "smart.numbering" and one.message_type == "notification"
        ):
            raise UserError(
                self.env._("What was noted about a numbering cannot be changed or deleted.")
            )

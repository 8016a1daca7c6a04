from odoo import models
from odoo.exceptions import AccessError, UserError


class SmartNumbering(models.Model):
    """A person asks the service where it stands."""

    _inherit = "smart.numbering"

    def action_ask(self):
        """Button: ask SMART which number it expects, and continue with that.

        :raises UserError: when it cannot be asked, or its number was used here already
        """
        self.ensure_one()
        if not self.env.user.has_group("account.group_account_manager"):
            raise AccessError(self.env._("Only accounting managers change the numbering."))
        self.check_access("write")
        issuer = self.issuer_id.sudo()  # sudo: may be a parent company that the user cannot read
        # sudo: asking needs the issuer's queue and token; the right to ask is checked above
        lane = self.env["smart.lane"].sudo()._of_issuer(issuer, self.environment)
        before = self.next_number
        aligned = []

        def align(env, expected):
            numbering = env["smart.numbering"].browse(self.id)
            aligned.append(numbering._align(expected))

        expected, why_not = lane._ask_next_number(self.document_type, then=align)
        self.invalidate_recordset()
        if expected is None:
            raise UserError(why_not)
        if not aligned[0]:
            raise UserError(self._words_not_aligned(expected))
        self.env["smart.lane"]._notify(self.env.registry, lane.ids)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("SMART expects the same number, %s.", before)
                if expected == before
                else self.env._(
                    "SMART expects number %(expected)s: the numbering continues with it.",
                    expected=expected,
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

from odoo import models

from odoo.addons.l10n_ve_edi_smart.models.conversion.problem import Problem


class AccountMove(models.Model):
    _inherit = "account.move"

    def _smart_obstacles(self, unreconcile):
        # EXTENDS 'l10n_ve_edi_smart': Odoo cancels nothing of a session that is open
        yield from super()._smart_obstacles(unreconcile)
        # sudo: whoever annuls documents may not read the orders of a till
        sessions = self.sudo().pos_order_ids.session_id
        for session in sessions.filtered(lambda one: one.state != "closed"):
            yield Problem(
                self,
                "",
                self.env._("The session %s of the till, which made it, is open.", session.name),
                self.env._("Close that session first."),
            )

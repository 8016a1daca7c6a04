from odoo import models
from odoo.exceptions import AccessError

from .email import split_addresses


class SmartDocumentOwner(models.AbstractModel):
    """An owner whose document SMART e-mails."""

    _inherit = "smart.document.owner"

    def _smart_check_may_email(self):
        """:raises AccessError: when the user has no right to e-mail fiscal documents"""
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group(self._smart_group_to_send):
            raise AccessError(self.env._("You do not have the right to e-mail fiscal documents."))

    def _smart_why_no_email(self):
        """Return in words why SMART cannot e-mail its document, or ``""``."""
        self.ensure_one()
        # sudo: the issuer may be a parent company that the user cannot read
        document = self.smart_document_id.sudo()
        if not document:
            return self.env._(
                "%s was not issued through SMART. Send it with Odoo's own e-mail.",
                self.display_name,
            )
        return document._why_no_email()

    def _smart_email_addresses(self):
        """Return the addresses of those contacts."""
        return split_addresses(",".join(self._smart_mail_contacts().mapped("email")))[0]

    def action_smart_email(self):
        """Button “E-mail by SMART”, for one document or several."""
        self._smart_check_may_email()
        wizard = self.env["smart.email.wizard"]._open_on(self)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("E-mail by SMART"),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

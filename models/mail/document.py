from odoo import fields, models
from odoo.exceptions import AccessError

from ..terms import ANNULLED, ANNULMENT_UNDER_WAY, ISSUED
from .email import split_addresses


class SmartDocument(models.Model):
    _inherit = "smart.document"

    email_ids = fields.One2many(
        comodel_name="smart.email", inverse_name="document_id", string="E-mails", readonly=True
    )

    def _why_no_email(self):
        """Return in words why SMART cannot e-mail the document, or ``""``.

        A number that SMART does not know kills its process (SMART_API, "E-mail"): only what
        was certainly issued, there and by this issuer, is ever asked for.
        """
        self.ensure_one()
        issuer = self.issuer_id
        if self.state == ANNULLED:
            return self.env._("%s was annulled: SMART does not e-mail it any more.", self.name)
        if self.annulment_state in ANNULMENT_UNDER_WAY:
            return self.env._("%s is being annulled: SMART does not e-mail it any more.", self.name)
        if self.state != ISSUED or not self.control_number:
            return self.env._(
                "%s has no control number yet. SMART can e-mail it once it is issued.", self.name
            )
        if issuer.smart_environment != self.environment:
            return self.env._(
                "%(name)s was issued in the environment “%(its)s”, but the company is set to "
                "“%(now)s”. Set it back to send this document.",
                name=self.name,
                its=self._in_words("environment", self.environment),
                now=self._in_words("environment", issuer.smart_environment),
            )
        return ""

    def _in_words(self, field, value):
        """Return the label of a value of a selection, in the user's language."""
        return dict(self._fields[field]._description_selection(self.env)).get(value, value)


class AccountMove(models.Model):
    _inherit = "account.move"

    def _smart_check_may_email(self):
        """:raises AccessError: when the user has no right to e-mail fiscal documents"""
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group("account.group_account_invoice"):
            raise AccessError(self.env._("You do not have the right to e-mail fiscal documents."))

    def _smart_why_no_email(self):
        """Return in words why SMART cannot e-mail this invoice, or ``""``."""
        self.ensure_one()
        # sudo: the issuer may be a parent company that the user cannot read
        document = self.smart_document_id.sudo()
        if not document:
            return self.env._(
                "%s was not issued through SMART. Send it with Odoo's own e-mail.",
                self.display_name,
            )
        return document._why_no_email()

    def _smart_email_contacts(self):
        """Return to whom the document is e-mailed unless somebody says otherwise."""
        self.ensure_one()
        customer = self.commercial_partner_id
        invoice_contacts = customer.child_ids.filtered(lambda child: child.type == "invoice")
        contacts = (self.partner_id | invoice_contacts).filtered("email")
        return contacts or customer.filtered("email")

    def _smart_email_addresses(self):
        """Return the addresses of those contacts."""
        return split_addresses(",".join(self._smart_email_contacts().mapped("email")))[0]

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

from odoo import fields, models

from ..base.said import telling
from ..terms import ANNULLED, ANNULMENT_UNDER_WAY, ISSUED


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
            return telling(self.env)._(
                "%s was annulled: SMART does not e-mail it any more.", self._title()
            )
        if self.annulment_state in ANNULMENT_UNDER_WAY:
            return telling(self.env)._(
                "%s is being annulled: SMART does not e-mail it any more.", self._title()
            )
        if self.state != ISSUED or not self.control_number:
            return telling(self.env)._(
                "%s has no control number yet. SMART can e-mail it once it is issued.",
                self._title(),
            )
        if issuer.smart_environment != self.environment:
            tell = telling(self.env)
            return tell._(
                "%(name)s was issued in the environment “%(its)s”, but the company is set to "
                "“%(now)s”. Set it back to send this document.",
                name=self._title(),
                its=tell.choice(self, "environment"),
                now=tell.choice(issuer, "smart_environment"),
            )
        return ""

from odoo import api, models
from odoo.tools import html2plaintext

from ...smart_api.schemas import stated

#: Odoo's own, which call an invoice by its name in the sequence of its journal.
ODOOS_TEMPLATES = ("account.email_template_edi_invoice", "account.email_template_edi_credit_note")


class AccountMove(models.Model):
    """What Odoo's own e-mail says of a fiscal document, and whether SMART has sent one already."""

    _inherit = "account.move"

    def _get_mail_template(self):
        # EXTENDS 'account'
        template = self.env.ref(
            "l10n_ve_edi_smart.mail_template_document", raise_if_not_found=False
        )
        if template and self and all(move._smart_is_fiscal() for move in self):
            return template
        return super()._get_mail_template()

    def _smart_is_mailed_by_smart(self):
        """Tell whether SMART e-mails the document as soon as it issues it."""
        self.ensure_one()
        # sudo: for what was asked of SMART only
        body = self.sudo().smart_document_id.request_body
        return bool(body) and bool(stated(body)["send_mail"])


class AccountMoveSend(models.AbstractModel):
    """Of a document's two possible e-mails, SMART's and Odoo's, a customer gets one."""

    _inherit = "account.move.send"

    @api.model
    def _get_default_sending_methods(self, move):
        # EXTENDS 'account'
        methods = super()._get_default_sending_methods(move)
        return methods - {"email"} if move._smart_is_mailed_by_smart() else methods

    @api.model
    def _smart_own_template(self, move, settings):
        """Return settings in which Odoo's template gives way to that for fiscal documents.

        :param dict settings: as of ``account.move.send``; shops and others name Odoo's in it
        """
        template = settings.get("mail_template")
        if template and move._smart_is_fiscal() and self._smart_is_odoos(template):
            return settings | {"mail_template": move._get_mail_template()}
        return settings

    @api.model
    def _smart_is_odoos(self, template):
        odoos = (self.env.ref(name, raise_if_not_found=False) for name in ODOOS_TEMPLATES)
        return template in [one for one in odoos if one]

    @api.model
    def _smart_add_alert_of_both(self, alerts, moves, moves_data):
        twice = moves.filtered(
            lambda move: (
                move._smart_is_mailed_by_smart() and "email" in moves_data[move]["sending_methods"]
            )
        )
        if twice:
            alerts["smart_both_emails"] = {
                "level": "warning",
                "message": self.env._(
                    "SMART e-mails these by itself when it issues them: %s. With Odoo's e-mail "
                    "the customer gets two.",
                    ", ".join(twice.mapped("smart_number")),
                ),
            }

    @api.model
    def _smart_unedited(self, move, settings):
        """Return the names of those texts of a mail that nobody has changed.

        They are made anew when the document is issued, for then it has its numbers.
        """
        template = settings.get("mail_template") or self._get_default_mail_template_id(move)
        lang = settings.get("mail_lang") or self._get_default_mail_lang(move, template)
        proposed = {
            "mail_subject": self._get_default_mail_subject(move, template, lang),
            "mail_body": self._get_default_mail_body(move, template, lang),
        }
        return {
            name
            for name, text in proposed.items()
            if name in settings
            and html2plaintext(settings[name] or "") == html2plaintext(text or "")
        }
